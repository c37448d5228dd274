"""What a setting brings in: figures for a monitor, errors for a collector, a cache. None of them tells of people."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
import sentry_sdk
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from environ import Env
from prometheus_client.parser import text_string_to_metric_families
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from sentry_sdk.utils import event_from_exception

from s11.organisations.models import User
from s11.web.error_reports import OPTIONS, scrub
from s11.web.outside import make_cache, make_database
from tests import factories
from tests.conftest import Cast

TOKEN = "t" * 40
DSN = "https://key@errors.example.org/1"


def ask(client: Client, token: str) -> Any:
    return client.get("/metrics/", headers={"Authorization": f"Bearer {token}"})


@pytest.mark.django_db
def test_figures_are_for_whoever_has_the_token_alone(client: Client, settings: Any) -> None:
    for known in ("", TOKEN):
        settings.METRICS_TOKEN = known
        for response in (ask(client, ""), ask(client, "wrong"), client.get("/metrics/")):
            assert response.status_code == 404
    assert ask(client, TOKEN).status_code == 200


@pytest.mark.django_db
def test_figures_tell_of_the_service_and_of_nobody(cast: Cast, client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    settings.MIDDLEWARE = ["s11.metrics.MetricsMiddleware", *settings.MIDDLEWARE]
    factories.make_evidence(cast.organisation)
    client.get("/p/harbour/")
    text = ask(client, TOKEN).content.decode()
    found = {one.name: one for one in text_string_to_metric_families(text)}
    routes = {sample.labels.get("route"): sample.value for sample in found["s11_requests"].samples}
    assert routes["partnership"] >= 1
    assert found["s11_part_ready"].samples[0].value in {0, 1}
    assert found["s11_files_in_quarantine"].samples[0].value == 0
    for name in ("harbour", "anchor", "@", str(cast.partnership), str(cast.organisation)):
        assert name.lower() not in text.lower()
    labels = {label for one in found.values() for sample in one.samples for label in sample.labels}
    assert labels == {"route", "method", "status", "le", "part"}


class Kept(Transport):
    """Sends nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[str] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.events += [str(item.payload.json) for item in envelope.items]


def test_an_error_is_told_without_anything_of_a_person() -> None:
    transport = Kept()
    client = sentry_sdk.Client(
        dsn=DSN,
        transport=transport,
        before_send=scrub,  # type: ignore[arg-type]  # events are mappings to us
        default_integrations=False,
        **OPTIONS,
    )
    secret = "Jo Smith of Anchor School"
    try:
        raise ValueError(f"Key (email)=(jo@anchor.example) of {secret}")
    except ValueError as error:
        event, hint = event_from_exception(error, client_options=client.options)
    event |= {
        "transaction": "surveys:audit_standard",
        "user": {"id": "7", "email": "jo@anchor.example", "ip_address": "10.1.2.3"},
        "request": {
            "method": "POST",
            "url": "https://s11.example.org/t/secret-token/?q=Smith",
            "query_string": "q=Smith",
            "headers": {"Cookie": "sessionid=not-to-be-told"},
            "data": {"A1.1-commentary": secret},
            "env": {"REMOTE_ADDR": "10.1.2.3"},
        },
        "extra": {"note": secret},
        "contexts": {"trace": {"data": secret}},
        "breadcrumbs": {"values": [{"message": secret}]},
        "logentry": {"message": "Document %s of %s failed", "params": [1, secret]},
    }
    client.capture_event(event, hint)
    [told] = transport.events
    assert "ValueError" in told
    assert "surveys:audit_standard" in told
    assert "test_an_error_is_told" in told
    assert "Document %s of %s failed" in told
    for private in (
        "Smith",
        "anchor",
        "10.1.2.3",
        "not-to-be-told",
        "secret",
        "https:",
        "sessionid",
        "Key (",
    ):
        assert private not in told


@pytest.mark.parametrize(
    ("event", "left"),
    [
        ({"transaction": "/t/secret-token/"}, "secret"),
        ({"logentry": {"message": "Jo Smith was invited"}}, "Smith"),
        ({"a_field_of_a_newer_release": "Jo Smith"}, "Smith"),
        (
            {"exception": {"values": [{"type": "E", "value": "Smith", "mechanism": {"data": "Smith"}}]}},
            "Smith",
        ),
    ],
)
def test_what_is_not_known_to_be_harmless_is_left_out(event: dict[str, Any], left: str) -> None:
    assert left not in str(scrub(event, {}))


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("METRICS_TOKEN", "short", TOKEN),
        ("ERRORS_DSN", "https://errors.example.org/1", DSN),
        ("FILES_STORE_URL", "http://store.example.org/s11", "https://store.example.org/s11"),
    ],
)
def test_a_wrong_setting_is_told(settings: Any, name: str, wrong: str, right: str) -> None:
    settings.DEBUG = False
    setattr(settings, name, wrong)
    assert name in str(run_checks(tags=None))
    setattr(settings, name, right)
    assert name not in str(run_checks(tags=None))


def test_a_setting_whose_library_is_missing_is_told(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("s11.checks.find_spec", lambda name: None)
    assert "install-optional" not in str(run_checks())
    settings.CACHE_URL = "redis://127.0.0.1"
    assert "CACHE_URL is set, but what it needs is not installed" in str(run_checks())


def test_the_address_of_a_cache_server() -> None:
    assert make_cache("")["BACKEND"].endswith("DatabaseCache")
    for url, scheme in (
        ("redis://h:6379/0", "redis"),
        ("valkey://h:6379/0", "redis"),
        ("rediss://u:p@h/1", "rediss"),
        ("valkeys://h/1", "rediss"),
    ):
        made = make_cache(url)
        assert urlsplit(made["LOCATION"])._replace(scheme="") == urlsplit(url)._replace(scheme="")
        assert urlsplit(made["LOCATION"]).scheme == scheme
        assert made["OPTIONS"]["socket_timeout"] == 2
    for url in ("memcached://h", "redis://", "h:6379"):
        with pytest.raises(ValueError, match="address of a cache server"):
            make_cache(url)


def test_what_the_address_of_a_database_says_stands() -> None:
    def read(options: str) -> Any:
        return make_database(Env.db_url_config(f"postgres://s11@127.0.0.1/s11{options}"))["OPTIONS"]

    prepares = {"server_side_binding": True, "prepare_threshold": 5}
    assert read("") == read("?server_side_binding=true") == prepares
    assert read("?server_side_binding=false&sslmode=require") == {
        "server_side_binding": False,
        "prepare_threshold": 5,
        "sslmode": "require",
    }
    assert read("?prepare_threshold=25") == {**prepares, "prepare_threshold": 25}
    with pytest.raises(ValueError, match="Write true or false"):
        read("?server_side_binding=no")
    other = Env.db_url_config("mysql://s11@127.0.0.1/s11")
    kept = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    assert make_database(other) == kept | other
    assert make_database({**other, "CONN_MAX_AGE": 0})["CONN_MAX_AGE"] == 0


@pytest.mark.django_db
def test_postgresql_is_asked_to_prepare_what_is_asked_often() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite prepares by itself.")
    found = []
    for _ in range(6):
        assert not User.objects.filter(email="nobody@plans.example")
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements")
            found.append(any('"email" = $1' in statement for (statement,) in cursor))
    assert found == [False] * 5 + [True]
