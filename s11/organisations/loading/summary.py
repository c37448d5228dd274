"""How much of each a load changes or has changed, in words, for the command and the pages."""

from __future__ import annotations

from collections.abc import Mapping

from s11.organisations.enums import RegisterLineKind
from s11.organisations.loading.planning import Planned
from s11.organisations.loading.reading import Read
from s11.web.text import list_words, plural

Counts = Mapping[str, int]


def make_counts(read: Read, planned: Planned) -> dict[str, int]:
    """As it is kept with the load."""
    kinds = {kind.value: planned.counts[kind] for kind in RegisterLineKind}
    return kinds | {
        "rows": read.rows,
        "elsewhere": read.elsewhere,
        "left_out": read.left_out,
        "proposed": read.proposed,
        "parents": planned.parents,
        "unchanged": planned.unchanged,
        "writes": planned.writes,
    }


def say_counts(counts: Counts) -> str:
    """‘60 new, 1 under another name, 2 closed, 3 other changes, 12 as before; 60 new groups.’"""
    parts = [
        f"{counts['new']:,} new",
        f"{counts['renamed']:,} under another name",
        f"{counts['closed']:,} closed",
        plural(counts["changed"], "other change"),
        f"{counts['unchanged']:,} as before",
    ]
    said = ", ".join(parts)
    if counts["parents"]:
        said += f"; {plural(counts['parents'], 'new group')} as parents"
    return said + "."


def say_questions(counts: Counts) -> str:
    """What a person has to look at; empty where there is nothing."""
    parts = []
    if counts["clash"]:
        parts.append(plural(counts["clash"], "clash", "clashes"))
    if counts["left"]:
        parts.append(f"{plural(counts['left'], 'change')} for an operator")
    if counts["missing"]:
        parts.append(f"{counts['missing']:,} of yours not in the file")
    return f"To look at: {list_words(parts)}." if parts else ""


def say_passed_over(counts: Counts) -> str:
    """‘Of 50,000 rows 49,400 are of other local authorities and 12 are proposed.’"""
    parts = []
    if counts["elsewhere"]:
        parts.append(f"{counts['elsewhere']:,} are of other local authorities")
    if counts["left_out"]:
        parts.append(f"{counts['left_out']:,} are of kinds that are left out")
    if counts["proposed"]:
        parts.append(f"{counts['proposed']:,} are proposed and come once they open")
    rows = plural(counts["rows"], "row")
    return f"Of {rows} {list_words(parts)}." if parts else f"{rows[0].upper()}{rows[1:]} read."
