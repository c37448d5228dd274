"""Being signed in: until when, where, and being told of a browser that was not used before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.template import engines
from django.test import Client
from django.utils import timezone

from s11.organisations.models import KnownBrowser, Session, User
from s11.organisations.models.sessions import REMEMBERED_FOR
from s11.organisations.workflow.sessions import forget_sessions
from s11.web.browsers import describe_browser
from tests.conftest import Cast
from tests.factories import PASSWORD

LOGIN = "/accounts/login/"
PAGE = "/home/details/signed-in/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _fresh(settings: LazySettings) -> None:
    settings.SESSION_IDLE_MINUTES = 60
    settings.SESSION_MOST_HOURS = 12
    cache.clear()


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(timezone.now(), tick=False) as moment:
        yield moment


def is_in(client: Client) -> bool:
    """Asked of a page that needs little beside the session."""
    return client.get(PAGE).status_code == 200


def enter(user: User, agent: str = FIREFOX, *, client: Client | None = None) -> Client:
    """Through the page, as a person does it."""
    client = client or Client()
    client.post(LOGIN, {"login": user.email, "password": PASSWORD}, headers={"User-Agent": agent})
    assert is_in(client)
    return client


# Before it ends -------------------------------------------------------------------------------------------------------

LEFT, STAY = "/accounts/session/", "/accounts/session/stay/"


def test_the_page_that_warns_asks_without_being_active(cast: Cast, sign_in: SignIn, clock: Any) -> None:
    """Asking every minute keeps nobody signed in; pressing the button does, until the working day's end."""
    client = sign_in(cast.lead)
    clock.shift(timedelta(minutes=54))
    for _ in range(2):
        left = client.get(LEFT).json()
        assert (left["seconds"], left["warn"], left["can_stay"]) == (360, 300, True)
    assert left["person"] == str(cast.lead.pk)
    clock.shift(timedelta(minutes=5))
    assert client.get(LEFT).json()["seconds"] == 60
    assert client.post(STAY).json()["seconds"] == 3600
    clock.shift(timedelta(minutes=61))
    assert client.get(LEFT).json() == {"seconds": 0, "person": ""}
    assert client.post(STAY).status_code == 302
    assert client.post(STAY, headers={"HX-Request": "true"}).status_code == 401


def test_nothing_lengthens_a_working_day(cast: Cast, sign_in: SignIn, clock: Any) -> None:
    client = sign_in(cast.lead)
    for _ in range(12):
        clock.shift(timedelta(minutes=59))
        assert is_in(client)
    left = client.post(STAY).json()
    assert (left["seconds"], left["can_stay"]) == (12 * 60, False)


def test_a_short_session_lasts_while_one_is_active(
    cast: Cast, sign_in: SignIn, clock: Any, settings: LazySettings
) -> None:
    settings.SESSION_IDLE_MINUTES = 1
    client = sign_in(cast.lead)
    for _ in range(4):
        clock.shift(timedelta(seconds=40))
        assert is_in(client)
    assert client.get(LEFT).json()["warn"] == 20


def test_pages_of_whoever_is_signed_in_can_warn_and_no_other(cast: Cast, sign_in: SignIn) -> None:
    """Without scripts the foot of the long forms says it."""
    assert "data-session " not in Client().get("/accounts/login/").text
    page = sign_in(cast.lead).get("/home/").text
    assert f'data-person="{cast.lead.pk}" data-minutes="60"' in page
    assert "after 60 minutes in which you send nothing you are signed out" in get_foot()


def get_foot() -> str:
    template = engines["jinja2"].from_string(
        '{% from "components/panels.html" import foot %}{% call foot() %}Save{% endcall %}'
    )
    return template.render()


# Until when -----------------------------------------------------------------------------------------------------------


def test_who_does_nothing_is_signed_out_and_who_is_active_stays(
    cast: Cast, sign_in: SignIn, clock: Any
) -> None:
    client = sign_in(cast.lead)
    for _ in range(3):
        clock.shift(timedelta(minutes=59))
        assert is_in(client)
    clock.shift(timedelta(minutes=61))
    assert not is_in(client)


def test_however_active_nobody_stays_longer_than_a_working_day(
    cast: Cast, sign_in: SignIn, clock: Any
) -> None:
    client = sign_in(cast.lead)
    for _ in range(23):
        clock.shift(timedelta(minutes=30))
        assert is_in(client)
    # What writes the session anew does not begin it anew.
    session = client.session
    session["something"] = "said"
    session.save()
    clock.shift(timedelta(minutes=31))
    assert not is_in(client)


def test_a_session_from_a_clock_that_was_ahead_ends_like_any_other(
    cast: Cast, sign_in: SignIn, clock: Any
) -> None:
    clock.shift(timedelta(days=365))
    client = sign_in(cast.lead)
    clock.shift(timedelta(days=-365))
    assert is_in(client)
    clock.shift(timedelta(minutes=61))
    assert not is_in(client)


def test_being_active_writes_at_most_every_two_minutes_and_only_the_times(
    cast: Cast, sign_in: SignIn, clock: Any, django_assert_num_queries: Any
) -> None:
    client = sign_in(cast.lead)
    before = Session.objects.get()
    clock.shift(timedelta(seconds=100))
    assert is_in(client)
    assert Session.objects.get().last_active_at == before.last_active_at
    clock.shift(timedelta(seconds=30))
    assert is_in(client)
    after = Session.objects.get()
    assert (after.session_data, after.last_active_at) == (before.session_data, timezone.now())


