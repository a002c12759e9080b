"""What an MP4 gets after its name: pictures, activity, its record in the day index."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.index import IndexRecord, append_record
from pynvr.archive.paths import index_path, thumbnail_path
from pynvr.archive.record import record_by_name
from pynvr.base.errors import MediaError
from pynvr.catalog.loads import loads_of
from pynvr.finisher.backlog import SegmentTask
from pynvr.finisher.mark import DecodingMark
from pynvr.finisher.picture import first_picture, write_pictures
from pynvr.media.still import Picture
from pynvr.model.activity import Usual, activity, learned
from pynvr.model.stamp import day_of

logger = logging.getLogger(__name__)

Decode = Callable[[Path, IndexRecord], Picture]


class Completer:
    """Completes segments of all cameras; holds each camera's usual load."""

    def __init__(self, jpg_cache_dir: Path, zone: ZoneInfo, mark: DecodingMark, decode: Decode = first_picture) -> None:
        self.without_picture = 0
        self.victims = mark.victims
        self._jpg_cache_dir = jpg_cache_dir
        self._zone = zone
        self._mark = mark
        self._decode = decode
        self._usual: dict[str, Usual] = {}
        self._failing: set[str] = set()

    def record_of(self, task: SegmentTask) -> IndexRecord:
        """The segment's record with its activity, not yet with its signature. Raises BoxError, OSError."""
        record = task.record
        if record is None:
            record = record_by_name(task.path, self._zone)
        record = replace(record, stamp=task.name.stamp)
        camera_id = task.name.camera_id
        loads = loads_of(record)
        usual = self._usual.get(camera_id)
        now_usual = learned(usual, loads)
        if now_usual is not None:
            self._usual[camera_id] = now_usual
        return replace(record, activity=activity(loads, usual))

    def complete(self, task: SegmentTask, record: IndexRecord) -> None:
        """Pictures, then the record, whose signature says that there is nothing left to do.

        A picture that can't be made is no reason to do without a record. Raises DiskError.
        """
        dst = task.path.parent.parent
        self._mark.set(task.path)
        try:
            complete = replace(record, signature=self._pictures(task, record))
            if complete.signature or not task.is_indexed:
                append_record(index_path(dst, task.name.camera_id, day_of(record.stamp)), complete)
        finally:
            self._mark.clear()

    def index(self, task: SegmentTask, record: IndexRecord) -> None:
        """The record alone, without its signature; the next start sees by that what is left to do. Raises OSError."""
        append_record(index_path(task.path.parent.parent, task.name.camera_id, day_of(record.stamp)), record)

    def _pictures(self, task: SegmentTask, record: IndexRecord) -> bytes:
        """The signature; empty if there is no picture, which is said once per camera until there is one again."""
        if task.path in self.victims and not self._has_picture(task):
            logger.error("%s gets no preview: the process that decoded it died or hung", task.path)
            self.without_picture += 1
            return b""
        try:
            picture = self._decode(task.path, record)
            signature = write_pictures(picture, self._jpg_cache_dir, task.name.camera_id, record.stamp)
        except (MediaError, OSError) as err:
            self.without_picture += 1
            if task.name.camera_id not in self._failing:
                self._failing.add(task.name.camera_id)
                logger.warning("%s: no preview: %s", task.path, err)
            return b""
        self._failing.discard(task.name.camera_id)
        return signature

    def _has_picture(self, task: SegmentTask) -> bool:
        """Whether the decoder got through it before: the death came later."""
        return thumbnail_path(self._jpg_cache_dir, task.name.camera_id, task.name.stamp).exists()
