"""HLS, pictures, lists of frames and previews, asked for over HTTP."""

import gzip
import re
from dataclasses import replace

import pytest

from pynvr.archive.index import append_record
from pynvr.archive.paths import index_path, preview_path, thumbnail_path
from pynvr.base.errors import FootageGoneError
from pynvr.playback import sample_stream
from pynvr.playback.turns import BusyError, Turns
from tests.archive.clips import ANCHOR_US, make_clip
from tests.isobmff.fragments import boxes_of, samples_of
from tests.playback.recording import kept
from tests.web.making import site_over, viewer_of

BASE = "/api/1/camera/gate"
START = ANCHOR_US / 1e6
RANGE = f"from={START:.6f}&to={START + 3.84:.6f}"


@pytest.fixture
def recording(tmp_path):
    with kept(tmp_path) as made:
        made.add(make_clip(count=96, audio_from_us=0), ANCHOR_US)
        yield made


@pytest.fixture
def client(recording):
    return viewer_of(site_over(recording))


def stamp_of_first(recording):
    return recording.footage.pieces("gate", 0, 1 << 60)[0].stamp


def test_a_playlist_leads_to_its_video(client):
    playlist = client.get(f"{BASE}/playlist.m3u8?{RANGE}")
    assert playlist.status == 200
    assert playlist.header("Content-Type") == "application/vnd.apple.mpegurl"
    text = playlist.body.decode()
    found = re.search(r'MAP:URI="(.*?)"', text)
    assert found is not None
    init = client.get(f"{BASE}/{found[1]}")
    assert (init.status, init.header("Content-Type")) == (200, "video/mp4")
    assert [kind for kind, *_ in boxes_of(init.body)] == [b"ftyp", b"moov"]
    count = 0
    for address in (line for line in text.splitlines() if line and not line.startswith("#")):
        fragment = client.get(f"{BASE}/{address}")
        assert (fragment.status, fragment.header("Content-Type")) == (200, "video/mp4")
        assert int(fragment.header("Content-Length")) == len(fragment.body)
        assert "immutable" in fragment.header("Cache-Control")
        assert "private" in fragment.header("Cache-Control")
        count += sum(sample.track_id == 1 for sample in samples_of(fragment.body))
        again = client.get(f"{BASE}/{address}", headers={"If-None-Match": fragment.header("ETag")})
        assert (again.status, again.body) == (304, b"")
    assert count == 96


