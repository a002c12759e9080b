"""What Home Assistant is told so that it finds the cameras by itself: MQTT discovery. Pure.

Format: home-assistant.io, "MQTT discovery", one message an entity, which every version understands.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pynvr import __version__

ONLINE, OFFLINE = "online", "offline"
# What is retained of a camera below its topic.
OF_CAMERA = ("connected", "recording", "motion", "face", "last_alert", "picture")


@dataclass(frozen=True, slots=True)
class ShownCamera:
    """A camera as it is shown there. `kinds`: what is looked for in its pictures (motion, face)."""

    id: str
    name: str
    kinds: tuple[str, ...] = ()


def availability_topic(topic: str) -> str:
    return f"{topic}/status"


def node_of(topic: str) -> str:
    """What all ids of this installation begin with; another installation on the broker needs another topic."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", topic)


def discovery(cameras: Iterable[ShownCamera], topic: str, prefix: str, site: str = "") -> dict[str, bytes]:
    """Topics and what is to be retained there."""
    return {
        config_topic(prefix, component, topic, f"{camera.id}_{name}"): json.dumps(
            {
                **entity,
                "unique_id": f"{node_of(topic)}_{camera.id}_{name}",
                "availability_topic": availability_topic(topic),
                "device": _device(camera, topic, site),
                "origin": {"name": "PyNVR", "sw_version": __version__},
            },
            ensure_ascii=False,
        ).encode()
        for camera in cameras
        for component, name, entity in _entities(camera, topic)
    }


def config_topic(prefix: str, component: str, topic: str, name: str) -> str:
    """`+` for a part finds all."""
    return f"{prefix}/{component}/{node_of(topic)}/{name}/config"


def _entities(camera: ShownCamera, topic: str) -> Iterator[tuple[str, str, dict[str, object]]]:
    base = f"{topic}/{camera.id}"
    diagnostic = {"entity_category": "diagnostic"}
    yield "binary_sensor", "connected", _sensor("Connected", f"{base}/connected", "connectivity") | diagnostic
    yield "binary_sensor", "recording", _sensor("Recording", f"{base}/recording", "running") | diagnostic
    if "motion" in camera.kinds:
        yield "binary_sensor", "motion", _sensor("Motion", f"{base}/motion", "motion")
    if "face" in camera.kinds:
        yield "binary_sensor", "face", {**_sensor("Face", f"{base}/face", ""), "icon": "mdi:face-recognition"}
    yield (
        "sensor",
        "last_alert",
        {
            "name": "Last alert",
            "state_topic": f"{base}/last_alert",
            "value_template": "{{ value_json.iso_time }}",
            "json_attributes_topic": f"{base}/last_alert",
            "json_attributes_template": "{{ value_json.alert | tojson }}",
            "device_class": "timestamp",
        },
    )
    yield "image", "picture", {
        "name": "Last alert",
        "image_topic": f"{base}/picture",
        "content_type": "image/jpeg",
    }  # fmt: skip


def _sensor(name: str, topic: str, device_class: str) -> dict[str, object]:
    sensor: dict[str, object] = {"name": name, "state_topic": topic, "payload_on": "ON", "payload_off": "OFF"}
    return sensor | ({"device_class": device_class} if device_class else {})


def _device(camera: ShownCamera, topic: str, site: str) -> dict[str, object]:
    device: dict[str, object] = {
        "identifiers": [f"{node_of(topic)}_{camera.id}"],
        "name": camera.name,
        "manufacturer": "PyNVR",
        "model": "camera",
    }
    return device | ({"configuration_url": f"{site}/live"} if site else {})
