"""What is said over a socket: one camera, or a page with all its cameras."""

from collections import deque

from pynvr.playback.live import Live
from pynvr.store.alerts import Alert
from pynvr.web.live import messages
from pynvr.web.live.channel import Channel, name_of
from pynvr.web.live.marks import Marks, MarkView, Unviewed
from pynvr.web.live.messages import Command, read_command
from pynvr.web.live.permit import Permit
from pynvr.web.live.seats import Kind, Seat
from pynvr.web.live.wire import Message, Waker
from pynvr.web.site import Site

NORMAL, REFUSED, AGAIN_LATER = 1000, 1008, 1013
TOO_MANY = "too many live views are open; close one"
TOO_TALKATIVE = "too many messages whose answers aren't read"
MOST_CAMERAS = 128
# Answers that wait for a viewer who asks on and on and doesn't read.
_MOST_UNSAID = 100
# A page that shows no camera knows by this that its line holds.
_ALERTS_EVERY_S = 10.0


class _Unsaid:
    """Texts that are to be sent. `is_too_much`: some were dropped, for nobody reads them."""

    def __init__(self) -> None:
        self._texts: deque[str] = deque()
        self.is_too_much = False

    def add(self, text: str) -> None:
        if len(self._texts) < _MOST_UNSAID:
            self._texts.append(text)
        else:
            self.is_too_much = True

    def take(self) -> str | None:
        return self._texts.popleft() if self._texts else None


class StreamSession:
    """`/ws/stream/`: one camera, whose media messages have no header."""

    def __init__(self, site: Site, live: Live, permit: Permit, channel: Channel) -> None:
        self._permit = permit
        self._channel = channel
        self._site, self._live = site, live
        self._unsaid = _Unsaid()
        self._stopped = False

    def received(self, text: str) -> None:
        try:
            command = read_command(text)
        except ValueError as err:
            self._unsaid.add(messages.text("error", "", {"message": str(err)}))
            return
        match command.type:
            case "pause":
                self._channel.view.pause()
            case "resume":
                self._channel.view.resume()
            case "stop_stream":
                self._stopped = True
            case _:
                words = "this socket is for one camera; /ws/live takes subscribe and unsubscribe"
                self._unsaid.add(messages.text("error", "", {"message": words}))

    def next_message(self) -> Message | None:
        text = self._unsaid.take()
        return self._channel.next_message() if text is None else text

    def tick(self) -> tuple[int, str] | None:
        if self._stopped:
            return NORMAL, "stopped"
        if self._unsaid.is_too_much:
            return REFUSED, TOO_TALKATIVE
        if not self._permit.holds():
            return REFUSED, "logged out"
        if not self._channel.tick():
            return NORMAL, "this camera was removed"
        return None

    def close(self) -> None:
        self._channel.close()


class PageSession:
    """`/ws/live`: alerts of all cameras; the cameras that a page asks for, in turn, so that none waits for another."""

    def __init__(self, site: Site, live: Live, marks: Marks, permit: Permit, waker: Waker, *, seat: Seat) -> None:
        self._site, self._live, self._marks = site, live, marks
        self._permit = permit
        self._seat = seat
        self._is_turned_away = False
        self._waker = waker
        self._unsaid = _Unsaid()
        self._channels: dict[str, Channel] = {}
        self._turn: deque[str] = deque()
        self._alerts: MarkView | None = None
        self._told_s, self._unviewed = 0.0, 0

    def received(self, text: str) -> None:
        try:
            self._do(read_command(text))
        except ValueError as err:
            self._unsaid.add(messages.text("error", "", {"message": str(err)}))

    def next_message(self) -> Message | None:
        text = self._unsaid.take()
        if text is not None:
            return text
        match self._alerts.take() if self._alerts is not None else None:
            case Alert() as alert:
                return messages.alert(alert, name_of(self._site, alert.detection.camera_id))
            case Unviewed(count):
                self._told_s, self._unviewed = self._site.clock.monotonic_s(), count
                return messages.unviewed(count)
        for _ in range(len(self._turn)):
            camera_id = self._turn[0]
            self._turn.rotate(-1)
            message = self._channels[camera_id].next_message()
            if message is not None:
                return message
        return None

    def tick(self) -> tuple[int, str] | None:
        if not self._permit.holds():
            return REFUSED, "logged out"
        if self._unsaid.is_too_much:
            return REFUSED, TOO_TALKATIVE
        if self._is_turned_away:
            return AGAIN_LATER, TOO_MANY
        for camera_id in [one for one, channel in self._channels.items() if not channel.tick()]:
            self._unsaid.add(
                messages.text(
                    "system_status", camera_id, {"state": "removed", "detail": "", "since": None, "sub_stream": ""}
                )
            )
            self._unsubscribe(camera_id)
        now_s = self._site.clock.monotonic_s()
        if self._alerts is not None and self._told_s and now_s - self._told_s > _ALERTS_EVERY_S:
            self._told_s = now_s
            self._unsaid.add(messages.unviewed(self._unviewed))
        return None

    def close(self) -> None:
        if self._alerts is not None:
            self._alerts.close()
        for channel in self._channels.values():
            channel.close()

    def _do(self, command: Command) -> None:
        match command.type:
            case "subscribe":
                self._subscribe(command)
            case "unsubscribe":
                self._unsubscribe(command.camera)
            case "alerts":
                self._tell_alerts()
            case "pause" | "resume" as verb:
                for camera_id in [command.camera] if command.camera else list(self._channels):
                    channel = self._channels.get(camera_id)
                    if channel is not None:
                        (channel.view.pause if verb == "pause" else channel.view.resume)()
            case _:
                for camera_id in list(self._channels):
                    self._unsubscribe(camera_id)

    def _subscribe(self, command: Command) -> None:
        """Anew where it was subscribed already: in another form, or from the newest keyframe on."""
        if self._site.settings().camera(command.camera) is None:
            raise ValueError(f"there is no camera {command.camera!r}")
        self._drop(command.camera)
        if len(self._channels) >= MOST_CAMERAS:
            raise ValueError(f"at most {MOST_CAMERAS} cameras at a time")
        if not self._seat.be(Kind.WATCHING):
            self._is_turned_away = True
            return
        self._channels[command.camera] = Channel(
            self._site,
            self._live,
            command.camera,
            command.form,
            self._waker.wake,
            marks=self._marks,
            framed=True,
        )
        self._channels[command.camera].tells_alerts = self._alerts is None
        self._turn.append(command.camera)

    def _tell_alerts(self) -> None:
        """From now on, of all cameras, each once."""
        if self._alerts is None:
            self._alerts = self._marks.watch("", self._waker.wake)
            for channel in self._channels.values():
                channel.tells_alerts = False

    def _unsubscribe(self, camera_id: str) -> None:
        self._drop(camera_id)
        if not self._channels:
            self._seat.be(Kind.LISTENING)

    def _drop(self, camera_id: str) -> None:
        channel = self._channels.pop(camera_id, None)
        if channel is not None:
            channel.close()
            self._turn.remove(camera_id)
