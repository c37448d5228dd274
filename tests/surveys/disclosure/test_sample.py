"""The 2017 sample’s real shape, attacked by linear programming: four care homes that nothing may be told of."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from surveys.disclosure import NOT_APPLICABLE, NOT_ASKED, Asked, Bank, Heading, Record, Scores, make_public
from surveys.questionnaire_files import read_folder
from tests.surveys.disclosure.attacker import Attacker, Target, attack, list_parts
from tests.surveys.disclosure.test_each_part_is_needed import hidden_but_not_merged

BANKS = Path(__file__).parents[3] / "surveys" / "questionnaires"
SAMPLE = Path(__file__).parents[1] / "data" / "sample-2017"
VARIANTS = ("standard", "health", "care_home", "school")


@pytest.fixture(scope="module")
def sample() -> Scores:
    folder = read_folder(BANKS)
    banks = {
        file.variant: Bank(
            file.variant,
            tuple(
                Heading(
                    one.code,
                    one.title,
                    one.theme,
                    tuple(
                        Asked(asked.code, asked.key, asked.text, asked.theme or one.theme)
                        for asked in one.indicators
                    ),
                )
                for one in file.standards
            ),
        )
        for file in folder.questionnaires
    }
    with (SAMPLE / "organisations.csv").open(encoding="utf-8", newline="") as rows:
        variants = {row["name"]: row["variant"] for row in csv.DictReader(rows)}
    said: dict[str, dict[str, str]] = {}
    with (SAMPLE / "answers.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["submitted_at"]:
                said.setdefault(row["organisation"], {})[row["indicator"]] = row["score"].replace(
                    "NA", NOT_APPLICABLE
                )
    records = (
        Record(
            number,
            variants[name],
            "".join(answers.get(code, NOT_ASKED) for code in banks[variants[name]].codes),
        )
        for number, (name, answers) in enumerate(said.items(), start=1)
    )
    return Scores(
        "2017",
        "self",
        tuple(banks[variant] for variant in VARIANTS),
        tuple((theme.code, theme.title) for theme in folder.themes),
        tuple(records),
    )


def test_the_care_homes_are_shown_with_health(sample: Scores) -> None:
    document = make_public(sample).document
    assert [(one["variant"], one["audits"]) for one in document["variants"]] == [
        ("standard", 14),
        ("health+care_home", 15),
    ]
    assert document["all"]["grades"] == {"0": 0, "1": 2, "2": 27}


def test_linear_programming_finds_nothing_out_about_them(sample: Scores) -> None:
    attacker = Attacker(relaxed=True)
    attacker.learn(make_public(sample).document, sample)
    homes = sample.of(["care_home"])
    targets = [Target(name, homes, codes) for name, codes in list_parts(sample.bank_of["care_home"])]
    assert not list(attack(attacker, sample, targets))


def test_without_merging_it_would(sample: Scores, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the homes’ own figures starred out, as a report made by hand does: all less the rest."""
    hidden_but_not_merged(monkeypatch)
    attacker = Attacker(relaxed=True)
    attacker.learn(make_public(sample).document, sample)
    (homes,) = (one for one in make_public(sample).document["variants"] if one["variant"] == "care_home")
    assert homes["audits"] == 4
    whole = Target("homes", sample.of(["care_home"]), None)
    grades = [attacker.grade_of(one, sample, None) for one in whole.records]
    below_2 = [term for one in grades for term in ((one.is_scored, 1.0), (one.at_2, -1.0))]
    assert attacker.find_world(below_2, least=0.01) is None
