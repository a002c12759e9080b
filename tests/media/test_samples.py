"""What libav holds while samples are looked at goes back with it: the finisher does so for every segment, for years."""

import ctypes
import errno
import resource

import pytest

from pynvr.media.samples import stored_tracks
from tests.finisher.clips import _ENCODERS, _encoded


class _Heap(ctypes.Structure):
    """glibc's `struct mallinfo2`."""

    _fields_ = [(f"n{place}", ctypes.c_size_t) for place in range(10)]


def in_use_bytes(libc):
    """`uordblks` and `hblkhd`."""
    found = libc.mallinfo2()
    return found.n7 + found.n4


def test_looking_at_samples_leaves_nothing_in_the_heap(tmp_path):
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallinfo2"):
        pytest.skip("only glibc tells what is in use")
    libc.mallinfo2.restype = _Heap
    path = tmp_path / "a.mp4"
    path.write_bytes(_encoded(_ENCODERS["h264"], 0, False, 25, (64, 64)))

    def look(times):
        for _ in range(times):
            (track,) = stored_tracks(path)
            assert track.first and track.last

    look(20)
    before = in_use_bytes(libc)
    look(200)
    assert in_use_bytes(libc) - before < 200 * 100


def test_a_machine_without_a_descriptor_left_says_nothing_of_the_file(tmp_path):
    """Else a whole chunk would be set aside as one that can't be read."""
    path = tmp_path / "a.mp4"
    path.write_bytes(_encoded(_ENCODERS["h264"], 0, False, 25, (64, 64)))
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))
    try:
        with pytest.raises(OSError) as refused:
            stored_tracks(path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert refused.value.errno == errno.EMFILE
    assert len(stored_tracks(path)) == 1
