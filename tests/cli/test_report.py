"""`pynvr report`: what is in it, what never is, and that it comes out whatever is broken."""

import base64
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from pynvr.model.status import CameraStatus, ProcessStatus, ProgramStatus, Status
from pynvr.store.store import Store
from tests.cli.archive_of_one_camera import Home

PASSWORD, TOKEN, HEADER, HOOK = "pl4nted&cam pass", "pl4nted-post-token", "pl4nted-header", "pl4nted-hook-key"
BROKER, SETUP, TYPO = "pl4nted-broker", "pl4ntedSetupCode0123456", "pl4nted-typo"
ENCODED = quote(PASSWORD, safe="")
SECRETS = (
    PASSWORD,
    ENCODED,
    TOKEN,
    HEADER,
    HOOK,
    BROKER,
    SETUP,
    base64.b64encode(f"greta:{PASSWORD}".encode()).decode(),
)
NAMES = ("greta", "operator7", "mathilda", "doorbell program")
ADDRESSES = ("203.0.113.77", "cam.example.org", "hook.example.org", "198.51.100.9")


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path)
    document = json.loads(made.config.read_text())
    document["cameras"][0] |= {
        "url": f"rtsp://greta:{ENCODED}@203.0.113.77/stream",
        "live": {"url": f"rtsp://greta:{ENCODED}@cam.example.org/sub"},
        "description": "mathilda's door",
        "post_url": f"https://hook.example.org/{HOOK}",
        "post_token": TOKEN,
        "post_headers": {"X-Key": HEADER},
    }
    document["notify"] = [
        {"name": "broker", "kind": "mqtt", "host": "198.51.100.9", "user": "operator7", "password": BROKER},
        {"name": "hook", "kind": "webhook", "url": f"https://hook.example.org/in/{HOOK}", "token": TOKEN},
    ]
    made.config.write_text(json.dumps(document))
    made.put("20260101.0800")
    made.run("reindex")
    with Store.open(f"sqlite:///{tmp_path}/data/pynvr.sqlite") as store:
        store.tokens.create("doorbell program", "viewer", 1)
        with store._database.writing() as connection:
            connection.exec_driver_sql(
                "insert into users (name, password_hash, role, made_us, password_changed_us)"
                " values ('mathilda', 'scrypt$x', 'viewer', 1, 1)"
            )
    leak = " ".join(
        (
            *(secret for secret in SECRETS if secret != SETUP),
            *NAMES,
            *ADDRESSES,
            f"rtsp://greta:{ENCODED}@203.0.113.77/",
        )
    )
    for log in ("pynvr.log", "cameras/gate.log"):
        path = tmp_path / "data/log" / log
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"2026-01-01T08:00:00.000Z ERROR web: {leak}\n"
            f"2026-01-01T08:00:01.000Z WARNING web: open http://localhost:8080/setup?code={SETUP} to make one\n"
        )
    run = tmp_path / "data/run"
    run.mkdir()
    (run / "status.json").write_bytes(
        Status(
            ProgramStatus("Barn", "0.1", "running", 1, 1, 2, str(made.config)),
            (
                ProcessStatus("master", "master", 1, "running"),
                ProcessStatus("web", "web", 0, "can't start", detail=leak),
            ),
            (CameraStatus("gate", "gate", True, "waiting", "unreachable", leak, 1),),
        ).to_json()
    )
    return made


