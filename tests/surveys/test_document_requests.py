"""Asking for a file: how long one that is being built is waited for."""

from __future__ import annotations

import datetime

import pytest

from surveys.document_requests import WAITED_FOR_AT_MOST, request_audit_copy, request_blank
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import make_submitted


@pytest.mark.parametrize("submission", [None, 1])
def test_a_copy_whose_worker_died_is_not_waited_for_for_good(cast: Cast, submission: int | None) -> None:
    audit = make_submitted(cast)
    lost = request_audit_copy(audit=audit, submission=submission, by=cast.lead)
    lost.queued_at -= WAITED_FOR_AT_MOST - datetime.timedelta(minutes=5)
    lost.save()
    assert request_audit_copy(audit=audit, submission=submission, by=cast.lead) == lost
    lost.queued_at -= datetime.timedelta(minutes=5)
    lost.next_try = lost.requested_at + WAITED_FOR_AT_MOST
    lost.save()
    assert request_audit_copy(audit=audit, submission=submission, by=cast.lead) == lost, "it is tried again"
    lost.next_try = None
    lost.save()
    again = request_audit_copy(audit=audit, submission=submission, by=cast.lead)
    assert again != lost
    assert request_audit_copy(audit=audit, submission=submission, by=cast.viewer) == again


def test_a_blank_whose_worker_died_is_not_waited_for_for_good(db: None) -> None:
    bank = factories.make_questionnaire()
    lost = request_blank(bank=bank, cycle=None)
    assert request_blank(bank=bank, cycle=None) == lost
    bank.loaded_at -= 2 * WAITED_FOR_AT_MOST
    bank.save()
    lost.queued_at -= WAITED_FOR_AT_MOST
    lost.save()
    assert request_blank(bank=bank, cycle=None) != lost
