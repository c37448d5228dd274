"""A timetable that went out, on paper: a page a day, to pin to a wall."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone
from django.utils.text import slugify

from accountability.models import Release
from accountability.releases import read_release
from accountability.timetable_changes import Told
from s11.web.pdf import Cover, render_pdf
from surveys.models import Document


@dataclass(frozen=True, slots=True)
class Sheet:
    """One day: a column a panel, a line a time, each cell a meeting or nothing."""

    date: datetime.date
    heads: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Told | None, ...]], ...]


def build_timetable(document: Document) -> bytes:
    """As the release told it: the rows are frozen, so that it says the same whenever it is made."""
    release = get_release(document)
    cycle = release.panel.cycle
    cover = Cover(
        title=f"Timetable {release.number}",
        partnership=str(cycle.partnership),
        subtitle=cycle.title,
        version=f"{cycle.partnership.slug}-{cycle.slug}-T{release.number}".upper(),
        date=timezone.localdate(release.at),
    )
    sheets = make_sheets(read_release(release).values())
    return render_pdf("documents/timetable.html", {"cover": cover, "sheets": sheets, "sections": []})


def name_timetable(document: Document) -> str:
    release = get_release(document)
    return f"{slugify(release.panel.cycle.title)[:80]}-timetable-{release.number}"


def get_release(document: Document) -> Release:
    return Release.objects.select_related("panel__cycle__partnership").get(papers__document=document)


def make_sheets(told: Iterable[Told]) -> list[Sheet]:
    """In the order of the days; the meetings come in the order of the times."""
    return [_make_sheet(date, list(rows)) for date, rows in groupby(told, key=lambda one: one.date)]


def _make_sheet(date: datetime.date, told: list[Told]) -> Sheet:
    tracks = range(max(one.track for one in told) + 1)
    heads = tuple(
        next((one.place_words for one in told if one.track == track), f"Panel {track + 1}")
        for track in tracks
    )
    lines = []
    for (starts_at, minutes), rows in groupby(told, key=lambda one: (one.starts_at, one.minutes)):
        at = {one.track: one for one in rows}
        ends_at = datetime.datetime.combine(date, starts_at) + datetime.timedelta(minutes=minutes)
        words = f"{starts_at:%H:%M} to {ends_at:%H:%M}"
        lines.append((words, tuple(at.get(track) for track in tracks)))
    return Sheet(date, heads, tuple(lines))
