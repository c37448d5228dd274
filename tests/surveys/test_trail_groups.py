"""What a page saved by itself in one sitting is one line of the history; every row stays, and can be seen."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import User
from surveys.models import AnswerChange, Audit, ProfileChange
from surveys.profile_saving import save_profile
from surveys.trail import Entry, Wanted, get_trail
from surveys.trail_groups import find_sittings
from surveys.workflow import AnswerInput, recall_audit, save_answers, submit_audit
from tests.conftest import Cast
from tests.surveys.audit_pages import address, get_indicator, make_complete, make_draft

NOW = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: b"%PDF-1.7")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


class Writer:
    """Saves at minutes after noon, as pages do."""

    def __init__(self, audit: Audit, clock: time_machine.Traveller) -> None:
        self.audit, self.clock = audit, clock

    def write(self, minute: float, by: User, words: str, score: int | None = 1, code: str = "A1.1") -> None:
        self.clock.move_to(NOW + datetime.timedelta(minutes=minute))
        seen = self.audit.answers.filter(indicator__code=code).values_list("version", flat=True).first() or 0
        entered = AnswerInput(get_indicator(self.audit, code), score, "", words, seen)
        assert save_answers(audit=self.audit, entered=[entered], by=by) == []

    def state(self, minute: float, by: User, value: str) -> None:
        self.clock.move_to(NOW + datetime.timedelta(minutes=minute))
        question = self.audit.questionnaire.profile_questions.get()
        assert save_profile(audit=self.audit, values={question: value}, by=by) == []

    def entries(self, *, each: bool = False) -> list[Entry]:
        return [
            entry
            for entry in get_trail(self.audit, Wanted(each=each), None, None).entries
            if entry.change or entry.fact
        ]

    def lines(self, *, each: bool = False) -> list[tuple[int, str, str]]:
        """How many saves each line stands for, and the words before and after."""
        found = []
        for entry in self.entries(each=each):
            if entry.change:
                found.append((entry.saves, entry.change.commentary_before, entry.change.commentary_after))
            elif entry.fact:
                found.append((entry.saves, entry.fact.value_before, entry.fact.value_after))
        return found


@pytest.fixture
def writer(cast: Cast, clock: time_machine.Traveller) -> Writer:
    return Writer(make_draft(cast), clock)


def test_one_sitting_is_one_line_from_first_to_last(writer: Writer, cast: Cast) -> None:
    for minute, words in ((0, "The"), (0.1, "The board"), (9, "The board reads"), (18, "The board reads it")):
        writer.write(minute, cast.lead, words, score=2 if minute == 18 else 1)
    assert writer.lines() == [(4, "", "The board reads it")]
    (entry,) = writer.entries()
    assert entry.change
    assert (entry.change.score_before, entry.change.score_after) == (None, 2)
    assert entry.at == NOW + datetime.timedelta(minutes=18)
    assert entry.since == NOW
    # Nothing is lost underneath.
    assert writer.lines(each=True) == [
        (1, "The board reads", "The board reads it"),
        (1, "The board", "The board reads"),
        (1, "The", "The board"),
        (1, "", "The"),
    ]
    assert AnswerChange.objects.count() == 4


@pytest.mark.parametrize(("minute", "lines"), [(10, 1), (10.1, 2)])
def test_a_longer_pause_is_another_sitting(writer: Writer, cast: Cast, minute: float, lines: int) -> None:
    writer.write(0, cast.lead, "One")
    writer.write(minute, cast.lead, "Two")
    assert len(writer.lines()) == lines


def test_another_person_and_another_answer_are_other_lines(writer: Writer, cast: Cast) -> None:
    writer.write(0, cast.lead, "One")
    writer.write(1, cast.lead, "Elsewhere", code="A2.1")
    writer.write(2, cast.lead, "Two")
    writer.write(3, cast.contributor, "Three")
    writer.write(4, cast.lead, "Four")
    assert writer.lines() == [
        (1, "Three", "Four"),
        (1, "Two", "Three"),
        (2, "", "Two"),
        (1, "", "Elsewhere"),
    ]


def test_changed_and_changed_back_is_said_so(
    writer: Writer, cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    writer.write(-60, cast.contributor, "One")
    writer.write(0, cast.lead, "Two")
    writer.write(1, cast.lead, "One")
    first, _ = writer.entries()
    assert first.is_undone
    assert not first.is_confirmation
    assert "Changed, and changed back" in sign_in(cast.lead).get(address("audit_history")).text


def test_what_was_submitted_in_between_stands_there(cast: Cast, clock: time_machine.Traveller) -> None:
    writer = Writer(make_complete(cast), clock)
    writer.write(0, cast.lead, "As submitted")
    submit_audit(audit=writer.audit, by=cast.lead)
    clock.move_to(NOW + datetime.timedelta(minutes=1))
    recall_audit(audit=writer.audit, by=cast.lead)
    writer.write(2, cast.lead, "Since")
    assert writer.lines() == [(1, "As submitted", "Since"), (1, "", "As submitted")]


def test_facts_are_put_together_too_and_stand_in_the_history(
    writer: Writer, cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    writer.state(0, cast.lead, "1")
    writer.state(1, cast.lead, "12")
    writer.state(30, cast.contributor, "13")
    assert writer.lines() == [(1, "12", "13"), (2, "", "12")]
    assert ProfileChange.objects.count() == 3
    client = sign_in(cast.viewer)
    page = client.get(address("audit_history"), {"part": "facts"}).text
    assert "<strong>13</strong>" in page
    assert "2 saves since 12:00" in page
    assert "P1</span>" not in client.get(address("audit_history"), {"part": "A1"}).text


def test_the_line_leads_to_each_save(writer: Writer, cast: Cast, sign_in: Callable[[User], Client]) -> None:
    for minute in range(3):
        writer.write(minute, cast.lead, f"Words {minute}")
    client = sign_in(cast.lead)
    page = client.get(address("audit_history")).text
    link = f"{address('audit_history')}?part=A1.1&amp;person={cast.lead.pk}&amp;each=on"
    assert f'href="{link}"' in page
    assert page.count("Commentary written") == 1
    each = client.get(link.replace("&amp;", "&")).text
    assert "3 entries" in each
    assert "Words 0" in each


@pytest.mark.parametrize("size", [4, 12])
def test_a_page_s_queries_are_as_few_whatever_was_put_together(
    writer: Writer, cast: Cast, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for minute in range(size):
        writer.write(minute, cast.lead, f"Words {minute}")
        writer.write(minute, cast.lead, f"Words {minute}", code="A1.2" if minute < 2 else "A2.1")
    with django_assert_num_queries(6):
        assert len(writer.lines()) == 3


@given(st.lists(st.lists(st.booleans(), max_size=6), max_size=4))
def test_every_row_is_in_one_sitting(answers: list[list[bool]]) -> None:
    """Each answer's newest row is an end, as the query makes it."""
    rows = []
    for answer, ends in enumerate(answers, 1):
        rows += [(answer * 10 + n, answer, is_end) for n, is_end in enumerate([*ends, True])]
    found = find_sittings(rows)
    assert sum(sitting.saves for sitting in found.values()) == len(rows)
    assert set(found) == {row for row, _, is_end in rows if is_end}
    assert all(last - sitting.first + 1 == sitting.saves for last, sitting in found.items())
