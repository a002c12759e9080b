"""Two hundred incidents wait for a target that is down; the deliverer is killed twice, then everything: all arrive."""

import hashlib
import os
import signal
import time
from functools import partial

import pytest

from pynvr.model.incident import Clip, Incident, IncidentStatus, clip_path, clips_dir
from pynvr.store.incidents import IncidentFilter
from pynvr.store.store import Store
from tests.deliverer.receiver import ClipReceiver
from tests.end_to_end.program import Program
from tests.ports import free_port
from tests.waiting import wait_until
from tests.web.archive_maker import MadeCamera, make_archive

pytestmark = pytest.mark.timeout(600)

TOKEN = "del1very-t0ken"
MANY = 200
# On a machine that is busy with other tests.
LONG_S = 300.0
CUT_HERE = 4


class Incidents:
    """What the database knows, beside the running program."""

    def __init__(self, program):
        self._store = Store.open(f"sqlite:///{program.data_dir}/pynvr.sqlite")

    def report(self, settings, archive):
        """`MANY`: of most the clip is there, as after a day on which the target was down; gives what is in these."""
        clips_dir(settings.system).mkdir(parents=True, exist_ok=True)
        digests = []
        with self._store.transaction():
            for number in range(MANY):
                now_us = time.time_ns() // 1000
                moment_us = archive.start_us + 5_000_000 + number * 200_000
                incident = self._store.incidents.add(
                    Incident("gate", moment_us, 1_000_000, 500_000, f"key-{number}", now_us, deliver=True)
                )
                if number >= MANY - CUT_HERE:
                    continue
                clip = f"clip {number} ".encode() * 2000
                clip_path(settings.system, incident).write_bytes(clip)
                digests.append(hashlib.sha256(clip).hexdigest())
                cut = Clip(incident.start_us, incident.end_us, len(clip))
                assert self._store.incidents.write(incident.extracted(cut, now_us)) is not None
        return digests

    def statuses(self):
        return {one.status for one in self._store.incidents.page(IncidentFilter(), limit=2 * MANY)[0]}

    def nudge(self):
        """As the page's button does: a pause may be long."""
        for first in self._store.incidents.first_to_deliver():
            if first.status == IncidentStatus.WAITING:
                self._store.incidents.write(first.retried(deliver=True))

    def close(self):
        self._store.close()


def test_all_arrive_in_order_and_each_is_accounted_for(tmp_path):
    port = free_port()
    camera = {
        "id": "gate",
        "url": "rtsp://192.0.2.1/",
        "record": {"mode": "never"},
        "post_url": f"http://127.0.0.1:{port}/clips",
        "post_token": TOKEN,
    }
    archive = make_archive(tmp_path / "data", [MadeCamera("gate")], minutes=1, skip=("pictures",))
    program = Program(tmp_path, [camera], {"timezone": "Europe/Vienna"})
    incidents = Incidents(program)
    digests = incidents.report(archive.settings, archive)
    clips = clips_dir(archive.settings.system)
    receivers: list[ClipReceiver] = []

    def deliverer():
        return program.pid_of("deliverer")

    def another_than(killed):
        return deliverer() not in (0, killed)

    def have(least):
        incidents.nudge()
        return len(receivers[-1].taken) >= least

    try:
        program.start()
        wait_until(
            lambda: incidents.statuses() == {IncidentStatus.EXTRACTED, IncidentStatus.WAITING}, LONG_S, "all clips"
        )
        receivers.append(ClipReceiver(port))
        receivers[0].answers = [201, 500, "die", 201, "lost", (429, {"Retry-After": "1"})]
        for share in (0.2, 0.4):
            wait_until(partial(have, share * MANY), LONG_S, what="some to arrive")
            killed = wait_until(deliverer, what="the deliverer")
            os.kill(killed, signal.SIGKILL)
            wait_until(partial(another_than, killed), what="another deliverer")
        wait_until(partial(have, 0.6 * MANY), LONG_S, what="more to arrive")
        receivers[0].end()
        program.end()
        program.start()
        receivers.append(ClipReceiver(port))
        receivers[1].deliveries = list(receivers[0].deliveries)
        wait_until(partial(have, MANY), LONG_S, what=lambda: f"all to arrive; it said:\n{program.said()}")
        wait_until(lambda: incidents.statuses() == {IncidentStatus.UPLOADED}, what="all to be written down")
        wait_until(lambda: not list(clips.iterdir()), what="the delivered clips to go")
        assert program.stop() == 0
    finally:
        program.end()
        incidents.close()
        for one in receivers:
            one.end()
    receiver = receivers[1]
    first_of_each = receiver.taken
    assert [one.key for one in first_of_each] == [f"key-{number}" for number in range(MANY)]
    assert [one.digest for one in first_of_each[: MANY - CUT_HERE]] == digests
    # A repeat is the same clip; there is one for each time that an answer was lost or a process killed, at most.
    assert {(one.key, one.digest) for one in receiver.deliveries} == {(one.key, one.digest) for one in first_of_each}
    whole = [one for one in receiver.deliveries if one.was_taken]
    assert MANY + 1 <= len(whole) <= MANY + 1 + 3
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "nvr.json"]
    assert [path for path in files if TOKEN.encode() in path.read_bytes()] == []
