"""A player as far as tests need one: takes a playlist, fetches all that it names, and lays it on one time axis."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from pynvr.playback.footage import Footage
from pynvr.playback.hls import Playlists
from pynvr.playback.hls_fragment import Fragments, Wanted
from pynvr.playback.named_piece import piece_named
from tests.isobmff.fragments import FragmentSample, samples_of
from tests.playback.recording import Recording


@dataclass
class Played:
    """What a playlist holds. `entries`: (address, begin and end in seconds since its start, is it a gap?)."""

    text: str
    entries: list[tuple[str, float, float, bool]] = field(default_factory=list)
    inits: list[bytes] = field(default_factory=list)
    fragments: list[bytes] = field(default_factory=list)
    samples: list[list[FragmentSample]] = field(default_factory=list)
    breaks: int = 0

    def video(self) -> list[FragmentSample]:
        return [sample for fragment in self.samples for sample in fragment if sample.track_id == 1]

    def sound(self) -> list[FragmentSample]:
        return [sample for fragment in self.samples for sample in fragment if sample.track_id == 2]


def play(recording: Recording, from_us: int, to_us: int, audio: bool = True, camera_id: str = "gate") -> Played:
    """Everything of the range."""
    text = Playlists(recording.footage).media(camera_id, from_us, to_us, audio)
    played = Played(text)
    at, duration, gap = 0.0, 0.0, False
    for line in text.splitlines():
        if line.startswith("#EXTINF:"):
            duration = float(line[8:].rstrip(","))
        elif line == "#EXT-X-GAP":
            gap = True
        elif line == "#EXT-X-DISCONTINUITY":
            played.breaks += 1
        elif line.startswith("#EXT-X-MAP"):
            found = re.search(r'URI="(.*?)"', line)
            assert found is not None
            played.inits.append(fetch(recording.footage, camera_id, found[1]))
        elif not line.startswith("#"):
            played.entries.append((line, at, at + duration, gap))
            if not gap:
                played.fragments.append(fetch(recording.footage, camera_id, line))
                played.samples.append(samples_of(played.fragments[-1]))
            at, gap = at + duration, False
    return played


def fetch(footage: Footage, camera_id: str, address: str) -> bytes:
    """What lies behind an address of a playlist."""
    url = urlsplit(address)
    query = parse_qs(url.query)
    zone = footage._settings().system.timezone
    folder, stamp, name = url.path.split("/")
    assert folder == "hls"
    piece = piece_named(footage, camera_id, stamp, zone)
    fragments = Fragments(footage)

    def other(key):
        return piece_named(footage, camera_id, query[key][0], zone) if key in query else None

    def time(key):
        return int(query[key][0]) if key in query else None

    audio = query.get("audio") != ["0"]
    if name == "init.mp4":
        return fragments.init(piece, audio, other("sound"))
    first, end = map(int, name.removesuffix(".m4s").split("-"))
    stream = fragments.open(
        Wanted(piece, first, end, time("from"), time("until"), other("next"), other("sound"), audio)
    )
    data = b"".join(stream)
    assert len(data) == stream.length
    stream.close()
    return data
