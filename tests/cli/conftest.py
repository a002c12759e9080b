"""Cameras that answer as told, and a place for nvr.json."""

import pytest

from pynvr.base.errors import SourceError
from pynvr.media.probe import Probe

SEEN = Probe(
    codec="h264", width=1920, height=1080, frame_rate=24.97, declared_frame_rate=25, keyframe_interval_s=2.0,
    bitrate_kbps=4012.3, audio_codec="pcm_mulaw", audio_sample_rate=8000, recorded_audio="aac",
    transport="tcp", picture_jpeg=b"",
)  # fmt: skip


@pytest.fixture
def probed(monkeypatch):
    """Ids of the cameras that were watched; one with `bad` in its URL refuses."""
    ids = []

    def watch(camera, seconds):
        ids.append(camera.id)
        if "bad" in camera.url:
            raise SourceError(f"401: wrong user or password for {camera.url}", "refused")
        return SEEN

    monkeypatch.setattr("pynvr.cli.check.probe", watch)
    return ids


@pytest.fixture
def path(tmp_path):
    return tmp_path / "nvr.json"
