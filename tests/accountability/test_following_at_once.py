"""Two clocks at once: each step is taken once. Needs a server that serves both at once."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection

from accountability.following_up import chase_overdue
from accountability.models import Chase, Recommendation
from s11.web.dates import LONDON
from surveys.models import Message
from tests import factories
from tests.accountability.factories import make_meeting, make_panel
from tests.accountability.followed import follow
from tests.conftest import Cast
from tests.surveys.at_once import meanwhile

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime.datetime(2027, 6, 15, 12, 0, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def _needs_a_server(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")


def test_of_two_clocks_one_writes(cast: Cast) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    follow(make_meeting(make_panel(cycle), cast.organisation), cast.administrator, recommendations=2)
    Recommendation.objects.update(respond_by=NOON.date() - datetime.timedelta(days=1))
    meanwhile(lambda: chase_overdue(NOON), lambda: chase_overdue(NOON))
    assert (Chase.objects.count(), Message.objects.count()) == (2, 1)
