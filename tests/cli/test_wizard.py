import errno
import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pynvr.base.errors import SourceError
from pynvr.cli import onvif
from pynvr.cli.main import cli
from pynvr.cli.onvif import Login
from pynvr.config.load import load
from pynvr.store.store import Store
from tests.cli.conftest import SEEN
from tests.cli.fake_onvif import FakeOnvif

PASSWORD = "correct horse"


@pytest.fixture
def config(path):
    """Run the wizard on `path`; its output never holds a password."""

    def run(*arguments, typed=""):
        result = CliRunner().invoke(cli, ["--config", str(path), "config", *arguments], input=typed)
        for secret in (PASSWORD, "s3cret", "s3c%2Fret"):
            assert secret not in result.output
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def written(path: Path) -> Any:
    return json.loads(path.read_text())


def lines(*answers: str) -> str:
    return "".join(f"{answer}\n" for answer in answers)


def users_of(path: Path) -> dict[str, tuple[str, bool]]:
    with Store.open(load(path).system.database, create=False) as store:
        return {
            user.name: (user.role, store.users.authenticate(user.name, PASSWORD) is not None)
            for user in store.users.all()
        }


# ---- unattended


def test_unattended_without_any_answer_makes_a_usable_file(config, path):
    result = config("--non-interactive")
    assert result.exit_code == 0, result.output
    assert written(path) == {"system": {"data_dir": str(path.parent / "pynvr-data")}, "cameras": []}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_answer_can_be_an_option(config, path, tmp_path, probed):
    cameras = tmp_path / "cameras.json"
    cameras.write_text(json.dumps([{"id": "dock", "url": "rtsp://admin:s3cret@bad/", "dst": str(tmp_path / "disk2")}]))
    data = tmp_path / "data"
    result = config(
        "--non-interactive", "--data-dir", str(data), "--jpg-cache-dir", str(data / "p"),
        "--mp4-cache-dir", str(data / "m"), "--log-dir", str(data / "l"), "--camera-log-dir", str(data / "c"),
        "--name", "Barn", "--host", "0.0.0.0", "--port", "81", "--camera", "gate=rtsp://cam/1",
        "--cameras", str(cameras), "--initial-timeout", "20", "--frame-timeout", "2.5", "--test", "--delete-at", "85",
        "--user", "root", "--password-stdin",
        typed=lines(PASSWORD),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    settings = load(path)
    system = settings.system
    assert (system.data_dir, system.jpg_cache_dir, system.mp4_cache_dir) == (data, data / "p", data / "m")
    assert (system.log_dir, system.camera_log_dir) == (data / "l", data / "c")
    assert (system.name, system.server.host, system.server.port) == ("Barn", "0.0.0.0", 81)
    gate, dock = settings.cameras
    assert (gate.id, gate.url, gate.dst) == ("gate", "rtsp://cam/1", data / "cameras/gate")
    assert (dock.url, dock.dst) == ("rtsp://admin:s3cret@bad/", tmp_path / "disk2")
    assert {(camera.initial_timeout_s, camera.frame_timeout_s) for camera in settings.cameras} == {(20, 2.5)}
    assert [(rule.disk, rule.percent) for rule in settings.reaper] == [(data, 85)]
    assert probed == ["gate", "dock"]
    assert "✓ h264 1920x1080" in result.output
    assert "✗ 401: wrong user or password for rtsp://admin:***@bad/" in result.output
    assert users_of(path) == {"root": ("admin", True)}


def test_folders_are_made_for_owner_and_group_alone(config, path, tmp_path):
    config("--non-interactive", "--camera", "gate=rtsp://cam/1")
    made = [entry for entry in (tmp_path / "pynvr-data").rglob("*") if entry.is_dir()]
    assert {str(entry.relative_to(tmp_path / "pynvr-data")) for entry in made} >= {
        "jpg", "mp4", "log", "log/cameras", "cameras", "cameras/gate",
    }  # fmt: skip
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in made} == {0o750}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes things for others")
def test_what_root_makes_belongs_to_whom_the_folder_belongs(config, path, tmp_path):
    home = tmp_path / "var"
    home.mkdir()
    os.chown(home, 12345, 23456)
    config(
        "--non-interactive", "--data-dir", str(home / "data"), "--user", "a", "--password-stdin", typed=lines(PASSWORD)
    )
    made = [*home.rglob("*"), path]
    assert (home / "data/pynvr.sqlite") in made
    assert {(entry.stat().st_uid, entry.stat().st_gid) for entry in made} == {(12345, 23456)}


