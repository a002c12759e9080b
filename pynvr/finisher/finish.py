"""One chunk, from the claim to its final name."""

import errno
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pynvr.archive.begun import first_page, is_but_begun, is_cut_short, is_headless
from pynvr.archive.chunk import ChunkContents
from pynvr.archive.paths import SEGMENT_SUFFIX, SegmentName, cut_path, parse_name, segment_path
from pynvr.archive.reader import is_finished, read_chunk
from pynvr.archive.record import rebuild_record, record_of
from pynvr.archive.tables import SegmentTables, tables_of
from pynvr.base.errors import BoxError, ChunkError, MediaError
from pynvr.base.files import FILE_MODE, sync_folder
from pynvr.finisher.check import check_segment
from pynvr.finisher.claim import claimed
from pynvr.finisher.cut import Part, commit, complete_cut, parts_of, remove_parts, write_parts
from pynvr.finisher.foreign import tracks_of
from pynvr.finisher.headed import headed
from pynvr.finisher.inplace import Step, Witness, ignore, take_header_back, write_header
from pynvr.finisher.keeping import Period, between
from pynvr.finisher.outcome import Busy, Finished, Outcome, Postponed, Removed, Sifted, Undecided
from pynvr.finisher.set_aside import free_name, set_aside
from pynvr.finisher.sieve import Keep, Runs, Sieve
from pynvr.isobmff.header import HeaderTooLargeError, segment_header
from pynvr.isobmff.identity import identity_box
from pynvr.isobmff.table import SegmentIdentity
from pynvr.media.remux import remux

# A copy that isn't finished; made anew by whoever holds the chunk's lock next.
COPY_SUFFIX = ".mp4.new"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A chunk that is ours. `fd`: locked."""

    path: Path
    name: SegmentName
    fd: int
    witness: Witness
    sieve: Sieve | None

    @property
    def dst(self) -> Path:
        return self.path.parent.parent

    @property
    def file_bytes(self) -> int:
        return os.fstat(self.fd).st_size


def finish_chunk(path: Path, witness: Witness = ignore, sieve: Sieve | None = None) -> Outcome:
    """Turn the chunk into its MP4, if nobody holds it. Never raises for what a file or a disk does.

    `sieve`: says what of it is kept; without one it is all.
    """
    parsed = parse_name(path.name)
    if parsed is None or parsed[1] not in ("chunk", "new", "cut"):
        raise ValueError(f"{path} isn't the name of a chunk")
    name, kind = parsed
    try:
        with claimed(path) as fd:
            if fd is None:
                return Busy(path)
            witness(Step.CLAIMED)
            if kind == "new" and os.fstat(fd).st_nlink > 1:
                # Its maker died between giving the final name and taking this one away.
                path.unlink()
                return Busy(path)
            try:
                if kind == "cut":
                    return Sifted(path, complete_cut(path, witness))
                return _finish(_Claim(path, name, fd, witness, sieve))
            except (ChunkError, BoxError, MediaError) as err:
                return set_aside(path, name, str(err))
    except OSError as err:
        return Postponed(path, f"{path}: {err.strerror or err}")


def _finish(claim: _Claim) -> Outcome:
    first = first_page(claim.fd)
    if first is None:
        return _removed(claim.path)
    was_begun = is_finished(claim.fd)
    if was_begun or is_headless(claim.fd):
        try:
            take_header_back(claim.fd)
        except BoxError:
            if was_begun or not is_but_begun(claim.fd, first):
                raise
            return _removed(claim.path)
    contents = read_chunk(claim.fd, proven=True)
    if not contents.frames:
        if _is_empty(contents, claim.fd):
            return _removed(claim.path)
        raise ChunkError(f"not one whole frame in {contents.dropped_bytes} bytes")
    tables = tables_of(contents, tracks_of(contents, claim.fd))
    # Who began to make an MP4 of it had decided to keep all.
    if claim.sieve is not None and not was_begun:
        outcome = _sift(claim, claim.sieve, contents, tables)
        if outcome is not None:
            return outcome
    identity = SegmentIdentity(claim.name.camera_id, tables.start_us, tables.end_us)
    header = _header(claim, contents, tables, identity)
    if header is None:
        return _finish_beside(claim, contents, tables, identity)
    write_header(claim.fd, header, claim.witness)
    try:
        check_segment(claim.path, tables, claim.fd, in_place=True)
    except MediaError:
        # It shall stay what it was: a chunk, which a later PyNVR may know how to finish.
        take_header_back(claim.fd)
        raise
    claim.witness(Step.CHECKED)
    target, stamp = _target(claim)
    claim.path.rename(target)
    claim.witness(Step.RENAMED)
    sync_folder(target.parent)
    claim.witness(Step.FOLDER_SYNCED)
    record = record_of(stamp, tables, file_bytes=claim.file_bytes, mdat_start=len(header))
    name = replace(claim.name, stamp=stamp)
    return Finished(target, name, record, contents.dropped_bytes, contents.was_left)


def _is_empty(contents: ChunkContents, fd: int) -> bool:
    """Whether a chunk of which no frame is whole holds no video."""
    if contents.dropped_bytes == 0:
        return True
    if not contents.tracks and not is_cut_short(fd, contents.whole_bytes):
        return False
    # One of an older version says nothing of what was forced.
    is_older = bool(contents.tracks) and not contents.is_sealed
    return not is_older and is_but_begun(fd, contents.whole_bytes)


def _sift(claim: _Claim, sieve: Sieve, contents: ChunkContents, tables: SegmentTables) -> Outcome | None:
    """What became of a chunk of which not all is kept, or not yet known what; None = it is finished as a whole."""
    verdict = sieve.judge(claim.path, claim.name.camera_id, contents, (tables.start_us, tables.end_us))
    if verdict is Keep.ALL:
        return None
    if verdict is Keep.LATER:
        return Undecided(claim.path)
    try:
        parts = _parts(claim, sieve, contents, verdict)
        if parts is None:
            return None
        outcome = _cut(claim, sieve, parts, (tables.start_us, tables.end_us))
        return replace(outcome, was_left=contents.was_left) if isinstance(outcome, Sifted) else outcome
    except OSError as err:
        if sieve.gives_up(claim.path, err):
            return None
        raise


def _parts(claim: _Claim, sieve: Sieve, contents: ChunkContents, runs: Runs) -> list[Part] | None:
    """What is kept, on disk; None if it can't be cut out and so all is to be kept. Raises OSError."""
    try:
        parts = parts_of(contents, contents.tracks, runs)
        if parts:
            write_parts(claim.path, claim.fd, parts, sieve.zone, claim.witness)
        return parts
    except (ChunkError, BoxError, MediaError) as err:
        logger.warning("%s can't be cut (%s): all of it is kept", claim.path, err)
    except OSError as err:
        if err.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
    return None  # what is finished as a whole needs no room


