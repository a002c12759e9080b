"""An MQTT broker, with Home Assistant behind it or whoever else listens."""

import hashlib
import json
import secrets
import socket
import ssl
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from pynvr.base.errors import ConfigError
from pynvr.model.notify import Mqtt, Target
from pynvr.notifier.home_assistant import OF_CAMERA, OFFLINE, ONLINE, availability_topic, config_topic
from pynvr.notifier.message import Message, Sender, document_of
from pynvr.posting.errors import UndeliveredError

WITHIN_S = 20.0
_CONNECT_WITHIN_S = 10.0
_KEEPALIVE_S = 30
_FIRST_DELAY_S, _LONGEST_DELAY_S = 1, 60
_GOODBYE_WITHIN_S = 1.0
# At least once: a broker that knows it twice says so by the message's id.
_QOS = 1


class MqttChannel:
    """A connection that is kept, and made again by itself.

    `presence=False`: for a single message beside the process that is connected; nothing says that PyNVR is online.
    `show` may be called by another thread than `send`.
    """

    def __init__(self, target: Target, mqtt: Mqtt, sender: Sender, presence: bool = True) -> None:
        self._mqtt, self._sender, self._presence = mqtt, sender, presence
        self._trouble = "not connected yet"
        self._acknowledged: set[int] = set()
        self._open: tuple[str, list[int]] = ("", [])
        self._lock = threading.Lock()
        self._shown: dict[str, bytes] = {}
        self._discovery: dict[str, bytes] = {}
        self._cameras: frozenset[str] = frozenset()
        self._is_started = False
        self._client = self._made(target)
        self._client.connect_async(mqtt.host, mqtt.port, _KEEPALIVE_S)
        if not presence:
            self._start()

    def send(self, message: Message, picture: bytes | None) -> None:
        until_s = time.monotonic() + WITHIN_S
        while not self._client.is_connected():
            if time.monotonic() > until_s:
                raise UndeliveredError(self._trouble)
            time.sleep(0.05)
        # Of a message that was handed over before, the client itself repeats what wasn't acknowledged.
        if self._open[0] != message.key:
            self._acknowledged.clear()
            self._open = (message.key, [self._publish(*one) for one in self._letters(message, picture)])
        while not self._acknowledged.issuperset(self._open[1]):
            if time.monotonic() > until_s:
                raise UndeliveredError("connected, but the broker doesn't acknowledge what it gets")
            time.sleep(0.02)
        self._open = ("", [])

    def show(
        self, states: Mapping[str, bytes], discovery: Mapping[str, bytes], cameras: frozenset[str] = frozenset()
    ) -> None:
        """What holds now, retained: states by the rest of their topic, discovery by topic; `cameras`: all there are.

        The first call connects: before it nobody knows which of what the broker retains is of the past.
        """
        shown = {f"{self._mqtt.topic}/{rest}": payload for rest, payload in states.items()}
        with self._lock:
            gone = dict.fromkeys({*self._shown, *self._discovery} - {*shown, *discovery}, b"")
            before = self._discovery | self._shown
            self._shown, self._discovery, self._cameras = shown, dict(discovery), cameras
            changed = {t: payload for t, payload in (self._discovery | shown).items() if before.get(t) != payload}
        if not self._is_started:
            self._start()
        elif self._client.is_connected():
            self._publish_all(gone | changed)

    def _start(self) -> None:
        self._is_started = True
        self._client.loop_start()

    def close(self) -> None:
        if self._presence and self._client.is_connected():
            self._client.publish(availability_topic(self._mqtt.topic), OFFLINE, _QOS, retain=True)
        self._client.disconnect()
        # It ends by itself, or with the process: nothing waits for a broker that doesn't answer.
        ended = threading.Thread(target=self._client.loop_stop, name="goodbye", daemon=True)
        ended.start()
        ended.join(_GOODBYE_WITHIN_S)

    def _made(self, target: Target) -> Client:
        mqtt = self._mqtt
        client_id = _client_id(target, self._presence)
        client = Client(CallbackAPIVersion.VERSION2, client_id, protocol=MQTTProtocolVersion.MQTTv311)
        client.suppress_exceptions = True
        client.connect_timeout = _CONNECT_WITHIN_S
        client.reconnect_delay_set(_FIRST_DELAY_S, _LONGEST_DELAY_S)
        if mqtt.user:
            client.username_pw_set(mqtt.user, mqtt.password or None)
        if mqtt.tls:
            try:
                client.tls_set_context(ssl.create_default_context(cafile=None if mqtt.ca is None else str(mqtt.ca)))
            except (OSError, ssl.SSLError) as err:
                raise ConfigError([f"{mqtt.ca}: found no certificates ({err}), expected them in PEM"]) from err
        if self._presence:
            client.will_set(availability_topic(mqtt.topic), OFFLINE, _QOS, retain=True)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        return client

    def _letters(self, message: Message, picture: bytes | None) -> list[tuple[str, bytes, bool]]:
        """Topic, payload and whether it is retained; the event last, so that what it sets off finds all else."""
        document = json.dumps(document_of(message, self._sender), ensure_ascii=False).encode("utf-8", "replace")
        letters: list[tuple[str, bytes, bool]] = []
        if message.event == "alert":
            camera = f"{self._mqtt.topic}/{message.cameras[0].id}"
            if picture is not None:
                letters.append((f"{camera}/picture", picture, True))
            letters.append((f"{camera}/last_alert", document, True))
        return [*letters, (f"{self._mqtt.topic}/event", document, False)]

    def _publish(self, topic: str, payload: bytes, retain: bool) -> int:
        return self._client.publish(topic, payload, _QOS, retain).mid

    def _publish_all(self, payloads: Mapping[str, bytes]) -> None:
        for topic, payload in payloads.items():
            self._publish(topic, payload, True)

    def _on_connect(
        self, client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode, _more: Properties | None
    ) -> None:  # Any: the library's own, unused
        if reason.is_failure:
            self._trouble = f"the broker refuses the connection: {reason}"
            return
        self._trouble = "not connected"
        if not self._presence:
            return
        with self._lock:
            payloads = self._discovery | self._shown
        self._publish_all(payloads)
        self._publish(availability_topic(self._mqtt.topic), ONLINE.encode(), True)
        client.subscribe(f"{self._mqtt.topic}/+/connected", _QOS)
        if self._mqtt.discovery_prefix:
            client.subscribe(config_topic(self._mqtt.discovery_prefix, "+", self._mqtt.topic, "+"), _QOS)

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:  # Any: as above
        """What the broker kept of a camera that was known once and is no more is taken away."""
        if not message.retain or not message.payload:
            return
        rest = message.topic.removeprefix(f"{self._mqtt.topic}/").removesuffix("/connected")
        with self._lock:
            is_state = message.topic == f"{self._mqtt.topic}/{rest}/connected"
            is_past = rest not in self._cameras if is_state else message.topic not in self._discovery
        if is_past:
            topics = [f"{self._mqtt.topic}/{rest}/{name}" for name in OF_CAMERA] if is_state else [message.topic]
            self._publish_all(dict.fromkeys(topics, b""))

    def _on_publish(self, _client: Client, _data: Any, mid: int, _reason: ReasonCode, _more: Properties) -> None:
        # No lock: the client holds its own, which publishing needs.
        self._acknowledged.add(mid)

    def _on_connect_fail(self, _client: Client, _data: Any) -> None:  # Any: as above
        err = sys.exc_info()[1]
        words = getattr(err, "verify_message", None) or getattr(err, "strerror", None) or err or "unknown"
        self._trouble = f"no connection: {words}"

    def _on_disconnect(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, reason: ReasonCode, _more: Properties | None
    ) -> None:  # Any: as above
        if not self._trouble.startswith("the broker refuses"):
            self._trouble = f"the connection to the broker ended: {reason}"


def _client_id(target: Target, presence: bool) -> str:
    """The same with each start, so that the broker ends a connection of before; at most 23 characters."""
    if not presence:
        return f"pynvr-{secrets.token_hex(4)}"
    return "pynvr-" + hashlib.sha256(f"{socket.gethostname()} {target.name}".encode()).hexdigest()[:12]
