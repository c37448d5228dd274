"""Evidence in the past: what an earlier submission was sent with, and what backed the answers on a day."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import Organisation, User
from surveys.document_requests import request_audit_copy
from surveys.enums import EvidenceKind
from surveys.evidence_library import replace_words, take_out
from surveys.evidence_links import link_evidence, unlink_evidence
from surveys.evidence_past import get_past_backings
from surveys.models import AnswerEvidence, Audit, Evidence, EvidenceChange
from surveys.past import get_past_reading
from surveys.reading import get_reading
from surveys.tasks import build_document
from surveys.workflow import recall_audit, submit_audit
from tests.conftest import Cast
from tests.surveys.audit_pages import address, get_indicator, make_complete

NOW = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def make_item(organisation: Organisation, title: str) -> Evidence:
    item = Evidence.objects.create(organisation=organisation, kind=EvidenceKind.REFERENCE, title=title)
    item.versions.create(number=1, reference="Shelf 3")
    return item


def put_on(audit: Audit, item: Evidence, by: User, code: str = "A1.1") -> None:
    link_evidence(audit=audit, indicator=get_indicator(audit, code), items=[item.pk], by=by)


def take_off(audit: Audit, item: Evidence, by: User) -> None:
    unlink_evidence(audit=audit, link=AnswerEvidence.objects.get(evidence=item), by=by)


def titles(reading_of: dict[int, tuple[object, ...]] | object) -> list[str]:
    backings = getattr(reading_of, "evidence", {})
    return sorted(backing.words for found in backings.values() for backing in found)


@pytest.fixture
def sent(cast: Cast, clock: time_machine.Traveller) -> Audit:
    """Submitted with the policy; recalled an hour later, the policy taken off and replaced, a register put on."""
    audit = make_complete(cast)
    policy = make_item(cast.organisation, "Policy")
    put_on(audit, policy, cast.lead)
    clock.move_to(NOW + HOUR)
    submit_audit(audit=audit, by=cast.lead)
    clock.move_to(NOW + 2 * HOUR)
    recall_audit(audit=audit, by=cast.lead)
    take_off(audit, policy, cast.contributor)
    replace_words(evidence=policy, reference="Shelf 4", by=cast.lead)
    put_on(audit, make_item(cast.organisation, "Register"), cast.lead)
    clock.move_to(NOW + 3 * HOUR)
    return audit


def test_a_recalled_submission_keeps_what_backed_it(sent: Audit) -> None:
    assert titles(get_reading(sent, 1)) == ["Policy (Reference): Shelf 3"]
    assert titles(get_reading(sent, None)) == ["Register (Reference): Shelf 3"]


def test_an_earlier_submission_keeps_what_backed_it(sent: Audit, cast: Cast) -> None:
    submit_audit(audit=sent, by=cast.lead)
    assert titles(get_reading(sent, 1)) == ["Policy (Reference): Shelf 3"]
    assert titles(get_reading(sent, 2)) == ["Register (Reference): Shelf 3"]


def test_a_copy_first_built_after_the_recall_names_the_evidence(
    sent: Audit, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker was slow, or its first try failed."""
    said: list[str] = []

    def remember(template: str, context: dict[str, object]) -> bytes:
        said.extend(titles(context["reading"]))
        return b"%PDF-1.7"

    monkeypatch.setattr("surveys.copies.render_pdf", remember)
    document = request_audit_copy(audit=sent, submission=1, by=cast.lead)
    document.file, document.built_at = "", None
    document.save()
    said.clear()
    build_document.func(document.pk)
    assert said == ["Policy (Reference): Shelf 3"]


def test_as_it_stood_on_a_day(
    sent: Audit, cast: Cast, sign_in: Callable[[User], Client], clock: time_machine.Traveller
) -> None:
    assert titles(get_past_reading(sent, NOW - HOUR)) == []
    assert titles(get_past_reading(sent, NOW + HOUR)) == ["Policy (Reference): Shelf 3"]
    assert titles(get_past_reading(sent, NOW + 3 * HOUR)) == ["Register (Reference): Shelf 3"]
    clock.move_to(NOW + 24 * HOUR)
    page = sign_in(cast.viewer).get(
        address("audit_on"), {"on_day": "20", "on_month": "11", "on_year": "2026"}
    )
    assert "Register" in page.text
    assert "Policy" not in page.text
    # And the facts as they were
    assert "P1" in page.text
    assert "<dd" in page.text


def test_what_left_the_library_while_it_was_submitted_is_told_once_it_is_recalled(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    audit = make_complete(cast)
    policy = make_item(cast.organisation, "Policy")
    put_on(audit, policy, cast.lead)
    submit_audit(audit=audit, by=cast.lead)
    clock.move_to(NOW + HOUR)
    take_out(evidence=policy, by=cast.contributor)
    assert EvidenceChange.objects.filter(is_put_on=False).count() == 0
    clock.move_to(NOW + 2 * HOUR)
    recall_audit(audit=audit, by=cast.lead)
    change = EvidenceChange.objects.get(is_put_on=False)
    assert (change.by, change.at) == (cast.contributor, NOW + HOUR)
    assert titles(get_reading(audit, 1)) == ["Policy (Reference): Shelf 3"]
    assert titles(get_reading(audit, None)) == []


def test_each_change_is_kept_and_nothing_twice(cast: Cast, clock: time_machine.Traveller) -> None:
    audit = make_complete(cast)
    policy = make_item(cast.organisation, "Policy")
    put_on(audit, policy, cast.lead)
    put_on(audit, policy, cast.contributor)
    take_off(audit, policy, cast.contributor)
    put_on(audit, policy, cast.lead)
    take_out(evidence=policy, by=cast.lead)
    kept = EvidenceChange.objects.order_by("pk").values_list("is_put_on", "by")
    assert list(kept) == [
        (True, cast.lead.pk),
        (False, cast.contributor.pk),
        (True, cast.lead.pk),
        (False, cast.lead.pk),
    ]


@pytest.mark.parametrize("size", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit = make_complete(cast)
    for number in range(size):
        put_on(audit, make_item(cast.organisation, f"Policy {number}"), cast.lead)
    with django_assert_num_queries(3):
        found = get_past_backings(audit, datetime.datetime.now(datetime.UTC))
    assert sum(map(len, found.values())) == size
