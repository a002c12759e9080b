"""The simulator's process: does what comes through the pipe, ends when the pipe is closed."""

import signal
import sys
from multiprocessing.connection import Connection

from setproctitle import setproctitle

from pynvr.base.errors import SimulatorError
from pynvr.simulator.station import Station


def run(pipe: Connection) -> None:
    station: Station | None = None
    try:
        while True:
            verb, arguments = pipe.recv()
            try:
                if verb == "open":
                    station = Station(*arguments)
                    answer: object = station.open()
                else:
                    assert station is not None
                    answer = station.answer(verb, arguments)
                pipe.send((True, answer))
            except SimulatorError as err:
                pipe.send((False, str(err)))
    except (EOFError, OSError):
        return
    finally:
        if station is not None:
            station.close()


if __name__ == "__main__":
    # Ctrl-C in a terminal is meant for the program that owns the cameras; it closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    setproctitle("pynvr: simulated cameras")
    run(Connection(int(sys.argv[1])))
