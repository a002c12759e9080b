import json
from fractions import Fraction
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pynvr.base.errors import ConfigError
from pynvr.config import load as load_module
from pynvr.config.load import find_config, load, load_in_force
from pynvr.config.schema import default_data_dir, settings_in_force
from pynvr.model.schedule import Period
from pynvr.model.settings import Record, Retention, Retry, Server, Tls
from tests.config.conftest import URL

DAILY = frozenset(range(7))


def test_the_smallest_file_gets_every_default(loaded, path, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Lisbon")
    settings = loaded({"cameras": [{"id": "gate", "url": URL}]})
    system, camera = settings.system, settings.cameras[0]
    data = path.parent / "pynvr-data"
    assert settings.path == path
    assert (system.name, system.data_dir, system.jpg_cache_dir, system.mp4_cache_dir) == (
        "PyNVR",
        data,
        data / "jpg",
        data / "mp4",
    )
    assert (system.log_dir, system.camera_log_dir) == (data / "log", data / "log/cameras")
    assert system.timezone == ZoneInfo("Europe/Lisbon")
    assert (system.segment_s, system.durability_s) == (60, 5)
    assert system.database == f"sqlite:///{data}/pynvr.sqlite"
    assert system.server == Server("localhost", 8080)
    assert (camera.id, camera.url, camera.name, camera.description) == ("gate", URL, "gate", "")
    assert (camera.dst, camera.enabled) == (data / "cameras/gate", True)
    assert (camera.initial_timeout_s, camera.frame_timeout_s) == (30, 5)
    assert (camera.retry, camera.transport, camera.audio) == (Retry(1, 60, 0.2), "tcp", "auto")
    assert (camera.record, camera.retention) == (Record(), Retention())
    assert settings.reaper == ()


def test_a_camera_may_have_a_sub_stream(loaded):
    sub = "rtsp://user:secret@192.0.2.7/2"
    cameras = [{"id": "a", "url": URL, "live": {"url": sub}}, {"id": "b", "url": URL, "live": {"url": None}}]
    first, second = loaded({"cameras": cameras}).cameras
    assert (first.live.url, first.urls) == (sub, (URL, sub))
    assert (second.live.url, second.urls) == ("", (URL,))
    assert "secret" not in repr(first.live)


def test_an_empty_object_is_a_system_without_cameras(loaded):
    assert loaded({}).cameras == ()


def test_a_file_in_etc_records_to_the_folder_of_the_service():
    assert default_data_dir(Path("/etc/nvr.json")) == Path("/var/lib/pynvr")
    assert default_data_dir(Path("/home/me/nvr.json")) == Path("/home/me/pynvr-data")


def test_relative_folders_stand_under_the_folder_of_the_file(loaded, path, monkeypatch):
    monkeypatch.chdir("/")
    settings = loaded(
        {
            "system": {"data_dir": "data", "log_dir": "../log", "database": "sqlite:///data/x.sqlite"},
            "cameras": [{"id": "gate", "url": URL, "dst": "video"}],
            "reaper": [{"disk": ".", "percent": 90}],
        }
    )
    base = path.parent
    assert settings.system.data_dir == base / "data"
    assert settings.system.log_dir == base.parent / "log"
    assert settings.system.database == f"sqlite:///{base}/data/x.sqlite"
    assert settings.cameras[0].dst == base / "video"
    assert settings.reaper[0].disk == base


def test_a_cameras_own_value_wins_over_defaults_at_every_depth(loaded):
    settings = loaded(
        {
            "defaults": {
                "frame_timeout": 9,
                "retry": {"first": 2, "longest": 20},
                "record": {"mode": "schedule", "schedule": ["daily:00-11"], "codec": "h264", "width": 640},
                "retention": {"max_days": 3},
            },
            "cameras": [
                {"id": "a", "url": URL},
                {
                    "id": "b",
                    "url": URL,
                    "frame_timeout": 4,
                    "retry": {"longest": 30},
                    "record": {"schedule": ["daily:12-23"], "codec": "copy"},
                    "retention": {"max_days": None},
                },
            ],
        }
    )
    a, b = settings.cameras
    assert (a.frame_timeout_s, a.retry) == (9, Retry(2, 20))
    assert (b.frame_timeout_s, b.retry) == (4, Retry(2, 30))
    assert a.record.schedule == (Period(DAILY, 0, 12 * 3600),)
    assert (a.record.pre_s, a.record.post_s) == (5, 10)
    assert (b.record.mode, b.record.schedule) == ("schedule", (Period(DAILY, 12 * 3600, 24 * 3600),))
    assert (a.record.codec, a.record.width, b.record.codec) == ("h264", 640, "copy")
    assert (a.retention.max_days, b.retention.max_days) == (3, None)


def test_two_cameras_may_share_a_folder(loaded):
    settings = loaded({"defaults": {"dst": "/video"}, "cameras": [{"id": "a", "url": URL}, {"id": "b", "url": URL}]})
    assert {camera.dst for camera in settings.cameras} == {Path("/video")}


@pytest.mark.parametrize("percent", [90, 90.0, "90", "90%", " 90 % "])
def test_percent_is_a_number_or_text(loaded, percent):
    assert loaded({"reaper": [{"disk": "/", "percent": percent}]}).reaper[0].percent == 90


@pytest.mark.parametrize(
    ("text", "rate"),
    [(25, 25), (12.5, Fraction(25, 2)), ("30000/1001", Fraction(30000, 1001)), ("7.5", Fraction(15, 2))],
)
def test_a_frame_rate_is_exact(camera, text, rate):
    assert camera(record={"codec": "h264", "fps": text}).record.fps == rate


def test_extensions_lose_their_dots(loaded):
    rule = loaded({"reaper": [{"disk": "/", "max_days": 1, "extensions": [".mp4", "jpg", "mp4"]}]}).reaper[0]
    assert rule.extensions == ("mp4", "jpg")


@pytest.mark.parametrize(
    "url",
    [
        "rtsp://cam/",
        "RTSP://user:p%2Fw@[fe80::1]:8554/a?b=c",
        "http://cam/video.mjpg",
        "udp://:5000",
        "file:/video/a.mp4",
        "srt://cam:9000?mode=caller",
    ],
)
def test_whatever_libav_opens_is_a_url(camera, url):
    assert camera(url=url).url == url


@pytest.mark.parametrize(
    ("short", "days", "from_h", "to_h"),
    [
        ("mon-fri:08-17", range(5), 8, 18),
        ("daily:22-05", range(7), 22, 6),
        ("period:00-23", range(7), 0, 24),
        ("sat,sun:07-07", (5, 6), 7, 8),
        ("Fri - Mon:23-22", (4, 5, 6, 0), 23, 23),
        ("weekends:00-00", (5, 6), 0, 1),
    ],
)
def test_the_short_form_includes_both_hours(camera, short, days, from_h, to_h):
    schedule = camera(record={"mode": "schedule", "schedule": [short]}).record.schedule
    assert schedule == (Period(frozenset(days), from_h * 3600, to_h * 3600),)


def test_a_short_form_alone_needs_no_list(camera):
    assert len(camera(record={"mode": "schedule", "schedule": "daily:08-17"}).record.schedule) == 1


def test_the_long_form_takes_days_and_times_to_the_second(camera):
    schedule = [{"days": ["monday", "wed-thu"], "from": "22:00:30", "to": "24:00"}, {"from": "06:00", "to": "05:00"}]
    assert camera(record={"mode": "schedule", "schedule": schedule}).record.schedule == (
        Period(frozenset((0, 2, 3)), 22 * 3600 + 30, 24 * 3600),
        Period(DAILY, 6 * 3600, 5 * 3600),
    )


def test_the_named_file_is_used_then_the_one_here_then_the_one_in_etc(tmp_path, monkeypatch):
    etc = tmp_path / "etc-nvr.json"
    monkeypatch.setattr(load_module, "SYSTEM_PATH", etc)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="pynvr config"):
        find_config(None)
    etc.touch()
    assert find_config(None) == etc
    (tmp_path / "nvr.json").touch()
    assert find_config(None) == tmp_path / "nvr.json"
    assert find_config(Path("other.json")) == tmp_path / "other.json"


