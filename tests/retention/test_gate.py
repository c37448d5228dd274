"""What the database refuses, whoever sends the statement: one way leads to destruction, past two people and the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from s11.retention.enums import ItemState, Kind, ListStatus
from s11.retention.gate import UNDER_WAY
from s11.retention.listing import hold_back, make_list, propose_list
from s11.retention.models import Certificate, DestructionEntry, DestructionItem, DestructionList, Hold, Period
from s11.retention.schedules import set_period
from surveys.models import AnswerChange
from tests import factories
from tests.cells import taken_back
from tests.conftest import Cast
from tests.retention.world import TODAY, approve, destroy, make_due_audit


def is_refused(act: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            act()
    except DatabaseError:
        return True
    return False


def begin(item: DestructionItem) -> int:
    return DestructionItem.objects.filter(pk=item.pk).update(state=ItemState.UNDER_WAY)


def test_only_what_two_people_approved_comes_under_way(cast: Cast) -> None:
    make_due_audit(cast)
    found = make_list(partnership=cast.partnership, today=TODAY)
    item = found.items.get()
    assert is_refused(lambda: begin(item))  # a draft
    propose_list(found=found, by=cast.administrator)
    assert is_refused(lambda: begin(item))  # not approved
    lists = DestructionList.objects.filter(pk=found.pk)
    approved = {"status": ListStatus.APPROVED, "approved_at": timezone.now(), "approved_items": 1}
    assert is_refused(lambda: lists.update(approved_by=cast.administrator, **approved))  # by the same officer
    lists.update(approved_by=cast.panel_chair, **approved)
    assert is_refused(
        lambda: DestructionItem.objects.create(
            list=found, kind=Kind.AUDIT, record=9, reference="x", counts_from=TODAY, state=ItemState.UNDER_WAY
        )
    )
    with taken_back():
        added = DestructionItem.objects.create(
            list=found, kind=Kind.AUDIT, record=9, reference="x", counts_from=TODAY
        )
        assert is_refused(lambda: begin(added))  # nobody approved it,
        assert is_refused(lambda: begin(item))  # and so nothing of the list goes
    hold_back(item=item, reason="An inquiry.", by=cast.administrator)
    assert is_refused(lambda: begin(item))
    Hold.objects.update(released_at=timezone.now(), released_by=cast.administrator)
    with taken_back():
        assert begin(item) == 1
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {UNDER_WAY}")
            assert cursor.fetchone()[0]
        # Without its line in the log it does not come to its end.
        assert is_refused(
            lambda: DestructionItem.objects.filter(pk=item.pk).update(
                state=ItemState.DESTROYED, destroyed_at=timezone.now()
            )
        )


@dataclass(frozen=True, slots=True)
class Done:
    found: DestructionList
    item: DestructionItem


@pytest.fixture
def done(cast: Cast) -> Done:
    make_due_audit(cast)
    set_period(
        partnership=cast.partnership,
        kind=Kind.MAIL,
        months=12,
        why="Policy",
        seen_version=0,
        by=cast.administrator,
    )
    found = destroy(approve(cast))
    return Done(found, found.items.get())


def test_what_was_done_stays_as_it_was(done: Done, cast: Cast) -> None:
    """Each act that would rewrite it, by itself."""
    entry, items = DestructionEntry.objects.get(), DestructionItem.objects.all()
    hold = Hold.objects.create(
        partnership=cast.partnership,
        kind=Kind.AUDIT,
        record=7,
        reference="r",
        reason="w",
        by=cast.administrator,
    )
    acts: list[Callable[[], object]] = [
        lambda: DestructionEntry.objects.update(reference="other"),
        lambda: DestructionEntry.objects.filter(pk=entry.pk)._raw_delete("default"),
        lambda: Period.objects.update(months=1),
        lambda: Period.objects.all()._raw_delete("default"),
        lambda: DestructionList.objects.update(status=ListStatus.APPROVED),
        lambda: DestructionList.objects.update(approved_by=cast.panel_chair),
        lambda: DestructionList.objects.filter(pk=done.found.pk)._raw_delete("default"),
        lambda: items.update(state=ItemState.WAITING, destroyed_at=None),
        lambda: items.update(record=99),
        lambda: items.all()._raw_delete("default"),
        lambda: begin(done.item),
        lambda: Hold.objects.filter(pk=hold.pk).update(reason="other"),
        lambda: Hold.objects.filter(pk=hold.pk)._raw_delete("default"),
        lambda: Certificate.objects.update(sha256="0" * 64),
        lambda: Certificate.objects.all()._raw_delete("default"),
    ]
    assert [number for number, act in enumerate(acts) if not is_refused(act)] == []


def test_a_trail_lets_go_of_its_lines_only_for_what_is_under_way(cast: Cast) -> None:
    audit = make_due_audit(cast)
    answer = audit.answers.earliest("pk")
    AnswerChange.objects.create(answer=answer, version=1, score_after=1, by=cast.lead)
    other = factories.make_audit(
        factories.make_cycle(cast.partnership, slug="now", questionnaires=(audit.questionnaire,)),
        cast.organisation,
        scores=1,
    )
    sent = AnswerChange.objects.create(
        answer=other.answers.earliest("pk"), version=1, score_after=1, by=cast.lead, sent_from=answer
    )
    assert is_refused(lambda: AnswerChange.objects.all()._raw_delete("default"))
    assert is_refused(lambda: AnswerChange.objects.update(sent_from=None))
    destroy(approve(cast))
    kept = AnswerChange.objects.get()
    # One that stays names no more what is gone.
    assert (kept, kept.sent_from) == (sent, None)
    assert is_refused(lambda: AnswerChange.objects.all()._raw_delete("default"))
