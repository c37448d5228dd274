"""The fingerprint of a question bank, and the words for what changed between two revisions of it."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire_files import (
    SHIPPED,
    VARIANTS,
    IndicatorFile,
    ProfileQuestionFile,
    QuestionnaireFile,
    ScaleStep,
    StandardFile,
    diff,
    digest,
    read_questionnaire,
    read_themes,
)
from tests.surveys.small_bank import BANK, changed, read_text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("banks")


@pytest.fixture(scope="module")
def bank(folder: Path) -> QuestionnaireFile:
    return read_text(folder, BANK)


Variation = tuple[str, Any]  # the field that is other, as Class.field, and the whole with it


def other_leaf(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value + "x"
        case date():
            return value.replace(year=value.year + 1)
        case dict():
            return {**value, "P3": "1"}
        case _:
            return {None: "T1"}[value]  # a new optional field wants its case above


def variations(value: Any) -> Iterator[Variation]:
    """The value with each of its fields and items changed, one at a time, to any depth."""
    for field in dataclasses.fields(value):
        name, old = f"{type(value).__name__}.{field.name}", getattr(value, field.name)
        if not isinstance(old, tuple):
            yield name, dataclasses.replace(value, **{field.name: other_leaf(old)})
            continue
        yield name, dataclasses.replace(value, **{field.name: old[:-1] if old else ("A new item",)})
        for index, item in enumerate(old):
            inner = variations(item) if dataclasses.is_dataclass(item) else iter([(name, other_leaf(item))])
            for path, new in inner:
                items = (*old[:index], new, *old[index + 1 :])
                yield path, dataclasses.replace(value, **{field.name: items})


def test_every_field_counts_in_the_digest_and_is_told(bank: QuestionnaireFile) -> None:
    found = list(variations(bank))
    records = (QuestionnaireFile, ScaleStep, ProfileQuestionFile, StandardFile, IndicatorFile)

    fields = {f"{record.__name__}.{field.name}" for record in records for field in dataclasses.fields(record)}
    assert {name for name, _ in found} == fields
    digests = [digest(other) for _, other in found]
    assert len({digest(bank), *digests}) == len(found) + 1
    for name, other in found:
        assert diff(bank, other), name
        assert diff(other, bank), name


@given(data=st.data())
def test_nothing_is_told_exactly_where_the_digest_is_the_same(
    bank: QuestionnaireFile, data: st.DataObject
) -> None:
    def shuffled(items: tuple[Any, ...], of: str) -> tuple[Any, ...]:
        kept = data.draw(st.integers(1, len(items)), label=of)
        return tuple(data.draw(st.permutations(items), label=of)[:kept])

    indicators = shuffled(tuple(one for home in bank.standards for one in home.indicators), "indicators")
    homes = [data.draw(st.integers(0, 1)) for _ in indicators]
    standards = tuple(
        dataclasses.replace(
            standard,
            indicators=tuple(one for one, home in zip(indicators, homes, strict=True) if home == number),
        )
        for number, standard in enumerate(bank.standards)
    )
    other = dataclasses.replace(
        bank,
        standards=shuffled(standards, "standards"),
        profile=shuffled(bank.profile, "profile"),
        not_applicable_reasons=shuffled(bank.not_applicable_reasons, "reasons"),
    )

    assert (diff(bank, other) == []) == (digest(bank) == digest(other))


LAYOUTS: list[dict[str, Any]] = [
    {"width": 40},
    {"default_flow_style": True, "width": 10_000},
    {"sort_keys": True, "indent": 8},
    {"line_break": "\r\n", "explicit_start": True},
]


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_digest_of_a_shipped_bank_does_not_depend_on_its_layout(folder: Path, variant: str) -> None:
    path, themes = SHIPPED / f"{variant}.yaml", read_themes(SHIPPED / "themes.yaml")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for number, layout in enumerate(LAYOUTS):
        copy = folder / f"{variant}-{number}.yaml"
        copy.write_text(yaml.safe_dump(content, **layout), encoding="utf-8")
        assert digest(read_questionnaire(copy, themes)) == digest(read_questionnaire(path, themes))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("variant: standard\n", "# A comment\n\nvariant:   'standard'  # and one more\n"),
        ("introduction: Read this first.", "introduction: >\n  Read\n  this first.\n"),
        ("evidence: [A plan]", 'evidence:\n          - "A plan "'),
        ("key: records-kept", "key: records-kept\n        critical: false\n        applies_if: {}"),
        ("key: lead-named", "key: lead-named\n        theme: T1"),
        ("{0: None., 1: Some., 2: All.}", "{2: All., 1: Some., 0: None.}"),
        ("critical: true", "critical: True"),
    ],
)
def test_what_says_the_same_in_another_way_has_the_same_digest(
    folder: Path, bank: QuestionnaireFile, old: str, new: str
) -> None:
    assert digest(read_text(folder, changed(old, new))) == digest(bank)


def test_the_digest_is_a_sha_256(bank: QuestionnaireFile) -> None:
    assert len(bytes.fromhex(digest(bank))) == 32


NEW_STANDARD = """\
  - code: A3
    theme: T1
    title: New
    guidance: Why.
    sources: [An Act]
    indicators:
      - code: A3.1
        key: new-thing
        text: New.
        guidance: Look.
        descriptors: {0: a, 1: b, 2: c}
        evidence: [A thing]
