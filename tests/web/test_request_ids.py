"""One id for each request, in its response, its log and on error pages; and logs that tell of nobody."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from django.test import Client, RequestFactory
from django_tasks import task

from s11.organisations.models import User
from s11.web import errors
from s11.web.log_lines import JsonLine, Line
from s11.web.request_ids import AddRequestId, get_request_id
from tests.conftest import Cast


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What LOG_FORMAT=json would write."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLine())
    handler.addFilter(AddRequestId())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.setLevel(before)
    root.removeHandler(handler)


def read(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.parametrize("given", ["a1b2c3d4-e5f6-7890", "0123456789abcdef"])
def test_an_id_from_the_proxy_is_kept(client: Client, given: str) -> None:
    assert client.get("/health/", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "has space", "line\nfeed-line", "<b>12345678", "ümlaut-ümlaut"]
)
def test_anything_else_is_replaced(client: Client, given: str) -> None:
    ids = {client.get("/health/", headers={"X-Request-ID": given}).headers["X-Request-ID"] for _ in range(2)}
    assert len(ids) == 2
    assert all(len(one) == 16 and one.isalnum() for one in ids)


def test_a_visit_is_one_line_without_path_or_person(
    cast: Cast, sign_in: Callable[[User], Client], log: io.StringIO
) -> None:
    response = sign_in(cast.lead).get("/p/harbour/o/anchor/?q=secret", headers={"X-Request-ID": "quoted-123"})
    assert response.status_code == 200
    (line,) = read(log)
    assert line.pop("time")
    assert isinstance(line.pop("milliseconds"), int)
    assert str(line.pop("message")).startswith("GET agency 200 in ")
    assert line == {
        "level": "INFO",
        "logger": "s11.web.request_ids",
        "request_id": "quoted-123",
        "method": "GET",
        "route": "agency",
        "status": 200,
        "user": cast.lead.pk,
    }
    for told in (cast.lead.email, "anchor", "harbour", "secret"):
        assert told not in log.getvalue()


def test_a_refusal_is_logged_under_the_id_that_its_page_quotes(
    db: None, client: Client, log: io.StringIO
) -> None:
    response = client.get("/p/nowhere/")
    request_id = response.headers["X-Request-ID"]
    assert {line["request_id"] for line in read(log)} == {request_id}
    assert {line["logger"] for line in read(log)} == {"django.request", "s11.web.request_ids"}
    assert f"quote this reference: <strong>{request_id}" in response.text


def test_our_own_fault_quotes_its_id_and_hides_addresses_in_tracebacks(
    client: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Key (email)=(ann.o'hara@council.example) at /t/KEYKEYKEY/ exists")

    monkeypatch.setattr("s11.views.Paginator", fail)
    client.raise_request_exception = False
    response = client.get("/")
    request_id = response.headers["X-Request-ID"]
    assert response.status_code == 500
    assert request_id in response.text
    (error,) = [line for line in read(log) if line["level"] == "ERROR"]
    assert error["request_id"] == request_id
    assert "RuntimeError: Key (email)=(…@…) at /t/…/ exists" in str(error["traceback"])
    assert "hara" not in log.getvalue()
    assert "KEYKEYKEY" not in log.getvalue()


def test_an_error_page_without_an_id_says_nothing_of_one() -> None:
    for page in (
        errors.server_error(RequestFactory().get("/")),
        errors.page_not_found(RequestFactory().get("/")),
    ):
        assert b"quote this reference" not in page.content


@task()
def write_a_line() -> None:
    logging.getLogger("s11.trial").info("at work")


def test_a_job_has_an_id_of_its_own_that_stands_in_its_requests_log(log: io.StringIO) -> None:
    result = write_a_line.enqueue()
    asked, *lines = read(log)
    assert asked["message"] == f"Asked for job {result.id} ({write_a_line.module_path})"
    (own,) = [line for line in lines if line["logger"] == "s11.trial"]
    assert own["request_id"] == f"job-{result.id}"
    log.truncate(0)
    log.seek(0)
    logging.getLogger("s11.trial").info("afterwards")
    assert read(log)[0]["request_id"] == "-"


@task()
def be_killed() -> None:
    raise KeyboardInterrupt


def test_a_job_that_is_killed_is_never_told_to_be_over() -> None:
    with pytest.raises(KeyboardInterrupt):
        be_killed.enqueue()
    assert get_request_id().startswith("job-")


def test_nor_is_its_id_on_what_the_next_test_logs() -> None:
    assert get_request_id() == "-"


def test_lines_for_people_hide_the_same() -> None:
    try:
        raise ValueError("to ann@council.example")
    except ValueError:
        record = logging.LogRecord("s11", logging.ERROR, "", 1, "for %s", ("bo@nhs.example",), sys.exc_info())
    AddRequestId().filter(record)
    text = Line("%(request_id)s %(message)s").format(record)
    assert text.startswith("- for …@…\n    Traceback")
    assert text.endswith("ValueError: to …@…")
