"""What meetings add to an overview: counted anew from plain rows, as the dashboard counts, and only of this cycle."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from accountability.dashboard import make_dashboard
from accountability.enums import MeetingStatus
from accountability.following import get_agreed, get_followed
from accountability.meetings_overview import Outcomes, make_meetings_part, say_most_asked
from accountability.models import GoodPractice, Meeting, Panel, Recommendation
from accountability.recommending import accept_answer, refuse_recommendation
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Organisation
from surveys.enums import ActionOutcome, AuditStatus
from surveys.full_csv import make_rows
from surveys.full_overview import full_as_json, get_full_overview
from surveys.full_workbook import make_workbook
from surveys.models import Action, Cycle, Theme
from tests import factories
from tests.accountability.factories import make_meeting, make_panel
from tests.accountability.followed import agree_on_action, finish, follow, verify
from tests.conftest import Cast
from tests.ground import grounded

TODAY = timezone.localdate()


def make_met(panel: Panel, organisation: Organisation, cast: Cast, **options: Any) -> Meeting:
    factories.make_audit(panel.cycle, organisation, scores=1, status=AuditStatus.SUBMITTED)
    meeting = make_meeting(panel, organisation)
    follow(meeting, cast.quality_officer, **options)
    return meeting


@grounded
def panel(cast: Cast) -> Panel:
    """Two agencies met; of four recommendations one has worked, one is overdue, one is refused, one has no answer."""
    factories.make_theme("T1")
    bank = factories.make_questionnaire()
    panel = make_panel(factories.make_cycle(cast.partnership, questionnaires=(bank,)))
    meeting = make_met(panel, cast.organisation, cast, recommendations=4)
    first, second, third, fourth = meeting.recommendations.order_by("number")
    action = agree_on_action(first, cast.lead, cast.quality_officer)
    finish(action, cast.lead)
    verify(action, cast.quality_officer, ActionOutcome.FAILED)
    verify(action, cast.quality_officer)
    overdue = agree_on_action(
        second, cast.lead, cast.quality_officer, due_on=TODAY + datetime.timedelta(days=1)
    )
    Action.objects.filter(pk=overdue.pk).update(due_on=TODAY - datetime.timedelta(days=1))
    refuse_recommendation(recommendation=third, reason="We do not do this.", by=cast.lead)
    accept_answer(recommendation=Recommendation.objects.get(pk=third.pk), by=cast.quality_officer)
    Recommendation.objects.filter(pk=fourth.pk).update(
        theme=None, respond_by=TODAY - datetime.timedelta(days=1)
    )
    factories.make_member(
        "lead@beacon.example", organisation=cast.other_organisation, role=MembershipRole.VIEWER
    )
    make_met(panel, cast.other_organisation, cast, recommendations=2, is_sent=False)
    practices = GoodPractice.objects.filter(meeting=meeting)
    practices.update(may_be_shared=True, text="A log of every visit.")
    for name, status in (("Cove", MeetingStatus.CALLED), ("Dock", MeetingStatus.CANCELLED)):
        organisation = factories.make_organisation(name, partnership=cast.partnership)
        factories.make_invitee(panel.cycle, organisation)
        other = make_meeting(panel, organisation)
        other.status, other.cancel_reason = status, "Ill." if status == MeetingStatus.CANCELLED else ""
        other.save()
    return panel


def test_what_came_of_it(panel: Panel) -> None:
    part = make_meetings_part(panel.cycle, TODAY)
    assert part is not None
    figures = dict(part.figures)
    themes = figures.pop("themes")
    assert figures == {
        "met": {"count": 2, "of": 3, "percent": 67},
        "final_minutes": 2,
        "letters_sent": 1,
        "unsent_recommendations": 2,
        "agencies": 1,
        "recommendations": 4,
        "answered": {"count": 3, "of": 4, "percent": 75},
        "overdue_answers": 1,
        "to_decide": 0,
        "refused": 1,
        "actions": 2,
        "in_progress": 1,
        "overdue_actions": 1,
        "dropped": 0,
        "done": {"count": 1, "of": 2, "percent": 50},
        "verified": {"count": 1, "of": 1, "percent": 100},
        "worked": 1,
        "partly": 0,
        "failed": 0,
        "good_practice": {"count": 1, "of": 2, "percent": 50},
    }
    assert [(one["code"], one["recommendations"], one["overdue_answers"]) for one in themes] == [
        ("T1", 3, 0),
        (None, 1, 1),
    ]


def test_in_words_and_tables(panel: Panel) -> None:
    part = make_meetings_part(panel.cycle, TODAY)
    assert part is not None
    assert part.finding == "2 of 3 (67%) agencies that were called met a panel"
    assert list(part.sentences) == [
        "3 of 4 (75%) recommendations have an answer; 1 overdue. 2 actions were agreed and 1 refusal accepted.",
        "1 of 2 (50%) agreed actions are done, and 1 is overdue.",
        "An officer has checked 1 of those done: 1 worked.",
        "2 recommendations are in no count here, because the letter has not gone.",
        "1 of 2 (50%) examples of good practice may be shared.",
    ]
    outcomes, practice = part.tables
    assert [row[0] for row in outcomes.rows] == ["T1 Theme T1", "No theme", "All"]
    assert [len(row) for row in outcomes.rows] == [len(outcomes.head)] * 3
    assert practice.rows == [("Anchor Trust", "A log of every visit.")]
    assert part.url_name
    nameless = part.without_names()
    assert (nameless.tables, nameless.url_name) == ((outcomes,), "")


def make_outcomes(agencies: int, made: int) -> Outcomes:
    return Outcomes(agencies, made, *[0] * 13)


@pytest.mark.parametrize(
    ("themes", "said"),
    [
        ([], ""),
        ([("T1 Leadership", make_outcomes(1, 9))], ""),
        (
            [("T1 Leadership", make_outcomes(2, 3)), ("T2 Staff", make_outcomes(4, 5))],
            "Panels asked most agencies about T2 Staff: 5 recommendations to 4 agencies.",
        ),
        (
            [("A", make_outcomes(2, 3)), ("B", make_outcomes(2, 2))],
            "Panels asked most agencies about A (3 recommendations) and B (2 recommendations): 2 agencies about each.",
        ),
        (
            [(f"T{number}", make_outcomes(2, 2)) for number in range(3)],
            "Panels asked most agencies about T0, T1 and T2: for each theme, 2 recommendations to 2 agencies.",
        ),
        (
            [(f"T{number}", make_outcomes(2, 2)) for number in range(4)],
            "Panels asked 2 agencies each about 4 themes.",
        ),
    ],
)
def test_what_most_were_asked_about(themes: list[tuple[str, Outcomes]], said: str) -> None:
    assert say_most_asked(themes) == said


def test_it_agrees_with_the_dashboard(panel: Panel) -> None:
    part = make_meetings_part(panel.cycle, TODAY)
    assert part is not None
    line = make_dashboard(get_followed(get_agreed(panel.meetings.all()))).whole
    assert (line.total, line.counts["answered"], line.counts["verified"], line.counts["overdue"]) == (
        part.figures["recommendations"],
        part.figures["answered"]["count"],
        part.figures["verified"]["count"],
        part.figures["overdue_answers"] + part.figures["overdue_actions"],
    )


def test_it_is_in_the_json_and_in_the_table(panel: Panel) -> None:
    full = get_full_overview(panel.cycle)
    assert full_as_json(full)["meetings"]["recommendations"] == 4
    rows = [row for row in make_rows(full) if str(row["section"]).startswith("meetings_")]
    assert {
        "section": "meetings_outcomes",
        "title": "All",
        "figure": "done",
        "value": 1,
        "of": 2,
        "percent": 50,
    } in rows
    assert "A log" not in json.dumps(full_as_json(full.without_names()))
    sheets = openpyxl.load_workbook(io.BytesIO(make_workbook(full)))
    head, *_, last = list(sheets["Meetings outcomes"].iter_rows(values_only=True))
    assert dict(zip(head, last, strict=False)) | {"Of": 0, "%": 0} == {
        "Theme": "All",
        "Agencies": 1,
        "Recommendations": 4,
        "Answered": 3,
        "Refused": 1,
        "Actions": 2,
        "Done": 1,
        "Verified": 1,
        "Worked": 1,
        "Overdue": 2,
        "Of": 0,
        "%": 0,
    }
    assert sheets["Meetings good practice"]["B2"].value == "A log of every visit."


def test_nothing_where_nobody_was_called_or_in_another_cycle(panel: Panel, cast: Cast) -> None:
    bank = panel.cycle.cycle_questionnaires.get().questionnaire
    other = factories.make_cycle(cast.partnership, slug="2030", questionnaires=(bank,))
    assert make_meetings_part(other, TODAY) is None
    assert "meetings" not in full_as_json(get_full_overview(other))


@pytest.mark.parametrize("agencies", [1, 3])
def test_queries_do_not_grow(
    agencies: int, cast: Cast, django_assert_num_queries: Callable[..., Any]
) -> None:
    Theme.objects.get_or_create(code="T1", defaults={"title": "One", "position": 1})
    bank = factories.make_questionnaire()
    panel = make_panel(factories.make_cycle(cast.partnership, questionnaires=(bank,)))
    for number in range(agencies):
        organisation = factories.make_organisation(f"Place {number}", partnership=cast.partnership)
        lead = factories.make_member(f"lead@{number}.example", organisation=organisation)
        meeting = make_met(panel, organisation, cast, recommendations=agencies)
        verifiable = agree_on_action(
            meeting.recommendations.order_by("number")[0], lead, cast.quality_officer
        )
        finish(verifiable, lead)
        verify(verifiable, cast.quality_officer)
    cycle = Cycle.objects.select_related("partnership").get(pk=panel.cycle.pk)
    with django_assert_num_queries(6):
        part = make_meetings_part(cycle, TODAY)
    assert part is not None
    assert part.figures["verified"]["count"] == agencies
