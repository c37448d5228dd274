"""Pages for what went wrong: what they say, what they keep quiet about, and that they need nothing to work."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from s11.web import errors
from s11.web.outages import StoreDown
from tests.web.rendering import Tags

FORM = {
    "A1.1-commentary": "We have a named lead & a deputy <b>since</b> May.",
    "password": "correct horse battery staple",
    "csrfmiddlewaretoken": "x" * 40,
    "reset_code": "y" * 40,
    "score": "2",
}


def post(origin: str | None) -> HttpRequest:
    headers = {} if origin is None else {"Origin": origin}
    return RequestFactory().post("/anywhere/", FORM, headers=headers)


def test_our_own_sentence_is_the_page() -> None:
    response = errors.permission_denied(
        RequestFactory().get("/"), errors.NotAllowed("Only the lead may submit. Ask Ann.")
    )
    assert response.status_code == 403
    assert "Only the lead may submit. Ask Ann." in response.content.decode()


def test_another_exceptions_text_is_not_shown() -> None:
    response = errors.permission_denied(
        RequestFactory().get("/"), PermissionDenied("user 7 lacks surveys.change_answer")
    )
    assert response.status_code == 403
    assert "user 7" not in response.content.decode()
    assert "Your role does not allow this" in response.content.decode()


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: errors.permission_denied(request, errors.NotAllowed("Only the lead may.")),
        errors.page_not_found,
    ],
)
def test_who_lost_their_role_while_typing_gets_their_words_back(
    answer: Callable[[HttpRequest], HttpResponse],
) -> None:
    page = answer(post("http://testserver")).content.decode()
    assert "We have a named lead &amp; a deputy &lt;b&gt;since&lt;/b&gt; May." in page
    assert "Copy what you want to keep." in page
    assert "battery" not in page
    assert "y" * 40 not in page
    # Another site's form is not shown under our name, and a visit has nothing to show.
    for request in (post("https://elsewhere.example"), post(None), RequestFactory().get("/")):
        assert "Copy what you want" not in answer(request).content.decode()


def test_a_form_that_cannot_be_read_is_no_fault_of_ours_on_top() -> None:
    """Who sends one to an address that is not there is told that, and nothing else."""
    content = b'--b\r\nContent-Disposition: form-data; name="' + b"x" * 5_000 + b'"\r\n\r\n1\r\n--b--\r\n'
    request = RequestFactory().generic(
        "POST", "/", content, "multipart/form-data; boundary=b", headers={"Origin": "http://testserver"}
    )
    assert errors.page_not_found(request).status_code == 404


def test_a_wrong_address_and_a_damaged_request_say_what_to_do() -> None:
    request = RequestFactory().get("/")
    assert errors.page_not_found(request, Exception("/secret/")).status_code == 404
    assert b"secret" not in errors.page_not_found(request, Exception("/secret/")).content
    assert errors.bad_request(request).status_code == 400


def test_the_page_for_our_own_fault_needs_no_database_and_no_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test may not touch the database; and every context processor fails."""

    def fail(request: HttpRequest) -> dict[str, object]:
        raise AssertionError("a context processor was asked")

    monkeypatch.setattr("s11.navigation.place", fail)
    monkeypatch.setattr("django.template.context_processors.request", fail)
    response = errors.server_error(HttpRequest())
    assert response.status_code == 500
    assert "There is a problem with the service" in response.content.decode()


def test_text_in_a_form_that_is_out_of_date_can_be_copied() -> None:
    shown = Tags(errors.csrf_failure(post("http://testserver")).content.decode())
    assert len(shown.named("textarea")) == 1
    assert "We have a named lead & a deputy <b>since</b> May." in shown.text
    for secret in (FORM["password"], FORM["csrfmiddlewaretoken"], FORM["reset_code"]):
        assert secret not in shown.text


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "null", "http://testserver.elsewhere.example", None]
)
def test_another_sites_text_is_not_shown_under_our_name(origin: str | None) -> None:
    response = errors.csrf_failure(post(origin))
    assert response.status_code == 403
    assert b"named lead" not in response.content
    assert b"Go back in your browser" in response.content


@pytest.mark.django_db
def test_django_calls_the_page_for_an_old_form() -> None:
    client = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    response = client.post("/accounts/login/", {"login": "somebody.with.a.long@address.example"})
    assert response.status_code == 403
    assert b"somebody.with.a.long@address.example" in response.content


class _WithCode(sqlite3.OperationalError):
    sqlite_errorcode = sqlite3.SQLITE_FULL


def _raised(error: Exception, cause: Exception | None = None) -> HttpResponse:
    """The page that Django asks for while this is being handled."""
    try:
        raise error from cause
    except type(error):
        return errors.server_error(post("http://testserver"))


@pytest.mark.parametrize(
    ("error", "cause", "sentence"),
    [
        (OperationalError("server closed the connection"), None, "The database does not answer"),
        (InterfaceError("connection already closed"), None, "The database does not answer"),
        (OperationalError("database or disk is full"), _WithCode(), "The database does not answer"),
        (OSError(errno.ENOSPC, "No space left on device"), None, "does not answer or is full"),
        (StoreDown(errno.EIO, "no answer"), None, "does not answer or is full"),
    ],
    ids=["stopped", "closed", "full", "disk", "store"],
)
def test_what_passes_by_itself_says_so_and_keeps_the_words(
    error: Exception, cause: Exception | None, sentence: str
) -> None:
    """As with our own fault, nothing is asked of the database."""
    response = _raised(error, cause)
    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert sentence in page
    assert "We have a named lead &amp; a deputy" in page
    assert "battery" not in page


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OperationalError("no such table: audit"), sqlite3.OperationalError("no such table: audit")),
        (FileNotFoundError(errno.ENOENT, "No such file"), None),
        (ValueError("wrong"), None),
    ],
)
def test_our_own_mistakes_stay_our_own(error: Exception, cause: Exception | None) -> None:
    response = _raised(error, cause)
    assert response.status_code == 500
    assert not response.has_header("Retry-After")
