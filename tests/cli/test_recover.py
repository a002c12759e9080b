"""`pynvr recover`, as typed."""

import json
import subprocess
import sys

from pynvr.archive.paths import chunk_path, segment_path
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


def recover(config, *options):
    command = [
        sys.executable,
        "-c",
        "from pynvr.cli.main import main; main()",
        "--config",
        str(config),
        "recover",
        *options,
    ]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


def test_left_chunks_become_mp4s_with_pictures_and_rows(tmp_path):
    source = clip()
    for stamp in (STAMP, "20260630.2359", "20260101.0000"):
        write_chunk(tmp_path / "gate", source, stamp=stamp)
    write_chunk(tmp_path / "door", source, camera_id="door")
    done = recover(configured(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 chunks finished" in done.stdout
    assert [data for _, _, data in samples_of(segment_path(tmp_path / "door", "door", STAMP))] == source.samples()
    assert len(list((tmp_path / "data").rglob("*.thumbnail.*.jpg"))) == 4
    with Store.open(f"sqlite:///{next((tmp_path / 'data').glob('*.sqlite'))}") as store:
        assert len(store.segments.in_range(["gate", "door"], 0, 1 << 60)) == 4
    again = recover(configured(tmp_path))
    assert again.returncode == 0 and "0 chunks finished" in again.stdout


def test_what_a_recorder_holds_is_left_alone_and_said(tmp_path):
    path, writer = write_chunk(tmp_path / "gate", clip(), close=False)
    done = recover(configured(tmp_path))
    assert done.returncode == 0 and "1 are being recorded just now" in done.stdout
    assert path.exists()
    writer.close()


def test_a_bad_one_is_named_with_its_reason_and_fails_the_command(tmp_path):
    config = configured(tmp_path)
    path = chunk_path(tmp_path / "gate", "gate", STAMP)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a chunk by any means")
    done = recover(config, "--json")
    assert done.returncode == 1
    said = json.loads(done.stdout)
    ((bad, reason),) = said["set_aside"].items()
    assert bad == str(path.with_suffix(".bad")) and "not a chunk" in reason
    assert said["finished"] == []
