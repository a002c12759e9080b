"""One camera for one viewer: what is seen, as messages, with true figures now and then."""

import contextlib
from collections import deque

from pynvr.archive.looks import Look
from pynvr.base.errors import StoreError
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.live import Live, LiveView
from pynvr.playback.live_items import Form, Fragment, Head, Shot
from pynvr.playback.live_queue import Wake
from pynvr.store.alerts import Alert
from pynvr.web.api.standing import RECORDING, current_status, standing_of, sub_stream_trouble, watched
from pynvr.web.live import messages
from pynvr.web.live.marks import Mark, Marks
from pynvr.web.live.wire import Message
from pynvr.web.site import Site

_STATS_EVERY_S = 2.0
_STATUS_EVERY_S = 1.0
_DETECTIONS_EVERY_S = 10.0
# The stream's clock and the wall's drift apart by less than this between two words about it.
_CLOCK_OFF_US = 5_000


class Channel:
    """`framed`: with the header of /ws/live before binary messages. `tells_alerts`: nobody else tells the camera's."""

    def __init__(
        self, site: Site, live: Live, camera_id: str, form: Form, wake: Wake, *, marks: Marks, framed: bool
    ) -> None:
        self.tells_alerts = True
        self.camera_id = camera_id
        self.form = form
        self._site = site
        self._framed = framed
        self._waiting: deque[Message] = deque()
        self._origin_us: int | None = None
        self._state: tuple[str, str, str] | None = None
        now_s = site.clock.monotonic_s()
        self._began_s = self._stats_s = self._status_s = now_s
        self._detections = 0
        self._detections_s = float("-inf")
        self._marks = marks
        self._seen: set[str] = set()
        self._marked = marks.watch(camera_id, wake)
        try:
            self.view: LiveView = live.watch(camera_id, form, wake)
        except BaseException:
            # Nobody will close this channel, and what wakes it goes with its viewer.
            self._marked.close()
            raise

    def next_message(self) -> Message | None:
        while not self._waiting:
            mark = self._marked.take()
            if mark is not None:
                self._mark(mark)
                continue
            item = self.view.take()
            if item is None:
                return None
            self._put(item)
        return self._waiting.popleft()

    def tick(self) -> bool:
        """Say what is due; False if there is no such camera any more."""
        now_s = self._site.clock.monotonic_s()
        if now_s - self._status_s >= _STATUS_EVERY_S or self._state is None:
            self._status_s = now_s
            self._tell_status()
        if now_s - self._stats_s >= _STATS_EVERY_S:
            self._stats_s = now_s
            self._waiting.append(messages.text("performance_stats", self.camera_id, self._figures(now_s)))
        return self._state is None or self._state[0] != "removed"

    def close(self) -> None:
        self._marked.close()
        self.view.close()

    def _mark(self, mark: Mark) -> None:
        match mark:
            case Look():
                if mark.seen:
                    self._detections_s = float("-inf")  # there may be one more
                # Where nothing is seen, and nothing was, there is nothing to say.
                if not self.view.is_paused and (mark.seen or mark.kind in self._seen):
                    self._waiting.append(messages.seen(mark))
                    (self._seen.add if mark.seen else self._seen.discard)(mark.kind)
            case Alert():
                if self.tells_alerts:
                    self._waiting.append(messages.alert(mark, name_of(self._site, self.camera_id)))

    def _put(self, item: Head | Fragment | Shot) -> None:
        match item:
            case Head():
                self._waiting.append(messages.stream(self.camera_id, item, self.form.sound))
                init = item.sounding if self.form.sound else item.plain
                self._waiting.append(self._binary(messages.INIT, init))
                self._origin_us = None
            case Fragment():
                if self._origin_us is None or abs(item.origin_us - self._origin_us) > _CLOCK_OFF_US:
                    self._origin_us = item.origin_us
                    self._waiting.append(messages.clock(self.camera_id, item.origin_us, item.begin_s))
                self._waiting.append(self._binary(messages.kind_of(item), item.data))
            case Shot():
                shot = messages.framed_shot(self.camera_id, item) if self._framed else item.data
                self._waiting.append(shot)

    def _binary(self, kind: int, data: bytes) -> bytes:
        return messages.framed(kind, self.camera_id, data) if self._framed else data

    def _tell_status(self) -> None:
        status = current_status(self._site)
        camera = self._site.settings().camera(self.camera_id)
        standing = standing_of(status, self.camera_id)
        word, detail = watched(status, camera)
        state = word
        if word == RECORDING and self.view.is_paused:
            state = "paused"
        elif word != "removed" and self.view.is_live:
            state = "live"
        detail = "" if state == "live" else detail
        trouble = sub_stream_trouble(standing) if camera is not None and camera.live.url else ""
        if (state, detail, trouble) == self._state:
            return
        self._state = state, detail, trouble
        since = standing.since_us / MICROSECONDS if standing is not None and state != "live" else None
        fields = {"state": state, "detail": detail, "since": since, "sub_stream": trouble}
        self._waiting.append(messages.text("system_status", self.camera_id, fields))

    def _figures(self, now_s: float) -> dict[str, float]:
        pace = self.view.pace
        if now_s - self._detections_s >= _DETECTIONS_EVERY_S:
            self._detections_s = now_s
            with contextlib.suppress(StoreError):  # looking on goes on while the database is held up
                self._detections = self._site.store.detections.count(self.camera_id)
        return {
            "current_fps": 0.0 if self.view.is_paused else round(pace.fps(now_s), 2),
            "avg_processing_time": round(pace.took_ms(now_s), 3),
            "avg_detection_time": round(self._marks.took_ms(self.camera_id), 3),
            "total_frames": self.view.frames,
            "total_detections": self._detections,
            "dropped_frames": self.view.dropped,
            "uptime": round(now_s - self._began_s, 1),
        }


def name_of(site: Site, camera_id: str) -> str:
    """As people call it; the id of one that is no longer in nvr.json."""
    camera = site.settings().camera(camera_id)
    return camera_id if camera is None else camera.name
