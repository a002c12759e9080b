"""What a disk that lost its power has to hold, and what this one lacks."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pynvr.simulator.sent import SentUnit
from tests.end_to_end.program import frames_of
from tests.power_cut.next_start import Found
from tests.power_cut.recording import DESCRIPTION, SPARE
from tests.power_cut.story import Deed, Story

# From the instant in which a picture was sent to the one that the recorder gives it, and the keyframe at which what is
# kept begins.
_NEAR_US = 1_500_000


@dataclass
class Verdict:
    """`lost_s`: by camera, age of the oldest picture that isn't there; `mistakes`: whatever may not be, in words."""

    lost_s: dict[str, float] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)


class Reader:
    """Digests of the pictures of MP4s; a file that was read once is known by its content."""

    def __init__(self) -> None:
        self._known: dict[bytes, list[str]] = {}

    def digests(self, path: Path) -> list[str]:
        key = hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
        if key not in self._known:
            self._known[key] = [frame.digest for frame in frames_of(path)]
        return self._known[key]


def judge(story: Story, cut_us: int, found: Found, cameras_dir: Path, reader: Reader, grace_s: float) -> Verdict:
    """`cut_us`: when the power went; `grace_s`: how much later than promised video may be forced on this machine."""
    verdict = Verdict()
    if found.failure:
        verdict.mistakes.append(found.failure)
        return verdict
    verdict.mistakes += [f"verify: {one}" for one in found.findings]
    verdict.mistakes += [f"{name} was left unfinished" for name in found.unfinished]
    verdict.mistakes += found.broken_clips
    if found.database:
        verdict.mistakes.append(f"database: {found.database}")
    _judge_deeds(story.deeds, cut_us, found, verdict)
    for camera, sent in story.sent.items():
        paths = sorted((cameras_dir / camera).glob(f"*/{camera}.*.mp4"))
        covered = _covered(camera, sent, paths, reader, verdict)
        excused = found.omitted.get(camera, []) if camera in story.sifted else []
        lacking = [
            unit
            for number, unit in enumerate(sent)
            if unit.wall_us < cut_us and number not in covered and not _is_near(unit.wall_us, excused)
        ]
        lost_s = (cut_us - lacking[0].wall_us) / 1e6 if lacking else 0.0
        verdict.lost_s[camera] = lost_s
        if lost_s > story.durability_s + grace_s:
            verdict.mistakes.append(f"{camera}: a picture {lost_s:.2f} s old is lost, {len(lacking)} in all")
    return verdict


def _covered(
    camera: str, sent: Sequence[SentUnit], paths: Sequence[Path], reader: Reader, verdict: Verdict
) -> set[int]:
    """The places of the pictures that are in just one segment, each segment being an unbroken run of what was sent."""
    place = {unit.core_sha256: number for number, unit in enumerate(sent)}
    covered: set[int] = set()
    for path in paths:
        try:
            digests = reader.digests(path)
        except Exception as err:  # whatever libav can't read is a finding
            verdict.mistakes.append(f"{path.name} can't be read: {err}")
            continue
        begin = place.get(digests[0], -1) if digests else -1
        run = range(begin, begin + len(digests))
        if begin < 0 or digests != [unit.core_sha256 for unit in sent[begin : begin + len(digests)]]:
            alien = sum(digest not in place for digest in digests)
            verdict.mistakes.append(f"{path.name} isn't what was sent: {alien} of {len(digests)} pictures are unknown")
            continue
        if covered.intersection(run):
            verdict.mistakes.append(f"{camera}: pictures of {path.name} are in another segment too")
        covered.update(run)
    return covered


def _is_near(at_us: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(begin - _NEAR_US <= at_us <= end + _NEAR_US for begin, end in spans)


def _judge_deeds(deeds: Sequence[Deed], cut_us: int, found: Found, verdict: Verdict) -> None:
    """What was acknowledged before the power went is there, and what was never asked for isn't."""
    done = [deed for deed in deeds if deed.done_us < cut_us]
    asked = [deed for deed in deeds if deed.asked_us < cut_us]
    there = {"keep": found.keeps, "tag": found.tags, "incident": found.incidents}
    # An id may be given again. What was asked for and not acknowledged yet may be done or not.
    last = {(_list_of(deed), deed.about): deed for deed in done}
    open_ones = {(_list_of(deed), deed.about) for deed in asked if deed.done_us >= cut_us}
    for (kind, about), deed in last.items():
        if kind not in there or (kind, about) in open_ones:
            continue
        if (about in there[kind]) != (deed.kind == kind):
            age_s = (cut_us - deed.done_us) / 1e6
            verdict.mistakes.append(f"{deed.kind} {about}, acknowledged {age_s:.2f} s before, is as if it hadn't been")
    for kind, ids in there.items():
        unknown = ids - {deed.about for deed in asked if deed.kind == kind}
        if unknown:
            verdict.mistakes.append(f"{kind} {sorted(unknown)} was never asked for")
    described = [_number(deed) for deed in done if deed.kind == "describe"]
    promised = described[-1] if described else 0
    text = found.descriptions.get(SPARE, "").removeprefix(DESCRIPTION)
    if int(text or 0) < promised:
        verdict.mistakes.append(f"nvr.json says change {text or 'none'}, change {promised} was acknowledged")


def _list_of(deed: Deed) -> str:
    return "keep" if deed.kind == "unkeep" else deed.kind


def _number(deed: Deed) -> int:
    return int(str(deed.about).removeprefix(DESCRIPTION))
