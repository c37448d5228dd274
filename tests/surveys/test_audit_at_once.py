"""Two people in the very same moment: one is served after the other, and nothing is lost.

Needs a server that serves both at once; SQLite's tests hold one connection in memory, and its writers queue anyway.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from s11.organisations.models import User
from surveys.models import Answer, Audit, AuditEvent, Invitee
from surveys.workflow import AnswerInput, NotInThisState, open_audit, save_answers, submit_audit
from tests.conftest import Cast
from tests.surveys.audit_pages import make_complete, make_draft, make_place
from tests.surveys.last_years import LAST_SCORES, make_last_audit, make_new_place

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _needs_a_server(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: b"%PDF-1.7")


def at_once(people: tuple[User, User], act: Callable[[User], object]) -> list[object]:
    """What each got, or the exception that stopped them; both begin together."""
    gate = threading.Barrier(len(people))
    results: list[object] = []

    def run(user: User) -> None:
        gate.wait()
        try:
            results.append(act(user))
        except NotInThisState as late:
            results.append(late)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_same_answer(cast: Cast) -> None:
    audit = make_draft(cast)
    indicator = audit.questionnaire.indicators.get(code="A1.1")

    def save(user: User) -> int:
        entered = AnswerInput(indicator, 1, "", f"By {user}", 0)
        return len(save_answers(audit=Audit.objects.get(pk=audit.pk), entered=[entered], by=user))

    assert sorted(at_once((cast.lead, cast.contributor), save), key=str) == [0, 1]
    assert Answer.objects.get(audit=audit).version == 1


def test_the_same_audit_opened(cast: Cast) -> None:
    invitee = make_place(cast)
    opened = at_once((cast.lead, cast.contributor), lambda user: open_audit(invitee=invitee, by=user))
    assert len(set(opened)) == 1
    assert AuditEvent.objects.count() == 1


def test_last_year_s_answers_are_brought_forward_once(cast: Cast) -> None:
    """Neither twice, nor half: whoever comes second finds the audit with everything in it."""
    last = make_last_audit(cast)
    invitee = make_new_place(cast)

    def start(user: User) -> tuple[int, int]:
        audit = open_audit(invitee=Invitee.objects.get(pk=invitee.pk), by=user)
        return audit.pk, audit.answers.filter(confirmed=False).count()

    audit = at_once((cast.lead, cast.contributor), start)
    made = Audit.objects.get(invitee=invitee)
    assert audit == [(made.pk, len(LAST_SCORES))] * 2
    assert made.carried_from == last
    assert AuditEvent.objects.filter(audit=made).count() == 2


def test_the_same_audit_submitted(cast: Cast) -> None:
    audit = make_complete(cast)
    results = at_once(
        (cast.lead, cast.contributor),
        lambda user: submit_audit(audit=Audit.objects.get(pk=audit.pk), by=user),
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotInThisState"]
    assert Audit.objects.get(pk=audit.pk).submission == 1
