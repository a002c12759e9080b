"""Words to systemd (sd_notify(3)); without systemd they go nowhere."""

import os
import socket
from collections.abc import Mapping


class Notifier:
    """Sends `READY=1`, `STATUS=…` and the like to the socket that the service manager named."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        # A leading @ stands for the zero byte of the abstract namespace.
        self._address = "\0" + address[1:] if address.startswith("@") else address
        for_us = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        usec = environment.get("WATCHDOG_USEC", "")
        self.watchdog_s = int(usec) / 1e6 if for_us and usec.isdigit() else None

    def tell(self, **words: str | int) -> None:
        """`tell(READY=1, STATUS="64 cameras")`; a manager that doesn't listen is no error."""
        if not self._address:
            return
        message = "\n".join(f"{name}={value}" for name, value in words.items())
        try:
            with socket.socket(
                socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
            ) as sender:
                sender.sendto(message.encode(), self._address)
        except OSError:
            pass
