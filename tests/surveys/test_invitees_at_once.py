"""An officer makes an agreement in the very moment in which the agency submits: the second waits, and is told.

Needs a server that serves both at once; SQLite's tests hold one connection in memory, and its writers queue anyway.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from s11.organisations.models import User
from surveys.cycle_plans import change_exemption
from surveys.models import Audit, Invitee
from surveys.workflow import NotInThisState, submit_audit
from tests.conftest import Cast
from tests.surveys.at_once import meanwhile
from tests.surveys.audit_pages import make_complete

pytestmark = pytest.mark.django_db(transaction=True)
EXEMPTION = "/p/harbour/desk/cycles/2026/invitees/anchor/exemption/"


@pytest.fixture(autouse=True)
def _needs_a_server(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: b"%PDF-1.7")


def test_exempt_while_it_is_being_submitted(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    audit = make_complete(cast)
    officer = sign_in(cast.administrator)
    pages = []

    def exempt() -> None:
        pages.append(officer.post(EXEMPTION, {"exempt_reason": "Closed for repairs"}, follow=True).text)

    meanwhile(lambda: submit_audit(audit=audit, by=cast.lead), exempt)
    assert Audit.objects.get(pk=audit.pk).is_counted
    assert not Invitee.objects.get(pk=audit.invitee_id).is_exempt
    assert "Anchor Trust has submitted by now, so it was not made exempt." in pages[0]


def test_submitted_while_it_is_made_exempt(cast: Cast) -> None:
    audit = make_complete(cast)
    told = []

    def submit() -> None:
        with pytest.raises(NotInThisState) as late:
            submit_audit(audit=Audit.objects.get(pk=audit.pk), by=cast.lead)
        told.append(str(late.value))

    meanwhile(
        lambda: change_exemption(invitee=audit.invitee, exempt_reason="Repairs", by=cast.administrator),
        submit,
    )
    assert told == ["Anchor Trust is exempt from Audit 2026 by now, so nothing was submitted."]
    assert not Audit.objects.get(pk=audit.pk).is_counted
