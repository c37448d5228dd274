"""Tokens of data feeds: made once and shown once, listed, ended, and dead with whatever they rest on."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable

import pytest
import time_machine
from auditlog.models import LogEntry
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from s11.organisations.enums import OfficerRole
from s11.organisations.feed_permissions import MOST
from s11.organisations.models import FeedToken, Officer, Removal, User
from s11.organisations.models.feed_tokens import SHAPE
from s11.organisations.putting_back import put_office_back
from s11.organisations.second_factors import has_factor
from s11.organisations.workflow import end_office
from s11.organisations.workflow.feed_tokens import SHOWN_EXPIRED, forget_feed_tokens
from s11.organisations.workflow.second_factors import reset_second_factor
from tests import factories
from tests.conftest import Cast
from tests.organisations.feed_tokens import get_random_part, give_token, let_read, read_by
from tests.organisations.second_factors import STEP, give_app, make_code

SignIn = Callable[[User], Client]
PAGE = "/home/details/feeds/"
ADD = f"{PAGE}add/"
DESK = "/p/harbour/desk/people/feeds/"
FEED = "/p/harbour/feed/"
NAME = "Power BI at the office"


def fill_in(client: Client, **entered: object) -> str:
    return html.unescape(client.post(ADD, {"name": NAME, "days": 365, **entered}).content.decode())


def find_secret(page: str) -> str:
    found = re.search(r">(s11f_[^<]+)</textarea>", page)
    assert found is not None, page
    return found[1]


def test_it_is_shown_once_and_only_its_hash_is_kept(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = sign_in(cast.quality_officer)
    with django_capture_on_commit_callbacks(execute=True):
        page = fill_in(client)
    secret = find_secret(page)
    assert SHAPE.fullmatch(secret)
    token = FeedToken.objects.get()
    assert (token.user, token.partnership, token.name) == (cast.quality_officer, cast.partnership, NAME)
    assert token.expires_on == timezone.localdate() + datetime.timedelta(days=365)
    listed = client.get(PAGE).content.decode()
    assert token.handle in listed
    tables = [*FeedToken.objects.values_list(), *LogEntry.objects.values_list(), *client.session.items()]
    for text in (listed, repr(tables)):
        assert get_random_part(secret) not in text
    assert token.token_hash not in listed + repr(list(LogEntry.objects.values_list()))
    assert read_by(secret).get(FEED).status_code == 200
    [sent] = mail.outbox
    assert sent.to == [cast.quality_officer.email]
    assert NAME in str(sent.body)
    assert secret not in f"{sent.subject}{sent.body}"


def test_the_trail_says_who_made_it_and_who_ended_it(cast: Cast, sign_in: SignIn) -> None:
    fill_in(sign_in(cast.quality_officer))
    token = FeedToken.objects.get()
    sign_in(cast.administrator).post(f"{DESK}{token.pk}/end/")
    lines = LogEntry.objects.filter(content_type__model="feedtoken").order_by("pk")
    assert [(line.actor, line.get_action_display()) for line in lines] == [
        (cast.quality_officer, "create"),
        (cast.administrator, "delete"),
    ]
    assert token.token_hash not in repr(lines.values_list())


def test_who_makes_one(cast: Cast, sign_in: SignIn) -> None:
    may = {name for name, person in cast.people.items() if sign_in(person).get(ADD).status_code == 200}
    officers = {"administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher"}
    assert may == officers | {"outsider"}
    assert "Data feeds are for officers" in sign_in(cast.lead).get(PAGE).content.decode()
    assert PAGE in sign_in(cast.publisher).get("/home/details/").content.decode()
    assert PAGE not in sign_in(cast.lead).get("/home/details/").content.decode()


def test_only_for_a_partnership_of_ones_own(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.publisher)
    fill_in(client, partnership=cast.elsewhere.pk)
    assert FeedToken.objects.get().partnership == cast.partnership
    # Who works for two is asked which.
    Officer.objects.create(user=cast.publisher, partnership=cast.elsewhere, role=OfficerRole.SCRUTINEER)
    other = factories.make_partnership("Fell", slug="fell")
    assert "Fell" not in client.get(ADD).content.decode()
    for entered in ("", str(other.pk)):
        assert "Error: Make a token" in fill_in(client, name="Excel", partnership=entered)
    fill_in(client, name="Excel", partnership=cast.elsewhere.pk)
    assert {str(one) for one in FeedToken.objects.all()} == {f"{NAME} (Harbour)", "Excel (Moorland)"}


def test_what_is_entered_wrongly_is_said_and_kept(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    fill_in(client)
    again = fill_in(client, name=f" {NAME}", days=91)
    assert "You have a token of this name" in again
    assert f'value=" {NAME}"' in again
    assert re.search(r'value="91"[^>]* checked', again)
    for entered in ({"name": ""}, {"name": "x" * 61}, {"days": "3650"}, {"days": ""}):
        assert "Error: Make a token" in fill_in(client, **{"name": "Excel", **entered})
    for number in range(MOST - 1):
        fill_in(client, name=f"Excel {number}")
    assert f"You have {MOST} tokens for Harbour" in fill_in(client, name="One more")
    assert FeedToken.objects.count() == MOST


def test_its_page_waits_for_the_second_step_and_its_requests_do_not(
    cast: Cast, sign_in: SignIn, settings: LazySettings
) -> None:
    settings.SECOND_FACTOR_FOR_OFFICERS = True
    client = sign_in(cast.quality_officer)
    assert client.get(PAGE)["Location"] == STEP
    assert client.post(ADD, {"name": NAME, "days": 365})["Location"] == STEP
    secret = give_app(cast.quality_officer)
    assert client.get(ADD)["Location"].startswith(f"{STEP}again/")
    client.post(f"{STEP}again/", {"code": make_code(secret)})
    by_token = read_by(find_secret(fill_in(client)))
    assert by_token.get(FEED).status_code == 200
    # The gate still holds for a session, whatever tokens there are.
    another = Client()
    another.force_login(cast.quality_officer, backend="django.contrib.auth.backends.ModelBackend")
    assert another.get("/p/harbour/desk/").status_code == 302
    assert by_token.get("/p/harbour/desk/").status_code == 302


def test_ones_own_alone_are_listed_and_ended(cast: Cast, sign_in: SignIn) -> None:
    mine, my_secret = give_token(cast.quality_officer, cast.partnership, name="Mine")
    theirs, their_secret = give_token(cast.scrutineer, cast.partnership, name="Theirs")
    client = sign_in(cast.quality_officer)
    assert "Theirs" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{theirs.pk}/end/").status_code == 404
    done = client.post(f"{PAGE}{mine.pk}/end/", follow=True)
    assert "Mine reads nothing any more." in done.content.decode()
    assert client.post(f"{PAGE}{mine.pk}/end/").status_code == 404
    assert read_by(my_secret).get(FEED).status_code == 401
    assert read_by(their_secret).get(FEED).status_code == 200
    assert mail.outbox == []


def test_an_administrator_ends_anybodys_here(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    here, secret = give_token(cast.quality_officer, cast.partnership)
    there, _ = give_token(cast.outsider, cast.elsewhere, name="Elsewhere")
    client = sign_in(cast.administrator)
    page = client.get(DESK).content.decode()
    assert here.handle in page
    assert there.handle not in page
    assert client.post(f"{DESK}{there.pk}/end/").status_code == 404
    assert sign_in(cast.outsider).post(f"{DESK}{here.pk}/end/").status_code == 404
    assert sign_in(cast.scrutineer).post(f"{DESK}{here.pk}/end/").status_code == 403
    with django_capture_on_commit_callbacks(execute=True):
        done = sign_in(cast.administrator).post(f"{DESK}{here.pk}/end/", follow=True)
    assert "We have told them." in done.content.decode()
    assert read_by(secret).get(FEED).status_code == 401
    [sent] = mail.outbox
    assert (sent.to, "ended it for Harbour" in str(sent.body)) == ([cast.quality_officer.email], True)


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_grow(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for number in range(many):
        give_token(cast.administrator, cast.partnership, name=f"Excel {number}")
        person = factories.make_officer(f"officer{number}@harbour.example", partnership=cast.partnership)
        give_token(person, cast.partnership)
    client = sign_in(cast.administrator)
    for page in (PAGE, DESK):
        with django_assert_num_queries(QUERIES[page]):
            assert client.get(page).status_code == 200


QUERIES = {PAGE: 5, DESK: 5}


# What it dies with ----------------------------------------------------------------------------------------------------


def leave(cast: Cast, person: User) -> Removal | None:
    return end_office(
        office=person.offices.get(partnership=cast.partnership, ended_at=None), by=cast.administrator
    )


def test_it_goes_with_the_last_office_and_does_not_come_back(cast: Cast) -> None:
    person = cast.scrutineer
    second = Officer.objects.create(user=person, partnership=cast.partnership, role=OfficerRole.PUBLISHER)
    Officer.objects.create(user=person, partnership=cast.elsewhere, role=OfficerRole.PUBLISHER)
    here, there = let_read(person, cast.partnership), let_read(person, cast.elsewhere)
    end_office(office=second, by=cast.administrator)
    assert here.get(FEED).status_code == 200
    removal = leave(cast, person)
    assert removal is not None
    assert here.get(FEED).status_code == 401
    put_office_back(removal, cast.administrator)
    assert here.get(FEED).status_code == 401
    assert there.get("/p/moorland/feed/").status_code == 200


def test_an_office_that_was_ended_by_hand_closes_it_too(cast: Cast) -> None:
    client = let_read(cast.scrutineer, cast.partnership)
    Officer.objects.filter(user=cast.scrutineer).update(ended_at=timezone.now())
    assert client.get(FEED).status_code == 401


def test_whoever_is_made_inactive_or_moves_has_none(cast: Cast) -> None:
    operator = User.objects.create_superuser("operator@s11.example", factories.PASSWORD)
    admin = Client()
    admin.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    for person, columns in (
        (cast.scrutineer, {"email": cast.scrutineer.email}),
        (cast.publisher, {"email": "new@harbour.example", "is_active": "on"}),
    ):
        client = let_read(person, cast.partnership)
        admin.post(f"/admin/organisations/user/{person.pk}/change/", {"name": "Pat", **columns})
        User.objects.filter(pk=person.pk).update(is_active=True)
        assert client.get(FEED).status_code == 401, person


def test_a_new_password_ends_all_and_tells(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    reader = let_read(cast.publisher, cast.partnership)
    client = Client()
    client.post("/accounts/login/", {"login": cast.publisher.email, "password": factories.PASSWORD})
    new = "a lantern over the slipway"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            "/accounts/password/change/",
            {"oldpassword": factories.PASSWORD, "password1": new, "password2": new},
        )
    assert reader.get(FEED).status_code == 401
    assert any("no longer reads data" in str(one.subject) for one in mail.outbox)


def test_so_does_a_reset_second_step(cast: Cast) -> None:
    give_app(cast.scrutineer)
    assert has_factor(cast.scrutineer)
    client = let_read(cast.scrutineer, cast.partnership)
    reset_second_factor(user=cast.scrutineer, by=None)
    assert client.get(FEED).status_code == 401


def test_it_expires_and_is_forgotten_later(cast: Cast, sign_in: SignIn) -> None:
    today = timezone.localdate()
    token, secret = give_token(cast.scrutineer, cast.partnership, expires_on=today)
    assert read_by(secret).get(FEED).status_code == 200
    noon = timezone.now().replace(hour=12)
    with time_machine.travel(noon + datetime.timedelta(days=1), tick=False):
        assert read_by(secret).get(FEED).status_code == 401
        assert "Expired" in sign_in(cast.scrutineer).get(PAGE).content.decode()
    forget_feed_tokens(noon + SHOWN_EXPIRED)
    assert FeedToken.objects.filter(pk=token.pk).exists()
    forget_feed_tokens(noon + SHOWN_EXPIRED + datetime.timedelta(days=1))
    assert not FeedToken.objects.filter(pk=token.pk).exists()