def test_an_existing_file_is_never_changed_without_consent(config, path):
    config("--non-interactive", "--name", "first")
    before = path.read_bytes()
    result = config("--non-interactive", "--name", "second")
    assert (result.exit_code, result.stderr) == (2, f"pynvr: {path} exists; --yes changes it\n")
    assert path.read_bytes() == before
    assert config("--yes", "--name", "second").exit_code == 0
    assert load(path).system.name == "second"


def test_what_is_not_asked_for_stays_as_it_was(config, path):
    document: dict[str, Any] = {
        "system": {"segment_seconds": 30, "data_dir": "data", "log_dir": "log"},
        "defaults": {"retry": {"longest": 9}},
        "cameras": [{"id": "a", "url": "rtsp://a/", "record": {"mode": "never"}}],
        "reaper": [{"disk": "/", "keep_free_gb": 5}],
    }
    path.write_text(json.dumps(document))
    config("--yes", "--port", "99")
    document["system"]["server"] = {"port": 99}
    assert written(path) == document


def test_a_second_run_with_the_same_camera_changes_that_camera(config, path):
    config("--yes", "--camera", "a=rtsp://one/")
    config("--yes", "--camera", "a=rtsp://two/", "--camera", "b=rtsp://three/")
    assert [(camera.id, camera.url) for camera in load(path).cameras] == [("a", "rtsp://two/"), ("b", "rtsp://three/")]


def test_deleting_needs_a_word_and_can_be_taken_back(config, path):
    config("--yes", "--camera", "a=rtsp://one/")
    assert load(path).reaper == ()
    config("--yes", "--delete-at", "90")
    assert load(path).reaper[0].percent == 90
    config("--yes", "--delete-at", "70.5")
    assert [rule.percent for rule in load(path).reaper] == [70.5]
    config("--yes", "--keep-all")
    assert load(path).reaper == ()


def test_a_second_disk_gets_a_rule_of_its_own(config, path, tmp_path):
    cameras = tmp_path / "cameras.json"
    cameras.write_text(json.dumps([{"id": "a", "url": "rtsp://a/", "dst": "/dev/shm/pynvr-test/a"}]))
    config("--yes", "--cameras", str(cameras), "--delete-at", "80")
    try:
        assert [str(rule.disk) for rule in load(path).reaper] == [str(tmp_path / "pynvr-data"), "/dev/shm/pynvr-test/a"]
    finally:
        os.removedirs("/dev/shm/pynvr-test/a")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "0"], "--port: expected a whole number from 1 to 65535"),
        (["--name", ""], "--name: expected text of 1 to 100 characters on one line"),
        (["--frame-timeout", "0"], "--frame-timeout: expected a number from 0.1 to 3600 (seconds)"),
        (["--camera", "gate"], "--camera: expected ID=URL, as gate=rtsp://192.168.1.20/stream"),
        (["--camera", "gate=rtsp://u:s3cret@cam/"], "--camera gate: a password here shows in the list of processes; use"
                                                    " --cameras FILE"),
        (["--delete-at", "5", "--keep-all"], "--delete-at and --keep-all exclude each other"),
        (["--delete-at", "0"], "--delete-at: expected a number above 0, up to 100 (percent of the disk)"),
        (["--user", "a"], "--user needs --password-stdin when nothing is asked"),
        (["--user", "a", "--password-stdin"], "the password on stdin needs at least 8 characters"),
        (["--scan-user", "a"], "--scan-user needs --scan-password-stdin when nothing is asked"),
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_used_writes_nothing(config, path, arguments, message):
    result = config("--non-interactive", *arguments)
    assert (result.exit_code, result.stderr) == (2, f"pynvr: {message}\n")
    assert os.listdir(path.parent) == []


