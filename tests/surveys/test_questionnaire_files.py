"""Question banks as files: the shipped four load, a small one is read whole, folders are read together."""

import re
from datetime import date
from pathlib import Path

import pytest

from s11.organisations.enums import Variant
from surveys.enums import Duty, ProfileKind
from surveys.models import Indicator, ProfileQuestion, Questionnaire, Standard, Theme
from surveys.questionnaire_files import (
    CODE_LENGTH,
    DUTIES,
    KEY_LENGTH,
    KINDS,
    SHIPPED,
    TITLE_LENGTH,
    VARIANTS,
    IndicatorFile,
    QuestionnaireError,
    QuestionnaireFile,
    read_folder,
    read_questionnaire,
    read_themes,
)
from tests.surveys.small_bank import BANK, changed, read_text


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> QuestionnaireFile:
    return read_text(tmp_path_factory.mktemp("bank"), BANK)


# --- the shipped banks ---


@pytest.mark.parametrize("variant", VARIANTS)
def test_shipped_bank_holds_all_that_its_text_shows(variant: str) -> None:
    text = (SHIPPED / f"{variant}.yaml").read_text(encoding="utf-8")
    shipped = read_questionnaire(SHIPPED / f"{variant}.yaml", read_themes(SHIPPED / "themes.yaml"))
    indicators = [indicator for standard in shipped.standards for indicator in standard.indicators]

    assert shipped.variant == variant
    assert len(shipped.standards) == len(re.findall(r"^  - code: [A-Z]\d+\n    theme:", text, re.MULTILINE))
    assert len(indicators) == len(re.findall(r"^      - code: ", text, re.MULTILINE))
    assert len(shipped.profile) == len(re.findall(r"^  - code: P\d+$", text, re.MULTILINE))
    for name in ("critical", "core", "not_applicable", "prepare"):
        assert sum(getattr(one, name) for one in indicators) == text.count(f"        {name}: true\n")
    assert sum(one.refresh_months is not None for one in indicators) == text.count("refresh_months: ")
    assert sum(one.theme is not None for one in indicators) == text.count("\n        theme: ")
    assert [one.key for one in indicators] == re.findall(r"^        key: (.+)$", text, re.MULTILINE)


def test_shipped_folder_is_in_the_order_of_reports() -> None:
    folder = read_folder(SHIPPED)

    assert [one.code for one in folder.themes] == [f"T{number}" for number in range(1, 11)]
    assert [one.variant for one in folder.questionnaires] == Variant.values
    assert {one.edition for one in folder.questionnaires} == {"2026-27"}


def test_everything_in_a_small_bank_is_read(bank: QuestionnaireFile) -> None:
    assert (bank.variant, bank.duty, bank.title) == ("standard", "section_11", "A small bank")
    assert (bank.edition, bank.introduction) == ("2026-27", "Read this first.")
    assert [(one.score, one.label) for one in bank.scale] == [
        (0, "Nothing yet"),
        (1, "Working on it"),
        (2, "Done"),
    ]
    assert bank.not_applicable_reasons == ("Not our work", "Another reason")
    assert [one.code for one in bank.profile] == ["P1", "P2", "P3", "P4", "P5"]
    assert (bank.profile[0].hint, bank.profile[1].hint) == ("Any building.", "")
    assert (bank.profile[0].choices, bank.profile[1].choices) == ((), ("Large", "Small"))
    assert (bank.profile[4].required, bank.profile[4].personal) == (True, True)
    assert [one.code for one in bank.standards] == ["A1", "A2"]
    assert bank.standards[0].sources == ("An Act", "A guide")
    assert bank.standards[0].indicators == (
        IndicatorFile(
            code="A1.1",
            key="lead-named",
            theme=None,
            text="A lead is named.",
            guidance="Look at the minutes.",
            descriptors=("Nobody.", "Somebody.", "Somebody known."),
            evidence=("Minutes", "A letter"),
            sources=(),
            critical=False,
            core=False,
            not_applicable=False,
            refresh_months=None,
            applies_if={},
            in_force=None,
            prepare=False,
        ),
        IndicatorFile(
            code="A1.2",
            key="site-safe",
            theme="T2",
            text="The site is safe.",
            guidance="Walk round it.",
            descriptors=("It is not.", "It is in part.", "It is."),
            evidence=("A plan",),
            sources=("A circular",),
            critical=True,
            core=True,
            not_applicable=True,
            refresh_months=12,
            applies_if={"P1": "yes"},
            in_force=date(2026, 9, 1),
            prepare=True,
        ),
    )