def test_a_playlist_is_compressed_for_who_takes_it(client):
    plain = client.get(f"{BASE}/playlist.m3u8?{RANGE}")
    packed = client.get(f"{BASE}/playlist.m3u8?{RANGE}", headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert packed.header("Content-Encoding") == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert plain.header("ETag") != packed.header("ETag")
    refused = client.get(f"{BASE}/playlist.m3u8?{RANGE}", headers={"Accept-Encoding": "gzip;q=0"})
    assert refused.header("Content-Encoding") == ""
    same = client.get(f"{BASE}/playlist.m3u8?{RANGE}", headers={"If-None-Match": plain.header("ETag")})
    assert same.status == 304


def test_the_codecs_are_told_as_json_and_around_the_playlist(client):
    (rendition,) = client.get(f"{BASE}/codecs?{RANGE}").payload["renditions"]
    assert rendition["mime"] == f'video/mp4; codecs="{rendition["codecs"]}"'
    assert rendition["codecs"].endswith(",mp4a.40.2")
    master = client.get(f"{BASE}/master.m3u8?{RANGE}&audio=0").body.decode()
    assert 'CODECS="avc1.64' in master
    assert "mp4a" not in master
    address = master.splitlines()[-1]
    assert address.startswith("playlist.m3u8?from=")
    text = client.get(f"{BASE}/{address}").body.decode()
    assert "audio=0" in text


def test_a_range_in_which_nothing_was_recorded_says_why(client):
    answer = client.get(f"{BASE}/playlist.m3u8?from={START + 1000}&to={START + 1010}")
    assert (answer.status, answer.error) == (404, "not_recorded")
    assert answer.json["error"]["cause"] == "unknown"


def test_what_is_yet_to_come_and_unknown_cameras_are_said_to_be_that(client):
    for path in ("frame/2100-01-01.jpg", "playlist.m3u8?from=2100-01-01&to=2100-01-01T01:00"):
        answer = client.get(f"{BASE}/{path}")
        assert (answer.status, answer.error) == (404, "not_recorded")
        assert answer.json["error"]["message"].endswith("that time has yet to come")
    for path in (f"/frame/{START}.jpg", f"/playlist.m3u8?{RANGE}", ".preview.20200101.0000.jpg"):
        answer = client.get(f"{BASE}{path}".replace("gate", "nobody"))
        assert (answer.status, answer.json["error"]["message"]) == (404, "there is no camera 'nobody'")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"playlist.m3u8?from={START}", 400),
        (f"playlist.m3u8?from={START}&to={START - 1}", 400),
        (f"playlist.m3u8?from={START}&to={START + 50 * 3600}", 400),
        ("hls/20200101.0000/init.mp4", 404),
        ("hls/20200199.0000/0-1.m4s", 400),
        ("hls/STAMP/5-1.m4s", 404),
        ("hls/STAMP/0-9999.m4s", 404),
        ("hls/STAMP/0-12.m4s?until=soon", 400),
        (f"hls/STAMP/0-12.m4s?until={ANCHOR_US + 3_600_000_000}", 404),
        (f"hls/STAMP/0-12.m4s?from={ANCHOR_US - 3_600_000_000}", 404),
        (f"hls/STAMP/0-12.m4s?from={ANCHOR_US + 200_000}&until={ANCHOR_US + 100_000}", 404),
        ("hls/STAMP/0-12.m4s?next=20200101.0000", 404),
        (f"frame/{START}.jpg?width=3", 400),
        (f"frame/{START}.jpg?exact=2", 400),
        (f"playlist.m3u8?{RANGE}&audio=off", 400),
        (f"frame/{START}.jpg?width=x", 400),
        (f"frame/{START}.jpg?width=000000064099999", 400),
        ("frame/yesterday.jpg", 400),
        (f"frames?from={START}&to={START + 601}", 400),
    ],
)
def test_what_can_not_be_answered_is_refused_in_words(recording, client, path, status):
    answer = client.get(f"{BASE}/{path}".replace("STAMP", stamp_of_first(recording)))
    assert answer.status == status
    assert answer.json["error"]["message"]


@pytest.mark.parametrize("value", ["%ff", "%00", "%0d%0aX-Evil:1", "%22", "%ed%a0%80"])
@pytest.mark.parametrize(
    "path",
    [
        f"playlist.m3u8?{RANGE}&audio=",
        f"master.m3u8?{RANGE}&audio=",
        "hls/STAMP/init.mp4?audio=",
        "hls/STAMP/0-12.m4s?audio=",
        "hls/STAMP/init.mp4?sound=",
        "hls/STAMP/0-12.m4s?next=",
        "hls/STAMP/0-12.m4s?until=",
    ],
)
def test_what_a_client_writes_becomes_no_header(recording, client, path, value):
    answer = client.get(f"{BASE}/{path}{value}".replace("STAMP", stamp_of_first(recording)))
    assert answer.status in (200, 400)
    assert all(letter.isprintable() for letter in answer.header("ETag"))
    assert answer.header("ETag").count('"') in (0, 2)


def test_a_deleted_segment_is_gone_in_words(recording, client):
    stamp = stamp_of_first(recording)
    for path in recording.paths.values():
        path.unlink()
    answer = client.get(f"{BASE}/hls/{stamp}/0-12.m4s")
    assert (answer.status, answer.error) == (404, "gone")
    assert client.get(f"{BASE}/frame/{START}.jpg").status == 404


def test_a_fragment_whose_file_fails_half_way_breaks_the_connection_and_is_said_in_words(
    recording, client, monkeypatch, caplog
):
    def fail(*_):
        raise FootageGoneError("a recorded file can't be read any more: Input/output error")

    stamp = stamp_of_first(recording)
    whole = client.get(f"{BASE}/hls/{stamp}/0-12.m4s").body
    monkeypatch.setattr(sample_stream, "_bytes_at", fail)
    with pytest.raises(ConnectionAbortedError):
        client.get(f"{BASE}/hls/{stamp}/0-12.m4s")
    (said,) = [one.getMessage() for one in caplog.records if "broke off" in one.getMessage()]
    missing = re.search(rf"camera gate: fragment 0-12 of {stamp} broke off while it was sent, (\d+) bytes", said)
    assert missing is not None and 0 < int(missing[1]) < len(whole)
    assert "Input/output error" in said and not any(one.exc_info for one in caplog.records)


