"""The risk list, training needs and the register of courses: who sees what, what pages and files say, what is kept."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import page as pdf_checker
import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accountability.agency_risk_facts import get_known
from accountability.course_catalogue import get_catalogue
from accountability.course_offers import list_offers, suggest_courses
from accountability.course_register import (
    CourseInput,
    NotInThisState,
    add_course,
    change_course,
    offer_course_again,
    retire_course,
)
from accountability.executive_files import TEMPLATE, make_document
from accountability.feedback_files import make_document as make_feedback
from accountability.feedback_reports import fetch_reports, get_agency_report
from accountability.models import Course, FeedbackIssue, FeedbackReport
from accountability.risk_list import Standing, get_risk_list
from accountability.risk_permissions import (
    check_can_keep_courses,
    check_can_offer_course_again,
    check_can_retire_course,
    check_can_see_risk,
)
from accountability.training_facts import get_training
from s11.organisations.enums import Variant
from s11.organisations.models import Participation, User
from s11.organisations.queries import get_desk_or_404
from s11.web.errors import reason_why_not
from s11.web.pdf import VARIANT, lay_out
from surveys.enums import CycleStatus, DocumentFormat, DocumentKind, Series
from surveys.models import Cycle, Document
from surveys.moderating import close_series, moderate_answer
from tests import factories
from tests.accountability.feedback_world import make_feedback_world
from tests.accountability.reports import make_report
from tests.accountability.risks import RiskWorld, make_course, make_risk_world, submit
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
OFFICERS = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")
READERS = {"administrator", "quality_officer", "scrutineer"}
ORGANISERS = {"administrator", "quality_officer"}


@grounded
def world(cast: Cast) -> RiskWorld:
    return make_risk_world(cast)


def url(name: str, **more: Any) -> str:
    return reverse(f"accountability:{name}", kwargs={"partnership": "harbour", **more})


def read(client: Client, name: str, query: str = "", **more: Any) -> str:
    return " ".join(client.get(f"{url(name, **more)}{query}").content.decode().split())


# Who may --------------------------------------------------------------------------------------------------------------


def test_who_sees_and_who_keeps(cast: Cast) -> None:
    desks = {name: get_desk_or_404(cast.people[name], "harbour") for name in OFFICERS}
    active = make_course(cast.partnership)
    retired = make_course(cast.partnership, "Neglect", is_active=False)
    checks: dict[str, tuple[Callable[..., None], tuple[Any, ...], set[str]]] = {
        "see": (check_can_see_risk, (), READERS),
        "keep": (check_can_keep_courses, (), ORGANISERS),
        "retire": (check_can_retire_course, (active,), ORGANISERS),
        "retire again": (check_can_retire_course, (retired,), set()),
        "offer again": (check_can_offer_course_again, (retired,), ORGANISERS),
        "offer what is offered": (check_can_offer_course_again, (active,), set()),
    }
    for act, (check, about, may) in checks.items():
        found = {name for name, desk in desks.items() if not reason_why_not(check, desk, *about)}
        assert found == may, act


# The list -------------------------------------------------------------------------------------------------------------


def test_the_list_says_why_and_beside_the_year_before(cast: Cast, world: RiskWorld) -> None:
    panel_action = factories.make_action(
        cast.other_organisation,
        cast.partnership,
        origin="panel",
        due_on=timezone.localdate() - datetime.timedelta(days=1),
    )
    assert panel_action.is_overdue(timezone.localdate())
    found = get_risk_list(world.cycle)
    assert [(row.place, row.name, row.standing) for row in found.rows] == [
        (1, "Anchor Trust", Standing.NEW),
        (2, "Beacon Homes", Standing.STILL),
    ]
    kinds = {row.name: [reason.kind for reason in row.reasons] for row in found.rows}
    assert kinds == {
        "Beacon Homes": ["not_submitted", "panel_overdue"],
        "Anchor Trust": ["critical_zero", "below_1", "overall", "fell", "no_follow_up"],
    }
    assert found.gone == ("Gull House",)
    assert (found.asked, found.earlier, found.new) == (3, world.last, 1)
    # Then: Gull House at 0 throughout, Beacon Homes without a return; what is overdue is known of now alone
    assert found.rows[1].place_before == 2


def test_moderated_scores_speak_once_they_are_final(cast: Cast, world: RiskWorld) -> None:
    answer = world.good.answers.select_related("audit__invitee__cycle").get(indicator__code="A1.1")
    moderate_answer(answer=answer, seen=0, score=1, reason="No file.", by=cast.quality_officer)
    assert "Gull House" not in [row.name for row in get_risk_list(world.cycle).rows]
    close_series(audit=world.good, by=cast.quality_officer)
    found = get_risk_list(world.cycle)
    assert "Gull House" not in [row.name for row in found.rows]
    assert found.not_enough == 1
    # A second further reason puts it there: that of its 1 there is neither an action nor a reason, was none of its own
    world.good.answers.filter(indicator__code="A2.1").update(submitted_score=1)
    row = next(row for row in get_risk_list(world.cycle).rows if row.name == "Gull House")
    assert [reason.words for reason in row.reasons] == [
        "1 score was lowered: 1 in moderation",
        "1 of 1 score of 0 or 1 without an action or a reason",
    ]
    assert (row.whose, row.mean, row.standing) == ("As moderated", "1.75", Standing.STILL)


def test_an_own_plan_is_seen_where_officers_see_it(cast: Cast, world: RiskWorld) -> None:
    """A free action is the agency's own: overdue or not, it is no reason."""
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    factories.make_action(cast.organisation, cast.partnership, due_on=yesterday)
    anchor = next(one for one in get_known(world.cycle, timezone.localdate()) if one.slug == "anchor")
    assert anchor.facts.own_late.count == 0
    answer = world.anchor.answers.get(indicator__code="A1.1")
    factories.make_action(cast.organisation, cast.partnership, answer=answer, due_on=yesterday)
    anchor = next(one for one in get_known(world.cycle, timezone.localdate()) if one.slug == "anchor")
    assert (anchor.facts.own_late.count, anchor.facts.low, anchor.facts.without_follow_up) == (1, 3, 2)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Anchor Trust", "Beacon Homes"}),
        ("?search=anch", {"Anchor Trust"}),
        ("?reason=not_submitted", {"Beacon Homes"}),
        ("?standard=standard:A1", {"Anchor Trust"}),
        ("?standard=standard:A2", set()),
        ("?standing=new", {"Anchor Trust"}),
        ("?sector=health", set()),
        ("?sector=not_known&variant=standard", {"Anchor Trust", "Beacon Homes"}),
        # What cannot be understood narrows nothing
        ("?standard=nonsense", {"Anchor Trust", "Beacon Homes"}),
    ],
)
def test_filters_and_the_file_of_what_they_show(
    cast: Cast, world: RiskWorld, sign_in: SignIn, query: str, names: set[str]
) -> None:
    client = sign_in(cast.scrutineer)
    page = read(client, "risk_list", query, cycle="2026")
    assert {name for name in ("Anchor Trust", "Beacon Homes") if f"{name}<" in page} == names
    file = client.get(url("risk_list_file", cycle="2026", file_format="csv") + query)
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert {row["Organisation"] for row in rows} == names