def test_words_and_lengths_are_those_of_the_database() -> None:
    assert (list(VARIANTS), list(DUTIES), list(KINDS)) == (Variant.values, Duty.values, ProfileKind.values)
    for model in (Theme, Standard, Indicator, ProfileQuestion):
        assert model._meta.get_field("code").max_length == CODE_LENGTH
    assert Indicator._meta.get_field("key").max_length == KEY_LENGTH
    for titled in (Theme, Standard, Questionnaire):
        assert titled._meta.get_field("title").max_length == TITLE_LENGTH


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('applies_if: {P1: "yes"}', "applies_if: {P2: Small}"),
        ('applies_if: {P1: "yes"}', 'applies_if: {P3: "0", P1: "no"}'),
        ('applies_if: {P1: "yes"}', 'applies_if: {P4: "2026-09-01"}'),
        ('applies_if: {P1: "yes"}', "applies_if: {P5: Anybody}"),
        ("in_force: 2026-09-01", 'in_force: "2026-09-01"'),
        ('edition: "2026-27"', "edition: 2099-00"),
        ("critical: true", "critical: yes"),
    ],
)
def test_what_looks_odd_but_is_clear_is_accepted(tmp_path: Path, old: str, new: str) -> None:
    assert read_text(tmp_path, changed(old, new)).variant == "standard"


# --- themes and folders ---


def write_folder(folder: Path, **files: str) -> Path:
    for stem, content in files.items():
        (folder / f"{stem}.yaml").write_text(content, encoding="utf-8")
    return folder


def errors_of_folder(folder: Path) -> list[str]:
    with pytest.raises(QuestionnaireError) as caught:
        read_folder(folder)
    return list(caught.value.errors)


OWN_THEMES = "- {code: T1, title: Leading}\n- {code: T2, title: Recording}\n"


def test_a_folder_is_read_with_its_own_themes(tmp_path: Path) -> None:
    school = changed("variant: standard", "variant: school")
    folder = read_folder(write_folder(tmp_path, a_school=school, themes=OWN_THEMES, standard=BANK))

    assert [theme.title for theme in folder.themes] == ["Leading", "Recording"]
    assert [one.variant for one in folder.questionnaires] == ["standard", "school"]


def test_a_folder_without_themes_uses_the_shipped_ones(tmp_path: Path) -> None:
    assert read_folder(write_folder(tmp_path, own=BANK)).themes == read_themes(SHIPPED / "themes.yaml")


def test_a_folder_tells_the_errors_of_all_its_files(tmp_path: Path) -> None:
    write_folder(tmp_path, themes=OWN_THEMES, first=changed("core: true", "core: 3"))
    write_folder(tmp_path, second=changed("variant: standard", "variant: health").replace("T1", "T3"))

    assert errors_of_folder(tmp_path) == [
        'first.yaml, line 49: "core" is "3"; write true or false, without quotation marks',
        'second.yaml, line 26: "T3" is not a theme; write one of T1, T2',
    ]


@pytest.mark.parametrize(
    ("themes", "error"),
    [
        (OWN_THEMES.replace("T2", "T1"), 'line 2: the code "T1" is on line 1 already; give each its own'),
        (OWN_THEMES.replace(", title: Leading", ""), 'line 1: a theme here lacks "title"; add it'),
        ("[]", "line 1: the file is an empty list; add at least one item"),
    ],
)
def test_wrong_themes_are_told_once_and_not_for_every_use(tmp_path: Path, themes: str, error: str) -> None:
    assert errors_of_folder(write_folder(tmp_path, themes=themes, own=BANK)) == [f"themes.yaml, {error}"]


def test_two_banks_of_one_variant_in_a_folder(tmp_path: Path) -> None:
    (error,) = errors_of_folder(write_folder(tmp_path, first=BANK, second=BANK))

    what, _, fix = error.partition("; ")
    assert what == 'second.yaml, line 1: first.yaml is the bank of the variant "standard" already'
    assert fix == "keep one of the two in this folder"


def test_a_folder_without_a_bank(tmp_path: Path) -> None:
    write_folder(tmp_path, themes=OWN_THEMES)

    for folder in (tmp_path, tmp_path / "nowhere"):
        assert errors_of_folder(folder) == [
            f"{folder}: there is no question bank here; name a folder that holds one such as standard.yaml"
        ]
