"""The tables as SQLAlchemy sees them; what they mean and may hold is said in migrations/*.sql."""

from sqlalchemy import Column, Float, ForeignKey, Integer, LargeBinary, MetaData, Table, Text

METADATA = MetaData()


def _text(*names: str) -> list[Column[str]]:
    return [Column(name, Text) for name in names]


def _integers(*names: str) -> list[Column[int]]:
    return [Column(name, Integer) for name in names]


def _reals(*names: str) -> list[Column[float]]:
    return [Column(name, Float) for name in names]


def _table(name: str, *columns: "Column[str] | Column[int] | Column[float] | Column[bytes]") -> Table:
    return Table(name, METADATA, *columns)


def _disk_id() -> "Column[int]":
    return Column("disk_id", Integer, ForeignKey("disks.id"))


def _id() -> "Column[int]":
    return Column("id", Integer, primary_key=True)


DISKS = _table("disks", _id(), *_text("dst", "marker"))

SEGMENTS = _table(
    "segments",
    _id(),
    *_text("camera_id", "stamp"),
    _disk_id(),
    *_integers("start_us", "end_us", "frames", "file_bytes"),
    *_text("codec"),
    *_integers("width", "height"),
    *_text("audio_codec"),
    Column("activity", LargeBinary),
)

DAY_TOTALS = _table(
    "day_totals",
    *_text("camera_id", "day"),
    _disk_id(),
    *_integers("segments", "frames", "file_bytes", "recorded_us", "longest_us"),
)

CAMERA_TOTALS = _table(
    "camera_totals",
    _disk_id(),
    *_text("camera_id"),
    *_integers("segments", "file_bytes", "recorded_us", "longest_us"),
)

SCANS = _table("scans", _disk_id(), *_text("day"), *_integers("mtime_ns"))

TRANSITIONS = _table("transitions", *_text("camera_id"), *_integers("since_us"), *_text("cause", "detail"))

JOURNALS = _table("journals", *_text("name"), *_integers("offset_bytes"))

DELETIONS = _table("deletions", *_text("camera_id"), *_integers("start_us", "end_us"))

OMISSIONS = _table("omissions", *_text("camera_id"), *_integers("start_us", "end_us"))

KEEPS = _table(
    "keeps",
    _id(),
    *_text("camera_id"),
    *_integers("start_us", "end_us"),
    *_text("reason", "made_by"),
    *_integers("made_us"),
)

PROBLEMS = _table("problems", *_text("path", "camera_id", "stamp", "reason"), *_integers("file_bytes", "noticed_us"))

USERS = _table("users", _id(), *_text("name", "password_hash", "role"), *_integers("made_us", "password_changed_us"))

TOKENS = _table("tokens", _id(), *_text("name", "token_hash", "role"), *_integers("made_us"))

SESSIONS = _table(
    "sessions",
    _id(),
    *_text("id_hash"),
    Column("user_id", Integer, ForeignKey("users.id")),
    *_integers("made_us", "seen_us"),
    *_text("address", "agent"),
)

TAGS = _table(
    "tags",
    _id(),
    *_text("camera_id"),
    *_integers("start_us", "end_us"),
    *_text("label", "made_by"),
    *_integers("made_us"),
)

LEASES = _table("leases", _id(), *_text("camera_id"), *_integers("start_us", "end_us", "until_us"))

DAY_TILES = _table(
    "day_tiles",
    *_text("camera_id", "day"),
    *_integers("segments", "frames", "file_bytes", "recorded_us", "last_us"),
    Column("runs", LargeBinary),
    *_integers("start_s"),
    Column("levels", LargeBinary),
)

CAMERAS = _table("cameras", *_text("id", "document_hash"), *_integers("created_us", "updated_us"))

DETECTIONS = _table(
    "detections",
    _id(),
    *_text("camera_id"),
    *_integers("at_us"),
    *_text("kind"),
    *_reals("confidence", "box_x", "box_y", "box_width", "box_height"),
    *_text("image_path", "made_by"),
)

ALERTS = _table(
    "alerts",
    _id(),
    Column("detection_id", Integer, ForeignKey("detections.id")),
    *_text("camera_id"),
    *_integers("at_us"),
    *_text("kind"),
    *_integers("viewed"),
)

NOTICES = _table("notices", _id(), *_text("target", "key"), *_integers("made_us"), *_text("message"))

NOTICE_TARGETS = _table(
    "notice_targets",
    *_text("target"),
    *_integers("alert_id", "sent", "given_up", "sent_us", "failed_us"),
    *_text("failure"),
)

NOTICE_STATES = _table("notice_states", *_text("target", "subject"), *_integers("troubled", "told_us"))

INCIDENTS = _table(
    "incidents",
    _id(),
    *_text("camera_id"),
    *_integers("incident_us", "pre_us", "post_us"),
    *_text("key"),
    *_integers("created_us"),
    *_text("created_by"),
    *_integers("exact"),
    *_text("codec"),
    *_integers("deliver"),
    *_text("note", "status"),
    *_integers("attempts", "next_try_us"),
    *_text("last_error"),
    *_integers("extracted_us", "uploaded_us", "failed_us", "clip_start_us", "clip_end_us", "clip_bytes"),
    *_text("missing"),
    *_integers("revision"),
)

AUDIT = _table(
    "audit",
    _id(),
    *_integers("at_us"),
    *_text("level", "source", "actor", "address", "action", "camera_id", "subject", "text", "detail"),
)
