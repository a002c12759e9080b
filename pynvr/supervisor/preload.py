"""What the forkserver loads last, on top of the recorder's libraries: all that a child needs before its own work.

Importing this module has effects: it names the process, makes it deaf to signals that a terminal or `kill` sends to
the whole group (the master says when to stop), and freezes what is loaded, so that the collector of a child doesn't
touch, and thereby copy, memory that it shares.

SIGTERM is blocked, not only ignored: what the master sends to a child that was forked just now waits until it listens
(`Heart.listen_to_signals`).
"""

import gc
import signal

import setproctitle

import pynvr.model.settings
import pynvr.supervisor.bootstrap  # noqa: F401

setproctitle.setproctitle("pynvr: forkserver")
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
for number in (signal.SIGHUP, signal.SIGQUIT):
    signal.signal(number, signal.SIG_IGN)
gc.collect()
gc.freeze()