"""
LONG = "x" * 201


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title: A small bank", "title: A bank", ['questionnaire: title was "A small bank", is now "A bank"']),
        ("Read this first.", LONG, ["questionnaire: introduction changed"]),
        ("label: Done", "label: Achieved", ['scale step 2: label was "Done", is now "Achieved"']),
        ("  - Not our work\n", "", ['reason "Not our work": removed']),
        ("  - Another reason\n", "  - A cause\n", ['reason "Another reason": removed', 'reason "A cause": added']),
        ("  - Not our work\n  - Another reason", "  - Another reason\n  - Not our work", ["reasons: in another order"]),
        ("hint: Any building., ", "", ['profile question P1: hint was "Any building.", is now nothing']),
        ("Large, Small", "Small, Large", ["profile question P2: choices in another order"]),
        ("Large, Small", "Large, Tiny", ['profile question P2: choices "Small" removed, "Tiny" added']),
        ("required: false", "required: true", ["profile question P4: required was no, is now yes"]),
        ("code: P5", "code: P6", ["profile question P5: removed", "profile question P6: added"]),
        ("title: Leadership", "title: Leading", ['standard A1: title was "Leadership", is now "Leading"']),
        ("An Act, A guide", "An Act", ['standard A1: sources "A guide" removed']),
        ("Somebody known.", "All.", ['indicator lead-named: descriptors "Somebody known." removed, "All." added']),
        ("code: A1.2", "code: A1.9", ['indicator site-safe: code was "A1.2", is now "A1.9"']),
        ("critical: true", "critical: false", ["indicator site-safe: critical was yes, is now no"]),
        ("refresh_months: 12", "refresh_months: 6", ["indicator site-safe: refresh months was 12, is now 6"]),
        ("        in_force: 2026-09-01\n", "", ["indicator site-safe: in force was 2026-09-01, is now nothing"]),
        ('applies_if: {P1: "yes"}', "", ['indicator site-safe: applies if was P1 is "yes", is now nothing']),
        ("key: lead-named", "key: lead-known", ["indicator lead-named: removed", "indicator lead-known: added"]),
        ("standards:\n", f"standards:\n{NEW_STANDARD}", ["standard A3: added", "indicator new-thing: added"]),
    ],
)  # fmt: skip
def test_a_change_is_told_in_plain_words(
    folder: Path, bank: QuestionnaireFile, old: str, new: str, told: list[str]
) -> None:
    assert diff(bank, read_text(folder, changed(old, new))) == told


def test_an_indicator_that_changes_its_standard_is_told_as_moved(bank: QuestionnaireFile) -> None:
    first, second = bank.standards
    moved = (
        dataclasses.replace(first, indicators=first.indicators[:1]),
        dataclasses.replace(second, indicators=(first.indicators[1], *second.indicators)),
    )

    assert diff(bank, dataclasses.replace(bank, standards=moved)) == [
        "indicator site-safe: moved from standard A1 to A2"
    ]


def test_nothing_is_told_of_the_same_bank(folder: Path, bank: QuestionnaireFile) -> None:
    assert diff(bank, read_text(folder, BANK)) == []
