"""One target as the process has it: what it was told, what waits for it, how it goes with it."""

import logging
import queue
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from pynvr.model.notify import Target
from pynvr.notifier.books import Books, Known
from pynvr.notifier.channel import Channel
from pynvr.notifier.conditions import Condition
from pynvr.notifier.courier import Courier, Fate, Report
from pynvr.notifier.message import Message, Sender
from pynvr.notifier.outbox import GIVE_UP_S, Outbox, Parcel
from pynvr.notifier.telling import due, is_quiet, told_after, unwanted
from pynvr.notifier.wording import of_alert, of_pause, of_telling
from pynvr.store.alerts import Alert
from pynvr.store.notices import TargetRecord, Told, WaitingNotice

# An attempt that lasts longer than all its timeouts together hangs: a receiver that trickles its answer.
HANGS_AFTER_S = 180.0
# Threads that hang can't be ended, only with the process.
MOST_HANGING = 4
# What was told last of times in which PyNVR didn't run, by when it started again.
PAUSE = "pause"

_log = logging.getLogger(__name__)


class Desk:
    """For one thread; the courier has its own. `key`: makes the key of a message."""

    def __init__(
        self,
        target: Target,
        sender: Sender,
        books: Books,
        *,
        make_channel: Callable[[], Channel],
        read_picture: Callable[[Message], bytes | None],
        new_key: Callable[[], str],
    ) -> None:
        self.target = target
        self.outbox = Outbox()
        self.record = TargetRecord(target.name)
        self.told: dict[str, Told] = {}
        self.failing_since_s: float | None = None
        self._sender, self._books, self._new_key = sender, books, new_key
        self._make_channel, self._read_picture = make_channel, read_picture
        self._reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
        self._hanging: list[Courier] = []
        self.courier = self._courier()

    def take_over(self, known: Known, now_us: int, now_s: float) -> None:
        """What the database knows, under what has happened since."""
        begin = known.record or TargetRecord(self.target.name, alert_id=known.newest_alert)
        # A database that was made anew has fewer alerts.
        alert_id = min(begin.alert_id, known.newest_alert)
        self.record = replace(
            begin,
            alert_id=alert_id,
            sent=begin.sent + self.record.sent,
            given_up=begin.given_up + self.record.given_up,
            sent_us=self.record.sent_us or begin.sent_us,
            failed_us=self.record.failed_us or begin.failed_us,
            failure=self.record.failure or begin.failure,
        )
        self.told = {**known.told, **self.told}
        parcels = []
        for notice in known.waiting:
            try:
                message = Message.from_text(notice.message)
            except ValueError as err:
                _log.warning("notify %s: a message of before can't be read and is left out: %s", self.target.name, err)
                self._books.remove(self.target.name, notice.key)
                continue
            age_s = min(max(0.0, (now_us - notice.made_us) / 1e6), 2 * GIVE_UP_S)
            parcels.append(Parcel(message, now_s - age_s))
        self.outbox.put_in_front(parcels)
        self._books.keep_record(self.record)

    def hear_alerts(self, alerts: list[Alert], names: Mapping[str, str], now_us: int, now_s: float) -> None:
        """Of those that are new to it, tell the wanted ones. `names`: the cameras' by id."""
        fresh = [alert for alert in alerts if alert.id > self.record.alert_id]
        for alert in fresh:
            seen = alert.detection
            if self._wants(alert, now_us):
                subject = f"alert {seen.camera_id} {seen.kind}"
                if not is_quiet(self.told.get(subject), self.target.quiet.alert_s, seen.at_us):
                    if self.target.quiet.alert_s > 0:
                        self._tell_of({subject: Told(False, seen.at_us)})
                    name = names.get(seen.camera_id, seen.camera_id)
                    self.put(of_alert(alert, name, self.target, self._sender), now_us, now_s)
        if fresh:
            self.record = replace(self.record, alert_id=fresh[-1].id)
            self._books.keep_record(self.record)

    def hear_conditions(
        self, conditions: Mapping[str, Condition], held_s: Mapping[str, float], now_us: int, now_s: float
    ) -> None:
        """Tell what is due."""
        forgotten = unwanted(conditions, self.told)
        if forgotten:
            for subject in forgotten:
                del self.told[subject]
            self._books.keep_told(self.target.name, dict.fromkeys(forgotten))
        for telling in due(self.target, conditions, self.told, held_s, now_us):
            message = of_telling(telling, self.target, self._sender, self._new_key(), now_us)
            self._tell_of(told_after(telling, self.told, now_us))
            self.put(message, now_us, now_s)

    def hear_pause(self, from_us: int, to_us: int, now_us: int, now_s: float) -> None:
        """PyNVR itself didn't run; told once."""
        last = self.told.get(PAUSE)
        if last is None or last.told_us != to_us:
            self._tell_of({PAUSE: Told(False, to_us)})
            if "system" in self.target.events:
                self.put(of_pause(from_us, to_us, self.target, self._sender, self._new_key()), now_us, now_s)

    def put(self, message: Message, now_us: int, now_s: float) -> None:
        """To be sent; kept until it is."""
        self._books.add(WaitingNotice(self.target.name, message.key, now_us, message.to_text()))
        for parcel in self.outbox.put(Parcel(message, now_s)):
            _log.warning(
                "notify %s: too many messages wait, this is given up: %s", self.target.name, parcel.message.title
            )
            self._books.remove(self.target.name, parcel.message.key)
            self.record = replace(self.record, given_up=self.record.given_up + 1)
            self._books.keep_record(self.record)

    def hear_courier(self, now_us: int, now_s: float) -> None:
        """What became of its attempts; one that hangs is left to itself, and another courier takes its place."""
        while not self._reports.empty():
            self._settle(self._reports.get(), now_us, now_s)
        since_s = self.courier.busy_since_s
        if since_s is not None and time.monotonic() - since_s > HANGS_AFTER_S:
            failures = self.courier.failures + 1
            self.courier.abandon()
            self._hanging = [one for one in (*self._hanging, self.courier) if one.is_alive]
            report = Report(Fate.FAILED, None, f"no end of an attempt within {HANGS_AFTER_S:g} s")
            self._settle(report, now_us, now_s)
            self.courier = self._courier(failures)

    @property
    def hangs(self) -> bool:
        """Whether so many attempts hang that only another process helps."""
        return len(self._hanging) > MOST_HANGING

    def leave(self) -> None:
        """Begin nothing more."""
        self.courier.leave()
        self.outbox.close()

    def close(self, within_s: float) -> None:
        self.leave()
        self.courier.close(within_s)

    def _courier(self, failures: int = 0) -> Courier:
        return Courier(
            self.target, self.outbox, self._reports, self._make_channel, self._read_picture, failures=failures
        )

    def _wants(self, alert: Alert, now_us: int) -> bool:
        seen, target = alert.detection, self.target
        if "alert" not in target.events or not target.wants_camera(seen.camera_id):
            return False
        # Outside scripts also report what was long ago.
        is_news = now_us - seen.at_us < GIVE_UP_S * 1_000_000
        return is_news and (not target.kinds or seen.kind in target.kinds)

    def _tell_of(self, told: Mapping[str, Told]) -> None:
        self.told.update(told)
        self._books.keep_told(self.target.name, told)

    def _settle(self, report: Report, now_us: int, now_s: float) -> None:
        name = self.target.name
        if report.fate is Fate.SENT:
            if self.failing_since_s is not None:
                _log.info("notify %s: takes messages again", name)
            self.failing_since_s = None
            self.record = replace(self.record, sent=self.record.sent + 1, sent_us=now_us)
            self._note_gone(report.message)
            if report.message is not None and report.message.event != "alert":
                _log.info("notify %s: was told: %s", name, report.message.title)
        elif report.fate is Fate.FAILED:
            if self.failing_since_s is None:
                _log.warning("notify %s: doesn't take messages, they wait: %s", name, report.reason)
                self.failing_since_s = now_s
            self.record = replace(self.record, failed_us=now_us, failure=report.reason)
        else:
            title = "" if report.message is None else report.message.title
            _log.warning("notify %s: given up: %s: %s", name, title, report.reason)
            given_up = self.record.given_up + 1
            self.record = replace(self.record, given_up=given_up, failed_us=now_us, failure=report.reason)
            self._note_gone(report.message)
        self._books.keep_record(self.record)

    def _note_gone(self, message: Message | None) -> None:
        if message is not None:
            self._books.remove(self.target.name, message.key)
