"""A fictional partnership of any size, loaded through the commands that a real one would be loaded with."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.measuring import ROOT, Measured, Place

SLUG: Final = "large"
CYCLE: Final = "2026"
COMMENTARY: Final = (
    "We look at ten files a quarter with the team that keeps them, and at what children told us. In the last quarter "
    "nine of ten showed it; the tenth was put right within a week. The board saw both. "
)
VARIANTS: Final = ("standard", "health", "care_home", "school")


def read_codes(variant: str) -> list[str]:
    """The indicators of a bank, but those of a law to come: with a row for it, a conditional one is asked too."""
    import yaml  # noqa: PLC0415  only here

    bank = yaml.safe_load((ROOT / "surveys/questionnaires" / f"{variant}.yaml").read_text(encoding="utf-8"))
    indicators = [one for standard in bank["standards"] for one in standard["indicators"]]
    return [one["code"] for one in indicators if not one.get("in_force")]


def list_answers(audits: int, cycle: str = CYCLE) -> Iterator[tuple[str, str, str, int, str, str]]:
    submitted_at = f"{cycle}-05-01T12:00:00+00:00"
    codes = {variant: read_codes(variant) for variant in VARIANTS}
    for number in range(audits):
        for place, code in enumerate(codes[VARIANTS[number % 4]]):
            score = (number + place + int(cycle) - int(CYCLE)) % 3
            yield (f"Agency {number:04}", submitted_at, code, score, "", COMMENTARY * (1 + place % 3))


def load(place: Place, audits: int, cycles: Sequence[str] = (CYCLE,)) -> tuple[int, Measured]:
    """Into an empty place, cycle after cycle: how many answers one holds, and what importing the last took."""
    place.begin()
    loaded = [load_cycle(place, audits, cycle) for cycle in cycles]
    return loaded[-1]


def load_cycle(place: Place, audits: int, cycle: str) -> tuple[int, Measured]:
    people, answers = place.folder / "organisations.csv", place.folder / "answers.csv"
    write_organisations(people, audits)
    count = write_answers(answers, audits, cycle)
    here = ("--partnership", SLUG, "--cycle", cycle)
    new = ("--closes", f"{cycle}-06-30", "--title", f"Audit {cycle}")
    place.run("import_organisations", str(people), *here, *new)
    return count, place.run("import_answers", str(answers), *here)


def write_organisations(path: Path, number: int) -> None:
    rows = (
        (f"Agency {one:04}", VARIANTS[one % 4], "yes", "", f"lead@agency-{one}.example")
        for one in range(number)
    )
    _write(path, ("name", "variant", "statutory", "urn", "emails"), rows)


def write_answers(path: Path, audits: int, cycle: str = CYCLE) -> int:
    """How many they are."""
    columns = ("organisation", "submitted_at", "indicator", "score", "reason", "commentary")
    return _write(path, columns, list_answers(audits, cycle))


def _write(path: Path, columns: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count
