"""Support among 600 organisations: as many queries as for one, 50 a page, and offers to hundreds at once."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from s11.organisations.models import User
from surveys.enums import MessageKind
from surveys.models import Cycle, Message, SupportOffer
from tests import factories, many
from tests.conftest import Cast

SignIn = Callable[[User], Client]
NUMBER, SUBMITTED = 600, 400


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    """Two of three have submitted, this year and the last; none is without a cause for concern."""
    organisations = many.make_organisations(cast.partnership, NUMBER)
    now, bank = timezone.now(), factories.make_questionnaire(standards={"A1": 2})
    before = timezone.localdate() - datetime.timedelta(days=300)
    earlier = factories.make_cycle(
        cast.partnership, slug="2025", questionnaires=(bank,), opens_on=before, closes_on=before
    )
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    for one in (earlier, cycle):
        many.make_audits(one, organisations, now)
    return cycle


def test_pages_and_offers(cycle: Cycle, cast: Cast, sign_in: SignIn, django_assert_num_queries: Any) -> None:
    client = sign_in(cast.quality_officer)
    concerns = reverse("surveys:support_concerns", args=["harbour", "2026"])
    # One less than for a few: none of these has a standard's grade, whose indicators would be looked up.
    with django_assert_num_queries(11):
        text = client.get(concerns).content.decode()
    assert f"{SUBMITTED} agencies" in text
    assert text.count('type="checkbox"') == 50
    new = reverse("surveys:support_offer_new", args=["harbour", "2026"])
    text = client.get(new, {"all": "1"}).content.decode()
    assert f"Offer support to {SUBMITTED} agencies" in text
    audits = list(cycle.invitees.exclude(audit__submission=0).values_list("audit", flat=True))
    data = {"audit": audits, "message": "Call us.", "owner": str(cast.quality_officer.pk)}
    with CaptureQueriesContext(
        connection,
    ) as asked:
        text = client.post(new, data, follow=True).content.decode()
    assert f"{SUBMITTED} offers made." in text
    # One insert an e-mail; everything else is a fixed number.
    assert len(asked) < SUBMITTED + 60
    assert SupportOffer.objects.count() == SUBMITTED
    assert Message.objects.filter(kind=MessageKind.SUPPORT).count() == SUBMITTED
    with django_assert_num_queries(8):
        text = client.get(reverse("surveys:support", args=["harbour"]), {"page": "8"}).content.decode()
    assert f"{SUBMITTED} offers" in text
    assert text.count("Contacted</strong>") == 50
