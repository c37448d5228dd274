"""An answer, and the organisation's own audit in place of answers, in the very same moment: never both.

Needs a server that serves both at once; SQLite's tests hold one connection in memory, and its writers queue anyway.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from s11.organisations.models import User
from surveys.models import Answer, Audit, Invitee, OwnToolReturn
from surveys.own_tools import return_own_tool
from surveys.workflow import AnswerInput, NotInThisState, open_audit, save_answers
from tests.conftest import Cast
from tests.surveys.audit_pages import make_draft, make_place
from tests.surveys.evidence_samples import PDF

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20  # seconds, on a busy machine


@pytest.fixture(autouse=True)
def _needs_a_server(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")


def save_one(audit: Audit, user: User) -> None:
    indicator = audit.questionnaire.indicators.get(code="A1.1")
    entered = AnswerInput(indicator, 1, "", "Words", 0)
    save_answers(audit=Audit.objects.get(pk=audit.pk), entered=[entered], by=user)


def return_own(invitee: Invitee, user: User) -> None:
    return_own_tool(
        invitee=Invitee.objects.get(pk=invitee.pk),
        title="Trust audit",
        file=SimpleUploadedFile("audit.pdf", PDF),
        by=user,
    )


def run_behind(first: Callable[[], None], second: Callable[[], None]) -> str:
    """`second` begins while `first` has done its part and not committed it; what it was told, or nothing."""

    def run() -> str:
        try:
            second()
        except NotInThisState as late:
            return str(late)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            told = pool.submit(run)
            wait_until_one_waits()
        return told.result(timeout=PATIENCE)


def wait_until_one_waits() -> None:
    """Until another connection waits for a lock: it has come to where the two meet."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            row = cursor.fetchone()
        if row and row[0]:
            return
    raise AssertionError("the second never waited for the first")


def test_an_answer_behind_the_return_of_an_own_audit(cast: Cast) -> None:
    audit = make_draft(cast)
    told = run_behind(lambda: return_own(audit.invitee, cast.lead), lambda: save_one(audit, cast.contributor))
    assert "has returned its own audit in place of answers by now, so nothing was saved" in told
    assert not Answer.objects.filter(audit=audit).exists()
    assert OwnToolReturn.objects.count() == 1


def test_the_return_of_an_own_audit_behind_an_answer(cast: Cast) -> None:
    audit = make_draft(cast)
    told = run_behind(lambda: save_one(audit, cast.contributor), lambda: return_own(audit.invitee, cast.lead))
    assert told == "The audit has answers by now, so your own audit was not returned in their place."
    assert Answer.objects.filter(audit=audit).count() == 1
    assert not OwnToolReturn.objects.exists()


def test_an_audit_opened_behind_the_return_of_an_own_audit_takes_no_answer(cast: Cast) -> None:
    invitee = make_place(cast)

    def open_and_answer() -> None:
        audit = open_audit(invitee=Invitee.objects.get(pk=invitee.pk), by=cast.contributor)
        save_one(audit, cast.contributor)

    told = run_behind(lambda: return_own(invitee, cast.lead), open_and_answer)
    assert "so nothing was saved" in told
    assert not Answer.objects.filter(audit__invitee=invitee).exists()
