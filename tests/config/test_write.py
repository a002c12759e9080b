import json
import os
import stat
import threading

import pytest

from pynvr.base.errors import ConfigBusyError, ConfigError
from pynvr.config.load import load
from pynvr.config.write import sole_writer, write_settings_file
from tests.config.conftest import URL

DOCUMENT = {"cameras": [{"id": "gate", "url": URL, "name": "Küche"}]}


def test_what_is_written_loads_again_and_only_its_owner_reads_it(path):
    old_mask = os.umask(0)
    try:
        written = write_settings_file(path, DOCUMENT)
    finally:
        os.umask(old_mask)
    assert written == load(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Küche" in path.read_text()
    assert json.loads(path.read_text()) == DOCUMENT


@pytest.mark.parametrize(
    "wrong", [{"cameras": [{"id": "a b", "url": URL}]}, {"x": 1}, {"system": {"durability_seconds": float("nan")}},
              {"system": {"name": "\ud800"}}]
)  # fmt: skip
def test_a_document_with_a_mistake_leaves_the_file_as_it_was(path, wrong):
    write_settings_file(path, DOCUMENT)
    before = path.read_bytes()
    with pytest.raises(ConfigError):
        write_settings_file(path, wrong)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]


def test_a_link_keeps_its_place(path, tmp_path):
    target = tmp_path / "kept" / "real.json"
    target.parent.mkdir()
    target.write_text("{}")
    path.symlink_to(target)
    write_settings_file(path, DOCUMENT)
    assert path.is_symlink()
    assert json.loads(target.read_text()) == DOCUMENT


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_written_by_root_stays_with_its_owner(path):
    path.write_text("{}")
    os.chown(path, 12345, 23456)
    write_settings_file(path, DOCUMENT)
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ConfigError, match="can't be written: No such file"):
        write_settings_file(tmp_path / "no" / "nvr.json", DOCUMENT)


def test_changes_of_several_programs_come_after_each_other(path):
    write_settings_file(path, DOCUMENT)

    def add(number):
        with sole_writer(path):
            document = json.loads(path.read_text())
            document["cameras"].append({"id": f"camera{number}", "url": URL})
            write_settings_file(path, document)

    writers = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert {camera.id for camera in load(path).cameras} == {"gate", *(f"camera{number}" for number in range(8))}
    assert os.listdir(path.parent) == [path.name]


def test_who_waits_too_long_for_another_program_is_told(path, monkeypatch):
    monkeypatch.setattr("pynvr.config.write.PATIENCE_S", 0)
    with sole_writer(path), pytest.raises(ConfigBusyError, match=r"nvr\.json: another program is changing it"):
        sole_writer(path).__enter__()
    with sole_writer(path):
        pass
