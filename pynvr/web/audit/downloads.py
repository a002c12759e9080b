"""Which request for a video begins a download, and which goes on with one."""

from collections import OrderedDict

# Whoever pauses for longer begins anew, for the log.
_ONE_FOR_S = 3_600.0
_MOST_REMEMBERED = 2_000

Download = tuple[str, str, str]


class Downloads:
    """Not for several threads at once. Players and resumed downloads ask for one file in many parts."""

    def __init__(self) -> None:
        self._asked_s: OrderedDict[Download, float] = OrderedDict()  # longest ago first

    def begins(self, download: Download, now_s: float) -> bool:
        """Whether this one (who, from where, what) wasn't being downloaded already; monotonic seconds."""
        asked_s = self._asked_s.pop(download, None)
        self._asked_s[download] = now_s
        while len(self._asked_s) > _MOST_REMEMBERED:
            self._asked_s.popitem(last=False)
        return asked_s is None or now_s - asked_s > _ONE_FOR_S
