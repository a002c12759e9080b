"""The certificate: loaded, looked after while it is in use, and judged for `pynvr check`."""

import os
import ssl
from pathlib import Path

from pynvr.base.errors import PyNVRError
from pynvr.model.settings import Tls


class TlsError(PyNVRError):
    """Certificate and key can't be used."""


def tls_context(tls: Tls) -> ssl.SSLContext:
    """A server's context with this pair, TLS 1.2 and newer; raises TlsError with what to do."""
    for name, path in (("certificate", tls.certificate), ("key", tls.key)):
        try:
            with path.open("rb"):
                pass
        except OSError as err:
            raise TlsError(f"system.server.tls.{name}: can't read {path}: {err.strerror or err}") from err
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # A key with a passphrase would ask for it on the terminal.
        context.load_cert_chain(tls.certificate, tls.key, password=_no_passphrase)
    except ssl.SSLError as err:
        raise TlsError(f"system.server.tls: {_words(tls, err)}") from err
    except (OSError, ValueError) as err:
        raise TlsError(f"system.server.tls: {tls.certificate} and {tls.key} can't be used: {err}") from err
    return context


def _no_passphrase() -> str:
    raise ValueError("the key has a passphrase, and nobody is there to type it")


def _words(tls: Tls, err: ssl.SSLError) -> str:
    if err.reason == "KEY_VALUES_MISMATCH":
        return f"the key {tls.key} belongs to another certificate than {tls.certificate}"
    if "NO_START_LINE" in (err.reason or "") or err.reason is None:
        return f"{tls.certificate} or {tls.key} is no PEM file of a certificate and its key"
    return f"{tls.certificate} and {tls.key} can't be used: {err.reason.replace('_', ' ').lower()}"


class Certificate:
    """The context in use. A changed pair takes its place if it can be used, else `problem` says why not."""

    def __init__(self, tls: Tls) -> None:
        """Raises TlsError."""
        self._tls = tls
        self._signature = self._look()
        self.context = tls_context(tls)
        self.problem = ""

    def refresh(self) -> bool:
        """Take up changed files; whether the context is a new one."""
        signature = self._look()
        if signature == self._signature:
            return False
        self._signature = signature
        try:
            self.context = tls_context(self._tls)
        except TlsError as err:
            self.problem = f"{err}; the certificate loaded before stays in use"
            return False
        self.problem = ""
        return True

    def _look(self) -> tuple[object, ...]:
        return _signature(self._tls.certificate), _signature(self._tls.key)


def _signature(path: Path) -> tuple[int, ...] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
