"""Instants as a person reads them."""

from zoneinfo import ZoneInfo

from pynvr.model.stamp import local


def day_and_time(at_us: int, zone: ZoneInfo) -> str:
    """`2026-11-21 14:03`, in the configured zone."""
    return f"{local(at_us, zone):%Y-%m-%d %H:%M}"
