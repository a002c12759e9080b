"""Messages and their sender."""

from zoneinfo import ZoneInfo

from pynvr.notifier.message import Message, Seen, Sender, Subject

NOW = 1_800_000_000_000_000
SENDER = Sender("PyNVR", ZoneInfo("Europe/Berlin"))
PICTURE = b"\xff\xd8 a picture \xff\xd9"
ALERT = Message(
    "alert-7-1",
    "alert",
    NOW,
    "PyNVR: face at Gate",
    "Gate saw face.",
    "https://nvr.lan/scrub?cams=gate",
    (Subject("gate", "Gate"),),
    seen=Seen(7, "face", 0.9, (0.1, 0.2, 0.3, 0.4), "", "20270115/gate.face.1.jpg"),
)
LOST = Message(
    "k1", "camera_lost", NOW, "PyNVR: Gate is lost", "Gäte isn't recorded.", "",
    (Subject("gate", "Gate", "unreachable", "no route", NOW - 5_000_000),),
)  # fmt: skip
