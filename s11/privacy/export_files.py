"""The zip that is handed over: a page to read, the same as JSON and as tables, and what each file is."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Collection, Iterator
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify

from s11.organisations.models import DataExport
from s11.privacy.gathering import Material
from surveys.overview_csv import write_csv
from surveys.passport_archives import ArchiveWriter

KEPT_BACK: Final = "[kept back: it says more of somebody else than of you]"
# What stands before the columns of each table.
FIRST: Final = ("row", "how")
HOW: Final = {"about": "about you", "by": "you did it, or are named in it"}


def write_export(export: DataExport, material: Material) -> bytes:
    """Without the texts that the officer keeps back."""
    material = leave_out(material, set(export.kept_back))
    target = io.BytesIO()
    writer = ArchiveWriter(target)
    context = {"export": export, "material": material, "made_at": timezone.now(), "how": HOW}
    page = render_to_string("documents/export_file.html", context, using="jinja2")
    writer.add("read-me-first.html", page.encode())
    facts = {"about": export.about, "made_at": timezone.now().isoformat(timespec="seconds"), **material}
    writer.add("data.json", json.dumps(facts, ensure_ascii=False, indent=1).encode())
    for table in material["tables"]:
        writer.add(f"tables/{slugify(table['model'].replace('.', '-'))}.csv", write_table(table))
    if material["mentions"]:
        heads = ("table", "row", "column", "text")
        rows = ([one["title"], one["id"], one["column"], one["text"]] for one in material["mentions"])
        writer.add("tables/mentions.csv", write_csv(heads, rows))
    writer.finish()
    return target.getvalue()


def leave_out(material: Material, numbers: Collection[int]) -> Material:
    found = copy.deepcopy(material)
    for text in list_texts(found):
        if text["number"] in numbers:
            text["text"] = KEPT_BACK
    return found


def list_texts(material: Material) -> Iterator[dict[str, Any]]:
    """Every text with a number: those of others that name the person, then those in rows that are theirs."""
    yield from material["mentions"]
    for table in material["tables"]:
        for row in table["rows"]:
            yield from (text for text in row["texts"] if text["number"])


def write_table(table: Material) -> bytes:
    columns = list(dict.fromkeys(name for row in table["rows"] for name in _flatten(row)))
    rows = (
        [row["id"], HOW[row["how"]], *(_flatten(row).get(name, "") for name in columns)]
        for row in table["rows"]
    )
    return write_csv([*FIRST, *columns], rows)


def _flatten(row: dict[str, Any]) -> dict[str, str]:
    cells: dict[str, str] = row["cells"]
    return cells | {text["column"]: text["text"] for text in row["texts"]}
