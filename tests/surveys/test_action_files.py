"""The action plan taken away: what the workbook, the calendar and the PDF hold."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from typing import Any

import icalendar
import openpyxl
import page as pdf_checker
import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.action_files import COLUMNS, render_action_plan, shorten
from surveys.models import Action
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import make_submitted

SignIn = Callable[..., Client]
DUE = datetime.date(2027, 6, 15)


def fetch(client: Client, file_format: str) -> bytes:
    response = client.get(reverse("surveys:actions_file", args=["harbour", "anchor", file_format]))
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    return bytes(response.content)


def read_events(content: bytes) -> tuple[Any, list[Any]]:
    """The calendar and its entries; what a property is differs by its name, which no type can say."""
    calendar: Any = icalendar.Calendar.from_ical(content)
    return calendar, list(calendar.walk("VEVENT"))


def make_plan(cast: Cast) -> list[Action]:
    audit = make_submitted(cast, 1)
    answer = audit.answers.get(indicator__code="A1.1")
    factories.make_action(cast.other_organisation, cast.partnership, what="Beacon’s")
    one = factories.make_action(
        cast.organisation,
        cast.partnership,
        answer=answer,
        due_on=DUE,
        what='=HYPERLINK("https://evil.example")',
        first_due_on=DUE - datetime.timedelta(days=30),
    )
    two = factories.make_action(
        cast.organisation, cast.partnership, what="Finished", status="done", percent=100, due_on=DUE
    )
    one.updates.create(
        text="Half of it",
        status_before="not_started",
        status_after="in_progress",
        percent_before=0,
        percent_after=50,
        due_before=DUE,
        due_after=DUE,
    )
    return [one, two]


def test_the_workbook_holds_the_whole_plan_and_no_formula(cast: Cast, sign_in: SignIn) -> None:
    one, _ = make_plan(cast)
    sheet = openpyxl.load_workbook(io.BytesIO(fetch(sign_in(cast.viewer), "xlsx")))["Actions"]
    head, first, second = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert head == [title for title, _, _ in COLUMNS]
    row = dict(zip(head, first, strict=True))
    assert row["What will be different"] == one.what
    assert sheet["A2"].data_type == "s"
    assert row["Due"] == datetime.datetime(2027, 6, 15)  # noqa: DTZ001  a day of a workbook has no zone
    assert row["First due"] == datetime.datetime(2027, 5, 16)  # noqa: DTZ001  likewise
    assert (row["Indicator"], row["Audit"]) == ("A1.1", "Audit 2026")
    assert row["Last report"] == "Half of it"
    assert dict(zip(head, second, strict=True))["What will be different"] == "Finished"


def test_the_calendar_holds_each_due_day_under_a_name_that_stays(cast: Cast, sign_in: SignIn) -> None:
    one, _ = make_plan(cast)
    client = sign_in(cast.lead)
    content = fetch(client, "ics")
    assert content == fetch(client, "ics")
    calendar, [event] = read_events(content)
    assert event["UID"].startswith(f"action-{one.pk}@")
    assert event["DTSTART"].dt == DUE
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["DTEND"].dt == DUE + datetime.timedelta(days=1)
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["URL"].endswith(f"/p/harbour/o/anchor/actions/{one.pk}/")
    assert calendar["X-WR-TIMEZONE"] == "Europe/London"
    uid = event["UID"]
    Action.objects.filter(pk=one.pk).update(due_on=DUE + datetime.timedelta(days=9), version=2)
    _, [event] = read_events(fetch(client, "ics"))
    assert (event["UID"], event["SEQUENCE"]) == (uid, 2)
    assert event["DTSTART"].dt == DUE + datetime.timedelta(days=9)


def test_text_with_line_ends_cannot_write_calendar_lines(cast: Cast, sign_in: SignIn) -> None:
    factories.make_action(
        cast.organisation, cast.partnership, what="Seen\r\nEND:VEVENT\nBEGIN:VEVENT; all, of \\ it"
    )
    _, [event] = read_events(fetch(sign_in(cast.lead), "ics"))
    assert event["SUMMARY"] == "Due: Seen END:VEVENT BEGIN:VEVENT; all, of \\ it"


@pytest.mark.parametrize("file_format", ["xlsx", "ics"])
def test_an_empty_plan_is_a_file_too(cast: Cast, sign_in: SignIn, file_format: str) -> None:
    assert fetch(sign_in(cast.lead), file_format)


def test_an_unknown_format_is_404(cast: Cast, sign_in: SignIn) -> None:
    assert (
        sign_in(cast.lead).get(reverse("surveys:actions_file", args=["harbour", "anchor", "doc"])).status_code
        == 404
    )


def test_the_files_ask_the_same_for_one_and_for_150(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = sign_in(cast.lead)
    factories.make_action(cast.organisation, cast.partnership)
    fetch(client, "xlsx")
    with django_assert_num_queries(7):
        fetch(client, "xlsx")
    for _ in range(149):
        factories.make_action(cast.organisation, cast.partnership)
    for file_format in ("xlsx", "ics"):
        with django_assert_num_queries(7):
            fetch(client, file_format)


def check_pdf(cast: Cast) -> None:
    """As the audit's copy and the overview: a screen reader can read it."""
    pdf = render_action_plan(cast.organisation.participations.get())
    report = pdf_checker.validate_pdf_bytes(pdf, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.Lang == "en-GB"
        assert document.open_metadata()["dc:title"] == "Action plan: Anchor Trust"


def test_the_pdf_is_accessible_whatever_it_holds(cast: Cast) -> None:
    make_plan(cast)
    long: dict[str, Any] = {
        "what": "Staff know — “whom” to tell. " * 130,
        "measure": "x" * 4_000,
        "owner": "y" * 150,
    }
    factories.make_action(cast.organisation, cast.partnership, **long)
    factories.make_action(cast.organisation, cast.partnership, what="<b>Outcome</b> & more", status="dropped")
    check_pdf(cast)


def test_the_pdf_of_an_empty_plan_is_accessible(cast: Cast) -> None:
    check_pdf(cast)


@pytest.mark.parametrize(("text", "length"), [("Short", 5), ("x" * 90, 90), ("x" * 91, 90), ("a\nb", 3)])
def test_a_title_is_one_short_line(text: str, length: int) -> None:
    assert len(shorten(text)) == length
    assert "\n" not in shorten(text)


def test_today_is_not_overdue_in_the_workbook(cast: Cast, sign_in: SignIn) -> None:
    factories.make_action(cast.organisation, cast.partnership, due_on=timezone.localdate())
    sheet = openpyxl.load_workbook(io.BytesIO(fetch(sign_in(cast.lead), "xlsx")))["Actions"]
    assert sheet["G2"].value in (None, "")
