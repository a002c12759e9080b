"""Restarting a camera, and recording off and on, over HTTP; the master is played."""

import dataclasses
import json
import socket
import threading

import pytest

from pynvr.base.wishes import Answer, Wishes, wish_in
from pynvr.model.status import ProgramStatus, Status
from tests.web.making import NOW_US, make_site


@pytest.fixture
def made(tmp_path):
    site = make_site(tmp_path)
    site.status = Status(ProgramStatus("PyNVR", "1", "running", 1, 0, NOW_US, "x"))
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.setblocking(False)
    asked = []

    def master():
        while data := ours.recv(65536):
            wish = wish_in(json.loads(data))
            assert wish is not None and site.status is not None
            asked.append((wish.kind, dict(wish.about)))
            if wish.about.get("camera_id") == "yard":
                answer = Answer(wish.number, refused="unknown", message="there is no camera 'yard'")
            else:
                off_us = {"system.stop": NOW_US, "system.start": 0}.get(wish.kind, 0)
                program = dataclasses.replace(site.status.program, recording_off_us=off_us)
                site.status = dataclasses.replace(site.status, program=program)
                answer = Answer(wish.number)
            ours.send(answer.to_bytes())

    threading.Thread(target=master, daemon=True).start()
    object.__setattr__(site.site, "wishes", Wishes(theirs))
    return site, asked


def test_an_admin_restarts_a_camera(made):
    site, asked = made
    answer = site.token_admin().post("/api/cameras/gate/restart")
    assert (answer.status, answer.json) == (202, {"id": "gate", "status": "starting"})
    assert asked == [("camera.restart", {"camera_id": "gate"})]
    assert site.token_admin().post("/api/cameras/yard/restart").status == 404
    assert site.token_viewer().post("/api/cameras/gate/restart").status == 403
    assert len(asked) == 2


def test_recording_is_switched_off_and_on_and_shown(made):
    site, asked = made
    client = site.token_admin()
    assert client.get("/api/system").json["recording_off"] is None
    assert client.post("/api/system/stop").json == {"recording": False}
    assert client.get("/api/system").json["recording_off"] == NOW_US / 1e6
    assert client.get("/api/1/system.json").payload["recording_off"] == NOW_US / 1e6
    assert client.post("/api/system/start").json == {"recording": True}
    assert client.get("/api/1/system.json").payload.get("recording_off") is None
    assert [kind for kind, _ in asked] == ["system.stop", "system.start"]
    assert site.token_viewer().post("/api/system/stop").status == 403
    assert len(asked) == 2
