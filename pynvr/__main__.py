"""`python -m pynvr` is the command `pynvr`."""

from pynvr.cli.main import main

main()
