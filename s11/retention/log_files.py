"""The log of what was destroyed as a file of JSON lines, kept beside the backups: earlier ones know nothing of it.

Each line holds the checksum of the one before it in its partnership, so a line that was changed or left out shows.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from s11.retention.models import DestructionEntry
from s11.web.exact_json import Exact

logger = logging.getLogger(__name__)

SUMMED: Final = (
    "number",
    "list_number",
    "kind",
    "record",
    "reference",
    "began_at",
    "counts",
    "files",
    "prepared_by",
    "approved_by",
    "approved_at",
    "previous",
)


class LogError(Exception):
    """What is wrong with the file, in a sentence for whoever runs the command."""


def make_line(entry: DestructionEntry) -> dict[str, Any]:
    """What its checksum is of."""
    facts = {name: getattr(entry, name) for name in SUMMED} | {"partnership": entry.partnership.slug}
    line: dict[str, Any] = json.loads(json.dumps(facts, cls=Exact, sort_keys=True))
    return line


def sum_line(line: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(line, sort_keys=True).encode()).hexdigest()


def make_sum(entry: DestructionEntry) -> str:
    return sum_line(make_line(entry))


def list_lines() -> Iterator[dict[str, Any]]:
    """All partnerships', each with its checksum and who the officers were."""
    entries = DestructionEntry.objects.select_related("partnership", "item__list").order_by(
        "partnership", "number"
    )
    for entry in entries.iterator(chunk_size=500):
        list_ = entry.item.list if entry.item is not None else None
        beside = {
            "sha256": entry.sha256,
            "at": entry.at.isoformat(),
            "officers": [list_.prepared_by_id, list_.approved_by_id] if list_ else [],
            "counts_from": entry.item.counts_from.isoformat() if entry.item is not None else "",
        }
        yield make_line(entry) | {"beside": beside}


def write_log(path: Path) -> int:
    """All of it or nothing; how many lines."""
    partial = path.with_name(path.name + ".partial")
    count = 0
    try:
        partial.touch(mode=0o600)
        with partial.open("w", encoding="utf-8") as file:
            for count, line in enumerate(list_lines(), start=1):  # noqa: B007  the last one is how many there are
                file.write(json.dumps(line, sort_keys=True) + "\n")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return count


def keep_log() -> None:
    """Where the settings say, after each list. One that cannot be written is told to whoever runs the platform."""
    if not settings.DESTRUCTION_LOG:
        return
    try:
        write_log(Path(settings.DESTRUCTION_LOG))
    except OSError:
        logger.exception("The log of destruction could not be written to DESTRUCTION_LOG")


def read_log(path: Path) -> list[dict[str, Any]]:
    """Its lines, after each has been held against its checksum and the line before. Raises LogError."""
    try:
        lines = [json.loads(one) for one in path.read_text(encoding="utf-8").splitlines() if one]
    except (OSError, ValueError) as error:
        raise LogError(f"{path} cannot be read as a log of destruction ({error}).") from None
    last: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        beside = line.pop("beside", {})
        slug = line.get("partnership", "")
        if sum_line(line) != beside.get("sha256") or line.get("previous") != last.get(slug, ""):
            raise LogError(
                f"Line {number} of {path} is not what was written, or one before it is missing: take another copy of "
                "the log."
            )
        last[slug] = beside["sha256"]
        line["beside"] = beside
    return lines


def find_log_faults() -> Iterator[str]:
    """Lines in the database that are not what was written, or do not follow the one before; for `verify`."""
    last: dict[int, DestructionEntry] = {}
    for entry in (
        DestructionEntry.objects.select_related("partnership").order_by("partnership", "number").iterator()
    ):
        before = last.get(entry.partnership_id)
        follows = entry.previous == (before.sha256 if before else "") and entry.number == (
            before.number + 1 if before else 1
        )
        if entry.sha256 != make_sum(entry) or not follows:
            yield f"Line {entry.number} of the destruction log of {entry.partnership} is not what was written."
        last[entry.partnership_id] = entry