def test_the_frame_of_an_instant_says_since_when_it_is_shown(client):
    answer = client.get(f"{BASE}/frame/{START + 1.05:.6f}.jpg")
    assert (answer.status, answer.header("Content-Type")) == (200, "image/jpeg")
    assert abs(float(answer.header("X-Frame-Time")) - START - 1.04) < 0.0001
    assert answer.body.startswith(b"\xff\xd8")
    key = client.get(f"{BASE}/frame/{START + 1.05:.6f}.jpg?exact=0")
    assert abs(float(key.header("X-Frame-Time")) - START - 0.96) < 0.0001
    assert len(client.get(f"{BASE}/frame/{START + 1.05:.6f}.jpg?width=40").body) < len(answer.body)
    same = client.get(f"{BASE}/frame/{START + 1.06:.6f}.jpg", headers={"If-None-Match": answer.header("ETag")})
    assert same.status == 304


def test_who_asks_for_too_many_pictures_is_asked_to_come_again(client, monkeypatch):
    def turn(_self):
        raise BusyError("too many")

    monkeypatch.setattr(Turns, "turn", turn)
    answer = client.get(f"{BASE}/frame/{START}.jpg")
    assert (answer.status, answer.error, answer.header("Retry-After")) == (503, "busy", "1")


def test_frames_are_listed_with_their_times(client):
    found = client.get(f"{BASE}/frames?{RANGE}").payload
    assert len(found["frames"]) == 96
    assert len(found["keyframes"]) == 8
    assert abs(found["frames"][1] - START - 0.04) < 0.0001


def test_a_preview_that_is_stored_is_sent_as_it_is(recording, client):
    stamp = stamp_of_first(recording)
    path = preview_path(recording.settings.system.jpg_cache_dir, "gate", stamp)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff\xd8 as it is stored")
    answer = client.get(f"{BASE}.preview.{stamp}.jpg")
    assert answer.body == b"\xff\xd8 as it is stored"
    assert answer.header("ETag")


def test_a_preview_that_is_missing_is_made_and_stored_once_the_finisher_was_there(recording, client):
    (piece,) = recording.footage.pieces("gate", 0, 1 << 60)
    path = thumbnail_path(recording.settings.system.jpg_cache_dir, "gate", piece.stamp)
    made = client.get(f"{BASE}.thumbnail.{piece.stamp}.jpg")
    assert made.status == 200
    assert made.body.startswith(b"\xff\xd8")
    assert not path.exists(), "the finisher would take the segment for complete"
    record = recording.footage.record(piece)
    append_record(index_path(piece.dst, "gate", piece.stamp[:8]), replace(record, signature=bytes(3456)))
    assert client.get(f"{BASE}.thumbnail.{piece.stamp}.jpg").body == made.body
    assert path.read_bytes() == made.body


def test_there_is_no_preview_of_what_was_never_recorded(client):
    answer = client.get(f"{BASE}.preview.20200101.0000.jpg")
    assert (answer.status, answer.error) == (404, "gone")


def test_a_growing_segment_beside_one_of_another_format_is_sent(recording, client):
    begin_us = ANCHOR_US + 7_200_000_000
    recording.footage._clock = recording.clock
    recording.clock.at_us = begin_us + 10_000_000
    recording.add(make_clip(count=50, codec="libx265"), begin_us - 1_900_000)
    recording.add(make_clip(count=50), begin_us, finish=False)
    before, growing = recording.footage.pieces("gate", begin_us, begin_us + 1)
    assert before.end_us > growing.start_us
    answer = client.get(f"{BASE}.{growing.stamp}.mp4")
    assert (answer.status, answer.header("Content-Type")) == (200, "video/mp4")
    assert len(answer.body) == int(answer.header("Content-Length"))


def test_of_a_growing_chunk_nothing_is_kept_for_long(recording, client):
    recording.clock.at_us = ANCHOR_US + 7_250_000_000
    recording.footage._clock = recording.clock
    recording.add(make_clip(count=50), ANCHOR_US + 7_200_000_000, finish=False)
    begin = START + 7200
    text = client.get(f"{BASE}/playlist.m3u8?from={begin:.6f}&to={begin + 60:.6f}").body.decode()
    addresses = [line for line in text.splitlines() if line.startswith("hls/")]
    assert addresses
    assert client.get(f"{BASE}/{addresses[0]}").header("Cache-Control") == "private, no-cache"
    assert client.get(f"{BASE}/frame/{begin + 0.5:.6f}.jpg").header("Cache-Control") == "private, no-cache"