def test_given_cameras_with_a_mistake_write_nothing(config, path, tmp_path):
    cameras = tmp_path / "cameras.json"
    cameras.write_text('[{"id": "a", "url": "rtsp://a/", "transport": "ftp"}]')
    result = config("--non-interactive", "--cameras", str(cameras))
    assert result.exit_code == 2
    assert 'cameras[0].transport: found "ftp"' in result.stderr
    assert os.listdir(tmp_path) == ["cameras.json"]


def test_given_cameras_of_which_one_has_no_id_are_told_as_a_mistake(config, path, tmp_path):
    cameras = tmp_path / "cameras.json"
    cameras.write_text('[{"url": "rtsp://a/"}, {"id": "b", "url": "rtsp://b/"}]')
    result = config("--non-interactive", "--cameras", str(cameras))
    assert (result.exit_code, "cameras[0].id: found nothing" in result.stderr) == (2, True)


def test_a_folder_that_cannot_be_made_leaves_the_file_as_it_was(config, path, tmp_path):
    (tmp_path / "file").touch()
    result = config("--non-interactive", "--data-dir", str(tmp_path / "file" / "data"))
    assert result.exit_code == 1
    assert "can't make the folder" in result.stderr
    assert not path.exists()


def test_a_file_with_mistakes_is_left_alone_unattended(config, path):
    path.write_text('{"system": {"prot": 1}}')
    result = config("--yes")
    assert result.exit_code == 2
    assert path.read_text() == '{"system": {"prot": 1}}'


def test_a_scan_adds_the_best_stream_of_each_new_device(config, path, monkeypatch):
    streams = (("sub", "H264", 640, 360, 5, "rtsp://cam/sub"), ("main", "H264", 1920, 1080, 25, "rtsp://cam/main"))
    monkeypatch.setattr("pynvr.cli.wizard_search.SEARCH_S", 0.5)
    with FakeOnvif(streams, user="admin", password="s3c/ret") as device:
        scan = ["--yes", "--scan", "--scan-user", "admin", "--scan-password-stdin"]
        result = config(*scan, typed=lines("s3c/ret"))
        assert result.exit_code == 0, result.output
        config(*scan, typed=lines("s3c/ret"))
    mine = [camera for camera in load(path).cameras if "/main" in camera.url]
    assert [(camera.id, camera.name, camera.url) for camera in mine] == [
        ("gate-camera", "Gate Camera", "rtsp://admin:s3c%2Fret@127.0.0.1/main")
    ]
    assert device.user == "admin"


def test_the_users_password_comes_before_the_cameras_on_stdin(config, path, monkeypatch):
    logins: list[Login] = []

    def search(_hosts, _seconds, login):
        logins.append(login)
        return []

    monkeypatch.setattr("pynvr.cli.wizard_search.search", search)
    config(
        "--yes", "--scan", "--scan-user", "cam", "--scan-password-stdin", "--user", "me", "--password-stdin",
        typed=lines(PASSWORD, "s3cret"),
    )  # fmt: skip
    assert [(login.user, login.password) for login in logins] == [("cam", "s3cret")]
    assert users_of(path) == {"me": ("admin", True)}


# ---- asked


