"""The site as docs/deploy.md runs it, in a folder of its own: gunicorn by its unit file, nginx by our nginx.conf."""

from __future__ import annotations

import base64
import datetime
import hashlib
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from benchmarks.measuring import DATABASE, Place, collect_static, get_static_root, make_template
from tests.load.serving import UNITS, Site, read_unit
from tests.postgres import HOST, find_free_port

SECONDS_TO_START: Final = 20
# What stands around our file in Debian's nginx.conf, as far as it matters here. One process, so that one is ended.
AROUND: Final = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    gzip on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/s11.conf;
}}
"""


@dataclass
class Served(Site):
    """A site with settings of its own beside those of docs/deploy.md."""

    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> Mapping[str, str]:
        return {**super().environment, "SECOND_FACTOR_FOR_OFFICERS": "0", **self.more}


@dataclass(frozen=True, slots=True)
class Door:
    """Where a browser comes in, what Chromium is told so that it trusts the certificate, and what stands there."""

    address: str
    arguments: list[str]
    words: str


def make_site(folder: Path, database: str = "", like: Place | None = None, **more: str) -> Served:
    """Unless told where, on SQLite, with the rows of another place, or with question banks and nothing else."""
    (folder / "data").mkdir()
    if not database:
        Place(folder / "data").copy_from(like or make_template())
        database = f"sqlite:///{folder / 'data' / DATABASE}"
    collect_static()
    return Served(folder, database, find_free_port(), more={**more, "STATIC_ROOT": str(get_static_root())})


@contextmanager
def serve_web(site: Site, *more: str) -> Iterator[None]:
    """The pages alone: no worker builds anything beside them."""
    try:
        site.start(
            "web",
            read_unit("s11-web.service"),
            [sys.executable, "-m", "gunicorn"],
            "--bind",
            f"{HOST}:{site.port}",
            *more,
        )
        site.wait_until_ready()
        yield
    finally:
        site.stop()


def has_proxy() -> bool:
    return shutil.which("nginx") is not None


@contextmanager
def open_door(site: Site) -> Iterator[Door]:
    """nginx where it is installed. Without it the site itself is asked, in plain HTTP."""
    if not has_proxy():
        yield Door(site.address, [], "gunicorn itself, as nginx is not installed here")
        return
    port = find_free_port()
    fingerprint = make_certificate(site.folder)
    configure(site, port)
    command = ["nginx", "-e", str(site.folder / "nginx.log"), "-c", str(site.folder / "nginx.conf")]
    nginx = subprocess.Popen([*command, "-p", str(site.folder)])
    try:
        wait_for(f"http://{HOST}:{port}/", nginx)
        yield Door(
            f"https://{HOST}:{port}",
            # Not a flag that ignores every fault: then nothing would be cached.
            [f"--ignore-certificate-errors-spki-list={fingerprint}"],
            "nginx with docs/deploy/nginx.conf",
        )
    finally:
        nginx.terminate()
        nginx.wait()


def configure(site: Site, port: int) -> None:
    """Our file, with this folder's places in place of a server's."""
    text = (UNITS / "nginx.conf").read_text(encoding="utf-8")
    for there, here in (
        ("unix:/run/s11/web.sock", f"{HOST}:{site.port}"),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen unix:{site.folder}/80.sock;"),
        ("listen 443 ssl http2;", f"listen {HOST}:{port} ssl http2;"),
        ("/etc/ssl/s11/", f"{site.folder}/"),
        ("/var/log/nginx/", f"{site.folder}/"),
    ):
        if there not in text:
            raise RuntimeError(f"docs/deploy/nginx.conf has no '{there.strip()}' any more.")
        text = text.replace(there, here)
    (site.folder / "s11.conf").write_text(text, encoding="utf-8")
    (site.folder / "nginx.conf").write_text(AROUND.format(folder=site.folder), encoding="utf-8")


def make_certificate(folder: Path) -> str:
    """For a day; the fingerprint of its key, as Chromium wants it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(tz=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(hashlib.sha256(public).digest()).decode()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Until anything answers, be it a refusal."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5)  # noqa: S310  our own
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"Nothing answered at {address}; its log lies in its folder.")
