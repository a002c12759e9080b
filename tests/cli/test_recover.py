"""`pynvr recover`, as typed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pynvr.archive.index import append_record, read_records
from pynvr.archive.paths import SegmentName, chunk_path, index_path, segment_path
from pynvr.finisher.set_aside import set_aside
from pynvr.store.store import Store
from tests.finisher.clips import STAMP, clip, samples_of, write_chunk


def configured(tmp_path):
    config = tmp_path / "nvr.json"
    cameras = [
        {"id": camera_id, "url": "rtsp://localhost/", "dst": str(tmp_path / camera_id)}
        for camera_id in ("gate", "door")
    ]
    config.write_text(
        json.dumps({"system": {"data_dir": str(tmp_path / "data"), "timezone": "UTC"}, "cameras": cameras})
    )
    config.chmod(0o600)
    return config


def run(config, *arguments, before=""):
    program = f"{before}\nfrom pynvr.cli.main import main; main()"
    command = [sys.executable, "-c", program, "--config", str(config), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


def test_left_chunks_become_mp4s_with_pictures_and_rows(tmp_path):
    source = clip()
    for stamp in (STAMP, "20260630.2359", "20260101.0000"):
        write_chunk(tmp_path / "gate", source, stamp=stamp)
    write_chunk(tmp_path / "door", source, camera_id="door")
    done = run(configured(tmp_path), "recover")
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 chunks finished" in done.stdout
    assert [data for _, _, data in samples_of(segment_path(tmp_path / "door", "door", STAMP))] == source.samples()
    assert len(list((tmp_path / "data").rglob("*.thumbnail.*.jpg"))) == 4
    with Store.open(f"sqlite:///{next((tmp_path / 'data').glob('*.sqlite'))}") as store:
        assert len(store.segments.in_range(["gate", "door"], 0, 1 << 60)) == 4
    again = run(configured(tmp_path), "recover")
    assert again.returncode == 0 and "0 chunks finished" in again.stdout


def test_what_a_recorder_holds_is_left_alone_and_said(tmp_path):
    path, writer = write_chunk(tmp_path / "gate", clip(), close=False)
    done = run(configured(tmp_path), "recover")
    assert done.returncode == 0 and "1 are being recorded just now" in done.stdout
    assert path.exists()
    writer.close()


def test_a_bad_one_is_named_with_its_reason_and_fails_the_command(tmp_path):
    config = configured(tmp_path)
    path = chunk_path(tmp_path / "gate", "gate", STAMP)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a chunk by any means")
    done = run(config, "recover", "--json")
    assert done.returncode == 1
    said = json.loads(done.stdout)
    ((bad, reason),) = said["set_aside"].items()
    assert bad == str(path.with_suffix(".bad")) and "not a chunk" in reason
    assert said["finished"] == []


def test_what_was_kept_as_bad_is_finished_once_it_has_its_old_name(tmp_path):
    """As docs/operations.md says: an older version kept it, for it couldn't read it."""
    config, path = configured(tmp_path), write_chunk(tmp_path / "gate", clip())
    kept = set_aside(path, SegmentName("gate", STAMP), "not one whole frame in 49128 bytes").path
    commands = Path("docs/operations.md").read_text().partition("for reason in")[2].partition("pynvr recover\n")[0]
    subprocess.run(["sh", "-ec", f"for reason in{commands}"], check=True, cwd=tmp_path / "gate")
    assert path.exists() and [one.name for one in kept.parent.iterdir()] == [path.name]
    assert run(config, "recover").returncode == 0
    found = samples_of(segment_path(tmp_path / "gate", "gate", STAMP))
    assert [data for _, _, data in found] == clip().samples()


def test_an_mp4_that_is_none_is_named_with_its_reason_and_not_called_entered(tmp_path):
    config = configured(tmp_path)
    write_chunk(tmp_path / "gate", clip())
    blank = segment_path(tmp_path / "gate", "gate", "20260701.1001")
    blank.parent.mkdir(parents=True, exist_ok=True)
    blank.write_bytes(bytes(100_000))
    done = run(config, "recover", "--json")
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert said["entered"] == [] and len(said["finished"]) == 1
    assert list(said["postponed"]) == [str(blank)] and said["postponed"][str(blank)]


# No record gets into a day index.
FULL = """
import errno, os
from pynvr.archive.disk import disk_error
from pynvr.finisher import complete
def full(path, record):
    raise disk_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), f"append to {path}")
complete.append_record = full
"""


@pytest.mark.parametrize("left", ["a chunk", "an MP4"])
def test_what_gets_no_record_for_want_of_room_is_not_called_entered(tmp_path, left):
    config, dst = configured(tmp_path), tmp_path / "gate"
    write_chunk(dst, clip())
    index, segment = index_path(dst, "gate", STAMP[:8]), segment_path(dst, "gate", STAMP)
    if left == "an MP4":
        assert run(config, "recover").returncode == 0
        index.unlink()
        next((tmp_path / "data").rglob("gate.thumbnail.*.jpg")).unlink()
    done = run(config, "recover", "--json", before=FULL)
    assert done.returncode == 1, done.stdout
    said = json.loads(done.stdout)
    assert said["entered"] == [] and list(said["postponed"]) == [str(segment)]
    assert "No space left" in said["postponed"][str(segment)]
    again = run(config, "recover")
    assert again.returncode == 0 and [one.stamp for one in read_records(index)] == [STAMP], again.stdout


def test_what_a_death_left_behind_the_mp4s_is_made_up_for_and_verify_is_content(tmp_path):
    """The finisher is killed between an MP4's name and its record, its pictures or its row."""
    config, dst, day = configured(tmp_path), tmp_path / "gate", STAMP[:8]
    for minute in ("01", "02", "03"):
        write_chunk(dst, clip(), stamp=f"{STAMP[:-2]}{minute}")
    assert run(config, "recover").returncode == 0
    index = index_path(dst, "gate", day)
    records = read_records(index)
    index.unlink()
    append_record(index, records[1])
    picture = next((tmp_path / "data").rglob(f"gate.thumbnail.{records[2].stamp}.jpg"))
    picture.unlink()
    assert run(config, "verify").returncode == 1
    done = run(config, "recover")
    assert done.returncode == 0 and "2 MP4s were missing in their day index" in done.stdout, done.stdout
    assert {one.stamp: bool(one.signature) for one in read_records(index)} == {one.stamp: True for one in records}
    assert picture.exists()
    verified = run(config, "verify")
    assert verified.returncode == 0, verified.stdout
