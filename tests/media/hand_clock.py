"""A clock that a test moves by hand."""


class HandClock:
    def __init__(self, now_us=1_800_000_000_000_000, monotonic_s=5000.0):
        self.wall_us = now_us
        self.running_s = monotonic_s

    def now_us(self):
        return self.wall_us

    def monotonic_s(self):
        return self.running_s

    def pass_s(self, seconds):
        """Time passes."""
        self.wall_us += round(seconds * 1_000_000)
        self.running_s += seconds

    def set_by_s(self, seconds):
        """Somebody sets the machine's clock."""
        self.wall_us += round(seconds * 1_000_000)
