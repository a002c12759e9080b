"""Which channel belongs to which target; its library is loaded with the first one that needs it."""

import importlib.util

from pynvr.base.errors import MissingLibraryError, PyNVRError
from pynvr.model.notify import Mqtt, Service, Target, Webhook
from pynvr.model.settings import Settings
from pynvr.notifier.channel import Channel
from pynvr.notifier.message import Sender

_LIBRARIES = {"mqtt": "paho", "apprise": "apprise"}
_EXTRA = "pip install 'pynvr[notify]'"


def channel_for(target: Target, sender: Sender, presence: bool = True) -> Channel:
    """Raises MissingLibraryError, or ConfigError for what only the library can judge.

    `presence=False`: for a single message, beside the process.
    """
    if missing_of(target):
        raise MissingLibraryError(missing_of(target))
    match target.channel:
        case Webhook() as webhook:
            from pynvr.notifier.webhook import WebhookChannel

            return WebhookChannel(webhook, sender)
        case Mqtt() as mqtt:
            from pynvr.notifier.mqtt import MqttChannel

            return MqttChannel(target, mqtt, sender, presence)
        case Service(url):
            from pynvr.notifier.push import PushChannel

            return PushChannel(target, url, sender)


def unusable_targets(settings: Settings) -> list[str]:
    """What to say of targets that can't work: a library is missing, Apprise doesn't know the URL, no such file, …"""
    sender = Sender(settings.system.name, settings.system.timezone)
    return [words for target in settings.notify if (words := _unusable(target, sender, settings))]


def _unusable(target: Target, sender: Sender, settings: Settings) -> str:
    unknown = [name for name in target.cameras if settings.camera(name) is None]
    if unknown:
        return f"notify {target.name}: there is no camera {', '.join(unknown)}"
    try:
        channel_for(target, sender, presence=True).close()
    except PyNVRError as err:
        return f"notify {target.name}: {err}"
    return ""


def missing_of(target: Target) -> str:
    """The word for the library that it lacks; empty if there is all."""
    library = _LIBRARIES.get(target.channel.kind)
    if library is None or importlib.util.find_spec(library) is not None:
        return ""
    return f"{target.channel.kind} needs the library {library}: {_EXTRA}"
