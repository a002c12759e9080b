"""Files are torn and damaged: chunks, day indexes, MP4s; and there are very many left chunks."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pynvr.archive.chunk import ChunkContents
from pynvr.archive.paths import index_path
from pynvr.archive.reader import read_chunk
from pynvr.archive.seal import SEAL_BYTES
from pynvr.archive.writer import ChunkWriter
from pynvr.base.errors import ChunkError
from pynvr.model.frame import Frame
from tests.torture import words
from tests.torture.act import Act, Scene, Story
from tests.torture.archive import digests_of
from tests.torture.proof import US, Excuse
from tests.torture.stage import LONG_S, Eye, Stage, now_us
from tests.torture.truth import Span, rows, sent_span
from tests.waiting import wait_until

_SPOILING = ("damaged", "full of zeros at its end")
_FIRST = datetime(2026, 1, 15, 20, tzinfo=UTC)


def _damage_chunk(stage: Stage, eye: Eye, how: str) -> str:
    """What is whole before the damage stays; gives what was done, empty if there is no chunk to do it to."""
    dice = stage.dice
    try:
        path = eye.shelf.chunks()[-1]
        data = path.read_bytes()
        contents = read_chunk(path)
    except (IndexError, ChunkError):
        return ""
    frames = [frame for frame in contents.frames if frame.offset + frame.size <= len(data)]
    if len(frames) < 3:
        return ""
    first = frames[0].offset + frames[0].size
    at = dice.randrange(first, frames[-1].offset + frames[-1].size)
    lost_from = at
    if how == "torn":
        os.truncate(path, at)
    elif how == "followed by rubbish":
        lost_from = contents.whole_bytes
        with path.open("ab") as file:
            file.write(dice.randbytes(dice.randint(1, 20_000)))
    elif how == "full of zeros at its end":
        os.truncate(path, at)
        os.truncate(path, len(data))
    else:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(dice.randbytes(dice.randint(1, 300)))
    digests = digests_of(contents, data, eye.codec)
    video = [frame for frame in frames if frame.track == 0]
    ends = [frame.offset + frame.size + SEAL_BYTES for frame in video]
    kept = {digest for digest, end in zip(digests, ends, strict=False) if end <= lost_from}
    eye.witnessed -= set(digests) - kept
    return f"{path.name} {how} at {at} of {len(data)}"


def chunks(how: str) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        stage = scene.stage
        stage.hold(0, 4)
        from_us = now_us()
        stage.kill_all()
        done = []
        for eye in stage.eyes.values():
            if (scene.calm or scene.dice.random() < 0.7) and (words_of := _damage_chunk(stage, eye, how)):
                done.append(words_of)
                # What comes behind the damage is lost, and the frame that it begins in may be another one.
                stage.excuse(eye.name, from_us - 12_000_000, f"chunk {how}", spoils=how in _SPOILING)
        yield f"all killed, {len(done)} chunks {how}, the first: {done[0] if done else 'none'}; start"
        stage.start()
        if done:
            scene.is_told(lambda: words.of_tail(stage, "torn or damaged bytes", from_us))

    return story


def _index_of(stage: Stage, name: str) -> Path | None:
    segments = stage.eyes[name].shelf.segments()
    return index_path(stage.dst(name), name, segments[-1].parent.name) if segments else None


def _damage(stage: Stage, path: Path, how: str) -> None:
    size = path.stat().st_size
    if how == "deleted":
        path.unlink()
    elif how == "torn":
        os.truncate(path, stage.dice.randrange(max(1, size)))
    else:
        with path.open("r+b") as file:
            file.seek(0 if how == "damaged at the head" else stage.dice.randrange(max(1, size)))
            file.write(stage.dice.randbytes(stage.dice.randint(200, 500)))


def _wait_for_segments(scene: Scene) -> None:
    """Else a calm act shows nothing."""
    shelves = [eye.shelf for eye in scene.stage.eyes.values()]
    if scene.calm:
        wait_until(lambda: all(len(shelf.segments()) > 2 for shelf in shelves), LONG_S, "segments of all cameras")


def indexes(how: str, running: bool) -> Callable[[Scene], Story]:
    """Nothing says a word of it, nor needs to: it is a cache, and the next start or `reindex` makes it again."""

    def story(scene: Scene) -> Story:
        stage = scene.stage
        _wait_for_segments(scene)
        victims = [name for name in scene.free if scene.calm or scene.dice.random() < 0.5]
        if not running:
            stage.stop()
        done = 0
        for name in victims:
            path = _index_of(stage, name)
            if path is not None and path.exists():
                _damage(stage, path, how)
                done += 1
        yield f"{done} day indexes are {how} {'while PyNVR runs' if running else 'while PyNVR is stopped'}"
        if not running:
            stage.start()
        scene.is_told(lambda: _timeline(stage, victims))

    return story


def _timeline(stage: Stage, names: list[str]) -> str:
    """The pages show what is there none the less."""

    def said() -> str:
        asked = f"camera_ids={','.join(names)}&from={time.time() - 3600:.0f}&to={time.time():.0f}&resolution=10"
        status, answer = stage.ask("GET", f"/api/1/timeline?{asked}")
        found = [answer["payload"]["cameras"][name]["spans"] for name in names] if status == 200 else []
        return f"nothing; the timeline shows {sum(map(len, found))} spans" if found and all(found) else ""

    return wait_until(said, LONG_S, f"a timeline of {names}")


def segments(how: str, running: bool) -> Callable[[Scene], Story]:
    """`verify` names each of them; nothing else suffers."""

    def story(scene: Scene) -> Story:
        stage = scene.stage
        _wait_for_segments(scene)
        if not running:
            stage.stop()
        hit: list[tuple[str, Path, Span]] = []
        known = rows(stage)
        for name in scene.free:
            eye = stage.eyes[name]
            # The last ones may have been seen half made.
            paths = eye.shelf.segments()[:-2]
            if paths and (scene.calm or scene.dice.random() < 0.5):
                path = scene.dice.choice(paths)
                if (span := sent_span(eye, eye.shelf.take_away(path))) is not None:
                    if how == "deleted":
                        eye.shelf.remove(path)
                    else:
                        _damage(stage, path, how)
                    hit.append((name, path, span))
        yield f"{len(hit)} MP4s: {how} {'while PyNVR runs' if running else 'while PyNVR is stopped'}"
        if not running:
            stage.start()
        for name, path, span in hit[:1]:
            stamp = path.name.split(".", 1)[1]
            for asked in (f"{name}/frame/{(span[0] + span[1]) / 2 / US:.3f}.jpg", f"{name}.{stamp}"):
                scene.is_told(lambda asked=asked: words.of_answer(stage, f"/api/1/camera/{asked}"))  # type: ignore[misc]
        said = stage.program.command("verify", timeout_s=LONG_S)
        # What is deleted before anyone has entered it has left no trace.
        entered = {f"{name}.{stamp}.mp4" for name, stamp in known}
        traced = {path.name for _, path, _ in hit if how != "deleted" or path.name in entered}
        missed = sorted(name for name in traced if name not in said.stdout)
        if traced and not said.returncode:
            stage.complain(f"verify is content with MP4s that are {how}")
        # Of the youngest that catalog and index lack just then it says that they weren't compared.
        if missed and "too new" not in said.stdout:
            stage.complain(f"verify doesn't name {missed}, which are {how}: {said.stdout[-600:]}")
        for name, path, span in hit:
            stage.eyes[name].shelf.remove(path)
            # Coverage calls it by no name that the camera gave.
            stage.eyes[name].excuses.append(Excuse(*span, f"MP4 {how}", spoils=True))
        mended = stage.program.command("verify", "--repair", timeout_s=LONG_S)
        if hit and mended.returncode:
            stage.complain(f"verify --repair: {mended.stdout[-600:]}")

    return story


def _write_again(original: ChunkContents, data: bytes, path: Path, start_us: int) -> None:
    """The chunk once more, as one that began at `start_us`."""
    shift_us = start_us - original.frames[0].time_us
    reserve_bytes = original.reserve[1] if original.reserve else 0
    anchor_us = original.anchor_us + shift_us
    writer = ChunkWriter.create(path, original.tracks, original.anchor_pts, anchor_us, reserve_bytes)
    for track, time_us, pts, dts, duration, is_key, offset, size in original.frames:
        payload = (data[offset : offset + size],)
        writer.append(Frame(track, time_us + shift_us, pts, dts, duration, is_key, payload, size))
    writer.close()


def left_chunks(count: int) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        stage = scene.stage
        eye = next(eye for eye in stage.eyes.values() if eye.name != stage.on_disk)

        def grown() -> Path | None:
            return next((path for path in eye.shelf.chunks() if path.stat().st_size > 50_000), None)

        found = wait_until(grown, LONG_S, "a chunk of some seconds")
        assert found is not None
        original, data = read_chunk(found), found.read_bytes()
        stage.stop()
        past = stage.program.data_dir / "cameras" / "past"
        past.mkdir(exist_ok=True)
        # Only the folder of a camera that is to be recorded gets a marker; nobody listens at port 9.
        camera: dict[str, object] = {"id": "past", "url": "rtsp://127.0.0.1:9/", "dst": str(past)}
        stage.program.cameras.append(camera)
        stage.program.write_config()
        stage.program.start()
        wait_until((past / ".pynvr-disk").exists, LONG_S, "the marker")
        stage.stop()
        camera["enabled"] = False
        stage.program.write_config()
        for number in range(count):
            moment = _FIRST + timedelta(minutes=number)
            path = past / f"{moment:%Y%m%d}" / f"past.{moment:%Y%m%d.%H%M}.chunk"
            _write_again(original, data, path, round(moment.timestamp()) * US)
        yield f"{count} left chunks at the start"
        stage.start()
        before = {name: len(one.shelf.segments()) for name, one in stage.eyes.items()}
        wait_until(
            lambda: all(len(one.shelf.segments()) > before[name] + 1 for name, one in stage.eyes.items()),
            LONG_S,
            "new segments of all cameras",
        )
        waiting = len(list(past.glob("*/*.chunk")))
        print(f"    {waiting} of them wait while new segments are finished", flush=True)
        if waiting > count / 2:
            scene.is_told(lambda: _finisher_left(stage))
        wait_until(lambda: not list(past.glob("*/*.chunk")), 10 * LONG_S, "all left chunks to be finished")
        finished = len(list(past.glob("*/*.mp4")))
        if finished != count:
            stage.complain(f"{finished} of {count} left chunks became MP4s")
        stage.program.cameras.pop()
        stage.program.write_config()

    return story


def _finisher_left(stage: Stage) -> str:
    """The status tells how much is left."""

    def said() -> str:
        details = [one["detail"] for one in stage.program.status().get("processes", []) if one["name"] == "finisher"]
        return next((detail for detail in details if "still to be finished" in detail), "")

    return wait_until(said, LONG_S, lambda: f"how many chunks are left; the status is {stage.program.status()}")


ACTS = (
    *(
        Act(f"chunks are {how}", "all", chunks(how), alone=True)
        for how in ("torn", "damaged", "followed by rubbish", "full of zeros at its end")
    ),
    *(Act(f"day indexes are {how}, running", "index", indexes(how, True)) for how in ("torn", "damaged", "deleted")),
    *(
        Act(f"day indexes are {how}, stopped", "all", indexes(how, False), alone=True)
        for how in ("torn", "damaged", "deleted")
    ),
    *(
        Act(
            f"MP4s are {how}, {'running' if running else 'stopped'}",
            "all",
            segments(how, running),
            alone=True,
            rare=True,
        )
        for how in ("torn", "damaged at the head", "deleted")
        for running in (True, False)
    ),
)
LEFT_CHUNKS = Act("5,000 left chunks", "all", left_chunks(5000), alone=True, rare=True)