def test_the_page_states_its_measure_and_names_the_year_before(
    cast: Cast, world: RiskWorld, sign_in: SignIn
) -> None:
    page = read(sign_in(cast.quality_officer), "risk_list", cycle="2026")
    assert '2 of 3</strong> <span class="app-figures__label">give a serious reason' in page
    assert "2 of 3 agencies are on the list: 2 with a serious reason. 1 gives none." in page
    assert "Of 2 on the list of Audit 2025, 1 is still listed and 1 left the list with its return." in page
    assert "With 1 newly listed, that makes 2." in page
    assert "Five reasons are serious" in page
    assert "A critical indicator is at 0: A1.1 (Standard A1)" in page
    assert "On the list of Audit 2025, returned again, and without reason enough now: Gull House." in page
    assert (
        "Council and other services are those with the standard audit that are in no national register"
        in page
    )
    assert "not for publication" in page


def test_no_cell_is_a_formula(cast: Cast, world: RiskWorld, sign_in: SignIn) -> None:
    Participation.objects.filter(organisation=cast.organisation).update(local_name='=HYPERLINK("x")')
    make_course(cast.partnership, "@SUM(A1)")
    client = sign_in(cast.administrator)
    for name in ("risk_list_file", "training_needs_file"):
        text = client.get(url(name, cycle="2026", file_format="csv")).content.decode()
        assert "'=HYPERLINK" in text
        book = load_workbook(io.BytesIO(client.get(url(name, cycle="2026", file_format="xlsx")).content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert "f" not in {cell.data_type for cell in cells}
        assert '=HYPERLINK("x")' in {cell.value for cell in cells}
    assert client.get(url("risk_list_file", cycle="2026", file_format="pdf")).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    cast: Cast,
    world: RiskWorld,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    for number in range(rows):
        one = factories.make_organisation(f"Agency {number}", partnership=cast.partnership)
        audit = submit(world.cycle, one, {"A1.1": 0, "A1.2": 2, "A2.1": 1, "A2.2": 2})
        close_series(audit=audit, by=cast.administrator)
        make_course(cast.partnership, f"Course {number}")
    client = sign_in(cast.administrator)
    for name, cycle, queries in (
        ("risk_list", {"cycle": "2026"}, 39),
        ("training_needs", {"cycle": "2026"}, 11),
        ("courses", {}, 10),
    ):
        with django_assert_num_queries(queries):
            assert client.get(url(name, **cycle)).status_code == 200


def test_a_partnership_without_anything_says_what_will_be_here(cast: Cast, sign_in: SignIn) -> None:
    factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    client = sign_in(cast.administrator)
    assert "No agency gives reason enough to be here." in read(client, "risk_list", cycle="2026")
    assert "Training needs will be here" in read(client, "training_needs", cycle="2026")
    assert "No course yet." in read(client, "courses")


# Training needs -------------------------------------------------------------------------------------------------------


def test_needs_follow_the_series_and_gaps_say_what_no_course_answers(
    cast: Cast, world: RiskWorld, sign_in: SignIn
) -> None:
    course = make_course(cast.partnership)
    make_course(cast.elsewhere, "Theirs")
    needs = get_training(world.cycle, Series.SELF).needs
    assert [(one.course.pk, one.count, one.zeros, one.ones) for one in needs.courses] == [
        (course.pk, 1, 1, 1)
    ]
    assert [(gap.asked.code, len(gap.at_0), len(gap.at_1)) for gap in needs.gaps] == [("A2.2", 0, 1)]
    assert get_training(world.cycle, Series.MODERATED).needs.agencies == 0
    client = sign_in(cast.scrutineer)
    page = read(client, "training_needs", cycle="2026")
    assert "Safer recruitment: 1 agency with a 0" in page
    assert (
        '1 of 2</strong> <span class="app-figures__label">most in need: a 0 in what a course answers' in page
    )
    assert "By sector: Council and other services 1." in page
    assert page.count("Council and other services are those with the standard audit") == 1
    assert "Most pressing: 1 agency scored 1 for A2.2, and no course answers it." in page
    assert "Theirs" not in page
    Course.objects.update(is_active=False)
    assert len(get_training(world.cycle, Series.SELF).needs.gaps) == 3


def test_a_single_indicator_is_answered_in_every_variant(cast: Cast, world: RiskWorld) -> None:
    course = Course.objects.create(partnership=cast.partnership, name="Log", description="x", audience="y")
    key = world.anchor.answers.get(indicator__code="A2.2").indicator.key
    course.subjects.create(key=key)
    (need,) = get_training(world.cycle, Series.SELF).needs.needed
    assert [(one.agency.name, one.ones) for one in need.agencies] == [("Anchor Trust", 1)]


def test_an_agency_reads_the_active_courses_that_answer_its_own_low_scores(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = make_feedback_world(cast)
    answers = made.audit.answers.select_related("indicator__standard")
    low = [answers.get(indicator__code="A1.2").indicator]
    assert list_offers(cast.partnership, Variant.STANDARD, low) == []
    make_course(cast.partnership, "Retired", is_active=False)
    make_course(cast.elsewhere, "Theirs")
    other = Course.objects.create(partnership=cast.partnership, name="Other", description="x", audience="y")
    other.subjects.create(variant="school", code="A1")
    course = make_course(cast.partnership, "Hearing the child", link="https://courses.example/")
    for number in range(2):
        with django_assert_num_queries(2):
            offers = list_offers(cast.partnership, Variant.STANDARD, low)
        assert [(one.course, one.codes) for one in offers] == [(course, ("A1.2",))]
        make_course(cast.partnership, f"Also retired {number}", is_active=False)
    give_feedback(made, cast)
    page = read(sign_in(cast.viewer), "feedback_report", organisation="anchor", cycle=made.cycle.slug)
    assert "Courses that may help" in page
    context = make_feedback(get_agency_report(fetch_reports().get()))
    paper = render_to_string("documents/feedback_report.html", context)
    assert ("courses", "Courses that may help") in context["sections"]  # type: ignore[operator]
    assert "Hearing the child" in paper
    # All tiles in one row, each its own column; six would be two rows of three
    tiles = paper.count('<li class="app-figures__item">')
    assert f"repeat({3 if tiles == 6 else tiles}, 1fr)" in paper
    assert "Hearing the child" in page
    assert "Retired" not in page
    assert "Theirs" not in page


def give_feedback(made: Any, cast: Cast) -> None:
    now = timezone.now()
    by = cast.administrator
    issue = FeedbackIssue.objects.create(cycle=made.cycle, number=1, asked_by=by, told_by=by, told_at=now)
    document = Document.objects.create(
        kind=DocumentKind.FEEDBACK,
        format=DocumentFormat.PDF,
        partnership=cast.partnership,
        cycle=made.cycle,
        audit=made.audit,
    )
    FeedbackReport.objects.create(issue=issue, audit=made.audit, document=document)


@pytest.mark.parametrize(("agencies", "is_offered"), [(4, False), (5, True)])
def test_the_chapter_is_offered_what_five_agencies_need_and_told_no_number(
    cast: Cast, agencies: int, *, is_offered: bool
) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    for number in range(agencies):
        one = factories.make_organisation(f"Agency {number}", partnership=cast.partnership)
        submit(cycle, one, 1)
    course = make_course(cast.partnership)
    found = suggest_courses(make_report(cycle, by=cast.administrator))
    assert (found is not None) == is_offered
    if found is not None:
        assert found.courses == (course,)


# The register ---------------------------------------------------------------------------------------------------------


def enter(name: str = "Safer recruitment", **more: Any) -> CourseInput:
    given = {"description": "A day.", "audience": "Recruiters", "standards": [("standard", "A1")]}
    return CourseInput(name=name, **given | more)


def post(client: Client, address: str, **data: Any) -> str:
    given = {"name": "Log", "description": "A day.", "audience": "Recruiters", "version": "0"}
    return client.post(address, {**given, **data}, follow=True).content.decode()


def test_a_course_is_added_changed_retired_and_offered_again(
    cast: Cast, world: RiskWorld, sign_in: SignIn
) -> None:
    client = sign_in(cast.quality_officer)
    assert "Choose at least one standard or indicator" in post(client, url("course_add"))
    assert "is in the register" in post(client, url("course_add"), **{"standards-standard": ["A1"]})
    course = Course.objects.get()
    assert [str(one) for one in course.subjects.all()] == ["Standard A1"]
    assert "There is a course of this name already." in post(
        client, url("course_add"), **{"standards-standard": ["A1"]}
    )
    key = world.anchor.answers.get(indicator__code="A2.2").indicator.key
    page = post(client, url("course", course=course.pk), version="1", **{"indicators-1": [key]})
    assert "The course is saved." in page
    assert [str(one) for one in course.subjects.all()] == [key]
    assert "A2.2" in page
    client.post(url("course_retire", course=course.pk))
    course.refresh_from_db()
    assert (course.is_active, course.version) == (False, 3)
    client.post(url("course_offer", course=course.pk))
    course.refresh_from_db()
    assert (course.is_active, course.changed_by) == (True, cast.quality_officer)


def test_a_stale_save_shows_both_and_loses_neither(cast: Cast, world: RiskWorld, sign_in: SignIn) -> None:
    course = add_course(partnership=cast.partnership, entered=enter(), by=cast.administrator)
    change_course(course=course, entered=enter(description="Theirs."), seen_version=1, by=cast.administrator)
    client = sign_in(cast.quality_officer)
    page = post(
        client,
        url("course", course=course.pk),
        description="Mine.",
        version="1",
        **{"standards-standard": ["A2"]},
    )
    assert "Not saved" in page
    assert "Theirs." in page
    assert "Mine." in page
    assert 'name="version" value="2"' in page
    course.refresh_from_db()
    assert course.description == "Theirs."


def test_verbs_say_who_was_quicker(cast: Cast) -> None:
    course = add_course(partnership=cast.partnership, entered=enter(), by=cast.administrator)
    other = add_course(partnership=cast.partnership, entered=enter("Other"), by=cast.administrator)
    add_course(partnership=cast.elsewhere, entered=enter(), by=cast.outsider)
    retire_course(course=course, by=cast.administrator)
    with pytest.raises(NotInThisState, match="retired already"):
        retire_course(course=course, by=cast.administrator)
    with pytest.raises(NotInThisState, match="offered already"):
        offer_course_again(course=other, by=cast.administrator)
    with pytest.raises(NotInThisState, match=r"It is retired: offer it again instead\."):
        change_course(course=other, entered=enter(), seen_version=1, by=cast.administrator)
    other.refresh_from_db()
    assert other.name == "Other"


def test_what_no_bank_asks_any_more_stays_with_its_course(
    cast: Cast, world: RiskWorld, sign_in: SignIn
) -> None:
    entered = enter(standards=[("standard", "A1"), ("school", "Z9")], keys=["gone"])
    course = add_course(partnership=cast.partnership, entered=entered, by=cast.administrator)
    client = sign_in(cast.administrator)
    assert "Single-school Z9" not in read(client, "course", course=course.pk)
    post(client, url("course", course=course.pk), version="1", **{"standards-standard": ["A2"]})
    assert {str(one) for one in course.subjects.all()} == {"Standard A2", "School Z9", "gone"}
    catalogue = get_catalogue(cast.partnership)
    assert [catalogue.name(one) for one in course.subjects.order_by("key", "variant")] == [
        "School: Z9",
        "Standard: A2 Standard A2",
        "gone",
    ]


def test_another_partnerships_course_is_nowhere(cast: Cast, world: RiskWorld, sign_in: SignIn) -> None:
    theirs = make_course(cast.elsewhere, "Theirs")
    client = sign_in(cast.administrator)
    assert "Theirs" not in read(client, "courses")
    assert client.get(url("course", course=theirs.pk)).status_code == 404
    assert client.post(url("course_retire", course=theirs.pk)).status_code == 404
    outsider = sign_in(cast.outsider)
    for name, more in (("risk_list", {"cycle": "2026"}), ("courses", {})):
        assert outsider.get(url(name, **more)).status_code == 404


# The paper ------------------------------------------------------------------------------------------------------------


def test_the_paper_is_short_accessible_and_marked(cast: Cast, world: RiskWorld) -> None:
    """All 32 agencies with a serious reason, in rows, tiles and heading alike; the others are counted."""
    for number in range(30):
        one = factories.make_organisation(
            f"A rather long name of agency {number}", partnership=cast.partnership
        )
        factories.make_invitee(world.cycle, one)
    make_course(cast.partnership)
    document = Document(
        kind=DocumentKind.EXECUTIVE,
        format=DocumentFormat.PDF,
        partnership=cast.partnership,
        cycle=world.cycle,
    )
    context = make_document(document)
    assert (len(context["rows"]), context["rest"]) == (32, "")
    assert context["figures"][0] == {"value": "32 of 33", "label": "give a serious reason"}
    assert "32 of 33 agencies give a serious reason to ask" in draw_paper(context)
    laid_out = lay_out(TEMPLATE, context)
    assert len(laid_out.pages) <= 4
    found = pdf_checker.validate_pdf_bytes(laid_out.write_pdf(pdf_variant=VARIANT), profile="ua1")
    assert [(one.rule_id, one.message) for one in found.failures] == []


def draw_paper(context: dict[str, Any]) -> str:
    return " ".join(render_to_string(TEMPLATE, context).split())


def test_the_paper_of_a_first_cycle_compares_nothing(cast: Cast, world: RiskWorld) -> None:
    make_course(cast.partnership)
    paper = Document(kind=DocumentKind.EXECUTIVE, partnership=cast.partnership, cycle=world.cycle)
    assert '<th scope="col">The year before</th>' in draw_paper(make_document(paper))
    assert '<th scope="col" class="number">At 0</th>' in draw_paper(make_document(paper))
    first = Document(kind=DocumentKind.EXECUTIVE, partnership=cast.partnership, cycle=world.last)
    context = make_document(first)
    drawn = draw_paper(context)
    assert "2 of 3 agencies give a serious reason to ask" in drawn
    assert "The year before" not in drawn
    assert [row.name for row in context["rows"]] == ["Gull House", "Beacon Homes"]


def test_who_has_not_returned_yet_is_not_off_the_list(cast: Cast, world: RiskWorld, sign_in: SignIn) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(
        status=CycleStatus.OPEN, closed_at=None, closes_on=timezone.localdate() + datetime.timedelta(days=9)
    )
    found = get_risk_list(Cycle.objects.get(pk=world.cycle.pk))
    assert (found.gone, found.waiting) == (("Gull House",), ("Beacon Homes",))
    page = read(sign_in(cast.quality_officer), "risk_list", cycle="2026")
    assert '<span class="app-figures__note">1 more not returned yet</span>' in page
    assert ">Not returned yet</h2>" in page
    assert "so nobody can say that anything is better: Beacon Homes." in page
    assert "without reason enough now: Gull House." in page


def test_a_worker_makes_the_paper_and_readers_have_it(
    cast: Cast, world: RiskWorld, sign_in: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    client = sign_in(cast.scrutineer)
    with (
        patch("accountability.executive_files.render_pdf", return_value=b"%PDF-1.7"),
        django_capture_on_commit_callbacks(execute=True),
    ):
        page = client.post(url("risk_paper_request", cycle="2026"), follow=True).content.decode()
    document = Document.objects.get(kind=DocumentKind.EXECUTIVE)
    assert "Paper for the executive" in page
    file = client.get(url("risk_paper_file", cycle="2026", document=document.pk))
    assert b"".join(file.streaming_content) == b"%PDF-1.7"  # type: ignore[attr-defined]
    assert "audit-2026-risk-and-training-" in file["Content-Disposition"]
    assert file["Cache-Control"] == "private, no-store"
    # Of another cycle it is not
    assert client.get(url("risk_paper_file", cycle="2025", document=document.pk)).status_code == 404
