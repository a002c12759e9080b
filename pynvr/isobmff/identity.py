"""The box in which a segment carries its name: `uuid` (ISO/IEC 14496-12 §4.2) with a type of our own.

Content after the UUID: version (u8, 1), start_us (i64), end_us (i64), and the camera's id in ASCII to the end.
"""

import struct

from pynvr.base.errors import BoxError
from pynvr.isobmff.boxes import box
from pynvr.isobmff.table import SegmentIdentity

IDENTITY_UUID = bytes.fromhex("6f1c5d0a9b7e4c3db0a2c4b1f08e57d3")
_VERSION = 1
_TIMES = struct.Struct(">Bqq")


def identity_box(identity: SegmentIdentity) -> bytes:
    """The box that names a segment; appended to an MP4 that another muxer wrote, it is found by `read_segment`."""
    times = _TIMES.pack(_VERSION, identity.start_us, identity.end_us)
    return box(b"uuid", IDENTITY_UUID, times, identity.camera_id.encode("ascii"))


def parse_identity(content: bytes) -> SegmentIdentity | None:
    """What a `uuid` box says; None if it is of another type or a later version. Raises BoxError."""
    if content[:16] != IDENTITY_UUID or content[16:17] != bytes((_VERSION,)):
        return None
    try:
        _, start_us, end_us = _TIMES.unpack_from(content, 16)
        return SegmentIdentity(content[16 + _TIMES.size :].decode("ascii"), start_us, end_us)
    except (struct.error, UnicodeDecodeError) as err:
        raise BoxError(f"the segment's identity is damaged: {err}") from err
