#!/usr/bin/env python3
from pynvr.cli.main import main

main("config")
