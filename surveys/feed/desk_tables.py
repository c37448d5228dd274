"""The tables of ‘Import and export’ for the feed: the same rows and the same cells, under names for programs.

Every cell is a text, as in the desk's own files: a score may be 2 or NA. Addresses and telephone numbers of people are
left out: no figure needs them, and each copy of them is one more to look after.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from surveys.feed.base import Asked, Cell, FeedColumn, FeedTable
from surveys.resources.columns import Column
from surveys.resources.tables import TABLES
from surveys.table_permissions import check_can_export_tables

# By their names there. What is in neither of the two is refused by a test: somebody has to say.
HOLDS: Final = {
    "organisations": "Who takes part in the partnership: names, variants, identifiers and groups.",
    "actions": "Actions from submitted answers, and those agreed with a panel.",
    "participation": "Who is invited to a cycle, who must, more time, exemptions, and when each submitted.",
    "answers": "All that was submitted in a cycle, a row an answer.",
    "moderation": "Each submitted answer with the agency’s score, and the moderated one beside it.",
}
LEFT_OUT: Final = frozenset({"contacts"})
LEFT_OUT_COLUMNS: Final = frozenset({"leads"})


def list_columns(slug: str) -> list[tuple[str, Column]]:
    """In the order in which the table writes its cells, each with the name that our code has for it."""
    table: Any = TABLES[slug]  # the library's types know the fields of its instances alone
    own = [(name, one) for name, one in table.fields.items() if isinstance(one, Column)]
    return sorted(own, key=lambda pair: pair[1].order)


def make_feed_table(slug: str) -> FeedTable:
    table = TABLES[slug]
    columns = list_columns(slug)
    kept = [at for at, (name, _) in enumerate(columns) if name not in LEFT_OUT_COLUMNS]

    def list_rows(asked: Asked) -> Iterator[list[Cell]]:
        found = table(partnership=asked.desk.partnership, by=asked.user, cycle=asked.own_cycle)
        for cells in found.list_cells():
            yield [cells[at] for at in kept]

    return FeedTable(
        name=slug,
        holds=HOLDS[slug],
        check=check_can_export_tables,
        columns=[FeedColumn(columns[at][0], f"‘{columns[at][1].heading}’") for at in kept],
        list_rows=list_rows,
        of_cycle=table.needs_cycle,
    )


DESK_TABLES: Final = tuple(make_feed_table(slug) for slug in HOLDS)
