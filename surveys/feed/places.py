"""Who is asked and how far each has come, for the feed: the cycles, and the pipeline of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from s11.organisations.queries import Desk
from surveys.feed.base import Asked, Cell, FeedColumn, FeedTable, Kind
from surveys.models import Cycle
from surveys.pipeline import Wanted, list_rows
from surveys.pipeline_files import make_cells
from surveys.pipeline_permissions import check_can_read_places


def everybody(desk: Desk) -> None:
    """Every officer sees every cycle."""


def list_cycles(asked: Asked) -> Iterator[list[Cell]]:
    for one in Cycle.objects.of(asked.desk.partnership):
        yield [one.slug, one.title, one.kind, one.status, one.opens_on, one.closes_on]


def list_pipeline(asked: Asked) -> Iterator[list[Cell]]:
    for line in list_rows(asked.cycle, Wanted()):
        yield [line.row.invitee.organisation.slug, *make_cells(line)]


CYCLES: Final = FeedTable(
    name="cycles",
    holds="The partnership’s cycles; other addresses name one by its slug.",
    check=everybody,
    columns=(
        FeedColumn("slug", "its name in addresses"),
        FeedColumn("title", ""),
        FeedColumn("kind", "`full`, `core` or `topic`"),
        FeedColumn("status", "`planned`, `open` or `closed`"),
        FeedColumn("opens_on", "", Kind.DATE),
        FeedColumn("closes_on", "", Kind.DATE),
    ),
    list_rows=list_cycles,
    of_cycle=False,
)
PIPELINE: Final = FeedTable(
    name="pipeline",
    holds="Everybody invited to a cycle and how far each has come: counts and dates, no answer.",
    check=check_can_read_places,
    columns=(
        FeedColumn("key", "of the organisation; the same in all tables"),
        FeedColumn("organisation", "its name here"),
        FeedColumn("urn", "of a school"),
        FeedColumn("ods_code", "of an NHS body"),
        FeedColumn("ofsted_number", "of a children’s home"),
        FeedColumn("variant", ""),
        FeedColumn("obligation", "whether it must take part"),
        FeedColumn("statutory", "Yes or No"),
        FeedColumn("state", "as on the page Pipeline"),
        FeedColumn("stage", "the same, but how far it would be were it not overdue"),
        FeedColumn("due_on", "its own last day", Kind.DATE),
        FeedColumn("answered", "", Kind.NUMBER),
        FeedColumn("asked", "", Kind.NUMBER),
        FeedColumn("changed_on", "when somebody last worked on it", Kind.DATE),
    ),
    list_rows=list_pipeline,
)
