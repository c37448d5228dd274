"""Lines of enquiry: a table of each rule, and what holds for any facts."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.enquiry import MOST, RULES, Answered, Compared, Facts, Planned, suggest

TODAY = datetime.date(2027, 3, 3)
FINE = Answered("A1.1", "policy", "There is a policy.", 2, own_score=2, before=2)
PLANNED = Planned(7, "Train all staff", datetime.date(2027, 2, 1), is_from_panel=True, is_finished=False)


def change(**columns: object) -> Facts:
    values = {name: getattr(FINE, name) for name in FINE.__slots__}
    return Facts(TODAY, answers=(Answered(**{**values, **columns}),))


CASES = [
    (Facts(TODAY), []),
    (change(), []),
    (
        change(score=0, own_score=0, before=0, is_critical=True),
        [("critical-zero:policy", "A1.1 is critical and at 0: There is a policy.")],
    ),
    (change(score=0, own_score=0, before=0), []),
    (change(score=None, own_score=None, before=2), []),
    (
        change(score=1, before=1, moderator_said="No date."),
        [("moderated:policy", "Moderated from 2 to 1: No date.")],
    ),
    (
        change(staff_said="0.33 (1 yes, 0 partly, 5 no, 0 do not know)"),
        [
            (
                "staff:policy",
                (
                    "You scored A1.1 2; your staff’s answers come to 0.33 (1 yes, 0 partly, 5 no, 0 do not know), "
                    "where yes counts 2, partly 1 and no 0"
                ),
            )
        ],
    ),
    (change(score=2, own_score=1), []),
    (change(score=1, own_score=1), [("fell:policy", "A1.1 fell from 2 to 1: There is a policy.")]),
    (change(has_evidence=False), [("unproven", "1 indicator is scored 2 without evidence")]),
    (change(score=1, own_score=1, before=1, has_evidence=False), []),
    (change(is_evidence_expired=True), [("expired", "1 indicator rests on evidence that has expired")]),
    (
        change(score=1, own_score=1, before=1, has_action=False),
        [("no-action", "1 indicator is below 2 without an action")],
    ),
    (
        Facts(TODAY, actions=(PLANNED,)),
        [("overdue-action:7", "Agreed with a panel and due on 1 February 2027")],
    ),
    (Facts(PLANNED.due_on, actions=(PLANNED,)), []),
    (Facts(TODAY, actions=(Planned(7, "x", TODAY.replace(month=2), False, False),)), []),
    (
        Facts(TODAY, actions=(Planned(7, "x", TODAY, True, True),)),
        [("unverified:7", "Agreed with a panel and reported done; nobody has checked whether it worked")],
    ),
    (Facts(TODAY, actions=(Planned(7, "x", TODAY, True, True, "worked"),)), []),
    (
        Facts(TODAY, unanswered=((9, "Write a policy."),)),
        [("unanswered:9", "Recommended by an earlier panel, and not answered")],
    ),
    (
        Facts(TODAY, standards=(Compared("A1", "Leadership", 3, 2, 20, 10),)),
        [("below-sector:A1", "Mean 1.50, where agencies of the same kind have 2.00")],
    ),
    (Facts(TODAY, standards=(Compared("A1", "Leadership", 151, 100, 20, 10),)), []),
    (Facts(TODAY, standards=(Compared("A1", "Leadership", 0, 0, 20, 10),)), []),
]

scores = st.sampled_from([None, 0, 1, 2])
answers = st.builds(
    Answered,
    code=st.from_regex(r"A[1-9]\.[1-9]", fullmatch=True),
    key=st.from_regex(r"[a-z]{1,6}", fullmatch=True),
    text=st.text(max_size=300),
    score=scores,
    own_score=scores,
    before=scores,
    is_critical=st.booleans(),
    has_evidence=st.booleans(),
    is_evidence_expired=st.booleans(),
    has_action=st.booleans(),
    moderator_said=st.text(max_size=300),
)


@pytest.mark.parametrize(("facts", "expected"), CASES)
def test_what_is_suggested_and_why(facts: Facts, expected: list[tuple[str, str]]) -> None:
    assert [(one.rule, one.reason) for one in suggest(facts)] == expected


def test_every_rule_has_its_case() -> None:
    """A rule that no case draws a suggestion from is not tested."""
    assert all(any(list(rule(facts)) for facts, _ in CASES) for rule in RULES)


def test_many_codes_are_counted() -> None:
    many = tuple(Answered(f"A1.{n}", f"k{n}", "x", 2, 2, 2, has_evidence=False) for n in range(1, 10))
    (one,) = suggest(Facts(TODAY, answers=many))

    assert one.text == "What could you show us today for A1.1, A1.2, A1.3, A1.4, A1.5, A1.6 and 3 more?"


@given(st.lists(answers, max_size=30, unique_by=lambda one: one.key))
def test_no_rule_twice_and_no_more_than_a_panel_can_ask(drawn: list[Answered]) -> None:
    found = suggest(Facts(TODAY, answers=tuple(drawn)))

    assert len(found) <= MOST
    assert len({one.rule for one in found}) == len(found)
    assert all(one.text.endswith("?") and len(one.reason) <= 500 and len(one.rule) <= 120 for one in found)
    critical = [one.key for one in drawn if one.is_critical and one.score == 0]
    assert [one.key for one in found][: len(critical)] == critical[:MOST]
