"""`pynvr export`: a range as a file, without the service."""

import json
import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pynvr.cli.main import cli
from pynvr.store.audit import Wanted
from tests.archive.clips import ANCHOR_US, make_clip
from tests.playback.recording import Recording, in_segments
from tests.playback.watching import decode_all, shown

SECOND = 1_000_000
CLIP = make_clip(count=60)


@pytest.fixture
def recording(tmp_path):
    made = Recording(tmp_path)
    for frames in in_segments(CLIP, 2):
        made.add(CLIP, frames=frames)
    return made


def run(recording, *words):
    return CliRunner().invoke(cli, ["--config", str(recording.settings.path), "export", *map(str, words)])


def time(seconds):
    """Epoch seconds, from the clip's first picture on."""
    at_us = ANCHOR_US + round(seconds * SECOND)
    return f"{at_us // SECOND}.{at_us % SECOND:06d}"


def test_a_range_is_written_to_the_frame(recording, tmp_path):
    out = tmp_path / "gate.mp4"
    result = run(recording, "gate", time(0.3), time(1.5), out)
    assert result.exit_code == 0, result.output
    assert "1.200 s" in result.output
    assert len(shown(out)) == 31, "the frame that stands at the start, and 30 more"
    assert decode_all(out) == ""
    assert sorted(name for name in os.listdir(tmp_path) if "part" in name) == []


def test_a_script_gets_json(recording, tmp_path):
    out = tmp_path / "gate.mp4"
    result = run(recording, "gate", time(-5), time(1), out, "--json")
    (written,) = json.loads(result.stdout)["files"]
    assert written["path"] == str(out)
    assert written["bytes"] == out.stat().st_size
    assert written["seconds"] == 1.0
    assert written["missing"] == [[ANCHOR_US / SECOND - 5, ANCHOR_US / SECOND]]


KILLED = """
import os, sys
from pynvr.cli import export
from pynvr.cli.main import cli

export.passing = lambda words: os.kill(os.getpid(), int(sys.argv[1]))
cli.main(sys.argv[2:])
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_who_kills_it_finds_nothing_half_written(recording, tmp_path, number):
    out = tmp_path / "out" / "gate.mp4"
    out.parent.mkdir()
    words = [int(number), "--config", recording.settings.path, "export", "gate", time(0), time(1), out]
    ended = subprocess.run([sys.executable, "-c", KILLED, *map(str, words)], check=False)
    assert ended.returncode == 128 + number
    assert list(out.parent.iterdir()) == []


def test_nothing_is_overwritten_unless_forced(recording, tmp_path):
    out = tmp_path / "gate.mp4"
    out.write_bytes(b"holiday")
    result = run(recording, "gate", time(0), time(1), out)
    assert (result.exit_code, out.read_bytes()) == (2, b"holiday")
    assert "--force" in result.output
    assert run(recording, "gate", time(0), time(1), out, "--force").exit_code == 0
    assert decode_all(out) == ""


def test_what_cannot_be_is_said_in_words(recording, tmp_path):
    out = tmp_path / "gate.mp4"
    for words, code, said in (
        (("gate", time(100), time(200)), 1, "nothing is recorded"),
        (("garden", time(0), time(1)), 1, "no such camera; there are gate, yard"),
        (("gate", time(1), time(1)), 2, "after FROM"),
        (("gate", "noon", time(1)), 2, "is no time"),
        (("gate", "4102444800", "4102444801"), 1, "yet to come"),
    ):
        result = run(recording, *words, out)
        assert (result.exit_code, said in result.output) == (code, True), result.output
    assert not out.exists()
    assert run(recording, "gate", time(0), time(1), tmp_path / "nowhere" / "gate.mp4").exit_code == 2


def test_where_the_codec_changes_the_parts_are_told_and_split(recording, tmp_path):
    hevc = make_clip("libx265", count=24)
    recording.add(hevc, at_us=ANCHOR_US + 10 * SECOND)
    out = tmp_path / "gate.mp4"
    result = run(recording, "gate", time(0), time(20), out)
    assert result.exit_code == 1
    assert "from h264 160x96 to hevc 160x96" in result.output
    assert "--split" in result.output
    result = run(recording, "gate", time(0), time(20), out, "--split", "--json")
    assert result.exit_code == 0, result.output
    paths = [written["path"] for written in json.loads(result.stdout)["files"]]
    assert paths == [str(tmp_path / "gate-1.mp4"), str(tmp_path / "gate-2.mp4")]
    assert [len(shown(path)) for path in paths] == [60, 24]


def test_gaps_may_keep_their_time(recording, tmp_path):
    recording.add(CLIP, at_us=ANCHOR_US + 10 * SECOND)
    out = tmp_path / "gate.mp4"
    assert "12.400 s" in run(recording, "gate", time(0), time(20), out, "--gaps", "keep").output
    result = run(recording, "gate", time(0), time(20), out, "--gaps", "close", "--force")
    assert "4.800 s" in result.output
    assert "not recorded" in result.output


def test_a_full_disk_leaves_no_half_file(recording, tmp_path, monkeypatch):
    def full(_fd, _data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pynvr.cli.export._write_all", full)
    result = run(recording, "gate", time(0), time(1), tmp_path / "gate.mp4")
    assert result.exit_code == 1
    assert "No space left" in result.output
    assert not [name for name in os.listdir(tmp_path) if name.endswith((".mp4", ".part"))]


def test_what_was_taken_away_is_in_the_audit_log(recording, tmp_path):
    run(recording, "gate", time(0.3), time(1.5), tmp_path / "gate.mp4")
    run(recording, "gate", time(0.3), time(1.5), tmp_path / "gate.mp4")  # refused: it is there already
    (told,) = recording.store.audit.page(Wanted(), 9)
    assert (told.entry.action, told.entry.source, told.entry.camera_id) == ("video.download", "command", "gate")
    assert "exported as gate.mp4" in told.entry.text
    assert told.entry.actor
