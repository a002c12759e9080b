from zoneinfo import ZoneInfo

from pynvr.finisher.detections import forget_detections
from pynvr.store.detections import Detection
from pynvr.store.store import Store

DAY_US = 86_400_000_000
UTC = ZoneInfo("UTC")
NOW = 1_800_000_000_000_000


def test_old_detections_go_with_their_alerts_and_pictures_and_young_ones_stay(tmp_path):
    jpg = tmp_path / "jpg"
    with Store.open(f"sqlite:///{tmp_path}/db") as store:
        for age_days, day in ((40, "20261205"), (31, "20261214"), (29, "20261216")):
            at_us = NOW - age_days * DAY_US
            image = f"{day}/gate.face.{at_us}.jpg"
            (jpg / day).mkdir(parents=True)
            (jpg / image).write_bytes(b"x")
            stored = store.detections.add(Detection(0, "gate", at_us, "face", 0.9, image_path=image))
            store.alerts.follow(stored, 1)
        (jpg / "20261214" / "gate.preview.20261214.1200.jpg").write_bytes(b"x")
        stray, young = jpg / f"20261215/gate.face.{NOW - 31 * DAY_US + 1}.jpg", jpg / f"20261215/gate.face.{NOW}.jpg"
        stray.parent.mkdir()
        foreign = stray.with_name("scan.page.1.jpg")
        for path in (stray, young, foreign):
            path.write_bytes(b"x")
        assert forget_detections(store, jpg, 30, NOW, UTC) == 2
        assert sorted(str(path.relative_to(jpg)) for path in jpg.rglob("*.jpg")) == [
            "20261214/gate.preview.20261214.1200.jpg",
            f"20261215/{young.name}",
            f"20261215/{foreign.name}",
            f"20261216/gate.face.{NOW - 29 * DAY_US}.jpg",
        ]
        assert not (jpg / "20261205").exists()
        assert store.alerts.page(None, 1, NOW)[1] == store.detections.page(None, 1, NOW)[1] == 1
        assert forget_detections(store, jpg, 30, NOW, UTC) == 0
