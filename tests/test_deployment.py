"""Settings as a server has them: read anew from the environment, in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings

from s11.checks import check_breached_passwords, check_limits, check_open_id, check_site_url

SHOW = "from django.conf import settings as s; print(s.SECURE_HSTS_SECONDS > 0, s.SECURE_HSTS_PRELOAD)"


def run(tmp_path: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "VIRTUAL_ENV", "PYTHONPATH") if name in os.environ}
    given = {
        "SECRET_KEY": "x" * 30 + "abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "s11.example",
        "DATABASE_URL": f"sqlite:///{tmp_path}/s11.sqlite3",
        "DJANGO_SETTINGS_MODULE": "s11.settings",
    }
    return subprocess.run(
        [sys.executable, *args],
        env=kept | given | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("environment", "shown"), [({}, "True False"), ({"HSTS_PRELOAD": "1"}, "True True")])
def test_nobody_is_put_on_the_preload_list_unasked(
    tmp_path: Path, environment: dict[str, str], shown: str
) -> None:
    assert run(tmp_path, "-c", SHOW, **environment).stdout.strip() == shown
    told = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment)
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("url", ["", "postgres://s11@db.example/s11"])
def test_connections_outlive_a_request(tmp_path: Path, url: str) -> None:
    show = (
        "from django.db import connection; one = connection.settings_dict; "
        "print(one['CONN_MAX_AGE'], one['CONN_HEALTH_CHECKS'])"
    )
    given = {"DATABASE_URL": url} if url else {}
    assert run(tmp_path, "-c", show, **given).stdout.split() == ["60", "True"]


@pytest.mark.parametrize("hosts", [".example.org", "*"])
def test_a_pattern_is_no_address(tmp_path: Path, hosts: str) -> None:
    told = run(tmp_path, "manage.py", "check", ALLOWED_HOSTS=hosts)
    assert told.returncode == 1
    assert "set SITE_URL to where people open the site, such as https://s11.example.org." in told.stderr
    told = run(tmp_path, "manage.py", "check", ALLOWED_HOSTS=hosts, SITE_URL="https://s11.example.org/")
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize(
    ("url", "is_address"),
    [
        ("https://s11.example.org", True),
        ("http://127.0.0.1:8000", True),
        ("https://.example.org", False),
        ("https://*", False),
        ("https://*.example.org", False),
        ("https://", False),
        ("s11.example.org", False),
    ],
)
def test_the_address_in_emails(settings: LazySettings, url: str, is_address: bool) -> None:
    settings.SITE_URL = url
    assert (not check_site_url()) is is_address


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ""),
        ({"OPENID_ISSUER": "https://login.example.org"}, "OPENID_CLIENT_ID, OPENID_CLIENT_SECRET"),
        (
            {
                "OPENID_ISSUER": "http://login.example.org",
                "OPENID_CLIENT_ID": "a",
                "OPENID_CLIENT_SECRET": "b",
            },
            "https://",
        ),
        (
            {
                "OPENID_ISSUER": "https://login.example.org",
                "OPENID_CLIENT_ID": "a",
                "OPENID_CLIENT_SECRET": "b",
            },
            "",
        ),
    ],
)
def test_open_id_is_set_whole_and_safe(settings: LazySettings, given: dict[str, str], said: str) -> None:
    settings.DEBUG = False
    for name, value in given.items():
        setattr(settings, name, value)
    told = [message.msg for message in check_open_id()]
    assert bool(told) is bool(said)
    assert said in "".join(told)


def test_a_server_asks_officers_for_a_second_factor_and_can_read_what_an_earlier_key_wrote(
    tmp_path: Path,
) -> None:
    show = (
        "from django.conf import settings as s; "
        "print(s.SECOND_FACTOR_FOR_OFFICERS, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SECRET_KEY_FALLBACKS)"
    )
    shown = run(tmp_path, "-c", show, SECRET_KEY_FALLBACKS="old,older").stdout.strip()
    # The prefix is a browser's promise: set by this host, over HTTPS, for nobody else.
    assert shown == "True __Host-sessionid __Host-csrftoken ['old', 'older']"
    assert run(tmp_path, "-c", show, DEBUG="1").stdout.strip() == "False sessionid csrftoken []"


@pytest.mark.parametrize(
    ("name", "value", "check", "said"),
    [
        (
            "BREACHED_PASSWORDS_URL",
            "http://list.example.org",
            check_breached_passwords,
            "must begin with https",
        ),
        ("SESSION_IDLE_MINUTES", 0, check_limits, "SESSION_IDLE_MINUTES is 0; it must be 1 or more"),
        ("SESSION_MOST_HOURS", -1, check_limits, "SESSION_MOST_HOURS is -1"),
        ("ACCESS_CHECK_DAYS", -1, check_limits, "ACCESS_CHECK_DAYS is -1; it must be 0 or more"),
        ("ANONYMISE_AFTER_DAYS", -1, check_limits, "ANONYMISE_AFTER_DAYS is -1; it must be 0 or more"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_told(
    settings: LazySettings, name: str, value: object, check: Callable[[], list[Any]], said: str
) -> None:
    settings.DEBUG = False
    assert check() == []
    setattr(settings, name, value)
    assert said in check()[0].msg
