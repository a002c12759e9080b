"""Files over HTTP: parts, conditions, names, and clients that go away."""

import errno

import pytest
from bottle import Bottle
from hypothesis import given
from hypothesis import strategies as st

from pynvr.base.errors import FootageGoneError
from pynvr.playback.byte_source import PIECE_BYTES, FileSource
from pynvr.web.streaming import asked_range, disposition, name_in, serve
from tests.web.client import Client

CONTENT = bytes(at * 7 & 0xFF for at in range(1000))


class Source:
    """Bytes of its own; `breaks_at`: where they end too early."""

    media_type, filename, etag = "video/mp4", "gate.mp4", "abc"

    def __init__(self, content=CONTENT, breaks_at=None):
        self.length = len(content)
        self.closed = 0
        self.reads = 0
        self._content = content
        self._breaks_at = breaks_at

    def read(self, start, end):
        self.reads += 1
        for at in range(start, end, 100):
            if self._breaks_at is not None and at >= self._breaks_at:
                raise FootageGoneError("the video of 14:05 was deleted")
            yield self._content[at : min(at + 100, end)]

    def close(self):
        self.closed += 1


def client_of(source, **how):
    bottle = Bottle()
    bottle.route("/", "GET", lambda: serve(source, **how))
    return Client(bottle)


def test_the_whole_file_comes_with_all_that_a_client_needs_to_take_it_up_again():
    source = Source()
    answer = client_of(source, download=True).get("/")
    assert (answer.status, answer.body) == (200, CONTENT)
    assert answer.header("Content-Length") == "1000"
    assert answer.header("Accept-Ranges") == "bytes"
    assert answer.header("ETag") == '"abc"'
    assert answer.header("Content-Type") == "video/mp4"
    assert answer.header("Content-Disposition") == 'attachment; filename="gate.mp4"'
    assert source.closed


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-0", 0, 1), ("bytes=100-199", 100, 200), ("bytes=900-", 900, 1000), ("bytes=-10", 990, 1000),
     ("bytes=990-5000", 990, 1000), ("bytes=-5000", 0, 1000), (" bytes= 5-6 ", 5, 7)],
)  # fmt: skip
def test_a_part_is_206(asked, start, end):
    answer = client_of(Source()).get("/", {"Range": asked})
    assert (answer.status, answer.body) == (206, CONTENT[start:end])
    assert answer.header("Content-Range") == f"bytes {start}-{end - 1}/1000"
    assert answer.header("Content-Length") == str(end - start)


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_a_part_behind_the_end_is_416(asked):
    source = Source()
    answer = client_of(source).get("/", {"Range": asked, "Accept": "*/*"})
    assert (answer.status, answer.header("Content-Range"), answer.error) == (
        416,
        "bytes */1000",
        "range_not_satisfiable",
    )
    assert (source.reads, source.closed) == (0, 1)


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=5-4", "bytes=a-b", "bytes=-", "items=0-1", "bytes=1.5-2", "bytes"]
)
def test_what_is_not_understood_is_answered_with_the_whole(asked):
    assert client_of(Source()).get("/", {"Range": asked}).body == CONTENT


def test_a_part_of_a_file_that_changed_is_the_new_file():
    part = {"Range": "bytes=10-19"}
    assert client_of(Source()).get("/", part | {"If-Range": '"abc"'}).body == CONTENT[10:20]
    for other in ('"abd"', 'W/"abc"', "Sat, 21 Nov 2026 07:23:50 GMT"):
        answer = client_of(Source()).get("/", part | {"If-Range": other})
        assert (answer.status, answer.body) == (200, CONTENT)


@pytest.mark.parametrize("given", ['"abc"', 'W/"abc"', '"x", "abc"', "*"])
def test_what_the_client_has_already_isn_t_sent_again(given):
    source = Source()
    answer = client_of(source).get("/", {"If-None-Match": given, "Range": "bytes=0-9"})
    assert (answer.status, answer.body, source.reads, source.closed) == (304, b"", 0, 1)


@pytest.mark.parametrize("asked", [None, "bytes=0-9", "bytes=1000-"])
def test_head_tells_of_the_whole_file_and_reads_nothing(asked):
    source = Source()
    answer = client_of(source).head("/", {} if asked is None else {"Range": asked})
    assert (answer.status, answer.header("Content-Length"), answer.body) == (200, "1000", b"")
    assert answer.header("Content-Range") == ""
    assert (source.reads, source.closed) == (0, 1)


def test_what_is_gone_before_it_begins_is_an_error_with_a_status():
    source = Source(breaks_at=0)
    bottle = Bottle()
    bottle.catchall = False
    bottle.route("/", "GET", lambda: serve(source))
    with pytest.raises(FootageGoneError):
        Client(bottle).get("/")
    assert source.closed


def test_what_goes_half_way_breaks_the_connection_and_is_said_in_words(caplog):
    source = Source(breaks_at=500)
    with pytest.raises(OSError, match="broke off while it was sent") as caught:
        client_of(source).get("/")
    # The server takes it for a connection that broke, and closes it without an answer's end.
    assert caught.value.errno == errno.ECONNRESET
    assert "gate.mp4 broke off while it was sent, 500 bytes are missing" in caplog.text
    assert source.closed


@given(st.text(max_size=40), st.integers(1, 1000))
def test_a_range_never_reaches_beyond_the_file(text, length):
    for asked in (text, f"bytes={text}"):
        found = asked_range(asked, length)
        assert found is None or found == (0, 0) or 0 <= found[0] < found[1] <= length


@given(st.text(max_size=300))
def test_a_name_never_leaves_its_header_or_the_folder_it_is_saved_in(name):
    header = disposition(name, download=True)
    assert header.isascii()
    assert header.isprintable()
    plain = header.split('filename="')[1].split('"')[0]
    assert not set(plain) & set('\\/:*?<>|"')
    assert plain.strip(" .")


def test_letters_of_other_alphabets_are_kept():
    assert (
        disposition("Tür 5.mp4", download=False) == "inline; filename=\"T_r 5.mp4\"; filename*=UTF-8''T%C3%BCr%205.mp4"
    )


@given(st.text(max_size=150))
def test_the_name_of_a_header_is_read_back(name):
    kept = name_in(disposition(name, download=True))
    assert name_in(disposition(kept, download=True)) == kept
    assert set(kept) <= {*name, "_", *"video"}


def test_a_header_without_a_name_has_none():
    assert name_in("attachment") == name_in("") == ""


def test_a_file_is_read_in_small_pieces_and_closed(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(700_000))
    source = FileSource.open(path, "a.mp4")
    assert [len(piece) for piece in source.read(0, source.length)] == [
        PIECE_BYTES,
        PIECE_BYTES,
        700_000 - 2 * PIECE_BYTES,
    ]
    assert FileSource.open(path, "b.mp4").etag == source.etag
    path.write_bytes(bytes(700_001))
    assert FileSource.open(path, "a.mp4").etag != source.etag
    source.close()
    with pytest.raises(FootageGoneError):
        next(source.read(0, 1))
    with pytest.raises(FootageGoneError):
        FileSource.open(tmp_path / "b.mp4", "b.mp4")
