"""The shipped statements are as the schema wants them, and stand beside indicators that the shipped banks have."""

from __future__ import annotations

from pathlib import Path

import pytest

from s11.organisations.enums import Variant
from surveys.models import SurveyStatement
from surveys.practitioner_questions import TEXT_LENGTH, read_statements
from surveys.questionnaire_files import CODE_LENGTH, KEY_LENGTH, SHIPPED, QuestionnaireError, read_folder


def test_every_key_is_one_of_the_banks() -> None:
    banks = {
        bank.variant: {one.key for standard in bank.standards for one in standard.indicators}
        for bank in read_folder(SHIPPED).questionnaires
    }
    unknown = [
        (one.code, variant, key)
        for one in read_statements()
        for variant, key in one.indicators.items()
        if key not in banks[variant]
    ]
    assert unknown == []


def test_each_variant_is_asked_a_short_set() -> None:
    statements = read_statements()
    for variant in Variant.values:
        assert 8 <= sum(variant in one.indicators for one in statements) <= 12


def test_statements_are_said_by_staff_of_themselves_and_fit_a_phone() -> None:
    for one in read_statements():
        assert one.text.endswith(".")
        assert len(one.text) <= 110


def test_the_columns_hold_what_a_file_may_say() -> None:
    def longest(name: str) -> object:
        return getattr(SurveyStatement._meta.get_field(name), "max_length", None)

    assert (longest("text"), longest("code"), longest("key")) == (TEXT_LENGTH, CODE_LENGTH, KEY_LENGTH)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("- {code: S1, text: I know., indicators: {health: a-key, school: a-key}}", ""),
        (
            "- {code: S1, text: I know., indicators: {nursery: a-key}}",
            '"nursery" is not a key of a set of variants',
        ),
        ("- {code: S1, text: I know., indicators: {school: A Key}}", "lower-case words joined by hyphens"),
        ("- {code: S1, text: I know.}", 'lacks "indicators"'),
        ("- {code: S1, indicators: {school: a-key}}", 'lacks "text"'),
        (
            "- {code: S1, text: I know., hint: x, indicators: {school: a-key}}",
            '"hint" is not a key of a statement',
        ),
        (f"- {{code: S1, text: {'x' * 201}, indicators: {{school: a-key}}}}", "write at most 200"),
        (
            "- {code: S1, text: A., indicators: {school: a-key}}\n- {code: S1, text: B., indicators: {school: b-key}}",
            'line 2: the code "S1" is on line 1 already',
        ),
        ("code: S1", "is not a list"),
    ],
)
def test_what_a_file_may_say(tmp_path: Path, content: str, error: str) -> None:
    path = tmp_path / "practitioners.yaml"
    path.write_text(content, encoding="utf-8")
    if not error:
        assert read_statements(path)[0].indicators == {"health": "a-key", "school": "a-key"}
        return
    with pytest.raises(QuestionnaireError, match=r"practitioners\.yaml, line") as refused:
        read_statements(path)
    assert error in str(refused.value)


def test_the_file_is_no_question_bank() -> None:
    assert [bank.variant for bank in read_folder(SHIPPED).questionnaires] == Variant.values
