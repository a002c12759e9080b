"""The settings as those processes see them that need no secret of nvr.json, or few."""

from dataclasses import replace

from pynvr.base.redaction import redact
from pynvr.model.settings import Camera, Delivery, Settings


def without_secrets(settings: Settings) -> Settings:
    """Without the cameras' URLs and where messages and clips go."""
    return replace(settings, cameras=tuple(_without_url(camera) for camera in settings.cameras), notify=())


def with_deliveries(settings: Settings) -> Settings:
    """The same, but with where clips go."""
    cameras = tuple(replace(_without_url(camera), delivery=camera.delivery) for camera in settings.cameras)
    return replace(settings, cameras=cameras, notify=())


def _without_url(camera: Camera) -> Camera:
    """Whether there is a sub-stream still shows, and where clips are delivered."""
    delivery = Delivery(redact(camera.delivery.url))
    return replace(camera, url="", live=replace(camera.live, url=redact(camera.live.url)), delivery=delivery)
