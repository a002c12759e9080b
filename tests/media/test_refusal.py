"""Real sockets that refuse in each way; what the user is told."""

import contextlib
import socket
import threading
from pathlib import Path

import pytest

from pynvr.base.errors import SourceError
from pynvr.media.source import Source
from pynvr.model.cause import Cause
from tests.ports import free_port
from tests.recorder.making import make_camera


@contextlib.contextmanager
def listening(reply):
    """Answers every request with `reply`; None: never answers."""
    server = socket.create_server(("127.0.0.1", 0))
    held = []

    def serve():
        with contextlib.suppress(OSError):
            while True:
                client, _ = server.accept()
                held.append(client)
                while reply is not None:
                    request = client.recv(4096)
                    if not request:
                        break
                    sequence = request.partition(b"CSeq: ")[2].partition(b"\r")[0]
                    client.sendall(reply.replace(b"%", sequence))

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()
        for client in held:
            client.close()


def refusal_of(url, initial_timeout_s=30.0):
    camera = make_camera(Path("/nowhere"), url, initial_timeout_s=initial_timeout_s)
    with pytest.raises(SourceError) as caught:
        Source.open(camera, "tcp")
    assert caught.value.__cause__ is None
    assert "secret" not in str(caught.value)
    return str(caught.value), caught.value.cause


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (b"401 Unauthorized", "401: wrong user or password"),
        (b"403 Forbidden", "403: this user may not"),
        (b"404 Not Found", "404: the camera has no such stream"),
        (b"400 Bad Request", "400"),
        (b"454 Session Not Found", "4xx"),
        (b"503 Service Unavailable", "5xx"),
    ],
)
def test_a_no_of_the_camera_is_told_in_words(status, words):
    with listening(b"RTSP/1.0 " + status + b"\r\nCSeq: %\r\n\r\n") as port:
        said, cause = refusal_of(f"rtsp://user:secret@127.0.0.1:{port}/x")
    assert words in said
    assert cause == Cause.REFUSED


def test_a_closed_port_is_connection_refused():
    said, cause = refusal_of(f"rtsp://user:secret@127.0.0.1:{free_port()}/x")
    assert "connection refused" in said
    assert cause == Cause.UNREACHABLE


def test_a_name_that_nobody_knows_is_named():
    said, cause = refusal_of("rtsp://user:secret@no-such-camera.invalid/x")
    assert said == "host name no-such-camera.invalid not found"
    assert cause == Cause.UNREACHABLE


def test_a_host_that_accepts_and_says_nothing_is_told_apart_from_one_that_is_gone():
    with listening(None) as port:
        said, cause = refusal_of(f"rtsp://user:secret@127.0.0.1:{port}/x", initial_timeout_s=2.0)
    assert said == "connected, but no video for 2 s"
    assert cause == Cause.STALLED


def test_what_isnt_rtsp_is_no_media_stream():
    with listening(b"HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n<html>Log in, please</html>") as port:
        said, cause = refusal_of(f"http://user:secret@127.0.0.1:{port}/x")
    assert "not a media stream" in said
    assert cause == Cause.UNUSABLE


def test_a_file_without_media_is_no_media_stream(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("nothing to see")
    said, cause = refusal_of(str(path))
    assert "not a media stream" in said
    assert cause == Cause.UNUSABLE


def test_a_file_that_is_missing_is_said_to_be(tmp_path):
    said, cause = refusal_of(str(tmp_path / "none.mp4"))
    assert "no such file" in said
    assert cause == Cause.UNREACHABLE


def test_a_kind_of_url_that_libav_doesnt_know_is_said_to_be_one():
    said, cause = refusal_of("carrier-pigeon://user:secret@127.0.0.1/x")
    assert "doesn't know this kind of URL" in said
    assert cause == Cause.UNUSABLE
