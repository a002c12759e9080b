"""A camera as the recorder sees it: opened, its tracks ready to become samples."""

from collections.abc import Iterator
from typing import Protocol

from pynvr.media.copied_audio import CARRIED, CopiedAudio
from pynvr.media.delays import Delays
from pynvr.media.nal_video import NalVideo
from pynvr.media.opaque_video import OpaqueVideo
from pynvr.media.sample_description import describe_stream
from pynvr.media.source import Source
from pynvr.media.unit import Former, Unit
from pynvr.model.frame import AUDIO_TRACK, VIDEO_TRACK
from pynvr.model.nal import NAL_CODECS
from pynvr.model.settings import Camera


class Feed(Protocol):
    """What a recorder reads: units; and per track its former, its clock's rate and its delays."""

    formers: dict[int, Former]
    timescales: dict[int, int]
    delays: dict[int, Delays]
    transport: str

    def units(self) -> Iterator[Unit]:
        """Until the stream ends, which is a SourceError."""

    def lost_packets(self) -> int:
        """So many were lost by whoever reads, who came too late."""

    def figures(self) -> dict[str, float]:
        """Numbers of the stream for the status."""

    def facts(self) -> dict[str, str]:
        """Words of the stream for the status."""

    def close(self) -> None: ...


class CameraFeed:
    """`Feed` of an opened camera."""

    def __init__(self, camera: Camera, source: Source) -> None:
        self.transport = source.transport
        self.timescales = {VIDEO_TRACK: source.video_scale, AUDIO_TRACK: source.audio_scale}
        self.delays = source.delays()
        self.formers: dict[int, Former] = {VIDEO_TRACK: _video_former(camera, source)}
        audio = _audio_former(camera, source)
        if audio is not None:
            self.formers[AUDIO_TRACK] = audio
        self._source = source

    def units(self) -> Iterator[Unit]:
        return self._source.units()

    def lost_packets(self) -> int:
        return self._source.lost_packets()

    def figures(self) -> dict[str, float]:
        return {"repaired_stamps": self._source.repaired, "clock_jumps": self._source.jumps}

    def facts(self) -> dict[str, str]:
        source = self._source
        audio = self.formers.get(AUDIO_TRACK)
        return {
            "audio_failure": getattr(audio, "failure", ""),
            "transport": source.transport,
            "source_codec": source.video.codec_context.name,
            "source_audio": source.audio.codec_context.name if source.audio is not None else "",
        }

    def close(self) -> None:
        for former in self.formers.values():
            former.close()
        self._source.close()


def open_feed(camera: Camera, transport: str) -> CameraFeed:
    """Open the camera; raises SourceError. See `Source.open`."""
    source = Source.open(camera, transport)
    try:
        return CameraFeed(camera, source)
    except BaseException:
        source.close()
        raise


def _video_former(camera: Camera, source: Source) -> Former:
    if camera.record.codec != "copy":
        # Only a camera that is transcoded pays for what that needs.
        from pynvr.media.transcoder import Transcoder

        return Transcoder(camera.record, source.video, source.video_scale)
    return copied_video(source)


def copied_video(source: Source) -> Former:
    """What makes samples of its video as the camera sent it."""
    context = source.video.codec_context
    if context.name in NAL_CODECS:
        return NalVideo(context.name, source.video_scale, context.extradata or b"", source.declared_rate)
    return OpaqueVideo(
        context.name, source.video_scale, source.declared_rate, lambda data: describe_stream(source.video, data)
    )


def _audio_former(camera: Camera, source: Source) -> Former | None:
    if source.audio is None or source.audio.codec_context is None:
        return None
    codec = source.audio.codec_context.name
    if camera.audio == "copy" or codec == "aac" or (camera.audio == "auto" and codec in CARRIED):
        return CopiedAudio(source.audio, source.audio_scale)
    from pynvr.media.encoded_audio import EncodedAudio

    return EncodedAudio(source.audio, source.audio_scale)