def test_the_whole_dialogue_with_two_cameras_and_a_user(config, path, probed):
    result = config(
        typed=lines(
            "", "n", "Barn", "", "8081",  # base folder, no other folders, name, address, port
            "2",
            "Front gate", "", "192.168.1.20", "rtsp://192.168.1.20/s", "admin", "s3c/ret", "", "", "",
            "", "dock", "rtsp://dock/s", "", "", "", "20", "",  # login as before
            "",  # no more cameras
            "y", "", "admin", "short", "short", PASSWORD, PASSWORD, "y",
        )
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert written(path) == {
        "system": {"data_dir": str(path.parent / "pynvr-data"), "name": "Barn", "server": {"port": 8081}},
        "cameras": [
            {"id": "front-gate", "name": "Front gate", "url": "rtsp://admin:s3c%2Fret@192.168.1.20/s"},
            {"id": "dock", "name": "Camera 2", "url": "rtsp://admin:s3c%2Fret@dock/s", "initial_timeout": 20},
        ],
        "reaper": [{"disk": str(path.parent / "pynvr-data"), "percent": 90, "extensions": ["mp4"]}],
    }
    assert probed == ["front-gate", "dock"]
    assert users_of(path) == {"admin": ("admin", True)}
    assert "expected a URL with scheme and host" in result.output
    assert "Please take at least 8 characters" in result.output
    assert f"pynvr --config {path} start" in result.output


def test_a_re_run_with_enter_alone_changes_nothing(config, path):
    document = {
        "system": {"name": "Barn", "data_dir": "data", "jpg_cache_dir": "pictures"},
        "cameras": [{"id": "a", "url": "rtsp://admin:s3cret@a/", "description": "x"}],
        "reaper": [{"disk": "data", "percent": "80", "max_days": 3}],
    }
    path.write_text(json.dumps(document))
    result = config("--no-user", typed="\n" * 20)
    assert result.exit_code == 0, result.output
    assert written(path) == document
    assert "rtsp://admin:***@a/" in result.output


@pytest.mark.parametrize(
    ("answer", "percents"), [("", [95, 80, None]), ("90", [90, 90, None])], ids=["as they are", "changed"]
)
def test_each_disks_own_limit_stays_until_another_is_typed(config, path, answer, percents):
    limits = [{"percent": 95}, {"percent": 80}, {"max_gb": 5}]
    rules = [{"disk": f"/disk{number}", **limit} for number, limit in enumerate(limits)]
    path.write_text(json.dumps({"cameras": [], "reaper": rules}))
    result = config("--no-user", typed=lines("", "", "", "", "", "", "y", answer, "y"))
    assert result.exit_code == 0, result.output
    assert [rule.percent for rule in load(path).reaper] == percents


@pytest.mark.parametrize(
    ("disk", "more", "is_told"),
    [("/proc", {}, True), ("data", {}, False), ("data", {"extensions": ["jpg"]}, True)],
    ids=["another disk", "its disk", "of pictures"],
)
def test_a_disk_of_recordings_that_no_rule_is_for_is_told(config, path, disk, more, is_told):
    rules = [{"disk": disk, "percent": 90, **more}]
    path.write_text(json.dumps({"cameras": [{"id": "a", "url": "rtsp://a/", "dst": "here"}], "reaper": rules}))
    result = config("--yes", "--no-user")
    assert result.exit_code == 0, result.output
    assert ("recording stops there" in result.output) is is_told
    assert written(path)["reaper"] == rules
    config("--yes", "--no-user", "--keep-all")
    assert "recording stops there" not in config("--yes", "--no-user").output


def test_a_percentage_that_is_typed_is_kept_where_no_rule_has_one(config, path):
    path.write_text(json.dumps({"cameras": [], "reaper": [{"disk": "/", "max_gb": 5}]}))
    result = config("--no-user", typed=lines("", "", "", "", "", "", "y", "85", "y"))
    assert result.exit_code == 0, result.output
    assert written(path)["reaper"] == [{"disk": "/", "max_gb": 5, "percent": 85}]


def test_saying_no_at_the_end_or_leaving_writes_nothing(config, path, tmp_path):
    for typed in (lines("", "", "", "", "", "", "", "", PASSWORD, PASSWORD, "n"), lines("", "")):
        result = config(typed=typed)
        assert result.exit_code == 1
        assert "Aborted!" in result.output
    assert os.listdir(tmp_path) == []


@pytest.fixture
def changed_meanwhile(path, monkeypatch):
    """While the wizard tests a camera, somebody else puts another document into the file."""
    document = {"cameras": [{"id": "theirs", "url": "rtsp://cam/2"}]}

    def watch(camera, seconds):
        path.write_text(json.dumps(document))
        return SEEN

    monkeypatch.setattr("pynvr.cli.check.probe", watch)
    return document


def test_what_was_written_meanwhile_is_not_lost_unattended(config, path, changed_meanwhile):
    assert config("--non-interactive").exit_code == 0
    result = config("--yes", "--camera", "gate=rtsp://cam/1", "--test")
    assert (result.exit_code, written(path)) == (2, changed_meanwhile)
    assert "somebody else changed it meanwhile; run this again" in result.output


@pytest.mark.parametrize("answer", ["n", "y"])
def test_what_was_written_meanwhile_is_overwritten_only_by_choice(config, path, changed_meanwhile, answer):
    assert config("--non-interactive").exit_code == 0
    enter_all = "\n" * 6  # folder, others, name, address, port, cameras
    result = config("--camera", "gate=rtsp://cam/1", "--no-user", "--keep-all", typed=enter_all + lines("y", answer))
    assert "was changed meanwhile, on the web site or by hand. Overwrite that? [y/N]" in result.output
    assert (written(path) == changed_meanwhile) == (answer == "n")
    assert result.exit_code == (answer == "n")


def test_a_camera_is_changed_by_its_name_and_keeps_its_password(config, path, probed):
    config("--yes", "--camera", "a=rtsp://one/")
    path.write_text(path.read_text().replace("rtsp://one/", "rtsp://u:s3cret@one/"))
    result = config(
        "--no-user",
        typed=lines("", "", "", "", "", "zzz", "a", "New name", "", "", "9", "", "", "n", "y"),
    )
    assert result.exit_code == 0, result.output
    assert 'There is no camera "zzz"' in result.output
    assert written(path)["cameras"] == [
        {"id": "a", "name": "New name", "url": "rtsp://u:s3cret@one/", "initial_timeout": 9}
    ]
    assert probed == ["a"]


@pytest.mark.parametrize(
    ("typed", "url"),
    [("rtsp://u:***@one/other", "rtsp://u:s3cret@one/other"), ("rtsp://two/", "rtsp://two/")],
)
def test_a_mask_that_is_typed_again_stands_for_the_password(config, path, probed, typed, url):
    path.write_text(json.dumps({"cameras": [{"id": "a", "url": "rtsp://u:s3cret@one/"}]}))
    # Of another host there is no such password.
    answers = ["", "", "", "", "", "a", "", "rtsp://u:***@two/", typed, *(["-"] if "@" not in typed else [])]
    result = config("--no-user", typed=lines(*answers, "", "", "", "", "n", "y"))
    assert result.exit_code == 0, result.output
    assert "the host is another one" in result.output
    assert written(path)["cameras"][0]["url"] == url


def test_a_camera_is_removed_with_a_minus(config, path):
    config("--yes", "--camera", "a=rtsp://one/", "--camera", "b=rtsp://two/")
    config("--no-user", typed=lines("", "", "", "", "", "-a", "", "n", "y"))
    assert [camera.id for camera in load(path).cameras] == ["b"]


@pytest.mark.parametrize(("wish", "urls"), [("d", []), ("k", ["rtsp://bad/"]), ("e", ["rtsp://good/"])])
def test_a_camera_that_fails_its_test_is_edited_kept_or_dropped(config, path, probed, wish, urls):
    camera = ["", "a", "rtsp://bad/", "-", "", "", ""]
    edited = ["", "rtsp://good/", "-", "", "", ""] if wish == "e" else []
    result = config("--no-user", typed=lines("", "", "", "", "", "1", *camera, wish, *edited, "", "n", "y"))
    assert result.exit_code == 0, result.output
    assert "✗ 401: wrong user or password" in result.output
    assert [camera.url for camera in load(path).cameras] == urls


@pytest.fixture
def strict(monkeypatch):
    """URLs that were watched; the camera takes `admin` with the right password alone."""
    urls = []

    def watch(camera, seconds):
        urls.append(camera.url)
        if camera.url != f"rtsp://admin:{PASSWORD.replace(' ', '%20')}@cam/s":
            raise SourceError("401: wrong user or password", "refused")
        return SEEN

    monkeypatch.setattr("pynvr.cli.check.probe", watch)
    return urls


def test_a_refused_login_is_asked_for_anew_with_this_cameras_user(config, path, strict):
    camera = ["", "a", "rtsp://cam/s", "admin", "s3cret", "", "", ""]
    edited = ["", "", "", PASSWORD, "", "", ""]  # name, URL and user are right
    result = config("--no-user", typed=lines("", "", "", "", "", "1", *camera, "e", *edited, "", "n", "y"))
    assert result.exit_code == 0, result.output
    assert "User, - for none [admin]" in result.output
    assert [camera.url for camera in load(path).cameras] == [strict[-1]]
    assert len(strict) == 2


def test_a_refused_password_is_kept_only_by_choice(config, path, strict):
    camera = ["", "a", "rtsp://cam/s", "admin", "s3cret", "", "", ""]
    kept = ["", "", "", "", "y", "", "", ""]
    given_up = ["", "", "", "", "n", "", "", ""]
    later = ["a", "", "", "-", "", "", ""]  # asked as well when it is changed by its name
    result = config(
        "--no-user",
        typed=lines(
            "", "", "", "", "", "1", *camera, "e", *kept, "e", *given_up, "k", *later, "k", "", "n", "y"
        ),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert strict == ["rtsp://admin:s3cret@cam/s", "rtsp://admin:s3cret@cam/s", "rtsp://admin:@cam/s", "rtsp://cam/s"]


def test_a_search_without_its_library_is_refused_before_anything_is_asked(config, path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onveef", None)
    result = config("--no-user", typed=lines("", "", "", "", "", "s", "", "n", "y"))
    assert result.exit_code == 0, result.output
    assert f"{sys.executable} -m pip install 'onveef'" in result.output
    assert "User of the cameras" not in result.output


def test_the_site_is_told_with_its_address(config):
    result = config("--no-user", typed="\n" * 9)
    assert "localhost: the site is for this machine alone" in result.output
    assert "http://localhost:8080" in result.output


def test_a_file_that_may_not_be_read_is_left_alone(config, path, monkeypatch):
    path.write_text("{}")
    path.chmod(0o640)
    read = Path.read_bytes

    def refuse(asked):
        if asked == path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return read(asked)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    for arguments in ((), ("--yes",)):
        result = config(*arguments, typed=lines("y"))
        assert result.exit_code == 2
        assert f"Permission denied; it belongs to {path.owner()}:{path.group()}, mode 0640" in result.stderr
        assert "Begin with an empty one?" not in result.output
    assert path.read_text() == "{}"


def test_a_search_offers_streams_to_choose_from(config, path, probed, monkeypatch):
    streams = (("main", "H264", 1920, 1080, 25, "rtsp://cam/main"), ("sub", "H264", 640, 360, 5, "rtsp://cam/sub"))
    monkeypatch.setattr("pynvr.cli.wizard_search.SEARCH_S", 0.5)
    with FakeOnvif(streams, user="admin", password="s3cret") as device:
        # Another test's device may be on this machine's network too.
        once = onvif._each_once
        monkeypatch.setattr(onvif, "_each_once", lambda found: once([d for d in found if d.service == device.service]))
        result = config(
            "--no-user",
            typed=lines(
                "", "", "", "", "", "s", "admin", "s3cret", "7", "1,2",  # 7 is none
                "", "", "", "", "", "Small", "", "", "", "", "", "n", "y",
            ),
        )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "expected numbers from 1 to 2" in result.output
    assert [(camera.id, camera.name, camera.url) for camera in load(path).cameras] == [
        ("gate-camera", "Gate Camera", "rtsp://admin:s3cret@127.0.0.1/main"),
        ("gate-camera-2", "Small", "rtsp://admin:s3cret@127.0.0.1/sub"),
    ]


def test_a_file_with_mistakes_can_be_begun_anew(config, path):
    path.write_text('{"system": {"prot": 1}}')
    refused = config(typed=lines("n"))
    assert refused.exit_code == 1
    assert "system.prot: found an unknown key" in refused.output
    assert path.read_text() == '{"system": {"prot": 1}}'
    assert config("--no-user", typed=lines("y", "", "", "", "", "", "", "", "y")).exit_code == 0
    assert load(path).cameras == ()


def test_a_user_is_asked_for_once(config, path):
    config("--yes", "--user", "me", "--password-stdin", typed=lines(PASSWORD))
    result = config(typed="\n" * 9)
    assert result.exit_code == 0, result.output
    assert "First user" not in result.output


def test_a_folder_that_can_not_be_used_is_asked_for_again(config, path, tmp_path, probed):
    (tmp_path / "file").touch()
    data = tmp_path / "data"
    result = config(
        "--no-user",
        typed=lines(
            "/proc/foo", str(tmp_path / "file"), str(data), "n", "", "", "",
            "1", "", "gate", "rtsp://gate/s", "-", "/proc/foo", "", "", "", "", "n", "y",
        ),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert result.output.count("expected a folder that can be made and written into; /proc/foo: ") == 2
    assert f"{tmp_path / 'file'}: Not a directory" in result.output
    assert (written(path)["system"]["data_dir"], "dst" in written(path)["cameras"][0]) == (str(data), False)


def test_a_folder_that_can_not_be_made_at_the_end_costs_no_other_answer(config, path, tmp_path):
    document = {
        "system": {"data_dir": "/proc/away", "name": "Barn"},
        "cameras": [{"id": "gate", "url": "rtsp://gate/s", "dst": "/proc/gone"}],
        "reaper": [{"disk": "/proc/away", "percent": 80}],
    }
    path.write_text(json.dumps(document))
    data, video = tmp_path / "data", tmp_path / "video"
    kept = lines("", "", "", "", "", "", "", "", "y")
    result = config("--no-user", typed=kept + lines("", str(data), "n") + lines("/proc/gone", str(video)))
    assert result.exit_code == 0, result.output
    assert "can't make the folder /proc/away: " in result.output
    document["system"] = {"data_dir": str(data), "name": "Barn"}
    document["cameras"] = [{"id": "gate", "url": "rtsp://gate/s", "dst": str(video)}]
    document["reaper"] = [{"disk": str(data), "percent": 80}]
    assert written(path) == document
    assert data.is_dir()
    assert video.is_dir()


def test_a_folder_given_as_an_option_is_refused_before_anything_is_asked(config, path):
    result = config("--no-user", "--data-dir", "/proc/foo")
    assert (result.exit_code, "/proc/foo: " in result.stderr, path.exists()) == (2, True, False)


@pytest.mark.parametrize("answer", ["x", "abc", "300.1.1.1", "-x", "0", "101", "99999", "9" * 5000])
def test_what_is_no_number_of_cameras_is_told_what_is_expected(config, path, answer):
    result = config("--no-user", "--keep-all", typed=lines("", "n", "", "", "", answer, "", "y"))
    assert result.exit_code == 0, result.output
    assert "Expected " in result.output
    assert "1 to 100" in result.output
    assert written(path).get("cameras", []) == []


def test_a_password_that_is_empty_or_typed_differently_is_asked_for_again_with_a_word(config, path):
    typed = lines("", "n", "", "", "", "", "n", "", "", PASSWORD, "other", PASSWORD, PASSWORD, "y")
    result = config(typed=typed)
    assert result.exit_code == 0, result.output
    assert result.output.count("It can't be empty.") == 1
    assert result.output.count("The two aren't the same") == 1
    assert users_of(path) == {"admin": ("admin", True)}


def test_what_can_not_be_listened_on_is_asked_for_again(config, path):
    typed = lines("", "n", "", "bad <b>", "0.0.0.0", "", "", "y")
    result = config("--no-user", "--keep-all", typed=typed)
    assert result.exit_code == 0, result.output
    assert "expected an address of this machine or its name" in result.output
    assert written(path)["system"]["server"] == {"host": "0.0.0.0"}
