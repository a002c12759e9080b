from pynvr.finisher.detections import forget_detections
from pynvr.store.detections import Detection
from pynvr.store.store import Store

DAY_US = 86_400_000_000
NOW = 1_800_000_000_000_000


def test_old_detections_go_with_their_alerts_and_pictures_and_young_ones_stay(tmp_path):
    jpg = tmp_path / "jpg"
    with Store.open(f"sqlite:///{tmp_path}/db") as store:
        for age_days, day in ((40, "20261205"), (31, "20261214"), (29, "20261216")):
            image = f"{day}/gate.face.{age_days}.jpg"
            (jpg / day).mkdir(parents=True)
            (jpg / image).write_bytes(b"x")
            stored = store.detections.add(Detection(0, "gate", NOW - age_days * DAY_US, "face", 0.9, image_path=image))
            store.alerts.follow(stored, 1)
        (jpg / "20261214" / "gate.preview.20261214.1200.jpg").write_bytes(b"x")
        assert forget_detections(store, jpg, 30, NOW) == 2
        assert sorted(str(path.relative_to(jpg)) for path in jpg.rglob("*.jpg")) == [
            "20261214/gate.preview.20261214.1200.jpg",
            "20261216/gate.face.29.jpg",
        ]
        assert not (jpg / "20261205").exists()
        assert store.alerts.page(None, 1, NOW)[1] == store.detections.page(None, 1, NOW)[1] == 1
        assert forget_detections(store, jpg, 30, NOW) == 0
