"""Runs GStreamer's RTSP server: a camera that nobody here wrote. For /usr/bin/python3, which has Debian's bindings.

Reads one JSON object from standard input (see `tests/gst_server.py`), prints `READY <port>`, ends when standard
input is closed.
"""

import json
import sys
import threading

import gi  # type: ignore[import-not-found]  # Debian's, not in our environment

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # type: ignore[import-not-found]  # noqa: E402


def main() -> None:
    order = json.loads(sys.stdin.readline())
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address(order["host"])
    server.set_service(str(order["port"]))
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(order["launch"])
    factory.set_shared(True)
    kinds = {
        "tcp": GstRtsp.RTSPLowerTrans.TCP,
        "udp": GstRtsp.RTSPLowerTrans.UDP,
        "both": GstRtsp.RTSPLowerTrans.TCP | GstRtsp.RTSPLowerTrans.UDP,
    }
    factory.set_protocols(kinds[order["transport"]])
    if order["user"]:
        protect(server, factory, order["user"], order["password"])
    server.get_mount_points().add_factory("/" + order["path"], factory)
    loop = GLib.MainLoop()
    if server.attach(None) == 0:
        sys.exit("GStreamer's RTSP server can't listen on the port")
    threading.Thread(target=wait_for_end, args=(loop,), daemon=True).start()
    print("READY", server.get_bound_port(), flush=True)
    loop.run()


def protect(server, factory, user: str, password: str) -> None:
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, "viewer")
    auth.add_digest(user, password, token)
    server.set_auth(auth)
    factory.add_role_from_structure(role("viewer", allowed=True))


def role(name: str, allowed: bool) -> Gst.Structure:
    text = "true" if allowed else "false"
    return Gst.Structure.new_from_string(
        f"{name}, {GstRtspServer.RTSP_PERM_MEDIA_FACTORY_ACCESS}=(boolean){text}, "
        f"{GstRtspServer.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT}=(boolean){text}"
    )


def wait_for_end(loop: GLib.MainLoop) -> None:
    sys.stdin.read()
    loop.quit()


if __name__ == "__main__":
    main()
