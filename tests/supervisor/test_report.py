"""What the status says of helpers."""

from pathlib import Path

from pynvr.base.heart import Beat
from pynvr.base.logs import LogPlace
from pynvr.supervisor.post import Post
from pynvr.supervisor.report import failing_posts
from pynvr.supervisor.roster import Wanted
from tests.supervisor.test_post import PaperChild


def finisher_saying(beat: Beat) -> dict[str, Post]:
    wanted = Wanted("finisher", "finisher", "x:run", None, LogPlace(Path("/dev/null")))
    child = PaperChild(0)
    child.beat = beat
    post = Post(wanted, 0, lambda _wanted, _now_s: child)  # type: ignore[arg-type,return-value]  # a fake
    post.step(0)
    return {"finisher": post}


def test_a_helper_that_is_busy_is_no_trouble_and_one_that_complains_is():
    busy = Beat("finishing", 60, facts={"doing": "comparing the catalog with the recordings: day 1 of 400"})
    assert failing_posts(finisher_saying(busy)) == {}
    complains = Beat("finishing", 60, detail="no backup: no room")
    assert failing_posts(finisher_saying(complains)) == {"finisher": "finisher: no backup: no room"}
