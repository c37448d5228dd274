"""The count after a deadline evening (tests/load) finds what is lost; and the load generator reads our pages right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from s11.organisations.models import User
from surveys.models import Answer, AnswerChange, Audit, EvidenceVersion
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.load import pages
from tests.load.counting import count
from tests.load.report import get_percentile
from tests.load.rows import Counted, Row
from tests.surveys.audit_pages import address
from tests.trails import lifted

FILE = b"%PDF-1.7 a policy"


def make_row(kept: Mapping[str, Any]) -> Row:
    return Row(0.0, "an answer", 200, 20.0, 100, True, "lead@anchor.example", kept)


@grounded
def audit(cast: Cast) -> Audit:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return factories.make_audit(cycle, cast.organisation)


@pytest.fixture
def rows(audit: Audit, cast: Cast, sign_in: Callable[[User], Client]) -> list[Row]:
    """Two saves of one answer and a file, as the load generator makes them and writes them down."""
    client, rows = sign_in(cast.lead), []
    page = client.get(address("audit_standard", code="A1")).text
    card, *_ = pages.find_cards(page)
    fields = pages.read_fields(page)
    for score, commentary in (("1", ""), ("2", "Seen in nine of ten files")):
        sent = {f"{card}-score": score, f"{card}-commentary": commentary}
        answered = client.post(
            address("audit_answer", code="A1", indicator=card), pages.read_card(fields | sent, card)
        )
        assert answered.headers["X-Outcome"] == "saved"
        version = pages.find_version(answered.text, card)
        fields[f"{card}-version"] = str(version)
        told = {"indicator": card, "score": int(score), "reason": "", "commentary": commentary}
        rows.append(make_row({"organisation": "anchor", "answers": [told | {"version": version}]}))
    content_type, body = pages.make_upload("", "uploads", "policy.pdf", "application/pdf", FILE)
    client.post(address("audit_evidence", code=card), body, content_type)
    stored = EvidenceVersion.objects.get()
    rows.append(make_row({"organisation": "anchor", "indicator": card, "sha256": stored.sha256}))
    return rows


def recount(rows: list[Row]) -> Counted:
    return count(rows, "harbour", "2026")


def test_what_is_there_is_counted(rows: list[Row]) -> None:
    assert recount(rows) == Counted(saves=2, answers=1, files=1)


def lose_the_last_save() -> None:
    Answer.objects.update(commentary="")


def lose_a_change() -> None:
    with lifted(AnswerChange):
        AnswerChange.objects.filter(version=1).delete()


def lose_the_words_of_a_change() -> None:
    with lifted(AnswerChange):
        AnswerChange.objects.filter(version=2).update(commentary_after="Something else")


def lose_the_file() -> None:
    version = EvidenceVersion.objects.get()
    version.file.storage.delete(str(version.file.name))


@pytest.mark.parametrize(
    "lose", [lose_the_last_save, lose_a_change, lose_the_words_of_a_change, lose_the_file]
)
def test_what_is_lost_is_told(rows: list[Row], lose: Callable[[], None]) -> None:
    lose()
    assert recount(rows).lost > 0


def test_who_was_told_that_it_was_sent_must_have_submitted(rows: list[Row]) -> None:
    assert recount([*rows, make_row({"submitted": "anchor"})]).lost == 1


def test_a_code_is_what_the_site_takes() -> None:
    secret = "JBSWY3DPEHPK3PXP"
    assert pages.make_code(secret, 59.0) == format_hotp_value(hotp_value(secret, 1))


def test_percentiles_are_of_the_nearest_rank() -> None:
    times = [float(number) for number in range(1, 101)]
    assert [get_percentile(times, percent) for percent in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert get_percentile([7.0], 50) == 7.0