def _cut(claim: _Claim, sieve: Sieve, parts: Sequence[Part], whole: Period) -> Outcome:
    """Note what is left out, and let the parts, which are on disk, take the chunk's place. Raises OSError."""
    kept = [(part.tables.start_us, part.tables.end_us) for part in parts]
    let_go = (lambda: commit(claim.path)) if parts else claim.path.unlink
    try:
        sieve.account(claim.name.camera_id, between(*whole, kept))
        claim.witness(Step.ACCOUNTED)
        is_gone = sieve.let_go(claim.path, let_go)
    except OSError:
        # Parts that don't count take room for nothing until then.
        remove_parts(claim.path)
        raise
    if not is_gone:
        remove_parts(claim.path)
        return Undecided(claim.path)
    if not parts:
        claim.witness(Step.REST_REMOVED)
        return Sifted(claim.path, ())
    claim.witness(Step.CUT)
    cut = cut_path(claim.dst, claim.name.camera_id, claim.name.stamp)
    try:
        sync_folder(cut.parent)
        claim.witness(Step.CUT_SYNCED)
        return Sifted(claim.path, complete_cut(cut, claim.witness))
    except OSError as err:
        # There is no chunk any more: what is tried again is the rest.
        return Postponed(cut, f"{cut}: {err.strerror or err}")


def _header(claim: _Claim, contents: ChunkContents, tables: SegmentTables, identity: SegmentIdentity) -> bytes | None:
    """The header that fits the chunk's reserve; None if there is none or it is too small.

    A torn tail stays inside the media data, where no sample points to it: nothing that was recorded is cut off.
    """
    if contents.reserve is None:
        return None
    try:
        return segment_header(tables.tables, tables.start_us, contents.reserve[1], claim.file_bytes, identity)
    except HeaderTooLargeError:
        return None


def _finish_beside(claim: _Claim, contents: ChunkContents, tables: SegmentTables, identity: SegmentIdentity) -> Outcome:
    """Remux into a new file; the chunk goes when that has been checked and has its name."""
    target, stamp = _target(claim, tables)
    if not target.exists():
        _write_copy(claim, target, tables, identity)
    claim.path.unlink()
    claim.witness(Step.CHUNK_REMOVED)
    record = rebuild_record(target, tables.start_us)
    name = replace(claim.name, stamp=stamp)
    return Finished(target, name, record, contents.dropped_bytes, contents.was_left)


def _write_copy(claim: _Claim, target: Path, tables: SegmentTables, identity: SegmentIdentity) -> None:
    copy = target.with_name(target.name.removesuffix(SEGMENT_SUFFIX) + COPY_SUFFIX)
    try:
        samples = sum(table.count for table in tables.tables)
        remux(headed(claim.fd, tables, identity), copy, samples, tables.start_us)
        claim.witness(Step.COPIED)
        with copy.open("ab") as file:
            file.write(identity_box(identity))
            file.flush()
            os.fchmod(file.fileno(), FILE_MODE)
            os.fsync(file.fileno())
        claim.witness(Step.COPY_SYNCED)
        check_segment(copy, tables, claim.fd, in_place=False)
    except (OSError, MediaError):
        copy.unlink(missing_ok=True)
        raise
    claim.witness(Step.CHECKED)
    copy.rename(target)
    claim.witness(Step.RENAMED)
    sync_folder(target.parent)
    claim.witness(Step.FOLDER_SYNCED)


def _target(claim: _Claim, tables: SegmentTables | None = None) -> tuple[Path, str]:
    """Where the MP4 goes, and its stamp; never over another one.

    With `tables`, an MP4 of that name that holds just this chunk's frames is the one meant: the finisher died
    before it could remove the chunk.
    """
    target = segment_path(claim.dst, claim.name.camera_id, claim.name.stamp)
    if tables is not None and target.exists():
        try:
            check_segment(target, tables, claim.fd, in_place=False)
        except MediaError:
            pass
        else:
            return target, claim.name.stamp
    stamp = free_name(target, claim.name.stamp)
    return segment_path(claim.dst, claim.name.camera_id, stamp), stamp


def _removed(path: Path) -> Removed:
    path.unlink()
    return Removed(path)
