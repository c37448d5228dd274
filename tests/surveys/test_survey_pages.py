"""Practitioner surveys as an agency and the desk meet them: who runs one, and who reads what comes of it, when."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import User
from s11.web.qr_codes import make_qr_code
from surveys.enums import AuditStatus
from surveys.models import Audit, Cycle, CycleSurvey, Invitee, PractitionerSurvey
from surveys.surveying import close_survey
from surveys.workflow import recall_audit
from tests import factories
from tests.cells import taken_back
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.practitioners import NO, PARTLY, YES, add_answers, make_cycle_survey, make_survey

SignIn = Callable[[User], Client]
DESK = {"partnership": "harbour", "cycle": "2026"}
ANCHOR = {**DESK, "organisation": "anchor"}
SAYS = "5 yes, 0 partly, 1 no, 0 do not know"


@grounded
def cycle(cast: Cast) -> Cycle:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    make_cycle_survey(cycle, by=cast.administrator)
    return cycle


@grounded
def invitee(cycle: Cycle, cast: Cast) -> Invitee:
    return factories.make_invitee(cycle, cast.organisation)


@grounded
def told(cycle: Cycle, cast: Cast) -> Audit:
    """A submitted audit, and a survey that is over: staff say less of A1.1."""
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    survey = make_survey(audit.invitee, by=cast.lead)
    add_answers(survey, 5, (PARTLY, YES, YES))
    add_answers(survey, 1, (NO, NO, NO))
    close_survey(survey=survey, by=cast.lead)
    return audit


def address(name: str, **arguments: str) -> str:
    return reverse(f"surveys:{name}", kwargs=arguments)


def read(client: Client, name: str, **arguments: str) -> str:
    return client.get(address(name, **arguments)).content.decode()


def make_day(days: int = 7) -> dict[str, str]:
    day = timezone.localdate() + datetime.timedelta(days=days)
    return {"closes_on_day": str(day.day), "closes_on_month": str(day.month), "closes_on_year": str(day.year)}


# Who may do what ------------------------------------------------------------------------------------------------------

NOBODY, FORBIDDEN, NOT_HERE = (404,) * 6, (403,) * 6, (404,) * 3
# The desk: its page, what is asked, opening for all, one agency, poster, running it; the agency: page, poster, running.
MAY = {
    "lead": (NOBODY, (200, 200, 302)),
    **dict.fromkeys(("contributor", "signatory", "viewer"), (NOBODY, (200, 200, 403))),
    **dict.fromkeys(("stranger", "outsider"), (NOBODY, NOT_HERE)),
    **dict.fromkeys(("panel_member", "panel_chair", "publisher"), (FORBIDDEN, NOT_HERE)),
    "scrutineer": ((200, 403, 403, 200, 403, 403), NOT_HERE),
    **dict.fromkeys(("quality_officer", "administrator"), ((200, 403, 200, 200, 200, 302), NOT_HERE)),
}


def test_who_may_do_what(invitee: Invitee, cast: Cast, sign_in: SignIn) -> None:
    make_survey(invitee, by=cast.lead)
    found = {}
    for person, user in cast.people.items():
        client = sign_in(user)
        with taken_back():
            found[person] = do_all(client)
    assert found == MAY


def do_all(client: Client) -> tuple[tuple[int, ...], tuple[int, ...]]:
    desk = (
        client.get(address("cycle_survey", **DESK)).status_code,
        # Nobody any more: an agency asks already
        client.get(address("cycle_survey_statements", **DESK)).status_code,
        client.get(address("cycle_survey_open", **DESK)).status_code,
        client.get(address("cycle_survey_agency", **ANCHOR)).status_code,
        client.get(address("cycle_survey_poster", **ANCHOR)).status_code,
        client.post(address("cycle_survey_agency", **ANCHOR), {"act": "link"}).status_code,
    )
    own = (
        client.get(address("audit_survey", **ANCHOR)).status_code,
        client.get(address("audit_survey_poster", **ANCHOR)).status_code,
        client.post(address("audit_survey", **ANCHOR), {"act": "link"}).status_code,
    )
    return desk, own


@pytest.mark.parametrize("person", ["quality_officer", "administrator"])
def test_who_switches_it_on(cycle: Cycle, cast: Cast, sign_in: SignIn, person: str) -> None:
    client = sign_in(cast.people[person])
    assert client.get(address("cycle_survey_statements", **DESK)).status_code == 200
    client.post(address("cycle_survey_statements", **DESK), {"act": "off"})
    assert not CycleSurvey.objects.exists()
    assert client.get(address("audit_survey", **ANCHOR)).status_code == 404


def test_a_closed_cycle_lets_nobody_begin(invitee: Invitee, cast: Cast, sign_in: SignIn) -> None:
    Cycle.objects.update(status="closed", closed_at=timezone.now())
    assert sign_in(cast.lead).post(address("audit_survey", **ANCHOR), {"act": "open"}).status_code == 403
    officer = sign_in(cast.administrator)
    assert officer.post(address("cycle_survey_agency", **ANCHOR), {"act": "open"}).status_code == 403
    assert officer.get(address("cycle_survey_statements", **DESK)).status_code == 403


# The desk -------------------------------------------------------------------------------------------------------------


def test_switched_on_with_the_statements_that_are_ticked(cast: Cast, sign_in: SignIn) -> None:
    bank = factories.make_questionnaire()
    bank.indicators.filter(code="A1.1").update(key="escalation-log")
    bank.indicators.filter(code="A1.2").update(key="nspcc-advice-line")
    factories.make_cycle(cast.partnership, questionnaires=(bank,))
    client = sign_in(cast.quality_officer)
    assert "Choose what is asked" in read(client, "cycle_survey", **DESK)
    form = read(client, "cycle_survey_statements", **DESK)
    assert "Beside A1.1 (Standard)" in form
    assert form.count(" checked") == 2
    nothing = client.post(address("cycle_survey_statements", **DESK), {}).content.decode()
    assert "Select at least one statement" in nothing
    client.post(address("cycle_survey_statements", **DESK), {"statements": ["S8"]})
    assert [one.code for one in CycleSurvey.objects.get().statements.all()] == ["S8"]
    assert read(client, "cycle_survey_statements", **DESK).count(" checked") == 1


def test_opened_for_all(invitee: Invitee, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    assert "Open it for 1 agency" in read(client, "cycle_survey", **DESK)
    past = client.post(address("cycle_survey_open", **DESK), make_day(-1)).content.decode()
    assert "must be today or in the future" in past
    client.post(address("cycle_survey_open", **DESK), make_day())
    survey = PractitionerSurvey.objects.get()
    assert (survey.invitee, survey.opened_by) == (invitee, cast.quality_officer)
    page = read(client, "cycle_survey", **DESK)
    assert "Fewer than five people have answered so far" in page
    assert "Open it for" not in page


@pytest.mark.parametrize("agencies", [1, 3])
def test_the_list_costs_the_same_for_many(
    cycle: Cycle,
    cast: Cast,
    sign_in: SignIn,
    agencies: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    theirs = factories.make_cycle(
        cast.elsewhere, slug="2026", questionnaires=(cycle.cycle_questionnaires.get().questionnaire,)
    )
    make_cycle_survey(theirs, by=cast.outsider)
    make_survey(factories.make_invitee(theirs, cast.other_organisation), by=cast.outsider)
    for number in range(agencies):
        organisation = factories.make_organisation(
            f"Home {number}", slug=f"home-{number}", partnership=cast.partnership
        )
        make_survey(factories.make_invitee(cycle, organisation), by=cast.administrator)
    client = sign_in(cast.scrutineer)
    with django_assert_num_queries(9):
        page = read(client, "cycle_survey", **DESK)
    assert page.count("Fewer than five people have answered so far") == agencies
    assert "Beacon" not in page


def test_officers_read_what_staff_say_once_the_agency_has_submitted(
    told: Audit, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.scrutineer)
    page = read(client, "cycle_survey_agency", **ANCHOR)
    assert SAYS in page
    assert "Staff say less than leaders on 1 statement." in page
    recall_audit(audit=told, by=cast.lead)
    page = read(client, "cycle_survey_agency", **ANCHOR)
    assert SAYS not in page
    assert "has not submitted its audit" in page


def test_an_agency_that_is_not_invited_has_no_page(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    found = sign_in(cast.administrator).get(address("cycle_survey_agency", **ANCHOR))
    assert found.status_code == 404


# The agency -----------------------------------------------------------------------------------------------------------


def test_a_lead_opens_passes_on_and_closes_it(invitee: Invitee, cast: Cast, sign_in: SignIn) -> None:
    client, here = sign_in(cast.lead), address("audit_survey", **ANCHOR)
    assert "I know key-a1-1." in read(client, "audit_survey", **ANCHOR)
    wrong = client.post(here, {"act": "open"}).content.decode()
    assert "There is a problem" in wrong
    client.post(here, {"act": "open", **make_day()})
    survey = PractitionerSurvey.objects.get()
    link = reverse("surveys:practitioner_survey", args=[survey.get_link_token()])
    assert link in read(client, "audit_survey", **ANCHOR)
    poster = read(client, "audit_survey_poster", **ANCHOR)
    assert "<svg" in poster
    assert link in poster
    client.post(here, {"act": "link"})
    assert link not in read(client, "audit_survey", **ANCHOR)
    client.post(here, {"act": "move", **make_day(9)})
    survey.refresh_from_db()
    assert survey.closes_on == timezone.localdate() + datetime.timedelta(days=9)
    client.post(here, {"act": "close"})
    page = read(client, "audit_survey", **ANCHOR)
    assert "There are no results, because fewer than five people answered." in page
    assert client.get(address("audit_survey_poster", **ANCHOR)).status_code == 404


@pytest.mark.parametrize("act", ["close", "link", "move", "nonsense", ""])
def test_what_cannot_be_done_yet_changes_nothing(
    invitee: Invitee, cast: Cast, sign_in: SignIn, act: str
) -> None:
    done = sign_in(cast.lead).post(address("audit_survey", **ANCHOR), {"act": act, **make_day()})
    assert done.status_code == 302
    assert not PractitionerSurvey.objects.exists()


def test_how_many_answered_moves_in_steps_of_five(invitee: Invitee, cast: Cast, sign_in: SignIn) -> None:
    survey = make_survey(invitee, by=cast.lead)
    client = sign_in(cast.contributor)
    said = []
    for people in (4, 1, 1, 4):
        add_answers(survey, people, (YES, YES, YES))
        page = read(client, "audit_survey", **ANCHOR)
        assert SAYS[:5] not in page
        said.append(page.split('<p class="app-progress"><strong>')[1].split("</strong>")[0])
    assert said == [
        "Fewer than five people have answered so far",
        "At least 5 people have answered so far",
        "At least 5 people have answered so far",
        "At least 10 people have answered so far",
    ]


@pytest.mark.parametrize("person", ["lead", "contributor", "viewer", "signatory"])
def test_members_read_leaders_beside_staff(told: Audit, cast: Cast, sign_in: SignIn, person: str) -> None:
    page = read(sign_in(cast.people[person]), "audit_survey", **ANCHOR)
    assert "Staff say less than leaders on 1 statement." in page
    assert SAYS in page
    assert "A1.1: 2" in page


def test_its_page_costs_the_same_whatever_was_answered(
    told: Audit, cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.lead)
    with django_assert_num_queries(10):
        read(client, "audit_survey", **ANCHOR)


# Beside the answers ---------------------------------------------------------------------------------------------------


def test_beside_the_answers_for_the_agency_and_for_officers(told: Audit, cast: Cast, sign_in: SignIn) -> None:
    for person in (cast.contributor, cast.scrutineer):
        page = read(sign_in(person), "audit_read", **ANCHOR)
        assert page.count("Staff say less") == 1
        assert page.count("‘I know key-") == 3
    page = read(sign_in(cast.scrutineer), "moderation_standard", **ANCHOR, code="A1")
    assert page.count("‘I know key-a1-") == 2
    assert page.count("Staff say less") == 1


def test_beside_the_card_that_is_answered(told: Audit, cast: Cast, sign_in: SignIn) -> None:
    recall_audit(audit=told, by=cast.lead)
    page = read(sign_in(cast.contributor), "audit_standard", **ANCHOR, code="A1")
    assert page.count("‘I know key-a1-") == 2
    assert page.count("Staff say less") == 1


def test_a_reason_in_the_queue(told: Audit, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    assert "Staff say less than leaders on 1 indicator" in read(client, "moderation_queue", **DESK)
    assert "Staff say less than leaders on 1 indicator" in read(client, "moderation_audit", **ANCHOR)


def test_beside_nothing_while_staff_answer(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    add_answers(make_survey(audit.invitee, by=cast.lead), 95, (NO, NO, NO))
    client = sign_in(cast.scrutineer)
    for name, arguments in (
        ("audit_read", ANCHOR),
        ("moderation_standard", {**ANCHOR, "code": "A1"}),
        ("moderation_queue", DESK),
        ("moderation_audit", ANCHOR),
        ("cycle_survey_agency", ANCHOR),
    ):
        page = read(client, name, **arguments)
        # As a word: a form's token is letters and digits, and may hold any two. No minute is the ninety-fifth.
        assert not re.search(r"\b95\b", page.replace("At least 95 people", ""))
        assert "Staff say less" not in page


@pytest.mark.parametrize("is_started", [True, False])
def test_the_audit_leads_there(invitee: Invitee, cast: Cast, sign_in: SignIn, is_started: bool) -> None:
    if is_started:
        factories.make_audit(invitee.cycle, cast.organisation)
    client = sign_in(cast.contributor)
    assert address("audit_survey", **ANCHOR) in read(client, "audit", **ANCHOR)
    CycleSurvey.objects.all().delete()
    assert address("audit_survey", **ANCHOR) not in read(client, "audit", **ANCHOR)


@pytest.mark.parametrize(("person", "is_offered"), [("scrutineer", True), ("panel_member", False)])
def test_the_cycle_leads_there(
    cycle: Cycle, cast: Cast, sign_in: SignIn, person: str, is_offered: bool
) -> None:
    page = read(sign_in(cast.people[person]), "cycle", **DESK)
    assert (address("cycle_survey", **DESK) in page) is is_offered


def test_the_code_says_the_address_and_nothing_else() -> None:
    drawn = make_qr_code("https://s11.example/t/abc/survey/")
    assert drawn.startswith("<svg")
    assert "s11.example" not in drawn
    assert "<script" not in drawn


def test_where_nothing_can_be_asked_is_said_before(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a topic audit of standards that no statement stands beside."""
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    monkeypatch.setattr("surveys.views.cycle_surveys.get_offered", lambda cycle: [])
    page = sign_in(cast.quality_officer).get(f"/p/harbour/desk/cycles/{cycle.slug}/survey/").content.decode()
    assert "so it cannot be switched on here." in page.replace("\n", " ")
    assert "Choose what is asked" not in page
