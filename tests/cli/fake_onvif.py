"""An ONVIF device small enough to read: answers WS-Discovery on loopback, and SOAP over HTTP with a user's digest.

Written from the ONVIF Core and Media specifications, so the library under test meets a device that nobody wrote for it.
"""

import base64
import hashlib
import re
import socket
import struct
import threading
import uuid
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

StreamRow = tuple[str, str, int, int, int, str]
MULTICAST = ("239.255.255.250", 3702)

_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"'
    ' xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl"'
    ' xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error">'
    "{header}<s:Body>{body}</s:Body></s:Envelope>"
)


class FakeOnvif:
    """`streams`: (profile, encoding, width, height, fps, url). Without `user` it answers anybody."""

    def __init__(
        self,
        streams: Sequence[StreamRow] = (),
        user: str = "",
        password: str = "",
        name: str = "Gate%20Camera",
        discoverable: bool = True,
    ) -> None:
        self.streams, self.user, self.password, self.name = streams, user, password, name
        self.bodies: list[str] = []
        self.authorizations: list[str] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._stopping = False
        self._udp = _multicast_socket() if discoverable else None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._http.server_port}"

    @property
    def service(self) -> str:
        return f"http://{self.host}/onvif/device_service"

    def __enter__(self) -> "FakeOnvif":
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        if self._udp is not None:
            self._listener = threading.Thread(target=self._listen, args=(self._udp,), daemon=True)
            self._listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._stopping = True
        if self._udp is not None:
            self._listener.join()
            self._udp.close()

    def _listen(self, udp: socket.socket) -> None:
        while not self._stopping:
            try:
                data, sender = udp.recvfrom(65_535)
            except TimeoutError:
                continue
            message = re.search(rb"MessageID[^>]*>([^<]+)<", data)
            if b":Probe" in data and message:
                udp.sendto(self._probe_match(message[1].decode()), sender)

    def _probe_match(self, relates_to: str) -> bytes:
        header = f"<s:Header><a:RelatesTo>{relates_to}</a:RelatesTo></s:Header>"
        body = (
            "<d:ProbeMatches><d:ProbeMatch>"
            f"<a:EndpointReference><a:Address>urn:uuid:{uuid.uuid4()}</a:Address></a:EndpointReference>"
            "<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types>"
            f"<d:Scopes>onvif://www.onvif.org/name/{self.name} onvif://www.onvif.org/hardware/M-100</d:Scopes>"
            f"<d:XAddrs>{self.service}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>"
            "</d:ProbeMatch></d:ProbeMatches>"
        )
        return _ENVELOPE.format(header=header, body=body).encode()

    def answer(self, request: str) -> tuple[int, str]:
        """Status and envelope for a SOAP request."""
        if "GetSystemDateAndTime" in request:
            return 200, _soap("<tds:GetSystemDateAndTimeResponse/>")
        if "GetServices" in request:
            services = "".join(
                f"<tds:Service><tds:Namespace>http://www.onvif.org/ver10/{name}/wsdl</tds:Namespace>"
                f"<tds:XAddr>http://{self.host}/onvif/{name}</tds:XAddr></tds:Service>"
                for name in ("device", "media")
            )
            return 200, _soap(f"<tds:GetServicesResponse>{services}</tds:GetServicesResponse>")
        if self.user and not self._authorized(request):
            return 400, _soap(
                "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode>"
                "</s:Code><s:Reason><s:Text>Sender not Authorized</s:Text></s:Reason></s:Fault>"
            )
        if "GetProfiles" in request:
            profiles = "".join(self._profile(*stream) for stream in self.streams)
            return 200, _soap(f"<trt:GetProfilesResponse>{profiles}</trt:GetProfilesResponse>")
        token = re.search(r"ProfileToken>([^<]+)<", request)
        assert token is not None, f"a request that this device doesn't know: {request}"
        url = next(url for name, *_, url in self.streams if name == token[1])
        return 200, _soap(
            f"<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>{url}</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>"
        )

    def _profile(self, name: str, encoding: str, width: int, height: int, fps: int, _url: str) -> str:
        return (
            f'<trt:Profiles token="{name}" fixed="true"><tt:Name>{name}</tt:Name>'
            f'<tt:VideoEncoderConfiguration token="e"><tt:Encoding>{encoding}</tt:Encoding>'
            f"<tt:Resolution><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:Resolution>"
            f"<tt:RateControl><tt:FrameRateLimit>{fps}</tt:FrameRateLimit></tt:RateControl>"
            "</tt:VideoEncoderConfiguration></trt:Profiles>"
        )

    def _authorized(self, request: str) -> bool:
        """WS-Security UsernameToken Profile: base64(sha1(nonce + created + password))."""
        found = {
            name: re.search(rf"{name}[^>]*>([^<]+)<", request) for name in ("Username", "Password", "Nonce", "Created")
        }
        user, digest, nonce, created = (match[1] if match else "" for match in found.values())
        expected = hashlib.sha1(base64.b64decode(nonce) + created.encode() + self.password.encode()).digest()
        return user == self.user and digest == base64.b64encode(expected).decode()


def _soap(body: str) -> str:
    return _ENVELOPE.format(header="", body=body)


def _multicast_socket() -> socket.socket:
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    udp.bind(MULTICAST)
    membership = struct.pack("4s4s", socket.inet_aton(MULTICAST[0]), socket.inet_aton("127.0.0.1"))
    udp.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    udp.settimeout(0.05)
    return udp


def _handler(device: FakeOnvif) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            device.bodies.append(body)
            device.authorizations.append(self.headers.get("Authorization", ""))
            status, answer = device.answer(body)
            data = answer.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
