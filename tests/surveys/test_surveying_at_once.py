"""People who answer a practitioner survey at the same moment, and one who answers as it is closed."""

from __future__ import annotations

import pytest
from django.db import connection

from surveys.models import PractitionerSurvey
from surveys.surveying import NotInThisState, close_survey
from tests import factories
from tests.conftest import Cast
from tests.surveys.at_once import meanwhile
from tests.surveys.practitioners import NO, YES, give, make_cycle_survey, make_survey

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _needs_a_server(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")


@pytest.fixture
def survey(cast: Cast) -> PractitionerSurvey:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    make_cycle_survey(cycle, by=cast.administrator)
    return make_survey(factories.make_invitee(cycle, cast.organisation), by=cast.lead)


def test_no_answer_is_lost(survey: PractitionerSurvey) -> None:
    meanwhile(lambda: give(survey, (YES, YES, NO)), lambda: give(survey, (YES, NO, NO)))
    counted = survey.tallies.order_by("statement__position").values_list("yes", "no")
    assert list(counted) == [(2, 0), (1, 1), (0, 2)]
    assert PractitionerSurvey.objects.get().responses == 2


def test_none_is_counted_once_it_is_closed(survey: PractitionerSurvey, cast: Cast) -> None:
    """Results may have been read by then: one answer more would be told from them."""
    refused = []

    def answer_late() -> None:
        try:
            give(survey, (YES, YES, YES))
        except NotInThisState as late:
            refused.append(str(late))

    meanwhile(lambda: close_survey(survey=survey, by=cast.lead), answer_late)
    assert refused == ["The survey is over by now. Your answers were not counted."]
    assert PractitionerSurvey.objects.get().responses == 0
