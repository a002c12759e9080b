"""What the forkserver loads last, on top of the recorder's libraries: all that a child needs before its own work.

Importing this module has effects: it names the process, makes it deaf to signals that a terminal or `kill` sends to
the whole group (the master says when to stop; a child listens to SIGTERM again), and freezes what is loaded, so that
the collector of a child doesn't touch, and thereby copy, memory that it shares.
"""

import gc
import signal

import setproctitle

import pynvr.model.settings
import pynvr.supervisor.bootstrap  # noqa: F401

setproctitle.setproctitle("pynvr: forkserver")
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
gc.collect()
gc.freeze()
