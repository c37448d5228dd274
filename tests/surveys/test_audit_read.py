"""Reading an audit: its own people at any time, officers what was submitted and nothing before."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from s11.organisations.models import User
from surveys.models import Audit
from surveys.workflow import AnswerInput, save_answers
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import address, make_draft, make_submitted


def test_officers_read_what_was_submitted_on_their_desk(
    cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    make_submitted(cast, {"A1.1": 0, "A1.2": 2, "A2.1": 2, "A2.2": "It does not do this"})
    page = sign_in(cast.scrutineer).get(address("audit_read")).text
    for words in (
        "Acting for Harbour",
        "Mean 1.33: 4 points over 3 scored indicators; 1 not applicable. 4 of 4 answered.",
        "Critical 0",
        'id="A1.1"',
        "It does not do this",
        "Make a PDF copy",
    ):
        assert words in page
    assert "recall" not in page
    assert "Beacon’s own words" not in page


def test_officers_do_not_read_the_corrections_of_a_returned_audit(
    cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    audit = make_submitted(cast)
    factories.make_correction(audit)
    indicator = audit.questionnaire.indicators.get(code="A1.1")
    save_answers(
        audit=Audit.objects.get(pk=audit.pk),
        entered=[AnswerInput(indicator, 0, "", "Not for officers yet", 1)],
        by=cast.lead,
    )
    page = sign_in(cast.quality_officer).get(address("audit_read")).text
    assert "this is what was submitted" in page
    assert "Not for officers yet" not in page
    assert "No indicator is scored 0." in page
    own = sign_in(cast.lead).get(address("audit_read")).text
    assert "Not for officers yet" in own
    assert "Grade 2 so far" in own


def test_a_draft_is_read_by_its_own_people(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    make_draft(cast, {"A1.1": 1})
    page = sign_in(cast.viewer).get(address("audit_read")).text
    assert "Only Anchor Trust, and a group that it has accepted, reads it until it is submitted." in page
    assert "1 of 4 answered" in page
    assert "Not answered" in page


def test_a_refused_officer_reads_why(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    make_draft(cast, {"A1.1": 1})
    page = sign_in(cast.administrator).get(address("audit_read"))
    assert page.status_code == 403
    assert (
        "Anchor Trust has not submitted this audit, so only its own people can read the answers yet."
        in page.text
    )
    page = sign_in(cast.panel_member).get(address("audit_read"))
    assert "panel members read the packs for their own meetings" in page.text
