"""ONVIF: which cameras answer on the network, and which streams each of them offers.

The only module that knows onveef (the extra `pynvr[onvif]`, docs/decisions/004-onvif.md).
"""

import logging
import shlex
import socket
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from types import ModuleType
from urllib.parse import quote, urlsplit

import psutil

from pynvr.base.errors import UsageError

# A network of 100 cameras is asked in a few rounds; each device has its own deadline.
_AT_ONCE = 16
_ANSWER_WITHIN_S = 5.0
_USUAL_SERVICE = "http://{host}/onvif/device_service"


@dataclass(frozen=True, slots=True)
class Stream:
    """A profile of a device. 0 or empty = the device doesn't say; `url` is without user and password."""

    name: str
    url: str
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0


@dataclass(frozen=True, slots=True)
class Device:
    """An ONVIF device. `service`: URL of its device service. `problem`: why there are no streams, in words."""

    host: str
    service: str
    name: str = ""
    hardware: str = ""
    streams: tuple[Stream, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """User and password for the devices; an empty user asks without."""

    user: str = ""
    password: str = field(default="", repr=False)

    def in_url(self, url: str) -> str:
        """The URL with the login in it, as a camera's `url` needs it."""
        if not self.user or "://" not in url:
            return url
        scheme, _, rest = url.partition("://")
        authority = rest.partition("/")[0]
        bare = rest[authority.rfind("@") + 1 :]
        return f"{scheme}://{quote(self.user, safe='')}:{quote(self.password, safe='')}@{bare}"


def require_library() -> None:
    """Raises UsageError, with the command that installs it, if the extra isn't there: before anything is asked."""
    _library()


def find_devices(timeout_s: float) -> list[Device]:
    """The devices that answer a WS-Discovery probe sent from every interface of this machine, by address."""
    discovery = _library().wsdiscovery
    addresses = local_addresses()
    with ThreadPoolExecutor(max(1, len(addresses))) as pool:
        answers = pool.map(lambda address: discovery.discover(timeout_s=timeout_s, interface_ip=address), addresses)
        found = [_device(answer) for each in answers for answer in each]
    return _each_once(found)


def devices_at(hosts: Sequence[str], timeout_s: float) -> list[Device]:
    """The devices at these addresses (`host` or `host:port`), asked directly: for other networks than this one.

    One that answers no probe is taken to have its device service where nearly all have it.
    """
    discovery = _library().wsdiscovery

    def at(host: str) -> Device:
        usual = Device(host, _USUAL_SERVICE.format(host=host))
        if ":" in host:
            return usual
        try:
            answers = discovery.probe_device(host, timeout_s=timeout_s)
        except OSError:
            return usual
        return replace(_device(answers[0]), host=host) if answers else usual

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(at, hosts))


def with_streams(
    devices: Sequence[Device], login: Login, answered: Callable[[Device], None] = lambda device: None
) -> list[Device]:
    """The devices with their streams, or with the problem; `answered` is told of each when it is known."""

    def ask(device: Device) -> Device:
        asked = _ask(device, login)
        answered(asked)
        return asked

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(ask, devices))


def local_addresses() -> list[str]:
    """The IPv4 addresses of this machine's interfaces that are up; loopback too, for cameras simulated here."""
    up = {name for name, status in psutil.net_if_stats().items() if status.isup}
    return sorted(
        entry.address
        for name, entries in psutil.net_if_addrs().items()
        if name in up
        for entry in entries
        if entry.family is socket.AF_INET
    )


def _library() -> ModuleType:
    # The library logs what devices answer; that is no business of the terminal's.
    logging.getLogger("onveef").setLevel(logging.CRITICAL)
    logging.getLogger("httpx").setLevel(logging.CRITICAL)
    try:
        import onveef
    except ImportError as err:
        raise UsageError(
            f"the search for cameras needs the package onveef: {shlex.quote(sys.executable)} -m pip install 'onveef'"
        ) from err
    return onveef


def _device(answer: object) -> Device:
    # An untyped edge: `DiscoveredDevice` of onveef, whose module is only there with the extra.
    services: list[str] = getattr(answer, "xaddrs", [])
    service = next((url for url in services if url.startswith("http://")), services[0] if services else "")
    address = str(getattr(answer, "address", ""))
    host = _host_of(service) or _host_of(address) or address
    return Device(
        host=host,
        service=service or _USUAL_SERVICE.format(host=host),
        name=str(getattr(answer, "name", "")).replace("%20", " "),
        hardware=str(getattr(answer, "hardware", "")).replace("%20", " "),
    )


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _each_once(devices: Sequence[Device]) -> list[Device]:
    """By address; a device that answered on several interfaces stands once."""
    found: dict[str, Device] = {}
    for device in devices:
        found.setdefault(device.service, device)
    return sorted(found.values(), key=lambda device: _sortable(device.host))


def _sortable(host: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdecimal() and len(part) <= 3 else (-1, part) for part in host.split("."))


def _ask(device: Device, login: Login) -> Device:
    library = _library()
    import httpx

    try:
        with library.OnvifClient(
            device.service,
            timeout_s=_ANSWER_WITHIN_S,
            # Whoever answers a probe may be anybody: the password goes out as a digest or not at all.
            http_auth="digest",
            retries=0,
            # Given a transport, the client uses no proxy from the environment; cameras sign their own certificates.
            transport=httpx.HTTPTransport(verify=False),
            credentials=library.OnvifCredentials(login.user, login.password),
        ) as client:
            client.discover_services()
            streams = []
            for profile in client.get_profiles():
                url = client.get_stream_uri(profile_token=profile["token"])
                streams.append(_stream(profile, url))
    except library.OnvifAuthError:
        words = "refuses this user and password" if login.user else "wants a user and a password (--user)"
        return replace(device, problem=words)
    except library.OnvifTimeoutError:
        return replace(device, problem=f"doesn't answer within {_ANSWER_WITHIN_S:g} s")
    except library.OnvifError as err:
        return replace(device, problem=f"can't be asked: {_first_line(err)}")
    except Exception as err:  # of all that a device may answer, the library takes some for what they can't be
        return replace(device, problem=f"answers what can't be understood: {_first_line(err)}")
    return replace(device, streams=tuple(stream for stream in streams if stream.url))


def _stream(profile: dict[str, object], url: str) -> Stream:
    encoder = profile.get("video_encoder")
    figures = encoder if isinstance(encoder, dict) else {}
    return Stream(
        name=str(profile.get("name") or profile.get("token") or ""),
        url=url,
        codec=str(figures.get("encoding") or "").lower(),
        width=int(figures.get("width") or 0),
        height=int(figures.get("height") or 0),
        fps=float(figures.get("fps_limit") or 0),
    )


def _first_line(err: Exception) -> str:
    return (str(err).splitlines() or [type(err).__name__])[0][:200]
