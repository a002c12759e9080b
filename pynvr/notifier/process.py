"""The notifier process: `run` is all that the supervisor knows of it."""

import logging
import select
import uuid
from collections.abc import Callable
from pathlib import Path

from pynvr.archive.looks import LooksFollower
from pynvr.base.clock import Clock, SystemClock
from pynvr.base.errors import PyNVRError
from pynvr.base.heart import Beat, Heart
from pynvr.model.notify import Mqtt, Target
from pynvr.model.settings import Settings
from pynvr.model.status import Status
from pynvr.notifier.books import Books
from pynvr.notifier.channel import Channel
from pynvr.notifier.channels import channel_for
from pynvr.notifier.conditions import conditions_of
from pynvr.notifier.desk import Desk
from pynvr.notifier.holding import Holding
from pynvr.notifier.home_assistant import discovery
from pynvr.notifier.live import Sights, shown_cameras, states_of
from pynvr.notifier.message import Message, Sender
from pynvr.notifier.standing import StatusFile
from pynvr.notifier.telling import with_ended
from pynvr.store.store import Store, open_or_repair

_WITHIN_S = 60.0
# A damaged database may have to be checked and restored.
_OPENING_WITHIN_S = 600.0
_NAP_S = 0.25
_BEAT_EVERY_S = 1.0
_BUSY_TIMEOUT_S = 1.0
_LOAD_EVERY_S = 5.0
_ALERTS_EVERY_S = 1.0
# Attempts that go on at a stop get so long, all together.
_END_WITHIN_S = 1.0
# Without a database that could say what was told already, trouble is told after this time all the same.
_WITHOUT_BOOKS_AFTER_S = 30.0
# By then the finisher has brought the journal into the database.
_PAUSE_AFTER_S = 30.0
_SHORTEST_PAUSE_US = 60_000_000
# A target that takes nothing for so long needs a person.
_TROUBLE_AFTER_S = 600.0
_LARGEST_PICTURE_BYTES = 5_000_000

_log = logging.getLogger(__name__)

MakeChannel = Callable[[Target, Sender], Channel]


def run(heart: Heart, settings: Settings) -> None:
    """Tell whoever is to be told until `heart.stopping`. Raises PyNVRError when only another process helps."""
    notifier = Notifier(heart, settings, SystemClock())
    try:
        while not heart.stopping:
            notifier.turn()
            select.select([heart.fileno()], [], [], _NAP_S)
    finally:
        notifier.close()


