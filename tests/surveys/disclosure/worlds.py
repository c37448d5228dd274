"""Small partnerships for the tests of disclosure control: by hand, and drawn by hypothesis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import strategies as st

from surveys.disclosure import NOT_APPLICABLE, Asked, Bank, Heading, Record, Scores

THEMES = (("T1", "Leadership"), ("T2", "Records"), ("T3", "Recruitment"))
VARIANTS = ("standard", "health", "care_home", "school")
# A standard is its theme and the themes of its indicators: ("T1", ("T1", "T2")).
Shape = Sequence[tuple[str, Sequence[str]]]


def make_bank(variant: str, shape: Shape) -> Bank:
    letter = variant[0].upper()
    return Bank(
        variant,
        tuple(
            Heading(
                f"{letter}{number}",
                f"Standard {number}",
                theme,
                tuple(
                    Asked(f"{letter}{number}.{place}", f"{variant}-{number}-{place}", "A statement", own)
                    for place, own in enumerate(themes, start=1)
                ),
            )
            for number, (theme, themes) in enumerate(shape, start=1)
        ),
    )


def make_scores(
    shapes: Mapping[str, Shape], answers: Mapping[str, Sequence[str]], *, series: str = "self"
) -> Scores:
    """`answers` are a line an organisation, by variant; organisations are counted from 1 through all variants."""
    banks = tuple(make_bank(variant, shapes[variant]) for variant in VARIANTS if variant in shapes)
    lines = [(variant, line) for variant, said in answers.items() for line in said]
    records = tuple(Record(number, variant, line) for number, (variant, line) in enumerate(lines, start=1))
    return Scores("2027", series, banks, THEMES, records)


def change(scores: Scores, changes: Mapping[int, str], leavers: Sequence[int] = ()) -> Scores:
    """The same with some organisations' answers changed and some gone."""
    kept = [
        replace(record, answers=changes.get(record.organisation, record.answers))
        for record in scores.records
        if record.organisation not in leavers
    ]
    return replace(scores, records=tuple(kept))


def join(scores: Scores, variant: str, lines: Sequence[str]) -> Scores:
    last = max((record.organisation for record in scores.records), default=0)
    joined = (Record(last + number, variant, line) for number, line in enumerate(lines, start=1))
    return replace(scores, records=(*scores.records, *joined))


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    codes = st.sampled_from([code for code, _ in THEMES])
    standards = draw(st.integers(1, 3))
    shape = []
    for _ in range(standards):
        theme = draw(codes)
        # Mostly the standard's theme, as in the banks.
        own = st.one_of(st.just(theme), st.just(theme), codes)
        shape.append((theme, draw(st.lists(own, min_size=1, max_size=2))))
    return shape


@st.composite
def lines(draw: st.DrawFn, length: int) -> str:
    """Answers as they are: mostly 2, or a sector that is weak; some not applicable."""
    letters = draw(st.sampled_from(["2221", "2210", "1102", "10", "2", f"22{NOT_APPLICABLE}1"]))
    return "".join(draw(st.sampled_from(letters)) for _ in range(length))


@st.composite
def worlds(draw: st.DrawFn, *, most: int = 9) -> Scores:
    """A partnership with two or three variants, seldom large."""
    variants = VARIANTS[: draw(st.integers(1, 3))]
    drawn = {variant: draw(shapes()) for variant in variants}
    answers = {}
    for variant, shape in drawn.items():
        length = sum(len(themes) for _, themes in shape)
        count = draw(st.integers(0, most))
        answers[variant] = [draw(lines(length)) for _ in range(count)]
    return make_scores(drawn, answers)


@st.composite
def corrections(draw: st.DrawFn) -> list[Scores]:
    """Publications of one cycle: answers change, organisations come late and are taken back."""
    versions = [draw(worlds(most=8))]
    for _ in range(draw(st.integers(1, 2))):
        scores = versions[-1]
        organisations = [record.organisation for record in scores.records]
        chosen = (
            draw(st.lists(st.sampled_from(organisations), unique=True, max_size=7)) if organisations else []
        )
        changes = {
            record.organisation: draw(lines(len(record.answers)))
            for record in scores.records
            if record.organisation in chosen
        }
        leavers = draw(st.sampled_from([[], [], chosen[:1]]))
        scores = change(scores, changes, leavers)
        bank = draw(st.sampled_from(scores.banks))
        late = [draw(lines(len(bank.asked))) for _ in range(draw(st.sampled_from([0, 0, 1, 2, 5])))]
        versions.append(join(scores, bank.variant, late))
    return versions


@st.composite
def years(draw: st.DrawFn) -> list[Scores]:
    """Two cycles of much the same organisations, and the moderated scores of the first."""
    first = draw(worlds(most=8))
    organisations = [record.organisation for record in first.records]
    some = st.lists(st.sampled_from(organisations), unique=True, max_size=6) if organisations else st.just([])
    lengths = {record.organisation: len(record.answers) for record in first.records}
    moderated = {key: draw(lines(lengths[key])) for key in draw(some)}
    later = {key: draw(lines(lengths[key])) for key in organisations}
    return [
        first,
        replace(change(first, moderated, draw(some)), series="moderated"),
        replace(change(first, later, draw(some)), cycle="2028"),
    ]
