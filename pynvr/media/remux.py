"""Copy the samples of an MP4 into a new faststart MP4, by libav, bit for bit."""

import errno
import io
import os
from datetime import UTC, datetime
from pathlib import Path

import av

from pynvr.base.errors import MediaError
from pynvr.media.samples import READ_TABLES_ONLY

# Sample table bytes of a sample at most (stsz 4, co64 8, stsc 12, stts 8, ctts 8, stss 4), and of the rest.
_BYTES_A_SAMPLE = 44
_FIXED_BYTES = 16_384
# libav writes hev1 by default, which Safari and QuickTime don't play.
_TAGS = {"hevc": "hvc1"}
_OPTIONS = {key: value for key, value in READ_TABLES_ONLY.items() if key != "ignore_editlist"}


def remux(source: io.IOBase, target: Path, samples: int, created_us: int) -> None:
    """Write `target` (an existing file is replaced) with all tracks of `source`; not forced to disk.

    `source`: an MP4 that can seek. `samples`: how many it has in all tracks, for the room of the header in front.
    `created_us`: becomes the creation time. Raises MediaError, OSError.
    """
    options = {"moov_size": str(_FIXED_BYTES + samples * _BYTES_A_SAMPLE)}
    created = datetime.fromtimestamp(created_us // 1_000_000, UTC)
    try:
        with (
            av.open(source, "r", format="mp4", container_options=_OPTIONS) as container,
            av.open(str(target), "w", format="mp4", container_options=options) as copy,
        ):
            copy.metadata["creation_time"] = created.strftime("%Y-%m-%dT%H:%M:%SZ")
            streams = {}
            for stream in container.streams:
                streams[stream.index] = copied = copy.add_stream_from_template(stream, opaque=True)
                tag = _TAGS.get(stream.codec_context.name)
                if tag:
                    copied.codec_context.codec_tag = tag
            for packet in container.demux():
                if packet.size:
                    packet.stream = streams[packet.stream.index]
                    copy.mux_one(packet)
    except OSError:
        raise  # libav's own too
    except MemoryError as err:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM), str(target)) from err
    except (av.error.FFmpegError, ValueError) as err:
        raise MediaError(f"libav can't write {target}: {err}") from err
