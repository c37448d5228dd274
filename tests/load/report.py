"""What is told of an evening: a table of the requests, what was lost, and what the processors did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.load.rows import Counted, Row

HEADINGS: Final = ("what", "requests", "median", "95 %", "99 %", "longest", "errors")


@dataclass(frozen=True, slots=True)
class Result:
    """One evening on one database. `rows` are all of its requests, `begin` is when the counted minutes began."""

    database: str
    people: int
    begin: float
    seconds: float
    rows: Sequence[Row]
    counted: Counted
    # Seconds of the processor within the counted minutes, by who took them.
    processor: Mapping[str, float]
    processors: int
    # Of the servers' logs: how often each of these words is in them.
    logged: Mapping[str, int]
    verified: str

    @property
    def within(self) -> list[Row]:
        return [row for row in self.rows if 0 <= row.at - self.begin < self.seconds]

    @property
    def wrong(self) -> list[Row]:
        """Of the whole run, the signing in too."""
        return [row for row in self.rows if not row.is_right]

    @property
    def is_clean(self) -> bool:
        has_errors = bool(self.wrong) or self.counted.lost > 0 or any(self.logged.values())
        return not has_errors and self.verified == "Everything holds together."


def get_percentile(ordered: Sequence[float], percent: float) -> float:
    """The nearest rank: so many of a hundred were not longer. Of a list in order."""
    return ordered[max(0, -(-len(ordered) * percent // 100).__int__() - 1)]


def list_kinds(rows: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    """A line for each kind of request, the most frequent first, and one for all; milliseconds."""
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        kinds[row.kind].append(row)
        kinds["all"].append(row)
    for kind, found in sorted(kinds.items(), key=lambda one: (one[0] == "all", -len(one[1]))):
        ordered = sorted(row.milliseconds for row in found)
        times = [get_percentile(ordered, percent) for percent in (50, 95, 99, 100)]
        errors = sum(not row.is_right for row in found)
        yield (kind, f"{len(found):,}", *(f"{time:,.0f}" for time in times), str(errors))


def write_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """As Markdown; figures to the right."""
    yield f"| {' | '.join(headings)} |"
    yield f"| --- |{' ---: |' * (len(headings) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def write_report(result: Result) -> Iterator[str]:
    within, counted = result.within, result.counted
    yield f"### {result.database}"
    yield ""
    yield (
        f"{result.people:,} people at work for {result.seconds / 60:.1f} minutes: {len(within):,} requests, "
        f"{len(within) / result.seconds:.1f} a second. Times in milliseconds."
    )
    yield ""
    yield from write_table(HEADINGS, list_kinds(within))
    yield ""
    signed = [row for row in result.rows if row.kind == "signing in"]
    times = sorted(row.milliseconds for row in signed)
    if times:
        yield (
            f"- Signing in, before: {len(signed):,}, median {get_percentile(times, 50):,.0f} ms, 99 % within "
            f"{get_percentile(times, 99):,.0f} ms."
        )
    yield (
        f"- Counted afterwards: {counted.saves:,} saves of {counted.answers:,} answers, {counted.files:,} files and "
        f"{counted.submissions:,} submissions were acknowledged; lost: {counted.lost}."
    )
    yield f"- Requests without the right answer, in the whole run: {len(result.wrong)}."
    yield f"- In the logs: {', '.join(f'{words}: {number}' for words, number in result.logged.items())}."
    yield f"- `verify`: {result.verified}"
    yield f"- Processors: {'; '.join(list_shares(result))}."
    yield from (f"  - {sentence}" for sentence in counted.sentences)
    for row in result.wrong[:10]:
        yield f"  - {row.kind}: {row.status}, {row.milliseconds:,.0f} ms, {row.who}: {row.said}"


def list_shares(result: Result) -> Iterator[str]:
    """Of all that the processors could have done in the time."""
    whole = result.seconds * result.processors
    for name, seconds in result.processor.items():
        if seconds:
            yield f"{name} {seconds / whole:.0%}"
    yield f"together {sum(result.processor.values()) / whole:.0%} of {result.processors}"
