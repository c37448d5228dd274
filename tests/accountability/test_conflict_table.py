"""A conflict of interest over every kind of thing that tells of a meeting: page, PDF, list, table, and personal link.

One row a person and address: open before, closed since. Calendars and their files are held in test_feeds.py and
test_releasing.py, packs and a day's packs in test_pack_access.py, with more kinds of conflict in test_conflicts.py.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.http.response import HttpResponseBase
from django.template import engines
from django.test import Client
from django.utils import timezone

from accountability.enums import LetterStatus, MinutesStatus
from accountability.models import Meeting, PanelMember, Paper
from accountability.timetable_files import build_timetable
from s11.organisations.models import User
from surveys.enums import DocumentFormat, DocumentKind
from surveys.models import Document
from tests.accountability.factories import make_day, make_interest, make_officer_member
from tests.accountability.meetings import to, to_day
from tests.accountability.outcomes import (
    add_paper,
    get_members,
    hold_meeting,
    make_held_round,
    write_letter,
    write_minutes,
)
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
HERE = "/p/harbour/desk/meetings/2026/"
DAY = to_day("2027-03-03")
# What nobody with a conflict reads anywhere: a note as minuted, a recommendation, and what others may learn.
SECRETS = ("A good start.", "Train the new staff.", "A film for new starters.")

READERS = ("administrator", "quality_officer", "scrutineer")
SEATED = ("panel_member", "panel_chair")
# Pages and files of one meeting, each closed whole.
CLOSED = (
    to("meeting"),
    to("meeting_others"),
    to("meeting_scores"),
    to("meeting_agreed"),
    to("minutes"),
    to("minutes_file"),
    to("letter"),
    to("letter_file"),
    to("pack"),
)
# What officers follow.
FOLLOWED = (to("followed", number=1),)
# Lists and tables, which stay open and leave it out.
LISTS = (DAY, f"{HERE}packs/", f"{HERE}")
FOR_OFFICERS = (f"{HERE}letters/", f"{HERE}progress/list/", f"{HERE}progress/list/?format=csv")
# Who meets whom and when: the plan, and a release of it on its page and as PDF.
TIMETABLES = (f"{HERE}timetable/", f"{HERE}releases/1/", f"{HERE}releases/1/file/")
ROOT = Path(__file__).parents[2]


@grounded
def meeting(cast: Cast) -> Meeting:
    """Held, minuted, written about, with everything on paper."""
    panel = make_held_round(cast)
    meeting = hold_meeting(panel, cast.organisation, cast.quality_officer)
    day = make_day(panel)
    Meeting.objects.filter(pk=meeting.pk).update(day=day, starts_at=day.starts_at, track=0)
    meeting.refresh_from_db()
    write_minutes(meeting, cast.quality_officer, MinutesStatus.FINAL)
    add_paper(meeting, DocumentKind.MINUTES)
    write_letter(meeting, cast.quality_officer, LetterStatus.SENT)
    return meeting


def read(client: Client, address: str) -> tuple[int, str]:
    response: HttpResponseBase = client.get(address)
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return response.status_code, content.decode(errors="replace")


def declare(meeting: Meeting, person: User) -> None:
    found = PanelMember.objects.filter(panel=meeting.panel, officer__user=person).first()
    make_interest(found or make_officer_member(meeting.panel, person), meeting.organisation)


@pytest.mark.parametrize("name", [*READERS, *SEATED])
def test_pages_and_files_close_and_lists_leave_it_out(
    cast: Cast, meeting: Meeting, sign_in: SignIn, name: str
) -> None:
    client = sign_in(cast.people[name])
    one_meeting = (*CLOSED, *FOLLOWED) if name in READERS else CLOSED
    lists = (*LISTS, *FOR_OFFICERS) if name in READERS else LISTS
    assert {address: read(client, address)[0] for address in one_meeting} == dict.fromkeys(one_meeting, 200)
    declare(meeting, cast.people[name])
    for address in one_meeting:
        status, said = read(client, address)
        assert (address, status) == (address, 403)
        assert not [one for one in SECRETS if one in said], address
    for address in lists:
        status, said = read(client, address)
        assert (address, status) == (address, 200)
        assert not [one for one in SECRETS if one in said], address
        assert not [one for one in one_meeting if f'"{one}"' in said], address


def test_lists_and_tables_tell_it_without_a_conflict(cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
    """Else the test above could not fail."""
    client = sign_in(cast.quality_officer)
    pages = [read(client, address)[1] for address in (DAY, f"{HERE}packs/", f"{HERE}letters/")]
    assert [any(f'"{one}"' in page for one in CLOSED) for page in pages] == [True, True, True]
    for address in (f"{HERE}progress/list/", f"{HERE}progress/list/?format=csv"):
        assert "Train the new staff." in read(client, address)[1], address


@pytest.mark.parametrize("name", READERS)
def test_a_timetable_tells_officers_name_and_time_and_nothing_said(
    cast: Cast, meeting: Meeting, sign_in: SignIn, name: str
) -> None:
    """The rule: who plans a round sees all of it, a conflict or not, for whoever keeps out has to know when that is.

    It tells an agency’s name, its time and its panel. What was written or said about it stays closed.
    """
    paper, html = print_timetable(meeting)
    declare(meeting, cast.people[name])
    client = sign_in(cast.people[name])
    pages = {address: read(client, address) for address in TIMETABLES}
    assert {address: status for address, (status, _) in pages.items()} == dict.fromkeys(TIMETABLES, 200)
    assert pages[TIMETABLES[2]][1] == paper
    for said in (pages[TIMETABLES[0]][1], pages[TIMETABLES[1]][1], html):
        assert "Anchor Trust" in said
        assert "9:30" in said
        assert not [one for one in (*SECRETS, *(f'"{page}"' for page in CLOSED)) if one in said]


@pytest.mark.parametrize("name", SEATED)
def test_who_sits_sees_their_own_meetings_and_no_timetable_or_table(
    cast: Cast, meeting: Meeting, sign_in: SignIn, name: str
) -> None:
    print_timetable(meeting)
    client = sign_in(cast.people[name])
    for address in (*TIMETABLES, *FOR_OFFICERS):
        assert (address, read(client, address)[0]) == (address, 403)


def print_timetable(meeting: Meeting) -> tuple[str, str]:
    """Of release 1: what its file holds, and the page that a PDF is made of."""
    release, cycle = meeting.panel.releases.get(number=1), meeting.cycle
    document = Document(
        kind=DocumentKind.TIMETABLE,
        format=DocumentFormat.PDF,
        partnership=cycle.partnership,
        cycle=cycle,
        built_at=timezone.now(),
    )
    document.file.save("x.pdf", ContentFile(b"%PDF-1.7 timetable"))
    Paper.objects.create(document=document, release=release)
    with patch("accountability.timetable_files.render_pdf") as rendered:
        build_timetable(document)
    template, context = rendered.call_args.args
    return "%PDF-1.7 timetable", engines["jinja2"].get_template(template).render(context)


def test_all_of_it_leaves_by_an_operators_command_alone() -> None:
    """No page, job or other command exports a partnership: it holds what each with a conflict keeps out of."""
    callers = [
        path.relative_to(ROOT).as_posix()
        for package in ("s11", "surveys", "accountability")
        for path in (ROOT / package).rglob("*.py")
        if "export_partnership(" in path.read_text()
    ]
    assert sorted(callers) == [
        "surveys/exports/partnership.py",
        "surveys/management/commands/export_partnership.py",
    ]


def test_a_personal_link_opens_none_of_it_either(meeting: Meeting, client: Client) -> None:
    holly = get_members(meeting.panel)[2]
    link = f"/t/{holly.get_link_token()}/"
    assert SECRETS[0] in read(client, f"{link}minutes/anchor/")[1]
    assert "Anchor Trust" in read(client, f"{link}minutes/")[1]
    make_interest(holly, meeting.organisation)
    status, said = read(client, f"{link}minutes/anchor/")
    assert (status, SECRETS[0] in said) == (403, False)
    # That there is something, and why it is closed, may be said.
    for page in ("", "minutes/", "packs/"):
        said = read(client, f"{link}{page}")[1]
        assert not [one for one in (*SECRETS, "minutes/anchor/", "packs/anchor/") if one in said], page
