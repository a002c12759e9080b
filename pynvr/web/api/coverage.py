"""Every second accounted for: recorded, or missing with its cause."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bottle import request

from pynvr.model.cause import STOPPED, Cause
from pynvr.model.stamp import Day, day_named, day_of, stamp_of
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.timeline import Timeline
from pynvr.store.coverage import Account, Coverage
from pynvr.web.api.chosen import CAMERA_IDS, chosen_cameras
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.api.timeline import LONGEST_S, gap_json
from pynvr.web.envelope import envelope, enveloped
from pynvr.web.errors import bad_request
from pynvr.web.routing import Access, Parameter, Route, Schema
from pynvr.web.site import Site
from pynvr.web.times import query_range, seconds

_SUMS: Schema = {
    "type": "object",
    "description": "seconds per cause",
    "properties": {cause.value: {"type": "number"} for cause in Cause},
}
_STOPPED: Schema = {
    "type": "number",
    "description": f"seconds of '{Cause.NOT_RUNNING.value}' for which somebody, or the system, had stopped it in order",
}
_SUMMED: dict[str, Schema] = {"sums": _SUMS, "stopped": _STOPPED}


def routes(site: Site, timeline: Timeline) -> list[Route]:
    return [
        Route(
            "GET",
            "/api/1/coverage",
            lambda: _coverage(site, timeline),
            Access.VIEWER,
            "Every second of a time accounted for: recorded, or missing and why, with sums; the future isn't",
            (
                CAMERA_IDS,
                Parameter("from", "query", "beginning", required=True),
                Parameter("to", "query", "end, exclusive", required=True),
                Parameter("by", "query", "sums of local days in place of each account", {"enum": ["day"]}),
            ),
            answer=enveloped(
                record(
                    {
                        "from": INSTANT,
                        "to": INSTANT,
                        "now": INSTANT,
                        "cameras": {
                            "type": "object",
                            "additionalProperties": record(
                                _SUMMED,
                                {
                                    "accounts": list_of({"type": "array"}),
                                    "days": list_of(record({"day": TEXT, "start": INSTANT, "end": INSTANT, **_SUMMED})),
                                },
                            ),
                        },
                    }
                )
            ),
        )
    ]


def _coverage(site: Site, timeline: Timeline) -> dict[str, object]:
    settings = site.settings()
    camera_ids = chosen_cameras(site)
    from_us, to_us = query_range(settings.system.timezone, longest_s=LONGEST_S)
    by = request.query.getunicode("by", "")
    if by not in ("", "day"):
        raise bad_request("'by' can be day, or not be there")
    now_us = site.clock.now_us()
    found = timeline.coverage(settings, camera_ids, from_us, to_us, now_us=now_us)
    days = _days(from_us, min(to_us, now_us), settings.system.timezone) if by else []
    cameras = {camera_id: _of_camera(covered, days, bool(by)) for camera_id, covered in found.items()}
    return envelope(site, {"from": seconds(from_us), "to": seconds(to_us), "now": seconds(now_us), "cameras": cameras})


def _of_camera(covered: Coverage, days: list[Day], by_day: bool) -> dict[str, object]:
    summed = _summed(covered.accounts)
    if not by_day:
        return {"accounts": [gap_json(account) for account in covered.accounts], **summed}
    return {**summed, "days": by_days(covered.accounts, days)}


def by_days(accounts: tuple[Account, ...], days: list[Day]) -> list[dict[str, object]]:
    """The sums of each day; accounts and days are both in order."""
    result: list[dict[str, object]] = []
    position = 0
    for day in days:
        while position < len(accounts) and accounts[position].end_us <= day.start_us:
            position += 1
        inside = []
        for number in range(position, len(accounts)):  # a slice would copy thousands for each of thousand days
            account = accounts[number]
            if account.start_us >= day.end_us:
                break
            start_us, end_us = max(account.start_us, day.start_us), min(account.end_us, day.end_us)
            inside.append(Account(start_us, end_us, account.cause, account.detail))
        bounds = {"start": seconds(day.start_us), "end": seconds(day.end_us)}
        result.append({"day": day.name, **bounds, **_summed(tuple(inside))})
    return result


def _days(from_us: int, to_us: int, zone: ZoneInfo) -> list[Day]:
    """The local days that overlap the period, cut off at its ends; 23 or 25 hours long when the clocks change."""
    days = []
    at_us = from_us
    while at_us < to_us:
        day = day_named(day_of(stamp_of(at_us, zone)), zone)
        end_us = min(day.end_us, to_us)
        # A zone that skips a day would stand still here.
        end_us = end_us if end_us > at_us else at_us + int(timedelta(days=1) / timedelta(microseconds=1))
        days.append(Day(day.name, at_us, end_us))
        at_us = end_us
    return days


def _summed(accounts: tuple[Account, ...]) -> dict[str, object]:
    sums_us: dict[str, int] = {}
    stopped_us = 0
    for account in accounts:
        length_us = account.end_us - account.start_us
        sums_us[account.cause.value] = sums_us.get(account.cause.value, 0) + length_us
        if account.cause is Cause.NOT_RUNNING and account.detail == STOPPED:
            stopped_us += length_us
    sums = {cause: sum_us / MICROSECONDS for cause, sum_us in sums_us.items()}
    return {"sums": sums, "stopped": stopped_us / MICROSECONDS}
