"""Every kind of mistake in nvr.json, with the words that a person gets to read."""

import json
import stat
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynvr.base.errors import ConfigError
from pynvr.config.json_text import JsonTextError, read_json
from pynvr.config.load import load
from pynvr.config.schema import settings_from
from tests.config.conftest import URL

CAMERA_FORM = "a URL with scheme and host, as rtsp://user:password@192.168.1.20/stream"

TOP = '"cameras", "defaults", "notify", "reaper", "system"'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "line 1, column 1: found the end of the file; expecting value"),
        ('{"cameras": [', "line 1, column 14: found the end of the file; expecting value"),
        ('{"a": 1,\n}', "found a comma in front of a closing bracket, expected none there"),
        ('{"a": [1,]}', "found a comma in front of a closing bracket, expected none there"),
        ('{\n  // cameras\n}', "line 2, column 3: found a comment, expected none: JSON has no comments"),
        ("{'a': 1}", "line 1, column 2: found ', expected text in double quotes"),
        ('{"a": 1\n "b": 2}', "line 2, column 2: found '\"'; expecting ',' delimiter"),
        ('{} {}', "line 1, column 4: found '{'; extra data"),
        ('{"system": {"durability_seconds": NaN}}', "found NaN, expected a number that JSON has"),
        ('{"a": ' + "1" * 5000 + "}", "found a number that is too long, expected a number that JSON has"),
        ("[" * 100_000, "found brackets nested hundreds deep, expected at most a few"),
        ("[]", "found a list, expected an object with system and cameras"),
        ('"rtsp://user:secret@host"', 'found "rtsp://***@host", expected an object with system and cameras'),
        ('{"system": {"name": "a", "name": "b"}}', "system.name: found this key more than once, expected it once"),
        ('{"system": {}, "system": {}}', "system: found this key more than once, expected it once"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_told_by_line_and_column(mistakes, text, line):
    (found,) = mistakes(text)
    assert found.endswith(line)


def test_text_in_another_encoding_is_told_by_its_byte(path):
    path.write_bytes(b'{\n"name": "K\xfcche"}')
    with pytest.raises(ConfigError, match=r"line 2, column 11: found byte 0xfc, expected text in UTF-8"):
        load(path)


def test_a_missing_file_names_the_command_that_writes_it(path):
    with pytest.raises(ConfigError, match=f"{path}: found no such file, .*pynvr config"):
        load(path)


def test_a_folder_in_the_place_of_the_file_is_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="can't be read"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ({"name": ""}, 'name: found "", expected text of 1 to 100 characters on one line'),
        ({"name": "a\nb"}, 'name: found "a\\nb", expected text without control characters'),
        ({"data_dir": 5}, "data_dir: found 5, expected the name of a folder"),
        ({"timezone": "Berlin"}, 'timezone: found "Berlin", expected the IANA name of a time zone, as Europe/Berlin'),
        ({"timezone": "../../etc/passwd"}, 'timezone: found "../../etc/passwd", expected the IANA name of a time zone,'
                                           " as Europe/Berlin"),
        ({"segment_seconds": 5}, "segment_seconds: found 5, expected a whole number from 10 to 3600 that divides a"
                                 " day"),
        ({"segment_seconds": 70}, "segment_seconds: found 70, expected a number that divides a day of 86400 seconds; "
                                  "the nearest are 64 and 72"),
        ({"segment_seconds": 60.0}, "segment_seconds: found 60.0, expected a whole number from 10 to 3600 that divides"
                                    " a day"),
        ({"durability_seconds": -1}, "durability_seconds: found -1, expected a number from 0 to 3600 "
                                     "(seconds; 0 = at every keyframe)"),
        ({"durability_seconds": True}, "durability_seconds: found true, expected a number from 0 to 3600 "
                                       "(seconds; 0 = at every keyframe)"),
        ({"database": "postgresql://u:secret@db/x"}, 'database: found "postgresql://***@db/x", expected the URL of an '
                                                     "SQLite file, as sqlite:////var/lib/pynvr/pynvr.sqlite"),
        ({"server": []}, "server: found a list, expected an object"),
        ({"server": {"port": 0}}, "server.port: found 0, expected a whole number from 1 to 65535"),
        ({"server": {"port": "80"}}, 'server.port: found "80", expected a whole number from 1 to 65535'),
        ({"server": {"host": None}}, "server.host: found null, expected text of 1 to 253 characters on one line"),
    ],
)  # fmt: skip
def test_a_mistake_in_system_says_where_what_and_what_was_expected(mistakes, section, line):
    assert mistakes({"system": section}) == [f"system.{line}"]


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ({"id": "a b"}, 'id: found "a b", expected 1 to 64 letters, digits, - or _'),
        ({"id": "ä"}, 'id: found "\\u00e4", expected 1 to 64 letters, digits, - or _'),
        ({"id": "x" * 65}, f'id: found "{"x" * 58}…, expected 1 to 64 letters, digits, - or _'),
        ({"url": 7}, f"url: found 7, expected {CAMERA_FORM}"),
        ({"url": ""}, f'url: found "", expected {CAMERA_FORM}'),
        ({"url": "192.168.1.20"}, f'url: found "192.168.1.20", expected {CAMERA_FORM}'),
        ({"url": "user:secret@cam/stream"}, f'url: found "***@cam/stream", expected {CAMERA_FORM}'),
        ({"url": "rtsp:///stream"}, f'url: found "rtsp:///stream", expected {CAMERA_FORM}'),
        ({"url": "rstp://user:secret@cam/"}, 'url: found "rstp://***@cam/", expected a scheme that libav opens, as '
                                             "rtsp"),
        ({"url": "rtsp://user:sec#secret@cam/"}, 'url: found "rtsp://***@cam/", expected a host and a port from 1 to '
                                                 "65535 (in a password, / is written %2F, ? %3F, # %23, @ %40, : %3A)"),
        ({"url": "rtsp://cam:99999/"}, 'url: found "rtsp://cam:99999/", expected a host and a port from 1 to 65535 (in '
                                       "a password, / is written %2F, ? %3F, # %23, @ %40, : %3A)"),
        ({"url": "rtsp://cam/a b"}, 'url: found "rtsp://cam/a b", expected a URL without blanks and control characters '
                                    "(a blank in a password is written %20)"),
        ({"enabled": 1}, "enabled: found 1, expected true or false"),
        ({"enabled": "yes"}, 'enabled: found "yes", expected true or false'),
        ({"initial_timeout": 0}, "initial_timeout: found 0, expected a number from 0.1 to 3600 (seconds)"),
        ({"frame_timeout": "5s"}, 'frame_timeout: found "5s", expected a number from 0.1 to 3600 (seconds)'),
        ({"retry": 3}, "retry: found 3, expected an object"),
        ({"retry": {"jitter": 2}}, "retry.jitter: found 2, expected a number from 0 to 0.9"),
        ({"retry": {"first": 9, "longest": 3}}, "retry.longest: found 3, expected longest (3) not below first (9)"),
        ({"retry": {"first": 99}}, "retry.first: found 99, expected longest (60) not below first (99)"),
        ({"transport": "TCP"}, 'transport: found "TCP", expected "tcp", "udp" or "auto"'),
        ({"audio": False}, 'audio: found false, expected "auto", "copy", "aac" or "off"'),
        (
            {"record": {"mode": "allways"}},
            'record.mode: found "allways", expected "always", "never", "schedule" or "motion"',
        ),
        ({"record": {"mode": "schedule"}}, 'record.mode: found "schedule", expected periods under schedule beside it'),
        ({"record": {"mode": "schedule", "schedule": []}},
         'record.mode: found "schedule", expected periods under schedule beside it'),
        ({"record": {"schedule": 8}}, "record.schedule: found 8, expected a list"),
        ({"record": {"schedule": [8]}}, 'record.schedule[0]: found 8, expected an object with "days", "from" and "to", '
                                        'or the short form as "mon-fri:08-17"'),
        ({"record": {"schedule": ["daily:08-24"]}}, 'record.schedule[0]: found "daily:08-24", expected hours from 00 '
                                                    "to 23"),
        ({"record": {"schedule": [{"from": "8:00", "to": "09:00"}]}}, 'record.schedule[0].from: found "8:00", expected '
                                                                     'a time of day from "00:00" to "23:59"'),
        ({"record": {"schedule": [{"from": "08:00"}]}}, "record.schedule[0].to: found nothing, expected a time of day "
                                                        'from "00:00" to "24:00"'),
        ({"record": {"schedule": [{"days": "mo-fr", "from": "08:00", "to": "24:01"}]}},
         'record.schedule[0].days: found "mo-fr", expected days as "mon-fri", "sat,sun", "weekdays", "weekends" or '
         '"daily"|record.schedule[0].to: found "24:01", expected a time of day from "00:00" to "24:00"'),
        ({"record": {"codec": "av1"}}, 'record.codec: found "av1", expected "copy", "h264", "hevc" or "mpeg4"'),
        ({"record": {"codec": "h264", "width": 641}}, "record.width: found 641, expected 0 (as the camera has it) or "
                                                      "an even number from 16 to 8192"),
        ({"record": {"codec": "h264", "fps": "25/0"}}, 'record.fps: found "25/0", expected frames per second from 0 to '
                                                       '240, as number or text (25, "30000/1001")'),
        ({"record": {"bitrate_kbps": 500}}, 'record.bitrate_kbps: found 500, expected 0, or a codec other than '
                                            '"copy" beside it: copied video stays as it is'),
        ({"retention": {"max_days": 0}}, "retention.max_days: found 0, expected a number above 0, up to 36500 (days), "
                                         "or null for none"),
        ({"retention": {"max_days": 2, "min_days": 3}}, "retention.min_days: found 3, expected at most max_days (2)"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_camera_says_where_what_and_what_was_expected(camera_mistakes, keys, line):
    assert camera_mistakes(**keys) == line.split("|")


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        (5, ['reaper[0]: found 5, expected an object with "disk" and at least one limit']),
        ({"percent": 5}, ["reaper[0].disk: found nothing, expected the name of a folder"]),
        ({"disk": "/"}, ["reaper[0]: found no limit, expected at least one of percent, keep_free_gb, max_gb and "
                         "max_days"]),
        ({"disk": "/", "percent": None}, ["reaper[0]: found no limit, expected at least one of percent, keep_free_gb, "
                                         "max_gb and max_days"]),
        ({"disk": "/", "percent": "many"}, ['reaper[0].percent: found "many", expected a share above 0 up to 100, as '
                                            'number or text (95, "95"), or null for none']),
        ({"disk": "/", "max_gb": 1, "extensions": ["chunk"]},
         ['reaper[0].extensions: found a list, expected a list of file name extensions, as ["mp4"], without chunk and '
          "index (they belong to the running recording)"]),
    ],
)  # fmt: skip
def test_a_mistake_in_the_reaper_says_where_what_and_what_was_expected(mistakes, rule, lines):
    assert mistakes({"reaper": [rule]}) == lines