def test_a_file_that_others_can_read_is_loaded_with_a_warning(loaded, path, caplog):
    loaded({})
    assert caplog.records == []
    path.chmod(0o644)
    load(path)
    assert caplog.messages == [f"{path} holds camera passwords and others can read it (mode 0644): chmod 600 {path}"]


def test_a_byte_order_mark_is_no_mistake(path):
    path.write_bytes(b"\xef\xbb\xbf{}")
    assert load(path).cameras == ()


def test_the_password_is_in_no_text_of_the_camera(camera):
    assert "secret" not in repr(camera())


def test_the_machines_zone_has_a_name_without_tz(loaded, monkeypatch):
    monkeypatch.delenv("TZ", raising=False)
    assert loaded({}).system.timezone.key


def test_tls_files_stand_beside_nvr_json_and_proxies_are_networks(loaded, path):
    assert loaded({}).system.server == Server()
    tls = {"certificate": "c.pem", "key": "/etc/k.pem"}
    server = loaded({"system": {"server": {"tls": tls, "trusted_proxies": ["10.0.0.1", "fd00::/8"]}}}).system.server
    assert server.tls == Tls(path.parent / "c.pem", Path("/etc/k.pem"))
    assert server.trusted_proxies == (ip_network("10.0.0.1/32"), ip_network("fd00::/8"))


