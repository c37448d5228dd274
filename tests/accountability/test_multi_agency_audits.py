"""Multi-agency audits: how far each has come, the plan of a year, who may do what, what is agreed, and the chapter."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accountability.models import MultiAgencyAudit
from accountability.multi_agency_chapter import get_chapter_part
from accountability.multi_agency_charts import make_plan_chart
from accountability.multi_agency_enums import ReflectiveQuestion
from accountability.multi_agency_naming import find_agencies, without_agencies
from accountability.multi_agency_permissions import (
    check_can_agree_action,
    check_can_cancel_audit,
    check_can_change_audit,
    check_can_keep_audits,
    check_can_read_answers,
    check_can_run_reflection,
    check_can_see_audits,
    check_can_work_on_answers,
)
from accountability.multi_agency_plan import get_plan
from accountability.multi_agency_reflecting import give_themes, write_summary
from accountability.multi_agency_state import Days, State, get_state, say_late
from accountability.multi_agency_writing import NotInThisState, agree_action, cancel_audit, plan_audit_again
from accountability.reporting_years import ReportingYear
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Participation, User
from s11.organisations.queries import get_desk_or_404
from s11.web.drawings.marks import NARROW, WIDE, Box, Dot
from s11.web.drawings.months import MonthsRow, Span, Year, draw_months
from s11.web.errors import reason_why_not
from surveys.actions import ActionInput, ProgressInput, report_progress
from surveys.enums import ActionOrigin, ActionPriority, ActionStatus
from surveys.models import Action
from surveys.permissions import check_can_change_action
from tests import factories
from tests.accountability.multi_agency import (
    BARRIERS,
    WELL,
    days,
    get_place,
    make_agreed,
    make_audit,
    make_reflection,
    make_reported,
    today,
)
from tests.conftest import Cast
from tests.web.drawings.checking import check, read

SignIn = Callable[[User], Client]
OFFICERS = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")
READERS = {"administrator", "quality_officer", "scrutineer"}
ORGANISERS = {"administrator", "quality_officer"}
MARCH = datetime.date(2026, 3, 1)
NOW = datetime.date(2026, 4, 15)


def address(name: str, **arguments: Any) -> str:
    return reverse(f"accountability:multi_agency_{name}", kwargs={"partnership": "harbour"} | arguments)


def get(client: Client, name: str, **arguments: Any) -> str:
    response = client.get(address(name, **arguments))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# How far it has come --------------------------------------------------------------------------------------------------

BEGUN, REPORTED = datetime.date(2026, 3, 9), datetime.date(2026, 4, 1)


@pytest.mark.parametrize(
    ("found", "state", "late"),
    [
        (Days(NOW.replace(day=1)), State.PLANNED, ""),
        (Days(MARCH), State.PLANNED, "It should have begun in March 2026."),
        (Days(MARCH, begins=datetime.date(2026, 5, 2)), State.PLANNED, ""),
        (Days(MARCH, begins=NOW), State.UNDER_WAY, ""),
        (Days(MARCH, begins=BEGUN, ends=NOW), State.UNDER_WAY, ""),
        (
            Days(MARCH, begins=BEGUN, ends=datetime.date(2026, 4, 14)),
            State.UNDER_WAY,
            "The work was to end on 14 April 2026, and it is not reported.",
        ),
        (Days(MARCH, begins=BEGUN, ends=BEGUN, reported=REPORTED), State.REPORTED, ""),
        (Days(MARCH, reported=REPORTED, again=NOW), State.DUE_AGAIN, ""),
        (Days(MARCH, reported=REPORTED, again=datetime.date(2026, 4, 16)), State.REPORTED, ""),
        (Days(MARCH, reported=REPORTED, again=NOW, is_repeated=True), State.REPORTED, ""),
        (Days(MARCH, begins=BEGUN, ends=BEGUN, is_cancelled=True), State.CANCELLED, ""),
    ],
)
def test_the_state_comes_from_the_days(found: Days, state: State, late: str) -> None:
    assert get_state(found, NOW) == state
    assert say_late(found, NOW) == late


def test_one_that_is_repeated_is_not_due_again(cast: Cast) -> None:
    first = make_reported(cast.partnership, again_on=days(-1))
    assert first.state == State.DUE_AGAIN
    again = make_audit(cast.partnership, "Neglect again", repeats=first)
    assert MultiAgencyAudit.objects.with_repeats().get(pk=first.pk).state == State.REPORTED
    cancel_audit(audit=again, reason="No time", by=cast.administrator)
    assert MultiAgencyAudit.objects.with_repeats().get(pk=first.pk).state == State.DUE_AGAIN
    plan_audit_again(audit=again, by=cast.administrator)
    assert MultiAgencyAudit.objects.get(pk=first.pk).state == State.REPORTED


# The plan of a year ---------------------------------------------------------------------------------------------------


@pytest.fixture
def plan_world(cast: Cast) -> Cast:
    """In the year from April 2026, as of 15 September."""
    before, other = datetime.date(2026, 2, 1), cast.elsewhere
    make_audit(cast.partnership, "Carried", month=before)
    make_audit(cast.partnership, "Long done", month=before, reported_on=datetime.date(2026, 3, 2))
    make_audit(
        cast.partnership,
        "Again",
        month=before,
        reported_on=datetime.date(2026, 4, 20),
        again_on=datetime.date(2027, 1, 10),
    )
    make_audit(cast.partnership, "Planned", month=datetime.date(2026, 11, 1))
    make_audit(cast.partnership, "Next year", month=datetime.date(2027, 4, 1))
    make_audit(cast.partnership, "Off", month=datetime.date(2026, 11, 1), cancelled="No time")
    make_audit(other, "Strange", month=datetime.date(2026, 11, 1))
    return cast


@time_machine.travel(datetime.datetime(2026, 9, 15, 12, tzinfo=datetime.UTC), tick=False)
def test_the_plan_by_month(plan_world: Cast) -> None:
    plan = get_plan(plan_world.partnership, ReportingYear(2026))
    months = {month.month: [(one.what, str(one.audit)) for one in entries] for month, entries in plan.months}
    assert {month: entries for month, entries in months.items() if entries} == {
        4: [("Reported", "Again")],
        11: [("Planned", "Off"), ("Planned", "Planned")],
        1: [("To be repeated", "Again")],
    }
    assert [str(one) for one in plan.carried] == ["Carried"]
    assert [str(one) for one in plan.late] == ["Carried"]
    chart = make_plan_chart(plan)
    assert chart is not None
    assert chart.title == "1 of 4 audits is late"
    assert chart.summary == "2 are planned, 1 is reported and 1 is cancelled."
    assert [line[0] for line in chart.lines] == ["Again", "Carried", "Off", "Planned"]
    assert make_plan_chart(get_plan(plan_world.partnership, ReportingYear(2030))) is None


@time_machine.travel(datetime.datetime(2026, 9, 15, 12, tzinfo=datetime.UTC), tick=False)
def test_the_page_of_the_plan(plan_world: Cast, sign_in: SignIn) -> None:
    client = sign_in(plan_world.scrutineer)
    said = get(client, "plan", year="2026-27")
    assert "It should have begun in February 2026. Quality group is responsible." in said
    assert "Nothing in May, June, July, August, September, October, December, February or March." in said
    assert "Strange" not in said
    assert "Nothing is planned for this year." in get(client, "plan", year="2031-32")
    assert client.get(address("plan", year="2026-28")).status_code == 404


days_of_year = st.dates(datetime.date(2025, 12, 1), datetime.date(2027, 6, 1))
spans = st.tuples(days_of_year, days_of_year).map(lambda two: Span(min(two), max(two), "middle"))
rows = st.builds(
    MonthsRow,
    st.text("aimW é-", min_size=1, max_size=90).map(lambda text: text.strip() or "A"),
    st.lists(spans, max_size=2).map(tuple),
    st.lists(st.tuples(days_of_year, st.sampled_from(["dot", "ring"])), max_size=2).map(tuple),
)
MONTHS = [datetime.date(2026, month, 1) for month in range(4, 13)] + [
    datetime.date(2027, month, 1) for month in range(1, 4)
]
LAST = datetime.date(2027, 3, 31)


@pytest.mark.parametrize("width", [WIDE, NARROW])
@settings(max_examples=15)
@given(found=st.lists(rows, max_size=3), now=days_of_year)
def test_any_timeline(width: int, found: list[MonthsRow], now: datetime.date) -> None:
    drawing = draw_months(
        found, Year(MONTHS, LAST, now), width, [("middle", "under way"), ("dot", "reported")]
    )
    check(drawing)
    if found:
        assert ("Apr May Jun" if width == WIDE else "A M J J A S") in read(drawing)


def test_a_whole_year_fills_its_row_and_what_lies_outside_is_left_out() -> None:
    row = MonthsRow("A", (Span(MONTHS[0], LAST, "middle"),), ((datetime.date(2027, 4, 1), "dot"),))
    marks = draw_months([row], Year(MONTHS, LAST, NOW), WIDE, []).marks
    track, bar = (mark for mark in marks if isinstance(mark, Box))
    assert bar.x == track.x
    assert bar.width == pytest.approx(track.width)
    assert not [mark for mark in marks if isinstance(mark, Dot)]


# Who may --------------------------------------------------------------------------------------------------------------

ABOUT_AUDITS = {
    check_can_change_audit: ORGANISERS,
    check_can_cancel_audit: ORGANISERS,
    check_can_agree_action: ORGANISERS,
    check_can_run_reflection: ORGANISERS,
}
ABOUT_ANSWERS = {check_can_read_answers: READERS, check_can_work_on_answers: ORGANISERS}


@pytest.mark.parametrize("person", OFFICERS)
def test_who_may_do_what(cast: Cast, person: str) -> None:
    desk = get_desk_or_404(cast.people[person], "harbour")
    audit = make_audit(cast.partnership)
    audit.taking_part.add(get_place(cast))
    reflection = make_reflection(audit, by=cast.administrator, people=5, is_over=True)
    may = {check: not reason_why_not(check, desk) for check in (check_can_see_audits, check_can_keep_audits)}
    assert may == {check_can_see_audits: person in READERS, check_can_keep_audits: person in ORGANISERS}
    assert {one: not reason_why_not(one, desk, audit) for one in ABOUT_AUDITS} == {
        one: person in who for one, who in ABOUT_AUDITS.items()
    }
    assert {one: not reason_why_not(one, desk, reflection, BARRIERS) for one in ABOUT_ANSWERS} == {
        one: person in who for one, who in ABOUT_ANSWERS.items()
    }


def test_what_is_over_or_not_yet(cast: Cast) -> None:
    desk = get_desk_or_404(cast.administrator, "harbour")
    audit = make_audit(cast.partnership)
    assert "Say which agencies take part first" in reason_why_not(check_can_agree_action, desk, audit)
    assert "was held" in reason_why_not(check_can_cancel_audit, desk, make_reported(cast.partnership))
    cancelled = make_audit(cast.partnership, cancelled="No time")
    assert "Choose ‘Hold it after all’ first" in reason_why_not(check_can_change_audit, desk, cancelled)
    assert "have finished" in reason_why_not(check_can_read_answers, desk, None, BARRIERS)
    running = make_reflection(audit, by=cast.administrator, people=5)
    assert "have finished" in reason_why_not(check_can_read_answers, desk, running, BARRIERS)
    few = make_reflection(make_audit(cast.partnership), by=cast.administrator, people=4, is_over=True)
    assert "Fewer than five" in reason_why_not(check_can_read_answers, desk, few, BARRIERS)


# The pages ------------------------------------------------------------------------------------------------------------


def post_plan(client: Client, typed: Mapping[str, Any], to: tuple[str, int] | None = None) -> Any:
    data = {
        "title": "Neglect",
        "method": "case_audit",
        "committee": "Quality group",
        "month": str(today().replace(day=1)),
        "version": "0",
    }
    where = address(to[0], audit=to[1]) if to else address("audit_add")
    return client.post(where, {**data, **typed})


def post_findings(client: Client, audit: MultiAgencyAudit, **typed: Any) -> Any:
    day = days(-1)
    data = {
        "key_messages": "Ask early.",
        "reported_on_day": day.day,
        "reported_on_month": day.month,
        "reported_on_year": day.year,
        "version": str(audit.version),
    }
    return client.post(address("audit_findings", audit=audit.pk), data | typed)


def test_from_an_empty_register_to_what_was_found(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    make_audit(cast.elsewhere, "Strange")
    assert "No audit yet." in get(client, "audits")
    place = get_place(cast)
    assert post_plan(client, {"agencies-standard": [place.pk]}).status_code == 302
    audit = MultiAgencyAudit.objects.of(cast.partnership).get()
    assert list(audit.taking_part.all()) == [place]
    assert (audit.changed_by, audit.version) == (cast.quality_officer, 1)
    assert post_findings(client, audit).status_code == 302
    said = get(client, "audit", audit=audit.pk)
    assert "Ask early." in said
    assert "Anchor Trust" in said
    listed = get(client, "audits")
    assert "Reported" in listed
    assert "Strange" not in listed


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "Enter a title"),
        ({"month": "2019-01-01"}, "Select a valid choice"),
        (
            {"ends_on_day": "3", "ends_on_month": "4", "ends_on_year": "2026"},
            "Enter the first day of the work too",
        ),
    ],
)
def test_a_plan_that_is_wrong_keeps_what_was_typed(
    cast: Cast, sign_in: SignIn, typed: dict[str, str], sentence: str
) -> None:
    response = post_plan(sign_in(cast.administrator), {"about": "Twelve cases", **typed})
    said = response.content.decode()
    assert response.status_code == 200
    assert "There is a problem" in said
    assert "Twelve cases" in said
    assert not MultiAgencyAudit.objects.exists()
    if "valid choice" not in sentence:
        assert sentence in said


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"key_messages": ""}, "Enter the key messages of an audit that is reported"),
        ({"weaknesses": "Anchor Trust was slow."}, "Weaknesses must name no agency: take out ‘Anchor Trust’"),
        ({"strengths": "Ring 07700 900123."}, "‘07700 900123’ looks like a phone number"),
        (
            {"again_on_day": "3", "again_on_month": "4", "again_on_year": "2020"},
            "To be repeated on must be after the day on which it was reported",
        ),
        ({"reported_on_year": "2190"}, "Reported on must be today or in the past"),
    ],
)
def test_findings_that_are_wrong(cast: Cast, sign_in: SignIn, typed: dict[str, str], sentence: str) -> None:
    audit = make_audit(cast.partnership)
    said = post_findings(sign_in(cast.administrator), audit, **typed).content.decode()
    assert sentence in " ".join(said.split())
    audit.refresh_from_db()
    assert audit.reported_on is None


@pytest.mark.parametrize("name", ["audit_change", "audit_findings"])
def test_a_stale_save_shows_both(cast: Cast, sign_in: SignIn, name: str) -> None:
    audit = make_audit(cast.partnership, key_messages="Theirs", about="Theirs", version=4)
    client = sign_in(cast.administrator)
    if name == "audit_change":
        response = post_plan(client, {"version": "3", "about": "Mine"}, to=(name, audit.pk))
    else:
        response = post_findings(client, audit, version="3", key_messages="Mine")
    said = response.content.decode()
    assert "Not saved" in said
    assert "Theirs" in said
    assert "Mine" in said
    assert 'name="version" value="4"' in said
    audit.refresh_from_db()
    assert (audit.key_messages, audit.about) == ("Theirs", "Theirs")


def test_planned_again_with_the_same_agencies(cast: Cast, sign_in: SignIn) -> None:
    audit = make_reported(cast.partnership, again_on=days(-1))
    audit.taking_part.add(get_place(cast))
    client = sign_in(cast.administrator)
    assert f"?repeats={audit.pk}" in get(client, "audit", audit=audit.pk)
    said = client.get(f"{address('audit_add')}?repeats={audit.pk}").content.decode()
    assert 'value="Neglect"' in said
    assert said.count("checked") == 2  # the method and the agency
    strange = make_reported(cast.elsewhere, "Strange")
    assert "Strange" not in client.get(f"{address('audit_add')}?repeats={strange.pk}").content.decode()


def test_who_took_part_and_has_left_stays(cast: Cast, sign_in: SignIn) -> None:
    audit, place = make_audit(cast.partnership), get_place(cast)
    audit.taking_part.add(place)
    Participation.objects.filter(pk=place.pk).update(is_active=False)
    client = sign_in(cast.administrator)
    typed = {"version": "1", "agencies-standard": [place.pk]}
    assert post_plan(client, typed, to=("audit_change", audit.pk)).status_code == 302
    assert list(audit.taking_part.all()) == [place]
    assert "Anchor Trust" not in client.get(address("audit_add")).content.decode()


def test_cancelled_with_a_reason_and_held_after_all(cast: Cast, sign_in: SignIn) -> None:
    audit = make_audit(cast.partnership)
    client = sign_in(cast.administrator)
    assert "Say why" in client.post(address("audit_cancel", audit=audit.pk), {}).content.decode()
    client.post(address("audit_cancel", audit=audit.pk), {"reason": "No time."})
    assert "<strong>It is not held.</strong> No time." in get(client, "audit", audit=audit.pk)
    client.post(address("audit_again", audit=audit.pk))
    assert "No time." not in get(client, "audit", audit=audit.pk)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for number in range(rows):
        audit = make_reported(cast.partnership, f"Audit {number}", theme=factories.make_theme("T1"))
        for action in range(rows):
            make_agreed(audit, get_place(cast), by=cast.administrator, what=f"Action {action}")
    reflection = make_reflection(audit, by=cast.administrator, people=4 + rows, is_over=True)
    write_summary(
        reflection=reflection, question=BARRIERS, text="Time", seen_version=0, by=cast.administrator
    )
    client = sign_in(cast.administrator)
    for number, name, arguments in (
        (5, "audits", {}),
        (4, "plan", {"year": ReportingYear.of(today()).slug}),
        (11, "audit", {"audit": audit.pk}),
        (8, "reflection", {"audit": audit.pk}),
        (12, "answers", {"audit": audit.pk, "question": "barriers"}),
    ):
        with django_assert_num_queries(number):
            get(client, name, **arguments)
    year = ReportingYear.of(days(-10))
    with django_assert_num_queries(6):
        get_chapter_part(cast.partnership, year)


# What was agreed ------------------------------------------------------------------------------------------------------


def test_what_is_agreed_stands_in_the_agencys_plan(cast: Cast, sign_in: SignIn) -> None:
    audit = make_audit(cast.partnership)
    place = get_place(cast)
    audit.taking_part.add(place)
    client = sign_in(cast.quality_officer)
    due = days(30)
    typed = {
        "agency": place.pk,
        "what": "Night staff see the plan",
        "measure": "Ten files show it",
        "owner": "Head",
        "due_on_day": due.day,
        "due_on_month": due.month,
        "due_on_year": due.year,
    }
    for _ in range(2):  # sent twice it is one
        assert client.post(address("action_add", audit=audit.pk), typed).status_code == 302
    action = Action.objects.get()
    assert (action.origin, action.participation) == (ActionOrigin.AUDIT, place)
    assert action.updates.get().text == "Agreed after the multi-agency audit ‘Neglect’."
    assert "Night staff see the plan" in get(client, "audit", audit=audit.pk)
    own = reverse("surveys:action", args=["harbour", "anchor", action.pk])
    said = sign_in(cast.lead).get(own).content.decode()
    assert "Agreed after a multi-agency audit" in said
    assert "so its words and dates stay" in said
    assert Action.objects.visible_to(cast.scrutineer).exists()
    assert not Action.objects.visible_to(cast.outsider).exists()
    assert not Action.objects.visible_to(cast.stranger).exists()


def test_its_words_stay_and_its_agency_reports(cast: Cast) -> None:
    action = make_agreed(make_audit(cast.partnership), get_place(cast), by=cast.administrator)
    roles = frozenset({MembershipRole.LEAD})
    assert "after a multi-agency audit" in reason_why_not(check_can_change_action, roles, action)
    done = ProgressInput("Done", ActionStatus.DONE, 100, "Seen sooner")
    assert report_progress(action=action, entered=done, seen_version=1, by=cast.lead) is None


def test_taken_back_it_is_dropped_with_the_reason(cast: Cast, sign_in: SignIn) -> None:
    audit = make_audit(cast.partnership)
    action = make_agreed(audit, get_place(cast), by=cast.administrator)
    client = sign_in(cast.administrator)
    there = address("action_drop", audit=audit.pk, action=action.pk)
    client.post(there, {"reason": "Agreed twice."})
    action.refresh_from_db()
    assert action.status == ActionStatus.DROPPED
    assert action.updates.latest("pk").text == "Agreed twice."
    assert client.get(there).status_code == 403
    other = make_audit(cast.partnership, "Other")
    assert client.get(address("action_drop", audit=other.pk, action=action.pk)).status_code == 404


def test_only_who_takes_part_gets_an_action(cast: Cast) -> None:
    audit = make_audit(cast.partnership)
    other = Participation.objects.get(partnership=cast.partnership, organisation=cast.other_organisation)
    entered = ActionInput("It is seen", "Counted", "Head", None, None, days(3), ActionPriority.LOW)
    with pytest.raises(NotInThisState, match="does not take part"):
        agree_action(audit=audit, participation=other, entered=entered, by=cast.administrator)


# The chapter ----------------------------------------------------------------------------------------------------------


def test_names_are_found_and_left_out() -> None:
    names = ["Anchor Trust", "Anchor Trust North", "", "Cove"]
    text = "Anchor Trust was slow. So was Anchor Trust North, at the cove; Coven was not."
    assert find_agencies(text, names) == ["Anchor Trust", "Anchor Trust North"]
    assert (
        without_agencies(text, names) == "One agency was slow. So was one agency, at the cove; Coven was not."
    )
    assert without_agencies(text, []) == text


def test_the_chapter_says_what_was_reported_and_names_no_agency(cast: Cast) -> None:
    audit = make_reported(
        cast.partnership,
        key_messages="# Ask early\nand ask again",
        strengths="Anchor Trust asks early.",
        weaknesses="Plans are late at Anchor Trust.",
        again_on=days(300),
    )
    make_agreed(audit, get_place(cast), by=cast.administrator, what="Anchor Trust writes plans")
    dropped = make_agreed(audit, get_place(cast), by=cast.administrator, what="Never mind")
    Action.objects.filter(pk=dropped.pk).update(status=ActionStatus.DROPPED)
    reflection = make_reflection(
        audit, by=cast.administrator, people=5, given={BARRIERS: "time", WELL: "calls"}, is_over=True
    )
    for question, text in ((BARRIERS, "Time, above all."), (WELL, "Calls.")):
        write_summary(
            reflection=reflection, question=question, text=text, seen_version=0, by=cast.administrator
        )
    barriers = list(reflection.answers.filter(question=BARRIERS))
    themes = {one.pk: ["Time", *(["Rota"] if number < 4 else [])] for number, one in enumerate(barriers)}
    give_themes(reflection=reflection, question=BARRIERS, themes=themes, seen={}, by=cast.administrator)
    make_reported(cast.elsewhere, "Strange")
    part = get_chapter_part(cast.partnership, ReportingYear.of(days(-10)))
    assert part is not None
    assert part.title == "Multi-agency audits"
    assert "### Neglect" in part.text
    assert "**Key messages.** Ask early\nand ask again" in part.text
    assert "**Strengths.** One agency asks early." in part.text
    assert "Plans are late at one agency." in part.text
    assert "1 action was agreed: 1 is not started.\n\n- One agency writes plans" in part.text
    assert "- Barriers: Time, above all. Most often: Time (5 answers)." in part.text
    assert "- What went well: Calls.\n" in f"{part.text}\n"
    for word in ("Anchor", "Rota", "Never mind", "Strange", "too little"):
        assert word not in part.text


def test_nothing_of_too_few_and_nothing_of_another_year(cast: Cast) -> None:
    audit = make_reported(cast.partnership)
    reflection = make_reflection(audit, by=cast.administrator, people=4, is_over=True)
    reflection.summaries.create(question=BARRIERS, text="Time", changed_by=cast.administrator)
    year = ReportingYear.of(days(-10))
    part = get_chapter_part(cast.partnership, year)
    assert part is not None
    assert "Time" not in part.text
    assert "practitioners" not in part.text
    assert get_chapter_part(cast.partnership, year.next.next) is None
    assert len(ReflectiveQuestion) == 7