def test_a_form_sent_after_the_end_gives_its_words_back(cast: Cast, sign_in: SignIn, clock: Any) -> None:
    client = sign_in(cast.lead)
    clock.shift(timedelta(minutes=61))
    page = "/p/harbour/o/anchor/details/"
    response = client.post(
        page,
        {"name": "Anchor Trust of the whole Harbour"},
        headers={"Origin": "http://testserver", "Referer": f"http://testserver{page}"},
    )
    assert response.status_code == 403
    assert "60 minutes" in response.text
    assert "Anchor Trust of the whole Harbour</textarea>" in response.text
    assert "/accounts/login/?next=/p/harbour/o/anchor/details/" in response.text


def test_who_is_not_signed_in_keeps_what_they_entered_for_days(client: Client, clock: Any, db: None) -> None:
    session = client.session
    session["entered"] = "an application"
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    row = Session.objects.get()
    assert (row.user, row.begun_at) == (None, None)
    clock.shift(timedelta(days=2))
    assert client.session["entered"] == "an application"


def test_what_has_ended_is_deleted_by_the_clock(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.lead)
    KnownBrowser.objects.create(user=cast.lead, token_hash="x")
    now = timezone.now()
    forget_sessions(now)
    assert (Session.objects.count(), KnownBrowser.objects.count()) == (1, 1)
    forget_sessions(now + timedelta(hours=2))
    assert (Session.objects.count(), KnownBrowser.objects.count()) == (0, 1)
    forget_sessions(now + REMEMBERED_FOR)
    assert KnownBrowser.objects.count() == 0


# Where ----------------------------------------------------------------------------------------------------------------


def test_one_s_own_sessions_are_listed_and_ended(cast: Cast) -> None:
    here, phone, work = enter(cast.lead), enter(cast.lead, IPHONE), enter(cast.lead)
    other = enter(cast.contributor)
    page = here.get(PAGE)
    assert page.text.count("Sign out Firefox on Windows") == 1
    assert page.text.count("Firefox on Windows, this one") == 1
    assert "Safari on an iPhone" in page.text
    keys = set(Session.objects.values_list("session_key", flat=True))
    assert not any(key in page.text for key in keys), "a key opens what it names"
    handle = Session.objects.get(browser="Safari on an iPhone").handle
    # Somebody else's is none of mine.
    assert "signed out already" in other.post(f"{PAGE}{handle}/end/", follow=True).text
    assert "That browser is signed out." in here.post(f"{PAGE}{handle}/end/", follow=True).text
    assert [is_in(one) for one in (here, phone, work, other)] == [True, False, True, True]
    here.post(f"{PAGE}others/end/")
    assert [is_in(one) for one in (here, work, other)] == [True, False, True]
    assert "Sign out everywhere else" not in here.get(PAGE).text


def test_the_list_costs_the_same_for_one_and_for_three(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = sign_in(cast.lead)
    for others in (0, 2):
        for _ in range(others):
            Client().force_login(cast.lead, backend="django.contrib.auth.backends.ModelBackend")
        with django_assert_num_queries(3):
            assert client.get(PAGE).text.count("this one") == 1


def test_a_new_password_signs_out_everywhere_else(cast: Cast) -> None:
    here, elsewhere = enter(cast.lead), enter(cast.lead)
    new = "a lantern over the slipway"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert [is_in(here), is_in(elsewhere)] == [True, False]
    assert Session.objects.filter(user=cast.lead).count() == 1


# By which browser -----------------------------------------------------------------------------------------------------


def test_another_browser_is_told_and_the_first_and_a_known_one_are_not(
    cast: Cast, settings: LazySettings
) -> None:
    settings.SITE_URL = "https://s11.example"
    browser = enter(cast.lead)
    browser.logout()
    browser.get(LOGIN)
    assert mail.outbox == []
    enter(cast.lead, IPHONE)
    [told] = mail.outbox
    assert told.to == [cast.lead.email]
    assert "Safari on an iPhone" in str(told.body)
    assert "127.0.0.1" not in str(told.body)
    # A colleague at a computer that somebody else has used: it is their first.
    enter(cast.contributor)
    assert len(mail.outbox) == 1


def test_a_browser_is_known_again_by_a_cookie_that_opens_nothing(cast: Cast) -> None:
    first = enter(cast.lead)
    cookie = first.cookies["known_browser"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert int(cookie["max-age"]) == REMEMBERED_FOR.total_seconds()
    assert cookie.value not in KnownBrowser.objects.get().token_hash
    again = Client()
    again.cookies["known_browser"] = cookie.value
    assert not is_in(again)
    enter(cast.lead, client=again)
    assert mail.outbox == []
    # Two people at one computer: nothing stored says so.
    enter(cast.contributor, client=Client())
    assert len(set(KnownBrowser.objects.values_list("token_hash", flat=True))) == 2


def test_with_https_no_neighbour_can_plant_that_cookie(cast: Cast, settings: LazySettings) -> None:
    """The prefix asks for Secure, this host and all its pages; a browser refuses it else."""
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    client.post(LOGIN, {"login": cast.lead.email, "password": PASSWORD}, secure=True)
    cookie = client.cookies["__Host-known_browser"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_a_mail_server_that_is_down_keeps_nobody_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise ConnectionRefusedError

    enter(cast.lead)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    enter(cast.lead, IPHONE)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on an iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (Linux; Android 14) SamsungBrowser/26 Chrome/122 Safari",
            "Samsung Internet on Android",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18 Safari/605", "Safari on a Mac"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/130 Safari/537", "Chrome on a Chromebook"),
        ("<script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert describe_browser(agent) == words
