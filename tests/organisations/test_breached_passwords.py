"""Breached passwords: a service on this machine stands in for the real one, in all the ways in which it may fail."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import LazySettings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from s11.organisations import breached_passwords
from s11.organisations.breached_passwords import is_breached

STOLEN = "correct horse battery staple"
DIGEST = hashlib.sha1(STOLEN.encode(), usedforsecurity=False).hexdigest().upper()
OTHER = "0" * 35
FOUND = f"{OTHER}:7\r\n{DIGEST[5:]}:3\r\n"


@dataclass
class Service:
    """What it is to answer with, and what it was asked."""

    url: str = ""
    answer: bytes = b""
    status: int = 200
    pause: float = 0.0
    asked: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def service(settings: LazySettings) -> Iterator[Service]:
    found = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            found.headers = dict(self.headers)
            self.send_response(found.status)
            self.send_header("Location", f"{found.url}/elsewhere")
            self.end_headers()
            for piece in (found.answer[:10], found.answer[10:]):
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(found.pause)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_port}/range"
    settings.BREACHED_PASSWORDS_URL = found.url
    yield found
    server.shutdown()
    server.server_close()


def test_a_stolen_password_is_refused_and_never_sent(service: Service) -> None:
    service.answer = FOUND.encode()
    with pytest.raises(ValidationError, match="stands in a list of stolen ones"):
        validate_password(STOLEN)
    validate_password("seven quiet lanterns hum")
    assert service.asked[0] == f"/range/{DIGEST[:5]}"
    assert {len(path) for path in service.asked} == {len("/range/") + 5}
    assert service.headers["Add-Padding"] == "true"


def test_what_only_fills_the_answer_is_no_breach(service: Service) -> None:
    service.answer = f"{DIGEST[5:]}:0\r\n{OTHER}:2".encode()
    assert not is_breached(STOLEN)
    service.answer = f"{DIGEST[5:].lower()}:12".encode()
    assert is_breached(STOLEN)


@pytest.mark.parametrize("fault", ["down", "refuses", "redirects", "too long", "no text", "slow", "drips"])
def test_a_service_that_fails_keeps_nobody_from_a_password(
    service: Service,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    service.answer = FOUND.encode()
    match fault:
        case "down":
            settings.BREACHED_PASSWORDS_URL = "http://127.0.0.1:1/range"
        case "refuses":
            service.status = 503
        case "redirects":
            service.status = 302
        case "too long":
            monkeypatch.setattr(breached_passwords, "MOST_BYTES", 20)
        case "no text":
            service.answer = b"\xff\xfe\x00"
        case "slow":
            service.pause = 0.2
            monkeypatch.setattr(breached_passwords, "READ_SECONDS", 0.05)
        case "drips":
            service.pause = 0.1
            monkeypatch.setattr(breached_passwords, "MOST_SECONDS", 0.05)
    with caplog.at_level(logging.WARNING, logger=breached_passwords.logger.name):
        validate_password(STOLEN)
    assert "The service for breached passwords could not be asked" in caplog.text
    assert DIGEST[:5] not in caplog.text


def test_nobody_is_asked_unless_a_setting_says_whom(service: Service, settings: LazySettings) -> None:
    settings.BREACHED_PASSWORDS_URL = ""
    validate_password(STOLEN)
    assert service.asked == []
