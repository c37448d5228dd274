"""System checks of settings that only together make sense: `manage.py check`, and every command, runs them."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def check_site_url(**kwargs: Any) -> list[CheckMessage]:
    """Left out, it is made of the first of ALLOWED_HOSTS, which may stand for many names and be no address itself."""
    host = urlsplit(settings.SITE_URL).netloc
    if host and not host.startswith(".") and "*" not in host:
        return []
    return [
        Error(
            f"SITE_URL is {settings.SITE_URL}, which is no address that a link in an e-mail could lead to: "
            "set SITE_URL to where people open the site, such as https://s11.example.org.",
            id="s11.E001",
        )
    ]


@register
def check_open_id(**kwargs: Any) -> list[CheckMessage]:
    """A part of them would quietly offer nothing; and who listens on the way to the provider could be anybody here."""
    names = ("OPENID_ISSUER", "OPENID_CLIENT_ID", "OPENID_CLIENT_SECRET")
    missing = [name for name in names if not getattr(settings, name)]
    if 0 < len(missing) < len(names):
        return [
            Error(f"Of the OpenID Connect settings these are missing: {', '.join(missing)}.", id="s11.E002")
        ]
    if settings.OPENID_ISSUER and not settings.DEBUG and not settings.OPENID_ISSUER.startswith("https://"):
        return [Error("OPENID_ISSUER must begin with https://: it vouches for people.", id="s11.E003")]
    return []


# What `make install-optional` brings, by the setting that asks for it.
NEEDS: Final = {
    "FILES_STORE_URL": "storages",
    "METRICS_TOKEN": "prometheus_client",
    "ERRORS_DSN": "sentry_sdk",
    "CACHE_URL": "redis",
}
SHORTEST_TOKEN: Final = 20


@register
def check_optional_packages(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(f"{name} is set, but what it needs is not installed: run make install-optional.", id="s11.E004")
        for name, package in NEEDS.items()
        if getattr(settings, name) and find_spec(package) is None
    ]


@register
def check_files_store(**kwargs: Any) -> list[CheckMessage]:
    parts = urlsplit(settings.FILES_STORE_URL)
    is_near = settings.DEBUG or parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.scheme == "http" and not is_near:
        return [Error("FILES_STORE_URL must begin with https://: evidence travels that way.", id="s11.E005")]
    return []


@register
def check_breached_passwords(**kwargs: Any) -> list[CheckMessage]:
    url = settings.BREACHED_PASSWORDS_URL
    if url and not settings.DEBUG and not url.startswith("https://"):
        return [
            Error(
                "BREACHED_PASSWORDS_URL must begin with https://: whoever listens would see which passwords are asked "
                "about.",
                id="s11.E006",
            )
        ]
    return []


@register
def check_limits(**kwargs: Any) -> list[CheckMessage]:
    """A minus sign would sign everybody out at once, ask each lead at each visit, or let nobody think it over."""
    least = {
        "SESSION_IDLE_MINUTES": 1,
        "SESSION_MOST_HOURS": 1,
        "ACCESS_CHECK_DAYS": 0,
        "DATA_EXPORT_DAYS": 1,
        "ANONYMISE_AFTER_DAYS": 0,
    }
    return [
        Error(f"{name} is {getattr(settings, name)}; it must be {value} or more.", id="s11.E007")
        for name, value in least.items()
        if getattr(settings, name) < value
    ]


@register
def check_metrics_token(**kwargs: Any) -> list[CheckMessage]:
    if 0 < len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        return [
            Error(
                f"METRICS_TOKEN can be guessed: take {SHORTEST_TOKEN} characters or more, such as those of "
                "`openssl rand -hex 20`.",
                id="s11.E008",
            )
        ]
    return []


@register
def check_errors_dsn(**kwargs: Any) -> list[CheckMessage]:
    parts = urlsplit(settings.ERRORS_DSN)
    if settings.ERRORS_DSN and not (
        parts.scheme in {"http", "https"} and parts.username and parts.path.strip("/")
    ):
        return [
            Error(
                "ERRORS_DSN is no address of a collector: it looks like https://KEY@errors.example.org/1.",
                id="s11.E009",
            )
        ]
    return []