def reported(home, *options: str) -> dict[str, str]:
    """The report's files."""
    path = home.folder / "report.zip"
    path.unlink(missing_ok=True)
    result = home.run("report", "--output", str(path), *options)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == str(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as found:
        files = {name: found.read(name).decode() for name in found.namelist()}
    assert all(name in result.stdout for name in files)
    return files


def test_it_tells_what_is_needed(home):
    files = reported(home)
    machine, database = json.loads(files["machine.json"]), json.loads(files["database.json"])
    assert machine["pynvr"]
    assert machine["libav"]["libavcodec"]
    assert machine["packages"]["av"]
    assert (database["problem"], database["rows"]["segments"], database["checked"]) == ("", 1, True)
    assert json.loads(files["status.json"])["program"]["name"] == "Barn"
    # Process 1 is always there.
    assert json.loads(files["processes.json"])[0]["name"] == "master"
    (folder,) = [one for one in json.loads(files["disks.json"])["folders"] if one["folder"] == str(home.dst)]
    assert (folder["days"], folder["marker"], folder["writable"]) == (1, "none", True)
    assert set(json.loads(files["coverage.json"])["gate"]["last_day"]) == {"before the first recording"}
    assert json.loads(files["verify.json"])["faults"] == 0
    assert json.loads(files["nvr.json"])["content"]["cameras"][0]["id"] == "gate"
    assert "open http://localhost:8080/setup?code=***" in files["logs/cameras/gate.log"]
    assert files["README.txt"].count(".json") == 8


@pytest.mark.parametrize("options", [(), ("--keep-addresses",)], ids=["plain", "with addresses"])
def test_it_never_tells_a_secret_or_a_name(home, options):
    text = "\n".join(f"{name}\n{content}" for name, content in reported(home, *options).items())
    assert [secret for secret in (*SECRETS, *NAMES) if secret.casefold() in text.casefold()] == []
    assert [address for address in ADDRESSES if (address in text) != bool(options)] == []


def test_all_places_say_the_same_of_whose_names_and_which_days_are_in_it(home):
    written = home.run("report", "--output", str(home.folder / "said.zip"))
    readme = zipfile.ZipFile(home.folder / "said.zip").read("README.txt").decode()
    told = " ".join(home.run("report", "--help").output.split())
    guide = " ".join((Path(__file__).parents[2] / "docs/operations.md").read_text().split())
    assert "admin and demo" in written.stderr
    assert "(as admin and demo), stay" in readme
    assert "such as admin and demo" in guide
    assert "segments of today and yesterday" in readme
    assert all("of today and yesterday" in text for text in (told, guide, readme))


def test_a_configuration_with_a_mistake_is_reported_with_it(home):
    document = json.loads(home.config.read_text())
    document["cameras"][0]["passwrod"] = TYPO
    home.config.write_text(json.dumps(document))
    files = reported(home)
    told = json.loads(files["nvr.json"])
    assert any("passwrod" in mistake for mistake in told["mistakes"])
    assert json.loads(files["database.json"])["rows"]["segments"] == 1
    assert not any(secret in content for content in files.values() for secret in (TYPO, *SECRETS))


def database(home) -> Path:
    return Path(home.folder, "data/pynvr.sqlite")


def made_by_a_newer_one(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma user_version = 9999")


@pytest.mark.parametrize(
    "spoil, problem",
    [
        (made_by_a_newer_one, "a newer PyNVR made it"),
        (lambda path: path.write_bytes(b"no database at all"), "not a database"),
        (lambda path: path.unlink(), "No such file"),
    ],
    ids=["newer", "damaged", "gone"],
)
def test_without_a_usable_database_the_rest_is_told_and_the_database_left_as_it_is(home, spoil, problem):
    for suffix in ("-wal", "-shm"):
        database(home).with_name(f"pynvr.sqlite{suffix}").unlink(missing_ok=True)
    spoil(database(home))
    before = database(home).read_bytes() if database(home).exists() else None
    files = reported(home)
    assert problem in json.loads(files["database.json"])["problem"]
    assert "see database.json" in files["verify.json"]
    assert json.loads(files["disks.json"])["folders"][0]["total"] > 0
    assert (database(home).read_bytes() if database(home).exists() else None) == before


def test_a_question_that_hangs_or_breaks_keeps_nothing_else_from_being_told(home, monkeypatch):
    def broken(*_):
        raise RuntimeError(f"rtsp://greta:{ENCODED}@203.0.113.77/")

    monkeypatch.setattr("pynvr.report.bundle.coverage", broken)
    files = reported(home, "--verify-seconds", "0")
    assert "RuntimeError" in files["coverage.json"]
    assert ENCODED not in files["coverage.json"]
    assert "verify.json" not in files
    assert json.loads(files["machine.json"])


def test_what_utf_8_has_no_place_for_is_told_all_the_same(home):
    document = json.loads(home.config.read_text())
    document["system"]["name"] = "Barn \ud800"
    home.config.write_text(json.dumps(document))
    assert json.loads(reported(home)["nvr.json"])["content"]["system"]["name"] == "Barn \ud800"


def test_a_disk_that_hangs_is_waited_for_once_not_for_each_log_of_a_camera(home, monkeypatch):
    document = json.loads(home.config.read_text())
    document["cameras"] += [{"id": f"c{number}", "url": "rtsp://127.0.0.1/"} for number in range(20)]
    home.config.write_text(json.dumps(document))
    patience: list[float] = []

    def waits(ask, patience_s, name):
        hangs = name.startswith("report logs/")
        patience.extend([patience_s] * hangs)
        clock.s += patience_s * hangs
        return ([], []) if hangs else ([ask()], [])

    clock = Clock()
    monkeypatch.setattr("pynvr.report.bundle._asked", waits)
    monkeypatch.setattr("pynvr.report.bundle._time_s", clock)
    assert "does a disk hang?" in reported(home, "--verify-seconds", "0")["logs/cameras/c19.log"]
    assert len(patience) == 22
    assert sum(patience) < 100


class Clock:
    s = 0.0

    def __call__(self):
        return self.s


def test_a_file_that_is_there_is_not_overwritten(home):
    path = home.folder / "report.zip"
    path.write_text("mine")
    result = home.run("report", "--output", str(path))
    assert (result.exit_code, path.read_text()) == (2, "mine")
