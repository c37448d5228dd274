"""What is gathered of each invited agency, and that it takes the same queries for many as for one."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.call_facts import Known, get_known
from accountability.calling import Score
from accountability.enums import MeetingStatus
from s11.organisations.models import Organisation, Participation
from surveys.enums import ActionOrigin, AuditStatus, Obligation, Series
from surveys.models import Cycle
from surveys.moderating import close_series, moderate_answer
from tests import factories
from tests.accountability.factories import make_day, make_meeting, make_panel
from tests.conftest import Cast
from tests.ground import grounded

TODAY = datetime.date(2027, 3, 3)


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(
        cast.partnership,
        questionnaires=(factories.make_questionnaire(),),
        opens_on=datetime.date(2026, 9, 1),
        closes_on=datetime.date(2027, 1, 31),
    )


def get_one(cycle: Cycle, organisation: Organisation) -> Known:
    [found] = [one for one in get_known(cycle, TODAY) if one.invitee.organisation_id == organisation.pk]
    return found


def test_of_one_that_has_done_nothing(cast: Cast, cycle: Cycle) -> None:
    factories.make_invitee(cycle, cast.organisation)
    factories.make_audit(cycle, cast.other_organisation, scores=0)
    known = get_one(cycle, cast.organisation)
    facts = known.facts
    assert (known.name, known.variant) == ("Anchor Trust", "standard")
    assert facts.is_statutory
    assert facts.must_submit
    assert facts.due_on == datetime.date(2027, 1, 31)
    assert not facts.has_submitted
    assert (facts.counting, facts.last_seen, facts.overdue_actions) == (None, None, 0)
    # A draft's scores are the agency's own.
    assert get_one(cycle, cast.other_organisation).facts.counting is None
    assert get_one(cycle, cast.other_organisation).facts.critical_zeros == ()


def test_by_the_name_and_the_word_of_this_partnership(cast: Cast, cycle: Cycle) -> None:
    factories.make_invitee(cycle, cast.organisation, obligation=Obligation.MAY)
    Participation.objects.filter(organisation=cast.organisation).update(
        local_name="The Anchor", is_statutory=False
    )
    known = get_one(cycle, cast.organisation)
    assert known.name == "The Anchor"
    assert not known.facts.is_statutory
    assert not known.facts.must_submit


def test_own_scores_until_the_moderation_is_closed(cast: Cast, cycle: Cycle) -> None:
    scores: dict[str, int | str | None] = {"A1.1": 0, "A1.2": 2, "A2.1": 2, "A2.2": "It does not do this"}
    audit = factories.make_audit(cycle, cast.organisation, scores=scores, status=AuditStatus.SUBMITTED)
    facts = get_one(cycle, cast.organisation).facts
    assert facts.has_submitted
    assert facts.self_assessed is not None
    assert facts.self_assessed.whole == Score(4, 3)
    assert facts.self_assessed.standards == (("A1", Score(2, 2)), ("A2", Score(2, 1)))
    assert (facts.moderated, facts.critical_zeros) == (None, ("A1.1",))

    for code, score in (("A1.1", 1), ("A2.1", 1)):
        moderate_answer(
            answer=audit.answers.get(indicator__code=code),
            score=score,
            is_not_applicable=False,
            reason="What we saw.",
            seen=0,
            by=cast.quality_officer,
        )
    assert get_one(cycle, cast.organisation).facts == facts
    close_series(audit=audit, by=cast.quality_officer, series=Series.MODERATED)
    facts = get_one(cycle, cast.organisation).facts
    assert facts.moderated is not None
    assert facts.moderated.whole == Score(4, 3)
    assert facts.moderated.standards == (("A1", Score(3, 2)), ("A2", Score(1, 1)))
    assert facts.critical_zeros == ()


def test_an_own_tool_is_a_return_without_scores(cast: Cast, cycle: Cycle) -> None:
    factories.make_own_tool_return(factories.make_invitee(cycle, cast.organisation))
    facts = get_one(cycle, cast.organisation).facts
    assert facts.has_submitted
    assert facts.counting is None


def test_overdue_actions_of_a_panel_here(cast: Cast, cycle: Cycle) -> None:
    factories.make_invitee(cycle, cast.organisation)
    late, later = datetime.date(2026, 12, 1), datetime.date(2027, 3, 2)
    here = cast.organisation, cast.partnership
    factories.make_action(*here, due_on=later, origin=ActionOrigin.PANEL)
    factories.make_action(*here, due_on=late, origin=ActionOrigin.PANEL)
    factories.make_action(*here, due_on=TODAY, origin=ActionOrigin.PANEL)
    factories.make_action(*here, due_on=late)
    Participation.objects.create(partnership=cast.elsewhere, organisation=cast.organisation)
    factories.make_action(cast.organisation, cast.elsewhere, due_on=late, origin=ActionOrigin.PANEL)
    factories.make_action(cast.other_organisation, cast.partnership, due_on=late, origin=ActionOrigin.PANEL)
    facts = get_one(cycle, cast.organisation).facts
    assert (facts.overdue_actions, facts.overdue_since) == (2, late)


def test_when_a_panel_of_this_partnership_last_saw_it(cast: Cast, cycle: Cycle) -> None:
    factories.make_invitee(cycle, cast.organisation)
    for slug, date, status in (
        ("2024", datetime.date(2024, 3, 4), MeetingStatus.HELD),
        ("2025", datetime.date(2025, 3, 4), MeetingStatus.HELD),
        ("2026", datetime.date(2026, 3, 4), MeetingStatus.CALLED),
    ):
        bank = cycle.cycle_questionnaires.get().questionnaire
        panel = make_panel(factories.make_cycle(cast.partnership, slug=f"of-{slug}", questionnaires=(bank,)))
        meeting = make_meeting(panel, cast.organisation, day=make_day(panel, date))
        meeting.status = status
        meeting.started_at = timezone.now()
        meeting.save()
    assert get_one(cycle, cast.organisation).facts.last_seen == datetime.date(2025, 3, 4)


def test_the_exempt_and_those_elsewhere_are_not_there(cast: Cast, cycle: Cycle) -> None:
    invitee = factories.make_invitee(cycle, cast.organisation)
    invitee.exempt_reason = "It closed."
    invitee.save()
    bank = cycle.cycle_questionnaires.get().questionnaire
    elsewhere = factories.make_cycle(cast.elsewhere, questionnaires=(bank,))
    factories.make_audit(elsewhere, cast.other_organisation, scores=0, status=AuditStatus.SUBMITTED)
    assert get_known(cycle, TODAY) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(
    cast: Cast, cycle: Cycle, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for number in range(rows):
        place = factories.make_organisation(f"Place {number}", partnership=cast.partnership)
        audit = factories.make_audit(cycle, place, scores=1, status=AuditStatus.SUBMITTED)
        close_series(audit=audit, by=cast.quality_officer)
    with django_assert_num_queries(7):
        found = get_known(cycle, TODAY)
    assert len(found) == rows
