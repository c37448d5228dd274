"""docs/data-map.md: the map that every app declares, as a page that an information governance officer can read."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.utils.text import slugify

from s11.web.personal_data import Column, Kept, Leaving, Purpose, get_map, list_purposes

INTRODUCTION = """# Data map

Every table of the service and every column in it: whether it is about people, whose, what for, on what basis, where it
comes from, and what becomes of it. Written by `manage.py draw_data_map` from what each app declares (`data_map`); a
test fails for a table or column that nobody has declared, and where this page is behind. From the same declaration come
the export of what is held about a person, the removing of a leaver's name, and the list on the public privacy page.

How long each kind of record is kept, and how it is destroyed: [privacy.md](privacy.md). What can go wrong, and what is
done about it: [dpia.md](dpia.md). The lawful bases are suggestions: the partnership is the controller and decides.

- **About the person**: what is known of whoever the row is about.
- **Who did it**: the account of whoever did something. After a name is removed it says ‘a former member of …’.
- **Words**: texts that people wrote; they may name anybody, and nobody should name a child in them.
- **Keys**: passwords, codes and checksums; never handed out.
- **When somebody's name is removed**: what becomes of rows about them. References to the account always stay.
"""
HEADS = ("Table", "About the person", "Who did it", "Words", "Keys", "When somebody's name is removed")
SAID = {Leaving.STAYS: "stays", Leaving.CLEARED: "name and address are removed", Leaving.DELETED: "deleted"}


def write_page() -> str:
    parts = [INTRODUCTION, "## Kinds of record\n", *_write_contents()]
    tables = list(get_map().values())
    for purpose in list_purposes():
        of_it = [kept for kept in tables if kept.purpose == purpose]
        if any(kept.is_personal for kept in of_it):
            parts += ["", *_write_purpose(purpose, [kept for kept in of_it if kept.is_personal])]
    parts += ["", "## Tables that hold nothing about anybody", ""]
    parts += [
        f"- {_name(kept)}" + (f": {kept.note}" if kept.note else "")
        for kept in tables
        if not kept.is_personal
    ]
    return "\n".join(parts) + "\n"


def _write_contents() -> Iterator[str]:
    for purpose in list_purposes():
        if any(kept.is_personal for kept in get_map().values() if kept.purpose == purpose):
            yield f"- [{purpose.title}](#{slugify(purpose.title)}): {purpose.basis.value}"


def _write_purpose(purpose: Purpose, tables: list[Kept]) -> Iterator[str]:
    yield f"## {purpose.title}"
    yield ""
    yield f"- What for: {purpose.why}"
    yield f"- Lawful basis (suggestion): {purpose.basis.value}"
    yield f"- Where it comes from: {purpose.source}"
    yield f"- Kept as: {purpose.retention}"
    yield ""
    yield f"| {' | '.join(HEADS)} |"
    yield f"|{' --- |' * len(HEADS)}"
    for kept in tables:
        yield _write_row(kept)
    notes = [f"- {_name(kept)}: {kept.note}" for kept in tables if kept.note]
    yield from ["", *notes] if notes else []


def _write_row(kept: Kept) -> str:
    shown = (Column.OWN, Column.WHO, Column.WORDS, Column.KEY)
    columns = [
        ", ".join(f"`{name}`" for name, column in kept.columns.items() if column == one) for one in shown
    ]
    leaving = SAID[kept.leaving] if kept.about else ""
    return f"| {' | '.join([_name(kept), *columns, leaving])} |"


def _name(kept: Kept) -> str:
    """Such as `surveys_answer`, by which an operator finds it in the database."""
    return f"`{apps.get_model(kept.model)._meta.db_table}`"
