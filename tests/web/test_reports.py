"""A report of trouble from the site: for admins, audited, without secrets."""

import io
import json
import threading
import zipfile

import pytest

from tests.web.making import make_site


@pytest.fixture
def made(tmp_path):
    return make_site(tmp_path)


def test_an_admin_takes_a_report_away_and_the_audit_log_says_so(made):
    answer = made.token_admin().get("/api/system/report.zip")
    assert (answer.status, answer.header("Content-Type")) == (200, "application/zip")
    assert answer.header("Content-Disposition") == 'attachment; filename="pynvr-report-20260310T120000Z.zip"'
    assert int(answer.header("Content-Length")) == len(answer.body)
    with zipfile.ZipFile(io.BytesIO(answer.body)) as found:
        files = {name: found.read(name).decode() for name in found.namelist()}
    assert json.loads(files["database.json"])["problem"] == ""
    text = "\n".join(files.values())
    assert [word for word in ("camera-secret", "192.0.2.10", "admin program") if word in text] == []
    (told, *_) = made.token_admin().get("/api/logs").json["logs"]
    assert (told["action"], told["actor"]) == ("report.download", "admin program")


def test_addresses_are_in_it_if_asked_for(made):
    answer = made.token_admin().get("/api/system/report.zip?keep_addresses=1")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as found:
        assert b"192.0.2.10" in found.read("nvr.json")


def test_it_is_for_admins(made):
    assert made.token_viewer().get("/api/system/report.zip").status == 403


def test_one_is_made_at_a_time(made, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> dict[str, object]:
        begun.set()
        go_on.wait(60)
        return {}

    monkeypatch.setattr("pynvr.report.bundle.machine", slow)
    first = threading.Thread(target=lambda: made.token_admin().get("/api/system/report.zip"))
    first.start()
    try:
        assert begun.wait(60)
        answer = made.token_admin().get("/api/system/report.zip")
        assert (answer.status, answer.error) == (503, "busy")
    finally:
        go_on.set()
        first.join(60)
    assert made.token_admin().get("/api/system/report.zip").status == 200
