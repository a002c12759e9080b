import json
import logging
import threading

import pytest

from pynvr.config.load import load
from pynvr.config.settings_file import SettingsFile
from pynvr.config.without_secrets import without_secrets
from pynvr.model.settings import Settings
from pynvr.web.status_file import StatusFile
from tests.web.statuses import camera, status


@pytest.fixture
def write(tmp_path):
    path = tmp_path / "nvr.json"

    def written(text=None, **system):
        document = {"system": {"data_dir": str(tmp_path), **system}, "cameras": [{"id": "gate", "url": "rtsp://h/x"}]}
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps(document) if text is None else text)
        temporary.chmod(0o600)
        temporary.replace(path)
        return path

    return written


def test_what_was_written_counts_with_the_next_question(write):
    told: list[Settings] = []
    settings = SettingsFile(load(write()), told.append)
    assert settings().system.name == "PyNVR" and told == []
    write(name="Barn")
    assert settings().system.name == "Barn"
    assert [one.system.name for one in told] == ["Barn"]
    assert settings() is settings()


def test_a_change_before_the_first_question_isnt_missed(write):
    given = load(write())
    write(name="Barn")
    assert SettingsFile(given)().system.name == "Barn"


@pytest.mark.parametrize("text", ["{", '{"cameras": [{"id": "gate"}]}', '{"system": {"sever": {}}}'])
def test_a_file_with_mistakes_changes_nothing(write, text):
    settings = SettingsFile(load(write(name="Barn")))
    write(text)
    assert settings().system.name == "Barn"
    write(name="Stable")
    assert settings().system.name == "Stable"


def test_a_mistake_that_an_older_version_let_pass_keeps_nobody_from_following(write):
    settings = SettingsFile(load(write(name="Barn")))
    document = json.loads(write(name="Stable").read_text())
    write(json.dumps(document | {"reaper": [{"disk": "/", "percent": None}]}))
    assert settings().system.name == "Stable"


def test_a_file_that_is_gone_changes_nothing(write):
    settings = SettingsFile(load(write(name="Barn")))
    settings().path.unlink()
    assert settings().system.name == "Barn"


def test_what_needs_a_restart_of_everything_is_left_as_the_master_leaves_it(write, tmp_path):
    settings = SettingsFile(load(write(name="Barn")))
    write(name="Stable", database=f"sqlite:///{tmp_path}/other.sqlite")
    assert settings().system.name == "Barn"


def test_a_process_that_is_to_know_less_sees_no_change_in_that(write, caplog):
    caplog.set_level(logging.INFO)
    told: list[Settings] = []
    settings = SettingsFile(without_secrets(load(write())), told.append, without_secrets)
    assert settings().cameras[0].url == "" and (told, caplog.text) == ([], "")
    write(name="Barn")
    assert settings().system.name == "Barn" and settings().cameras[0].url == ""
    assert len(told) == caplog.text.count("follows the changed configuration") == 1


def test_many_threads_see_one_change_once(write):
    told: list[object] = []
    settings = SettingsFile(load(write()), told.append)
    settings()
    write(name="Barn")
    seen: list[str] = []
    threads = [threading.Thread(target=lambda: seen.append(settings().system.name)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["Barn"] * 20 and len(told) == 1


def test_the_status_is_read_anew_when_it_was_replaced(tmp_path):
    path = tmp_path / "status.json"
    found = StatusFile(path)
    assert found() is None
    for name in ("gate", "yard"):
        temporary = tmp_path / "new"
        temporary.write_bytes(status(camera(name)).to_json())
        temporary.replace(path)
        first = found()
        assert first is not None and first.cameras[0].id == name
        assert found() is first
    path.write_text("half a sta")
    assert found() is None