def test_a_disk_stands_in_one_rule_only(mistakes):
    (line,) = mistakes({"reaper": [{"disk": "/a", "percent": 1}, {"disk": "/a/../a/", "max_gb": 1}]})
    assert line == 'reaper[1].disk: found "/a/../a/", expected each disk in one rule only'


def test_a_camera_needs_an_id_and_a_url(mistakes):
    assert mistakes({"cameras": [{}, "rtsp://user:secret@cam/"]}) == [
        "cameras[0].id: found nothing, expected 1 to 64 letters, digits, - or _",
        f"cameras[0].url: found nothing, expected {CAMERA_FORM}",
        'cameras[1]: found "rtsp://***@cam/", expected an object with "id" and "url"',
    ]


def test_an_id_stands_once(mistakes):
    cameras = [{"id": name, "url": URL} for name in ("a", "b", "a")]
    assert mistakes({"cameras": cameras}) == ['cameras[2].id: found "a", expected another id than that of cameras[0]']


def test_a_mistake_in_defaults_is_told_once_and_there(mistakes):
    cameras = [{"id": name, "url": URL} for name in "abc"]
    lines = mistakes({"defaults": {"frame_timeout": -1, "retry": {"frist": 1}, "id": "x"}, "cameras": cameras})
    assert lines == [
        "defaults.id: found an id, expected none: each camera has its own",
        "defaults.frame_timeout: found -1, expected a number from 0.1 to 3600 (seconds)",
        'defaults.retry.frist: found an unknown key, expected "first"',
    ]