class Notifier:
    """All targets. Nothing here waits for any of them."""

    def __init__(self, heart: Heart, settings: Settings, clock: Clock, make_channel: MakeChannel = channel_for) -> None:
        self._heart, self._settings, self._clock = heart, settings, clock
        self._began_s = clock.monotonic_s()
        self._status_file = StatusFile(settings.system.run_dir)
        self._looks = LooksFollower(settings.system.run_dir)
        self._sights = Sights()
        self._holding = Holding()
        self._known: dict[str, tuple[dict[str, bytes], frozenset[str]]] = {}
        self._books = Books(self._open_store)
        self._is_loaded = self._is_pause_told = False
        self._load_s = self._alerts_s = self._beat_s = float("-inf")
        self._desks = [self._desk(target, make_channel) for target in settings.notify]

    def turn(self) -> None:
        """Hear everybody, put what is to be told into the outboxes."""
        now_us, now_s = self._clock.now_us(), self._clock.monotonic_s()
        self._beat(now_s)
        for desk in self._desks:
            desk.hear_courier(now_us, now_s)
            if desk.hangs:
                raise PyNVRError(f"notify {desk.target.name}: too many attempts hang")
        self._load(now_us, now_s)
        status = self._status_file.read(now_s)
        if status is not None:
            self._hear_status(status, now_us, now_s)
        self._hear_alerts(now_us, now_s)
        self._show(status, now_s)
        self._books.save(now_s)

    def close(self) -> None:
        """What waits is in the database; what is being sent, and doesn't come to its end, has its key."""
        until_s = self._clock.monotonic_s() + _END_WITHIN_S
        for desk in self._desks:
            desk.leave()
        for desk in self._desks:
            desk.close(max(0.0, until_s - self._clock.monotonic_s()))
        now_us, now_s = self._clock.now_us(), self._clock.monotonic_s()
        for desk in self._desks:
            desk.hear_courier(now_us, now_s)
        self._books.save(now_s)
        self._books.close()
        self._looks.close()

    def _desk(self, target: Target, make_channel: MakeChannel) -> Desk:
        system = self._settings.system
        sender = Sender(system.name, system.timezone)
        return Desk(
            target,
            sender,
            self._books,
            make_channel=lambda: make_channel(target, sender),
            read_picture=lambda message: _picture_of(message, target, system.jpg_cache_dir),
            new_key=lambda: uuid.uuid4().hex,
        )

    def _load(self, now_us: int, now_s: float) -> None:
        if self._is_loaded or now_s - self._load_s < _LOAD_EVERY_S:
            return
        self._load_s = now_s
        known = self._books.load([desk.target.name for desk in self._desks], now_s)
        if known is not None:
            self._is_loaded = True
            for desk in self._desks:
                desk.take_over(known[desk.target.name], now_us, now_s)

    def _hear_status(self, status: Status, now_us: int, now_s: float) -> None:
        if status.program.state != "running":
            return
        subjects = {subject for desk in self._desks for subject in desk.told}
        conditions = with_ended(conditions_of(status, self._settings), subjects)
        held_s = self._holding.follow(conditions, now_s)
        if not self._is_loaded and now_s - self._began_s < _WITHOUT_BOOKS_AFTER_S:
            return
        for desk in self._desks:
            desk.hear_conditions(conditions, held_s, now_us, now_s)
        if self._is_loaded and not self._is_pause_told and now_s - self._began_s >= _PAUSE_AFTER_S:
            self._is_pause_told = True
            self._hear_pause(status.program.since_us, now_us, now_s)

    def _hear_pause(self, since_us: int, now_us: int, now_s: float) -> None:
        ids = [camera.id for camera in self._settings.cameras]
        from_us = self._books.not_running_since(ids, since_us, now_s)
        if from_us is not None and since_us - from_us >= _SHORTEST_PAUSE_US:
            for desk in self._desks:
                desk.hear_pause(from_us, since_us, now_us, now_s)

    def _hear_alerts(self, now_us: int, now_s: float) -> None:
        if not self._is_loaded or now_s - self._alerts_s < _ALERTS_EVERY_S:
            return
        self._alerts_s = now_s
        alerts = self._books.alerts_after(min(desk.record.alert_id for desk in self._desks), now_s)
        names = {camera.id: camera.name for camera in self._settings.cameras}
        for desk in self._desks:
            desk.hear_alerts(alerts, names, now_us, now_s)

    def _show(self, status: Status | None, now_s: float) -> None:
        """To those who show how things are, and not only what happened."""
        self._sights.note(self._looks.read_new(), self._settings, now_s)
        for desk in self._desks:
            mqtt, channel = desk.target.channel, desk.courier.channel
            show = getattr(channel, "show", None)
            if not isinstance(mqtt, Mqtt) or show is None:
                continue
            states = {} if status is None else states_of(status, self._settings, self._sights, desk.target, now_s)
            show(states, *self._shown(desk.target, mqtt))

    def _shown(self, target: Target, mqtt: Mqtt) -> tuple[dict[str, bytes], frozenset[str]]:
        """What Home Assistant is told, and of which cameras: the same for as long as this process runs."""
        if target.name not in self._known:
            cameras = shown_cameras(self._settings, target)
            prefix = mqtt.discovery_prefix
            found = discovery(cameras, mqtt.topic, prefix, target.site) if prefix else {}
            self._known[target.name] = found, frozenset(camera.id for camera in cameras)
        return self._known[target.name]

    def _open_store(self) -> Store:
        self._say(_OPENING_WITHIN_S)
        store = open_or_repair(self._settings.system.database, _BUSY_TIMEOUT_S)
        self._say(_WITHIN_S)
        return store

    def _beat(self, now_s: float) -> None:
        if now_s - self._beat_s >= _BEAT_EVERY_S:
            self._say(_WITHIN_S)

    def _say(self, within_s: float) -> None:
        now_s = self._beat_s = self._clock.monotonic_s()
        troubles = [
            f"{desk.target.name} takes no messages: {desk.record.failure}"
            for desk in self._desks
            if desk.failing_since_s is not None and now_s - desk.failing_since_s >= _TROUBLE_AFTER_S
        ]
        figures = {
            "targets": len(self._desks),
            "waiting": sum(len(desk.outbox) for desk in self._desks),
            "sent": sum(desk.record.sent for desk in self._desks),
            "given_up": sum(desk.record.given_up for desk in self._desks),
        }
        doing = f"sent {figures['sent']}, waiting {figures['waiting']}"
        self._heart.beat(
            Beat("watching", within_s, detail="; ".join(troubles), figures=figures, facts={"doing": doing})
        )


def _picture_of(message: Message, target: Target, folder: Path) -> bytes | None:
    """None if there is none (any more)."""
    if not target.pictures or message.seen is None or not message.seen.image_path:
        return None
    try:
        with (folder / message.seen.image_path).open("rb") as file:
            data = file.read(_LARGEST_PICTURE_BYTES + 1)
    except OSError:
        return None
    return data if len(data) <= _LARGEST_PICTURE_BYTES else None
