"""What an operating system's error on a recording disk means for the camera."""

import errno

from pynvr.base.errors import DiskError
from pynvr.model.cause import Cause

# EFBIG: the file system (or a limit of the process) takes no longer file; to the camera that is a full disk too.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def disk_error(error: OSError, tried: str) -> DiskError:
    """The error with its cause: `disk full`, or `disk missing` for all else (gone, read-only, input/output error)."""
    cause = Cause.DISK_FULL if error.errno in _FULL else Cause.DISK_MISSING
    return DiskError(f"can't {tried}: {error.strerror or error}", cause)
