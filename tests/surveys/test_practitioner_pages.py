"""A practitioner survey as staff meet it: by its link alone, without a trace of who they are."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.conf import LazySettings, settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import Session, User
from s11.web.anonymous_answers import MEMORY, MOST
from surveys.models import PractitionerSurvey, SurveyTally
from surveys.surveying import close_survey, replace_link
from tests import factories
from tests.conftest import Cast
from tests.surveys.practitioners import make_cycle_survey, make_survey

pytestmark = pytest.mark.usefixtures("_nobody_before")


@pytest.fixture
def _nobody_before() -> None:
    MEMORY.clear()


@pytest.fixture
def survey(cast: Cast) -> PractitionerSurvey:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    make_cycle_survey(cycle, by=cast.administrator)
    return make_survey(factories.make_invitee(cycle, cast.organisation), by=cast.lead)


def link(survey: PractitionerSurvey) -> str:
    return reverse("surveys:practitioner_survey", args=[survey.get_link_token()])


def count() -> int:
    return PractitionerSurvey.objects.get().responses


def test_it_opens_by_its_link_and_says_who_sees_what(survey: PractitionerSurvey, client: Client) -> None:
    page = client.get(link(survey))
    said = page.content.decode()
    assert page.status_code == 200
    assert said.count('type="radio"') == 15
    assert "I know key-a1-1." in said
    assert "Nobody can find out what you answered." in said
    assert "only if at least five people answered" in said
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]


def test_opening_it_leaves_no_cookie_and_answering_one_word(
    survey: PractitionerSurvey, client: Client
) -> None:
    """Not the token against forged forms either: each browser has its own, for a year."""
    assert not client.get(link(survey)).cookies
    answered = client.post(link(survey), {"S1": "yes"})
    assert {name: cookie.value for name, cookie in answered.cookies.items()} == {"answered": "yes"}
    cookie = answered.cookies["answered"]
    assert (cookie["path"], cookie["max-age"], cookie["expires"]) == (link(survey), "", "")
    assert not client.get(answered["Location"]).cookies
    assert not Session.objects.exists()


def test_with_https_the_word_has_a_prefix_and_stays_with_its_page(
    survey: PractitionerSurvey, client: Client, settings: LazySettings
) -> None:
    """Not the prefix for the whole host: each visit to any page would carry it."""
    settings.SESSION_COOKIE_SECURE = True
    cookie = client.post(link(survey), {"S1": "yes"}, secure=True).cookies["__Secure-answered"]
    assert (cookie["secure"], cookie["path"]) == (True, link(survey))
    assert "Somebody has answered in this browser" in client.get(link(survey), secure=True).text


def test_somebody_signed_in_is_nobody_here(survey: PractitionerSurvey, cast: Cast, client: Client) -> None:
    client.force_login(cast.contributor, backend="django.contrib.auth.backends.ModelBackend")
    before = User.objects.values().get(pk=cast.contributor.pk)
    sessions = list(Session.objects.values())
    said = client.get(link(survey)).content.decode()
    assert cast.contributor.email not in said
    assert "Sign out" not in said
    client.post(link(survey), {"S1": "no"})
    assert User.objects.values().get(pk=cast.contributor.pk) == before
    assert list(Session.objects.values()) == sessions
    assert settings.SESSION_COOKIE_NAME in client.cookies


def test_from_the_answers_to_thanks(survey: PractitionerSurvey, client: Client) -> None:
    answered = client.post(link(survey), {"S1": "yes", "S2": "unknown", "S3": ""}, follow=True)
    assert answered.redirect_chain == [(f"{link(survey)}thanks/", 302)]
    assert "Your answers are counted" in answered.content.decode()
    assert count() == 1
    assert sum(tally.yes + tally.unknown for tally in SurveyTally.objects.all()) == 2


def test_nothing_answered_is_said_and_not_counted(survey: PractitionerSurvey, client: Client) -> None:
    # By a visit of its own, which a browser can go back to.
    response = client.post(link(survey), {})
    assert response.headers["Location"] == f"{link(survey)}?empty=1"
    refused = client.get(response.headers["Location"])
    assert "Answer at least one statement" in refused.content.decode()
    assert count() == 0
    assert "Your leaders are telling" in refused.content.decode()


def test_what_is_no_answer_is_refused_and_the_rest_stays_ticked(
    survey: PractitionerSurvey, client: Client
) -> None:
    refused = client.post(link(survey), {"S1": "perhaps", "S2": "partly"}).content.decode()
    assert "There is a problem" in refused
    assert 'value="partly" checked' in refused
    assert count() == 0


def test_a_button_pressed_twice_counts_once(survey: PractitionerSurvey, client: Client) -> None:
    for _ in range(2):
        assert client.post(link(survey), {"S1": "yes", "once": "abc"}).status_code == 302
    assert count() == 1
    client.post(link(survey), {"S1": "yes", "once": "def"})
    assert count() == 2


def test_who_comes_back_is_asked_whether_they_are_another(survey: PractitionerSurvey, client: Client) -> None:
    client.post(link(survey), {"S1": "yes"})
    again = client.get(link(survey)).content.decode()
    assert "Somebody has answered in this browser." in again
    assert 'type="radio"' not in again
    assert 'type="radio"' in client.get(f"{link(survey)}?again=1").content.decode()


def test_a_flood_waits_and_loses_nothing_whoever_sends_it(survey: PractitionerSurvey) -> None:
    """Counted for the survey and not for an address: of one house all come from the same."""
    MEMORY.set(survey.pk, MOST)
    full = Client(REMOTE_ADDR="192.0.2.7").post(link(survey), {"S1": "no"})
    assert full.status_code == 429
    said = full.content.decode()
    assert "Your answers are not sent yet." in said
    assert 'value="no" checked' in said
    assert count() == 0


def test_after_the_end_nothing_is_counted(survey: PractitionerSurvey, cast: Cast, client: Client) -> None:
    close_survey(survey=survey, by=cast.lead)
    assert "This survey is over" in client.get(link(survey)).content.decode()
    late = client.post(link(survey), {"S1": "yes"}).content.decode()
    assert "not counted" in late
    assert count() == 0


def test_it_ends_by_its_day(survey: PractitionerSurvey, client: Client) -> None:
    with time_machine.travel(timezone.now() + datetime.timedelta(days=15)):
        assert "This survey is over" in client.get(link(survey)).content.decode()


def test_a_link_that_was_replaced_made_up_or_for_something_else_is_not_found(
    survey: PractitionerSurvey, cast: Cast, client: Client
) -> None:
    before = link(survey)
    forged = f"{before.removesuffix('/survey/')}x/survey/"
    replace_link(survey=survey, by=cast.lead)
    assert client.get(before).status_code == 404
    assert client.get(f"{before}thanks/").status_code == 404
    assert client.get(forged).status_code == 404
    elsewhere = link(PractitionerSurvey.objects.get()).replace("/survey/", "/availability/")
    assert client.get(elsewhere).status_code == 404


def test_a_visit_costs_two_queries(
    survey: PractitionerSurvey, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = link(survey)
    with django_assert_num_queries(2):
        client.get(address)
