import json
import socket
import threading

import pytest

from pynvr.base.errors import WishError
from pynvr.base.heart import Beat
from pynvr.base.wishes import MOST_WAITING, Answer, Wish, Wishes, wish_in


class Master:
    """Answers in a thread, as `how` says: gets each wish, gives the answers to send."""

    def __init__(self, how):
        self.ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.theirs.setblocking(False)
        self.how = how
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while data := self.ours.recv(65536):
            for answer in self.how(wish_in(json.loads(data))):
                self.ours.send(answer.to_bytes())


def test_a_wish_is_answered():
    master = Master(lambda wish: [Answer(wish.number, {"kind": wish.kind, **wish.about})])
    found = Wishes(master.theirs).ask("camera.restart", camera_id="gate", twice=True, after_s=1.5, nothing=None)
    assert found == {"kind": "camera.restart", "camera_id": "gate", "twice": True, "after_s": 1.5, "nothing": None}


def test_a_refusal_says_why():
    master = Master(lambda wish: [Answer(wish.number, refused="conflict", message="it is there already")])
    with pytest.raises(WishError, match="it is there already") as refused:
        Wishes(master.theirs).ask("capture.start")
    assert refused.value.reason == "conflict"


def test_answers_in_another_order_reach_who_asked():
    asked: list[Wish] = []

    def how(wish):
        asked.append(wish)
        return [Answer(one.number, one.about) for one in reversed(asked)] if len(asked) == 8 else []

    wishes = Wishes(Master(how).theirs)
    found: dict[int, object] = {}
    threads = [
        threading.Thread(target=lambda n=n: found.update({n: wishes.ask("x", within_s=60, n=n)["n"]})) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == {n: n for n in range(8)}


def test_an_answer_that_comes_too_late_is_nobody_elses():
    late: list[Wish] = []

    def how(wish):
        if wish.kind == "slow":
            late.append(wish)
            return []
        return [*(Answer(one.number, {"for": "slow"}) for one in late), Answer(wish.number, {"for": wish.kind})]

    wishes = Wishes(Master(how).theirs)
    with pytest.raises(WishError, match=r"nothing within 0\.05 s"):
        wishes.ask("slow", within_s=0.05)
    assert wishes.ask("quick", within_s=60) == {"for": "quick"}


def test_garbage_in_between_is_passed_over():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.setblocking(False)
    for garbage in (b"{", b"[]", b'{"answer": 1}', b"\xff"):
        ours.send(garbage)
    ours.send(Answer(1, {"good": True}).to_bytes())
    assert Wishes(theirs).ask("x", within_s=60) == {"good": True}


def test_without_a_master_every_wish_is_refused():
    with pytest.raises(WishError) as refused:
        Wishes().ask("camera.restart")
    assert refused.value.reason == "unheard"


def test_a_master_that_is_gone_or_never_reads_is_no_reason_to_wait_for_ever():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.setblocking(False)
    with pytest.raises(BlockingIOError):
        while True:
            theirs.send(bytes(4000))
    with pytest.raises(WishError, match="too busy"):
        Wishes(theirs).ask("x", within_s=0.05)
    ours.close()
    with pytest.raises(WishError, match="reached"):
        Wishes(theirs).ask("x", within_s=60)


def test_a_master_that_goes_while_somebody_waits_ends_the_wait():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.setblocking(False)

    def leave():
        ours.recv(65536)
        ours.close()

    threading.Thread(target=leave, daemon=True).start()
    with pytest.raises(WishError, match="gone"):
        Wishes(theirs).ask("x", within_s=60)


def test_only_so_many_wait_at_once_and_only_so_much_is_asked():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.setblocking(False)
    wishes = Wishes(theirs)
    with pytest.raises(WishError, match="bytes"):
        wishes.ask("x", text="x" * 20_000)
    ends: list[str] = []

    def ask():
        try:
            wishes.ask("x", within_s=60)
        except WishError as err:
            ends.append(err.reason)

    threads = [threading.Thread(target=ask) for _ in range(MOST_WAITING)]
    for thread in threads:
        thread.start()
    for _ in threads:
        ours.recv(65536)  # all of them wait now
    with pytest.raises(WishError) as refused:
        wishes.ask("x")
    assert refused.value.reason == "busy"
    ours.close()
    for thread in threads:
        thread.join(60)
    assert ends == ["unheard"] * MOST_WAITING


def test_what_is_wanted_is_wanted_for_a_while():
    now_s = 0.0
    wishes = Wishes(None, lambda: now_s)
    wishes.want("searcher", 10)
    wishes.want("substream gate", 5)
    now_s = 4.0
    wishes.want("searcher", 2)  # sooner than it was said before
    assert wishes.wanted() == ("searcher", "substream gate")
    now_s = 9.0
    assert wishes.wanted() == ("searcher",)
    now_s = 10.0
    assert wishes.wanted() == ()


def test_a_beat_tells_what_is_wanted():
    beat = Beat("serving", 1.0, wants=("searcher", "substream gate"))
    assert Beat.from_bytes(beat.to_bytes()) == beat


@pytest.mark.parametrize(
    "broken", [{"wish": 1}, {"wish": "x"}, {"wish": "x", "number": 1}, {"wish": "x", "number": 1, "about": {"a": []}}]
)
def test_a_broken_wish_is_no_wish(broken):
    with pytest.raises(ValueError):
        wish_in(broken)
