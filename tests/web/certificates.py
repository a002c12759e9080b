"""Certificates for localhost, signed by themselves, made by openssl."""

import ssl
import subprocess
from pathlib import Path

from pynvr.model.settings import Tls


def make_certificate(folder: Path, name: str = "localhost", passphrase: str = "") -> Tls:
    tls = Tls(folder / f"{name}.pem", folder / f"{name}.key")
    protection = ["-passout", f"pass:{passphrase}"] if passphrase else ["-noenc"]
    wanted = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-days", "2", "-subj", f"/CN={name}"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(tls.key), "-out", str(tls.certificate)]
    subprocess.run(["openssl", "req", *wanted, *names, *protection, *files], check=True, capture_output=True)
    return tls


def trusting(tls: Tls) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=tls.certificate)
