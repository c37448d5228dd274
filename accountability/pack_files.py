"""Packs on paper: one agency's for one reader; and a day's in one file, each reader's without what is closed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.text import slugify

from accountability.models import Meeting, MeetingDay, Paper
from accountability.pack_permissions import get_closed, get_open_meetings
from accountability.packs import Pack, View, get_pack, get_participation
from accountability.queries import Round, get_round_or_404
from s11.organisations.models import User
from s11.organisations.queries import get_desk_or_404
from s11.web.dates import date, time
from s11.web.pdf import Cover, render_pdf
from surveys.models import Document

# The parts of a pack: their ids and titles, in the order of the reading.
PARTS = (
    ("enquiry", "Lines of enquiry"),
    ("scores", "Scores by standard"),
    ("zeros", "At 0, and critical indicators"),
    ("evidence", "Evidence"),
    ("moderation", "What moderation changed"),
    ("staff", "Leaders say, staff say"),
    ("actions", "Actions of earlier years"),
    ("recommendations", "Recommendations of earlier meetings"),
    ("practice", "Good practice"),
    ("agency", "About the agency"),
)


# Of these there is nothing to say where nothing with scores was submitted; the head of the pack says that once.
OF_SCORES = frozenset({"scores", "zeros", "evidence", "moderation"})


def list_parts(pack: Pack) -> list[tuple[str, str]]:
    """Those that this pack has something in."""
    return [(key, title) for key, title in PARTS if has_part(pack, key)]


def has_part(pack: Pack, key: str) -> bool:
    if key == "staff":
        return pack.submitted is not None and bool(pack.submitted.beside_staff)
    return pack.submitted is not None or key not in OF_SCORES


@dataclass(frozen=True, slots=True)
class DayPacks:
    """Which meetings of a day somebody has packs of, and which are closed to them, with why."""

    meetings: tuple[Meeting, ...]
    closed: tuple[tuple[Meeting, str], ...]

    @property
    def state(self) -> str:
        """What a file with these packs holds: once it is another, an older file is not handed out."""
        keys = ",".join(str(meeting.pk) for meeting in self.meetings)
        return hashlib.sha256(keys.encode()).hexdigest()


def get_day_packs(here: Round, user: User, day: MeetingDay) -> DayPacks:
    """In the order of the day. A fixed number of queries."""
    meetings = list(get_open_meetings(here).filter(day=day).order_by("starts_at", "track", "pk"))
    closed = get_closed(here, user, meetings)
    return DayPacks(
        tuple(one for one in meetings if one.pk not in closed),
        tuple((one, closed[one.pk]) for one in meetings if one.pk in closed),
    )


# What a worker builds -------------------------------------------------------------------------------------------------


def build_pack(document: Document) -> bytes:
    paper = get_paper(document)
    assert paper.meeting is not None  # request_paper gives a pack its meeting
    meeting = Meeting.objects.with_place().get(pk=paper.meeting.pk)
    return render_pack(get_pack(meeting, get_view(paper)))


def get_view(paper: Paper) -> View:
    """A paper that names the agency's participation is the agency's own; else its reader's, or no one person's."""
    return View(reader=paper.reader, for_agency=paper.document.participation_id is not None)


def render_pack(pack: Pack) -> bytes:
    cycle = pack.meeting.cycle
    context = {
        "cover": Cover(
            title=pack.name,
            partnership=str(cycle.partnership),
            subtitle=f"Pack for the accountability meeting: {cycle}",
            version=say_reader(pack.view),
            date=timezone.localdate(pack.made_at),
        ),
        "sections": list_parts(pack),
        "pack": pack,
    }
    return render_pdf("documents/pack.html", context)


def say_reader(view: View) -> str:
    if view.for_agency:
        return "The agency’s own pack"
    return f"For {view.reader}" if view.reader else "For members of the panel"


def build_day_packs(document: Document) -> bytes:
    """Who may read what is asked again as it is built; the document keeps which packs it holds."""
    paper = get_paper(document)
    assert paper.day is not None  # request_paper gives a day's packs their day
    assert paper.reader is not None  # and their reader
    cycle = paper.day.panel.cycle
    desk = get_desk_or_404(paper.reader, cycle.partnership.slug)
    found = get_day_packs(get_round_or_404(paper.reader, desk, cycle.slug), paper.reader, paper.day)
    Document.objects.filter(pk=document.pk).update(draft_state=found.state)
    packs = [get_pack(meeting, View(reader=paper.reader)) for meeting in found.meetings]
    closed = [(get_name(meeting), why) for meeting, why in found.closed]
    return render_day(paper, packs, closed)


def render_day(paper: Paper, packs: Sequence[Pack], closed: Iterable[tuple[str, str]]) -> bytes:
    assert paper.day is not None
    cycle = paper.day.panel.cycle
    sections = [
        (f"pack-{pack.meeting.pk}", f"{time(pack.meeting.starts_at)} {pack.name}")
        for pack in packs
        if pack.meeting.starts_at is not None
    ]
    context = {
        "cover": Cover(
            title=f"Packs of {date(paper.day.date)}",
            partnership=str(cycle.partnership),
            subtitle=str(cycle),
            version=f"For {paper.reader}",
            date=timezone.localdate(),
        ),
        "sections": [*sections, *([("left-out", "Left out")] if closed else [])],
        "packs": [(pack, list_parts(pack)) for pack in packs],
        "closed": closed,
    }
    return render_pdf("documents/pack_day.html", context)


def get_paper(document: Document) -> Paper:
    return Paper.objects.select_related(
        "document", "reader", "day__panel__cycle__partnership", "meeting"
    ).get(document=document)


def get_name(meeting: Meeting) -> str:
    place = get_participation(meeting)
    return place.name if place else str(meeting.organisation)


# What the files are called --------------------------------------------------------------------------------------------


def name_pack(document: Document) -> str:
    """Such as `anchor-trust-2026-pack`."""
    meeting = get_paper(document).meeting
    assert meeting is not None  # as above
    return f"{slugify(get_name(meeting))[:80]}-{meeting.cycle.slug}-pack"


def name_day_packs(document: Document) -> str:
    """Such as `packs-2027-03-03`."""
    day = get_paper(document).day
    assert day is not None  # as above
    return f"packs-{day.date:%Y-%m-%d}"
