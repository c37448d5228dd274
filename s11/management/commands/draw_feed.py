"""`manage.py draw_feed`: renew the list of tables in docs/feed.md after a change to what the data feed holds."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from s11.organisations.enums import OfficerRole
from s11.organisations.models import Partnership
from s11.organisations.queries import Desk
from s11.web.errors import reason_why_not
from s11.web.text import list_words
from surveys.feed.base import FeedTable
from surveys.feed.tables import list_tables

BEGIN = "<!-- drawn by manage.py draw_feed -->"
END = "<!-- end -->"


def list_readers(table: FeedTable) -> list[str]:
    """By asking the table's own check of each role."""
    partnership = Partnership(name="The partnership")
    desks = {role: Desk(partnership, frozenset({role})) for role in OfficerRole}
    return [role.label.lower() for role, desk in desks.items() if not reason_why_not(table.check, desk)]


def describe(table: FeedTable) -> Iterator[str]:
    place = "<cycle>/" if table.of_cycle else ""
    addresses = " and ".join(f"`{place}{table.name}.{one}`" for one in table.formats)
    yield f"### {table.name}"
    yield f"{addresses}. {table.holds} For: {list_words(list_readers(table))}."
    if table.columns:
        lines = (f"| `{one.name}` | {one.kind} | {one.meaning} |" for one in table.columns)
        yield "\n".join(("| column | is a | holds |", "| --- | --- | --- |", *lines))


def replace_block(page: str) -> str:
    """The page with its tables as the code has them now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    tables = "\n\n".join(part for table in list_tables() for part in describe(table))
    return f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}"


class Command(BaseCommand):
    help = "Writes the tables of the data feed and their columns into docs/feed.md."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "feed.md"
        path.write_text(replace_block(path.read_text(encoding="utf-8")), encoding="utf-8")
        self.stdout.write(f"{path.name} holds the tables.")
