"""`make bench`: run every benchmark, write latest.json, and say which targets were met."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from benchmarks import exporting, loading_registers, overviews, scale, timetables
from benchmarks.measuring import Figure

LATEST: Final = Path(__file__).with_name("latest.json")
BENCHMARKS: Final[tuple[Callable[[], Iterable[Figure]], ...]] = (
    exporting.measure,
    loading_registers.measure,
    overviews.measure,
    scale.measure,
    timetables.measure,
)


def main() -> None:
    rows = []
    for measure in BENCHMARKS:
        for figure in measure():
            met = "met" if figure.met else "NOT MET"
            print(
                f"{figure.name:<44}{figure.value:>8g} {figure.unit} (target {figure.target:g}, {met})",
                flush=True,
            )
            rows.append(figure.as_row())
    LATEST.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Written to {LATEST.relative_to(Path.cwd())}.")


if __name__ == "__main__":
    main()