def test_a_mistake_in_defaults_is_found_without_cameras(mistakes):
    assert len(mistakes({"defaults": {"transport": "ftp"}})) == 1


@pytest.mark.parametrize(
    ("document", "line"),
    [
        ({"system": {"segment_second": 60}}, 'system.segment_second: found an unknown key, expected "segment_seconds"'),
        ({"System": {}}, 'System: found an unknown key, expected "system"'),
        ({"system": {"port": 80}}, "system.port: found an unknown key, expected it as system.server.port"),
        ({"segment_seconds": 60}, "segment_seconds: found an unknown key, expected it as system.segment_seconds"),
        ({"qqq": 1}, f"qqq: found an unknown key, expected one of {TOP}"),
        ({"a b": 1}, f'["a b"]: found an unknown key, expected one of {TOP}'),
        ({"system": {"server": {"ports": 1}}}, 'system.server.ports: found an unknown key, expected "port"'),
        ({"reaper": [{"disc": 1, "disk": "/", "percent": 1}]}, 'reaper[0].disc: found an unknown key, expected "disk"'),
    ],
)  # fmt: skip
def test_an_unknown_key_names_the_nearest_known_one(mistakes, document, line):
    assert mistakes(document) == [line]


def test_margins_around_what_moved_have_bounds(camera_mistakes):
    assert camera_mistakes(record={"mode": "motion", "pre_seconds": 301, "post_seconds": -1}) == [
        "record.pre_seconds: found 301, expected a number from 0 to 300 (seconds)",
        "record.post_seconds: found -1, expected a number from 0 to 3600 (seconds)",
    ]
    (line,) = camera_mistakes(record={"mode": "movement"})
    assert line.endswith('expected "always", "never", "schedule" or "motion"')


