"""What an audit adds up to, as shown on its pages and its copy: grades with their counts, and every 0."""

from __future__ import annotations

import pytest

from surveys.copies import find_weakest
from surveys.enums import AuditStatus
from surveys.models import Audit, Scorecard
from surveys.reading import Figures, get_reading
from surveys.scoring import NOT_APPLICABLE, Item, make_tally
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import PLAIN_REASON, make_draft, make_place, make_submitted


@pytest.mark.parametrize(
    ("items", "grade", "explanation", "cells"),
    [
        ([], "No grade", "Nothing is scored", [None, None, 0, 0, 0, 0]),
        ([NOT_APPLICABLE], "No grade", "Nothing is scored; 1 not applicable", [None, None, 0, 0, 0, 1]),
        ([1], "Grade 1", "Mean 1.00: 1 point over 1 scored indicator", [1, "1.00", 0, 1, 0, 0]),
        ([0, 1], "Grade 1", "Mean 0.50: 1 point over 2 scored indicators", [1, "0.50", 0, 1, 1, 0]),
        (
            [2] * 9 + [0, NOT_APPLICABLE],
            "Grade 2",
            "Mean 1.80: 18 points over 10 scored indicators; 1 not applicable",
            [2, "1.80", 9, 0, 1, 1],
        ),
    ],
)
def test_figures_in_words(items: list[Item], grade: str, explanation: str, cells: list[object]) -> None:
    figures = Figures(make_tally(items))
    assert (figures.grade, figures.explanation, figures.cells) == (grade, explanation, cells)


def test_a_draft_is_read_as_it_stands(cast: Cast) -> None:
    reading = get_reading(make_draft(cast, {"A1.1": 2, "A2.1": 0, "A2.2": PLAIN_REASON}), None)
    assert (reading.submission, reading.asked, reading.answered) == (None, 4, 3)
    assert [standard.figures.cells for standard in reading.standards] == [
        [2, "2.00", 1, 0, 0, 0],
        [0, "0.00", 0, 0, 1, 1],
    ]
    assert reading.whole.cells == [1, "1.00", 1, 0, 1, 1]


def test_a_submission_is_read_from_its_frozen_figures(cast: Cast) -> None:
    audit = make_submitted(cast, {"A1.1": 2, "A1.2": 1, "A2.1": 0, "A2.2": PLAIN_REASON})
    # Nobody ever writes this; it shows where the figure comes from.
    Scorecard.objects.filter(audit=audit, standard__code="A1").update(sum=2, grade=1)
    reading = get_reading(audit, 1)
    assert [standard.figures.cells for standard in reading.standards] == [
        [1, "1.00", 0, 2, 0, 0],
        [0, "0.00", 0, 0, 1, 1],
    ]


def test_every_zero_is_listed_critical_ones_first(cast: Cast) -> None:
    audit = make_draft(cast, {"A1.1": 0, "A1.2": 0, "A2.1": 2, "A2.2": 0})
    audit.questionnaire.indicators.update(is_critical=False)
    audit.questionnaire.indicators.filter(code="A2.2").update(is_critical=True)
    assert [item.indicator.code for item in get_reading(audit, None).zeros] == ["A2.2", "A1.1", "A1.2"]


def test_a_returned_audit_has_two_readings(cast: Cast) -> None:
    audit = make_submitted(cast, 2)
    Audit.objects.filter(pk=audit.pk).update(status=AuditStatus.RETURNED)
    audit.refresh_from_db()
    audit.answers.filter(indicator__code="A1.1").update(score=0)  # as an import would, without a trail
    assert get_reading(audit, None).whole.cells[1] == "1.50"
    assert get_reading(audit, 1).whole.cells[1] == "2.00"


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        ({}, "Nothing is scored yet."),
        ({"A1.1": 2}, "Every standard that is scored has the same mean, 2.00."),
        ({"A1.1": 2, "A2.1": 2}, "Every standard that is scored has the same mean, 2.00."),
        ({"A1.1": 2, "A2.1": 0}, "A2 Standard A2 has the lowest mean, 0.00."),
        ({"A1.1": 1, "A2.1": 2, "A3.1": 1}, "A1 and A3 have the lowest mean, 1.00."),
        ({"A1.1": 1, "A2.1": 2, "A2.2": PLAIN_REASON}, "A1 Standard A1 has the lowest mean, 1.00."),
    ],
)
def test_the_weakest_standard_in_a_sentence(
    cast: Cast, scores: dict[str, int | str | None], sentence: str
) -> None:
    bank = factories.make_questionnaire(standards={"A1": 2, "A2": 2, "A3": 2})
    audit = factories.make_audit(make_place(cast, bank).cycle, cast.organisation, scores=scores)
    assert find_weakest(get_reading(audit, None)) == sentence