OF_OLD = [
    (
        {"cameras": [{"id": "gate", "url": URL, "record": {"mode": "schedule", "schedule": []}}]},
        "cameras[0].record.mode: ",
    ),
    ({"cameras": [], "reaper": [{"disk": "/", "percent": None}]}, "reaper[0]: found no limit"),
    (
        {"cameras": [], "system": {"server": {"host": "bad <b>"}}},
        'system.server.host: found "bad <b>", expected an addr',
    ),
]


@pytest.mark.parametrize(("document", "about"), OF_OLD)
def test_what_an_older_version_accepted_is_followed_with_a_word_and_refused_to_who_writes_it(path, document, about):
    path.write_text(json.dumps(document))
    path.chmod(0o600)
    settings, (warning,) = load_in_force(path)
    assert warning.startswith(f"{path}: {about}")
    assert all(camera.record.schedule == () for camera in settings.cameras)
    assert all((rule.percent, rule.max_gb, rule.max_days) == (None, None, None) for rule in settings.reaper)
    with pytest.raises(ConfigError) as refused:
        load(path)
    assert refused.value.mistakes == [warning]


@pytest.mark.parametrize(("document", "about"), OF_OLD)
def test_another_mistake_beside_it_is_refused_always(path, document, about):
    path.write_text(json.dumps(document | {"sistem": {}}))
    with pytest.raises(ConfigError) as refused:
        load_in_force(path)
    assert len(refused.value.mistakes) == 2


@pytest.mark.parametrize(
    "document",
    [
        {"cameras": [{"id": "gate", "url": URL, "record": {"mode": "schedule"}}]},
        {"cameras": [], "reaper": [{"disk": "/"}]},
    ],
)
def test_what_no_version_accepted_is_refused_always(path, document):
    path.write_text(json.dumps(document))
    with pytest.raises(ConfigError):
        load_in_force(path)


def test_a_file_that_goes_as_it_is_read_is_no_error(loaded, path, monkeypatch):
    loaded({"cameras": [{"id": "gate", "url": URL}]})

    def reading(document, path):
        path.unlink()
        return settings_in_force(document, path)

    monkeypatch.setattr(load_module, "settings_in_force", reading)
    settings, warnings = load_in_force(path)
    assert ([camera.id for camera in settings.cameras], warnings) == (["gate"], [])


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "0.0.0.0",
        "::",
        "::1",
        "192.168.1.20",
        "fe80::1%eth0",
        "nvr",
        "nvr.example.org",
        "my_nvr",
        "3com.lan.",
    ],
)
def test_an_address_to_listen_on_is_taken(loaded, host):
    assert loaded({"system": {"server": {"host": host}}}).system.server.host == host


@pytest.mark.parametrize(
    "host",
    ["bad <b>", " ", "*", "300.1.1.1", "1.2.3", "nvr:80", "[::1]", "http://nvr", "-a", "a-", "a..b", ".a", "x" * 64,
     "ä", "::1::", "a\u2028b"],
)  # fmt: skip
def test_what_can_be_no_address_to_listen_on_is_refused(loaded, host):
    with pytest.raises(ConfigError, match=r"system\.server\.host: found .*, expected "):
        loaded({"system": {"server": {"host": host}}})
