"""The action plan as files: a workbook, a calendar of due dates, and a PDF that a worker builds."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from s11.organisations.models import Participation
from s11.web.pdf import Cover, render_pdf
from surveys.action_plans import UNFINISHED, count_actions
from surveys.models import Action
from surveys.sheets import FORMATS, FORMULA_STARTS

TITLE_LENGTH = 90
HEAD = {"bold": True, "font_color": "#ffffff", "bg_color": "#1d4a6d", "text_wrap": True, "valign": "vcenter"}
# Title, width, format
COLUMNS: tuple[tuple[str, int, str], ...] = (
    ("What will be different", 60, "text"),
    ("How you will know", 45, "text"),
    ("Owner", 24, "text"),
    ("Start", 13, "date"),
    ("Due", 13, "date"),
    ("First due", 13, "date"),
    ("Overdue", 9, "text"),
    ("Priority", 10, "text"),
    ("Status", 13, "text"),
    ("% done", 8, "number"),
    ("What has changed for children", 45, "text"),
    ("Did it work", 18, "text"),
    ("What shows it", 45, "text"),
    ("Looked at by", 24, "text"),
    ("Looked at", 13, "date"),
    ("From", 22, "text"),
    ("Indicator", 10, "text"),
    ("Audit", 26, "text"),
    ("Last report", 45, "text"),
    ("Reported", 13, "date"),
    ("Number", 9, "number"),
)


def get_last_reports(actions: Iterable[Action]) -> dict[int, tuple[str, datetime.date]]:
    """What was said last about each action, and when. The actions' updates must be at hand."""
    found = {}
    for action in actions:
        said = [update for update in action.updates.all() if update.text]
        if said:
            found[action.pk] = (said[-1].text, timezone.localdate(said[-1].at))
    return found


def make_action_rows(actions: list[Action], today: datetime.date) -> list[list[object]]:
    """In the order of COLUMNS."""
    reports = get_last_reports(actions)
    rows: list[list[object]] = []
    for action in actions:
        answer = action.answer
        text, day = reports.get(action.pk, ("", None))
        seen = action.verification
        born = [action.get_origin_display(), "", ""]
        if answer is not None:
            born[1:] = [answer.indicator.code, answer.audit.cycle.title]
        rows.append(
            [
                action.what,
                action.measure,
                action.owner,
                action.starts_on,
                action.due_on,
                action.first_due_on,
                "Overdue" if action.is_overdue(today) else "",
                action.get_priority_display(),
                action.get_status_display(),
                action.percent,
                action.impact,
                seen.get_outcome_display() if seen else "",
                seen.text if seen else "",
                str(seen.by) if seen else "",
                timezone.localdate(seen.at) if seen else None,
                *born,
                text,
                day,
                action.pk,
            ]
        )
    return rows


def make_action_workbook(participation: Participation, actions: list[Action]) -> bytes:
    # Here, because most pages and commands never make a workbook.
    import xlsxwriter  # noqa: PLC0415

    file = io.BytesIO()
    # A cell is what it says: text from people is never a formula, and an address in it is no link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"title": f"Action plan: {participation.organisation}"})
    formats = {
        "head": book.add_format(HEAD),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "quoted": book.add_format(FORMATS["quoted"]),
        "number": book.add_format({"valign": "top"}),
        "date": book.add_format({"num_format": "d mmm yyyy", "valign": "top", "align": "left"}),
    }
    sheet = book.add_worksheet("Actions")
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    rows = make_action_rows(actions, timezone.localdate())
    for x, (title, width, kind) in enumerate(COLUMNS):
        sheet.set_column(x, x, width)
        sheet.write_string(0, x, title, formats["head"])
        for y, row in enumerate(rows, start=1):
            is_risky = kind == "text" and str(row[x]).startswith(FORMULA_STARTS)
            _write(sheet, (y, x), row[x], kind, formats["quoted" if is_risky else kind])
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
    book.close()
    return file.getvalue()


def _write(sheet: Any, place: tuple[int, int], value: object, kind: str, style: object) -> None:
    if value is None:
        sheet.write_blank(*place, None, style)
    elif kind == "date":
        sheet.write_datetime(*place, value, style)
    elif kind == "number":
        sheet.write_number(*place, value, style)
    else:
        sheet.write_string(*place, str(value), style)


def make_calendar(participation: Participation, actions: Iterable[Action]) -> bytes:
    """The due days of what is not finished, as whole days; the same action keeps its entry when it is loaded again."""
    # Here, because most pages never make a calendar.
    from icalendar import Calendar, Event  # noqa: PLC0415

    calendar = Calendar()
    calendar.add("prodid", "-//s11//Action plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Actions: {participation.organisation}")
    # A day without a time is the same day everywhere; this says whose days they are.
    calendar.add("x-wr-timezone", "Europe/London")
    host = urlsplit(settings.SITE_URL).hostname
    for action in actions:
        if action.status not in UNFINISHED:
            continue
        event = Event()
        event.add("uid", f"action-{action.pk}@{host}")
        event.add("dtstamp", max([action.created_at, *(update.at for update in action.updates.all())]))
        event.add("dtstart", action.due_on)
        event.add("dtend", action.due_on + datetime.timedelta(days=1))
        event.add("summary", f"Due: {shorten(action.what)}")
        event.add("description", f"{action.what}\n\nMeasure: {action.measure}\n\nOwner: {action.owner}")
        event.add("url", make_address(action))
        event.add("sequence", action.version)
        # Nobody is busy all day because something is due.
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1].rstrip()}…"


def make_address(action: Action) -> str:
    slugs = action.participation
    path = reverse("surveys:action", args=[slugs.partnership.slug, slugs.organisation.slug, action.pk])
    return f"{settings.SITE_URL}{path}"


def render_action_plan(participation: Participation) -> bytes:
    """A tagged PDF of the whole plan as it stands: what is due first comes first, what is finished last."""
    actions = sorted(
        participation.actions.select_related(
            "owner_user", "answer__indicator", "answer__audit__invitee__cycle"
        ).prefetch_related("verifications__by"),
        key=lambda one: (not one.is_unfinished, one.due_on, one.pk),
    )
    today = timezone.localdate()
    counts = count_actions(((one.status, one.due_on) for one in actions), today)
    sections = [("unfinished", "What is to be done"), ("finished", "Done and dropped")]
    context = {
        "cover": Cover(
            title=f"Action plan: {participation.organisation.name}",
            partnership=participation.partnership.name,
            version="The plan as it stood",
            date=today,
            status=f"{counts.open} not finished, {counts.overdue} overdue",
        ),
        "sections": sections,
        "counts": counts,
        "groups": [
            (sections[0], [one for one in actions if one.is_unfinished]),
            (sections[1], [one for one in actions if not one.is_unfinished]),
        ],
        "today": today,
    }
    return render_pdf("documents/action_plan.html", context)