def test_all_mistakes_are_told_at_once(mistakes):
    assert len(mistakes({"system": {"name": 1, "x": 1}, "cameras": [{"id": "a", "url": "x"}, {"id": 3}]})) == 5


KEYS = (
    "system", "defaults", "cameras", "reaper", "server", "port", "id", "url", "record", "schedule", "mode", "days",
    "from", "to", "fps", "percent", "extensions", "disk", "timezone", "data_dir", "database", "retry", "first", "dst",
)  # fmt: skip
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | st.sampled_from(["rtsp://a", "rtsp://[", "daily:08-17", "08:00", "sqlite:///", "~a/x", "\ud800", "\0", "mp4"])
)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(), inner, max_size=5),
    max_leaves=20,
)
DOCUMENTS = st.dictionaries(st.sampled_from(KEYS[:4]), JSON, max_size=4) | JSON
DAMAGED = st.text(string.printable, max_size=60) | st.binary(max_size=60).map(lambda b: b.decode("latin-1"))


@settings(max_examples=400)
@given(DOCUMENTS)
def test_no_json_raises_anything_but_a_config_error(document):
    try:
        settings_from(read_json(json.dumps(document).encode()), Path("/x/nvr.json"))
    except (ConfigError, JsonTextError):
        pass


@settings(max_examples=200)
@given(DAMAGED)
def test_no_text_raises_anything_but_its_own_error(text):
    try:
        read_json(text.encode("latin-1", errors="replace"))
    except JsonTextError as err:
        assert str(err)


def test_an_unreadable_file_is_a_mistake_of_its_own(path, monkeypatch):
    path.write_text("{}")

    def refuse(_self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(
        ConfigError, match=r"can't be read \(Permission denied; it belongs to .*, mode 0[0-7]{3}: run this as "
    ):
        load(path)
    assert stat.S_ISREG(path.stat().st_mode)


def test_a_tls_section_needs_both_files(mistakes):
    assert mistakes({"system": {"server": {"tls": {"certificate": "/c.pem"}}}}) == [
        "system.server.tls.key: found nothing, expected the name of a file"
    ]
    (line,) = mistakes({"system": {"server": {"tls": {"certificate": "c", "key": "k", "ciphers": "all"}}}})
    assert line.startswith("system.server.tls.ciphers: found an unknown key")


@pytest.mark.parametrize("value", ["10.0.0.0/8", ["10.0.0.1/8"], ["proxy.local"], [8], [""]])
def test_trusted_proxies_are_addresses_and_networks(mistakes, value):
    (line,) = mistakes({"system": {"server": {"trusted_proxies": value}}})
    assert line.startswith("system.server.trusted_proxies: found ")
    assert "expected a list of addresses and networks" in line
