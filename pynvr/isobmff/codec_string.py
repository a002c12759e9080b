"""What a track's codec is called for a browser: the `codecs` parameter of RFC 6381, out of the sample entry."""

from pynvr.base.errors import BoxError
from pynvr.isobmff.boxes import boxes
from pynvr.model.descriptors import first_descriptor
from pynvr.model.frame import Track

# Box header and fixed fields of a sample entry (ISO/IEC 14496-12 §12.1.3, §12.2.3) before the boxes inside.
_VISUAL_BYTES, _AUDIO_BYTES = 86, 36
# ISO/IEC 14496-1 §7.2.6: descriptors on the way to the decoder's configuration, and their fixed fields.
_ES, _DECODER, _SPECIFIC = 0x03, 0x04, 0x05
_FIXED_BYTES = {_ES: 3, _DECODER: 13}
_MPEG4_AUDIO, _MPEG4_VISUAL = 0x40, 0x20
_ESCAPE = 31


def codec_string(track: Track) -> str:
    """As `avc1.640028`, `hvc1.1.6.L120.90`, `mp4a.40.2`; the name of the sample entry where it has no longer form."""
    entry = track.sample_entry
    name = entry[4:8].decode("ascii", "replace").strip()
    inside = _inside(entry, _VISUAL_BYTES if track.kind == "video" else _AUDIO_BYTES)
    if name in ("avc1", "avc3") and len(inside.get(b"avcC", b"")) >= 4:
        return f"{name}.{inside[b'avcC'][1:4].hex().upper()}"
    if name in ("hvc1", "hev1") and len(inside.get(b"hvcC", b"")) >= 13:
        return _hevc(inside[b"hvcC"])
    if name == "av01" and len(inside.get(b"av1C", b"")) >= 4:
        return _av1(inside[b"av1C"])
    if b"esds" in inside:
        return name + _object_type(inside[b"esds"][4:])
    return {"Opus": "opus", "fLaC": "flac"}.get(name, name)


def codecs_of(tracks: tuple[Track, ...]) -> str:
    """All of them, as an HLS `CODECS` attribute and a MIME type's parameter have it."""
    return ",".join(codec_string(track) for track in tracks)


def _inside(entry: bytes, start: int) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    try:
        for child in boxes(entry, start, len(entry)):
            found.setdefault(child.type, entry[child.start : child.end])
    except BoxError:
        pass  # what was readable so far names the codec
    return found


def _hevc(record: bytes) -> str:
    """ISO/IEC 14496-15 annex E.3: profile, compatibility in reverse bit order, tier and level, constraints."""
    space = ("", "A", "B", "C")[record[1] >> 6]
    tier = "H" if record[1] & 0x20 else "L"
    compatible = int(f"{int.from_bytes(record[2:6], 'big'):032b}"[::-1], 2)
    constraints = record[6:12].rstrip(b"\0")
    parts = [f"hvc1.{space}{record[1] & 0x1F}", f"{compatible:X}", f"{tier}{record[12]}"]
    return ".".join([*parts, *(f"{value:X}" for value in constraints)])


def _av1(record: bytes) -> str:
    """AV1 Codec ISO Media File Format Binding §5: profile, level and tier, bit depth."""
    tier = "H" if record[2] & 0x80 else "M"
    depth = 8
    if record[2] & 0x40:
        depth = 12 if record[2] & 0x20 else 10
    return f"av01.{record[1] >> 5}.{record[1] & 0x1F:02d}{tier}.{depth:02d}"


def _object_type(descriptors: bytes) -> str:
    """`.40.2` for AAC LC: the type of stream, and of MPEG-4 its object type; empty if it can't be told."""
    kind = 0
    while len(descriptors) >= 2:
        tag, body, rest = first_descriptor(descriptors)
        if tag == _DECODER and body:
            kind = body[0]
        if tag == _SPECIFIC:
            return f".{kind:x}{_mpeg4_object(kind, body)}"
        descriptors = body[_FIXED_BYTES[tag] :] if tag in _FIXED_BYTES else rest
    return f".{kind:x}" if kind else ""


def _mpeg4_object(kind: int, specific: bytes) -> str:
    if kind == _MPEG4_AUDIO and len(specific) >= 2:
        bits = int.from_bytes(specific[:2], "big")
        number = bits >> 11
        return f".{32 + (bits >> 5 & 0x3F) if number == _ESCAPE else number}"
    if kind == _MPEG4_VISUAL and specific[:4] == b"\0\0\1\xb0" and len(specific) > 4:
        return f".{specific[4]}"
    return ""
