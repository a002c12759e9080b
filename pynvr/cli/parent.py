"""A program that another one of ours has started, and that is not to outlive it, however that ends."""

import ctypes
import os
import signal

from pynvr.base.errors import PyNVRError

# <linux/prctl.h>. It holds over execve(2), and each fork begins without it.
_PR_SET_PDEATHSIG = 1


def end_with_parent(parent_pid: int) -> None:
    """From now on the parent's death is a SIGTERM to this process. Raises PyNVRError if it is dead already."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        raise PyNVRError(f"prctl: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != parent_pid:
        raise PyNVRError("whoever started this has ended")
