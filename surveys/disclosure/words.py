"""What was merged and hidden, in sentences: for officers with the reason, for the public without.

The reason alone can give a figure away (‘all share a low grade’ is the figure), so what is public never says it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from surveys.disclosure.merging import NAMES
from surveys.disclosure.rules import FEWEST, FEWEST_THAT_SHARE, Fault
from surveys.disclosure.shown import Release, ShownGroup, ShownHeading

WITHHELD = "Withheld, so that nobody’s scores can be worked out from it"
METHOD = (
    f"Figures about the scores of fewer than {FEWEST} organisations are not shown.",
    f"Neither is a figure that shows that all in a group of fewer than {FEWEST_THAT_SHARE} share a low grade.",
    "A kind of organisation that has too few is shown together with the next smallest kind.",
    "Other figures are withheld too where the rest, or what was published before, would give these away.",
    "That a figure is withheld does not say for which of these reasons.",
)
REASONS = {
    Fault.FEW: f"fewer than {FEWEST} organisations have scores here",
    Fault.LOW: f"fewer than {FEWEST_THAT_SHARE} organisations, and at most one of them is above a low grade",
    Fault.CHANGED: f"those that differ from what was published before are fewer than {FEWEST}, or fewer than "
    f"{FEWEST_THAT_SHARE} of whom at most one is above a low grade",
    Fault.APART: "not all organisations that are shown together have three scores here",
    Fault.PARTNER: "with the rest it would give away one that is withheld",
    Fault.WITHIN: "what it is part of is withheld",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """`text` is for officers; `public` may be printed."""

    about: str
    text: str
    public: str


def make_decisions(release: Release) -> tuple[Decision, ...]:
    return (*_say_late(release), *_say_groups(release), *_say_whole(release), *_say_themes(release))


def _say_late(release: Release) -> Iterator[Decision]:
    if release.late:
        count = len(release.late)
        yield Decision(
            "Who is counted",
            f"Left out of all scores: {count} that came after an earlier publication of this cycle. With fewer than "
            f"{FEWEST} the difference would show their scores.",
            "The scores are those of the organisations in the first publication.",
        )


def _say_groups(release: Release) -> Iterator[Decision]:
    for shown in release.groups:
        group = shown.group
        if group.is_merged:
            counts = ", ".join(
                f"{NAMES.get(variant, variant).lower()} {len(release.scores.of([variant]))}"
                for variant in group.variants
            )
            yield Decision(
                group.label,
                f"Shown together, by theme and without means: alone one of them could not be shown ({counts}).",
                f"{group.label} are shown together, by theme and without means, so that nobody’s scores can be worked "
                "out.",
            )
        if shown.figure.fault:
            yield _say_hidden(group.label, "Overall grades and mean", shown.figure.fault)
        elif group.has_mean and not shown.figure.shows_mean and shown.figure.cell.n:
            yield _say_mean(group.label)
        yield from _say_headings(shown)


def _say_headings(shown: ShownGroup) -> Iterator[Decision]:
    for heading in shown.headings:
        about, name = shown.group.label, f"{heading.heading.code} {heading.heading.title}"
        if heading.figure.fault:
            yield _say_hidden(about, name, heading.figure.fault)
            continue
        for fault, codes in _group_codes(heading).items():
            yield _say_hidden(about, ", ".join(codes), fault)
        if shown.group.has_mean and not heading.figure.shows_mean and heading.figure.cell.n:
            yield _say_mean(about, name)


def _group_codes(heading: ShownHeading) -> dict[Fault, list[str]]:
    codes: dict[Fault, list[str]] = {}
    for indicator in heading.indicators:
        if indicator.figure.fault:
            codes.setdefault(indicator.figure.fault, []).append(indicator.asked.code)
    return codes


def _say_whole(release: Release) -> Iterator[Decision]:
    if release.whole.fault:
        yield _say_hidden("All organisations", "Overall grades", release.whole.fault)


def _say_themes(release: Release) -> Iterator[Decision]:
    for theme in release.themes:
        if theme.figure.fault:
            yield _say_hidden("Themes", f"{theme.code} {theme.title}", theme.figure.fault)


def _say_hidden(about: str, name: str, fault: Fault) -> Decision:
    return Decision(about, f"{name}: withheld, because {REASONS[fault]}.", f"{name}: withheld.")


def _say_mean(about: str, name: str = "Overall") -> Decision:
    return Decision(
        about,
        f"{name}: the mean is withheld, because with the figures that are shown it would give away what is not.",
        f"{name}: the mean is withheld.",
    )
