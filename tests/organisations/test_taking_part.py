"""Asking to take part, without an account: the steps, what they give away, the link, the limits."""

from __future__ import annotations

import datetime
import html
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.models import Application, Membership, User
from s11.organisations.models.registration import VERIFY_WITHIN
from tests import factories
from tests.conftest import Cast
from tests.organisations.taking_part import (
    LEAD,
    PROFILE,
    answer,
    ask_for_known,
    ask_for_new,
    find_path,
    get_step,
    make_application,
    run_at_once,
    start,
)

SENT = "/p/harbour/take-part/sent/"


@pytest.fixture(autouse=True)
def _clean(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()  # the limits of the test before
    monkeypatch.setattr(transaction, "on_commit", run_at_once)


def read(client: Client, step: str) -> str:
    return client.get(get_step("harbour", step)).content.decode()


def test_a_visit_alone_starts_no_session(client: Client) -> None:
    response = client.get("/p/harbour/take-part/")
    assert response.status_code == 200
    assert "sessionid" not in client.cookies
    assert client.get(get_step("harbour", "find")).headers["Location"] == "/p/harbour/take-part/"
    assert "sessionid" not in client.cookies


def test_an_organisation_that_is_not_known_is_entered(client: Client) -> None:
    start(client)
    assert answer(client, "find", {"words": "Kelp House"}).headers["Location"] == get_step("harbour", "enter")
    assert 'value="Kelp House"' in read(client, "enter")
    facts = {"name": "Kelp House", "urn": "", "ods_code": "", "ofsted_number": "sc123456"}
    assert answer(client, "enter", facts).headers["Location"] == get_step("harbour", "profile")
    assert answer(client, "profile", PROFILE).headers["Location"] == get_step("harbour", "lead")
    assert answer(client, "lead", LEAD).headers["Location"] == get_step("harbour", "check")
    page = read(client, "check")
    assert "The questions for children’s homes" in page
    assert not Application.objects.exists(), "nothing is stored before the last step"
    assert answer(client, "check").headers["Location"] == SENT
    application = Application.objects.get()
    assert (application.organisation, application.organisation_name) == (None, "Kelp House")
    assert (application.variant, application.ofsted_number) == (Variant.CARE_HOME, "SC123456")
    assert [one["answer"] for one in application.profile] == ["No", "No", "Yes"]
    assert (application.name, application.email) == ("Nora Quay", "nora@kelp.example")
    assert application.verified_at is None
    # It is over: the steps are gone from the session.
    assert client.get(get_step("harbour", "check")).headers["Location"] == "/p/harbour/take-part/"


@pytest.mark.parametrize(
    ("yes", "variant"),
    [
        ("is_school", Variant.SCHOOL),
        ("is_health", Variant.HEALTH),
        ("is_home", Variant.CARE_HOME),
        ("", Variant.STANDARD),
    ],
)
def test_the_profile_picks_the_variant(client: Client, yes: str, variant: Variant) -> None:
    start(client)
    answer(client, "find", {"words": "Kelp House"})
    answer(client, "enter", {"name": "Kelp House"})
    answer(client, "profile", {name: "yes" if name == yes else "no" for name in PROFILE})
    answer(client, "lead", LEAD)
    answer(client, "check")
    assert Application.objects.get().variant == variant


def test_one_that_takes_part_is_chosen_and_asked_no_profile(client: Client, cast: Cast) -> None:
    start(client)
    assert answer(client, "find", {"words": "anchor"}).headers["Location"] == get_step("harbour", "choose")
    page = read(client, "choose")
    assert "Anchor Trust" in page
    chosen = answer(client, "choose", {"organisation": "anchor"})
    assert chosen.headers["Location"] == get_step("harbour", "lead")
    answer(client, "lead", LEAD)
    assert "The standard questions" in read(client, "check")
    answer(client, "check")
    application = Application.objects.get()
    assert application.organisation == cast.organisation
    assert application.profile == []


def test_none_of_these_is_entered(client: Client) -> None:
    start(client)
    answer(client, "find", {"words": "anchor"})
    entered = answer(client, "choose", {"organisation": "none"})
    assert entered.headers["Location"] == get_step("harbour", "enter")


def test_a_step_is_not_reached_before_those_that_come_first(client: Client) -> None:
    start(client)
    assert client.get(get_step("harbour", "check")).headers["Location"] == get_step("harbour", "find")
    assert answer(client, "lead", LEAD).headers["Location"] == get_step("harbour", "find")
    assert client.get(get_step("harbour", "nonsense")).headers["Location"] == get_step("harbour", "find")


# What the search gives away -------------------------------------------------------------------------------------------


def find(client: Client, words: str) -> list[str]:
    """The names that are offered."""
    start(client)
    response = answer(client, "find", {"words": words})
    if response.headers["Location"] != get_step("harbour", "choose"):
        return []
    labels = re.findall(
        r'<label class="govuk-label govuk-radios__label"[^>]*>\s*(.*?)\s*</label>', read(client, "choose")
    )
    return [html.unescape(label) for label in labels if label != "None of these"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Anchor Trust", ["Anchor Trust"]),
        ("anchor trust", ["Anchor Trust"]),
        ("anch", ["Anchor Trust"]),
        ("anc", []),  # fewer than four letters find a whole name only
        ("a n c h", []),
        ("Quay", ["Quay"]),
        ("Oak", ["Oak"]),  # a whole name, however short
        ("100123", ["Quay"]),
        ("100 123", ["Quay"]),
        ("10012", []),
        ("rj1", ["Oak"]),
        ("SC7", ["Beacon Homes"]),
        ("Moor House", []),  # takes part elsewhere alone
        ("100999", []),
        ("Left", []),  # takes part no more
        ("Closed House", []),
        ("our own name", []),  # what the partnership calls it is between the two
        ("lead", []),
        ("%", []),
        ("____", []),
        ("nchor", []),  # a word begins with it
        ("St Mary’s", ["St Mary's College"]),
        ("mary", ["St Mary's College"]),  # and not every primary school
        ("prim", ["Cove Primary"]),
    ],
)
def test_the_search_finds_own_organisations_by_name_or_identifier(
    client: Client, cast: Cast, words: str, found: list[str]
) -> None:
    factories.make_organisation("Quay", slug="quay", partnership=cast.partnership, urn="100123")
    oak = factories.make_organisation("Oak", slug="oak", partnership=cast.partnership)
    oak.ods_code = "RJ1"
    oak.save()
    cast.other_organisation.ofsted_number = "SC7"
    cast.other_organisation.save()
    cast.organisation.participations.update(local_name="our own name")
    factories.make_organisation("St Mary's College", slug="mary", partnership=cast.partnership)
    factories.make_organisation("Cove Primary", slug="cove", partnership=cast.partnership)
    factories.make_organisation("Moor House", slug="moor", partnership=cast.elsewhere, urn="100999")
    left = factories.make_organisation("Left Alone", slug="left", partnership=cast.partnership)
    left.participations.update(is_active=False)
    closed = factories.make_organisation("Closed House", slug="closed", partnership=cast.partnership)
    closed.closed_on = datetime.date(2025, 1, 1)
    closed.save()
    assert find(client, words) == found


def test_the_search_does_not_list_everything(client: Client, cast: Cast) -> None:
    for number in range(12):
        factories.make_organisation(
            f"Harbour School {number:02}", slug=f"s{number}", partnership=cast.partnership
        )
    assert len(find(client, "school")) == 10
    assert "There are more than these" in read(client, "choose")


def test_no_page_tells_who_has_a_lead_or_any_person(client: Client, cast: Cast) -> None:
    """The same pages for one with a lead and one without, but for their own names."""
    User.objects.filter(pk=cast.lead.pk).update(name="Hari Moss")
    factories.make_organisation("Willow Trust", slug="willow", partnership=cast.partnership)
    pages = []
    for words, slug, name in (
        ("Anchor Trust", "anchor", "Anchor Trust"),
        ("Willow Trust", "willow", "Willow Trust"),
    ):
        start(client)
        answer(client, "find", {"words": words})
        texts = [read(client, "choose")]
        answer(client, "choose", {"organisation": slug})
        texts.append(read(client, "lead"))
        answer(client, "lead", LEAD)
        texts.append(read(client, "check"))
        answer(client, "check")
        texts.append(client.get(SENT).content.decode())
        path = find_path()
        texts += [client.get(path).content.decode(), client.post(path).content.decode()]
        pages.append(
            [strip(text).replace(name, "NAME").replace(slug, "SLUG").replace(path, "PATH") for text in texts]
        )
    assert pages[0] == pages[1]
    assert not any("Hari" in text or "lead@anchor" in text for text in pages[0])


def strip(text: str) -> str:
    """Without what differs in every response."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)


# No enumeration -------------------------------------------------------------------------------------------------------


def test_every_address_gets_the_same_answer(
    client: Client, cast: Cast, django_assert_num_queries: Any
) -> None:
    """Known with a password, known without, closed, an officer's, unknown: the same pages and the same work."""
    factories.make_user("no-password@kelp.example")
    closed = factories.make_user("closed@kelp.example", password=factories.PASSWORD)
    closed.is_active = False
    closed.save()
    answers = set()
    for address in (
        "lead@anchor.example",
        "administrator@harbour.example",
        "no-password@kelp.example",
        "closed@kelp.example",
        "unknown@kelp.example",
    ):
        response = ask_for_known(client, cast.organisation, lead={**LEAD, "email": address})
        page = client.get(response.headers["Location"])
        answers.add(
            (
                response.status_code,
                response.headers["Location"],
                page.status_code,
                strip(page.content.decode()),
            )
        )
    assert len(answers) == 1
    assert [message.to for message in mail.outbox] == [
        ["lead@anchor.example"],
        ["administrator@harbour.example"],
        ["no-password@kelp.example"],
        ["closed@kelp.example"],
        ["unknown@kelp.example"],
    ]


def test_a_mail_that_is_refused_is_not_heard_on_the_page(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def refuse(*args: Any) -> int:
        raise ConnectionRefusedError("550 no such mailbox")

    monkeypatch.undo()  # the real on_commit
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        response = ask_for_new(client)
    assert response.headers["Location"] == SENT
    assert len(callbacks) == 1
    assert Application.objects.count() == 1


def test_only_the_mail_says_whether_there_is_an_account(client: Client, cast: Cast) -> None:
    ask_for_new(client, lead={**LEAD, "email": "lead@anchor.example"})
    assert "You have an account" in mail.outbox[-1].body
    ask_for_new(client, lead={**LEAD, "email": "new@kelp.example"})
    assert "You have an account" not in mail.outbox[-1].body


# What a stranger may send ---------------------------------------------------------------------------------------------


def test_a_program_that_fills_in_everything_is_told_the_same_and_nothing_is_stored(client: Client) -> None:
    start(client)
    answer(client, "find", {"words": "Kelp House"})
    answer(client, "enter", {"name": "Kelp House"})
    answer(client, "profile", PROFILE)
    assert 'name="topic"' in read(client, "lead")
    trapped = answer(client, "lead", LEAD, topic="Buy now")
    assert (trapped.status_code, trapped.headers["Location"]) == (302, SENT)
    assert not Application.objects.exists()
    assert not mail.outbox


@pytest.mark.parametrize("name", ["Buy at http://x.example", "www.spam", "Kelp spam.com", "me@kelp.example"])
def test_a_name_carries_no_advertisement_to_a_stranger(client: Client, name: str) -> None:
    start(client)
    answer(client, "find", {"words": name})
    assert "Enter a name only" in answer(client, "enter", {"name": name}).content.decode()


@pytest.mark.parametrize(
    ("field", "length"), [("name", 151), ("job_title", 201), ("note", 1_001), ("email", 255)]
)
def test_what_is_too_long_is_refused(client: Client, field: str, length: int) -> None:
    start(client)
    answer(client, "find", {"words": "anchor"})
    answer(client, "choose", {"organisation": "anchor"})
    tail = "@kelp.example" if field == "email" else ""
    response = answer(client, "lead", {**LEAD, field: "x" * (length - len(tail)) + tail})
    assert response.status_code == 200
    assert "govuk-error-summary" in response.content.decode()


def test_what_no_form_asks_does_not_fill_the_session(client: Client) -> None:
    start(client)
    answer(client, "find", {"words": "anchor", "junk": "x" * 50_000}, other="x" * 50_000)
    assert len(str(dict(client.session))) < 1_000


def test_a_name_stands_on_one_line_in_subjects(client: Client, cast: Cast) -> None:
    ask_for_new(client, lead={**LEAD, "name": "Nora\nBcc: all@kelp.example"[:12]})
    assert Application.objects.get().name == "Nora Bcc: al"


# Limits ---------------------------------------------------------------------------------------------------------------


def test_one_address_gets_three_links_a_day_and_nobody_is_told(client: Client) -> None:
    pages = {ask_for_new(client).headers["Location"] for _ in range(5)}
    assert pages == {SENT}
    assert len(mail.outbox) == Application.objects.count() == 3
    # In whatever case it is written
    ask_for_new(client, lead={**LEAD, "email": "NORA@kelp.example"})
    assert len(mail.outbox) == 3


def test_one_place_asks_so_often_and_no_more(client: Client, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "take_part": "2/h/ip"}
    statuses = [
        ask_for_new(client, lead={**LEAD, "email": f"{n}@kelp.example"}).status_code for n in range(3)
    ]
    assert statuses == [302, 302, 429]
    assert Application.objects.count() == 2


def test_one_place_searches_so_often_and_no_more(client: Client, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "take_part_find": "2/10m/ip"}
    start(client)
    assert [answer(client, "find", {"words": "anchor"}).status_code for _ in range(3)] == [302, 302, 429]


def test_a_partnership_is_asked_so_often_a_day_and_no_more(client: Client, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "take_part_partnership": "1/d/key"}
    assert ask_for_new(client).status_code == 302
    full = ask_for_new(client, lead={**LEAD, "email": "second@kelp.example"})
    assert full.status_code == 429
    assert "Too many requests today" in full.content.decode()
    # What was entered is still there
    assert "second@kelp.example" in read(client, "check")


# The link -------------------------------------------------------------------------------------------------------------


def test_opening_the_link_changes_nothing_and_the_button_works_once(client: Client, cast: Cast) -> None:
    ask_for_new(client)
    path = find_path()
    token = path.split("/")[2]
    assert token not in Application.objects.get().token_hash, "only a hash is stored"
    for _ in range(2):  # a scanner, and the person
        page = client.get(path)
        assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "strict-origin")
    assert Application.objects.get().verified_at is None
    mail.outbox.clear()
    assert "Your request is sent" in client.post(path).content.decode()
    assert Application.objects.get().verified_at is not None
    assert [message.to for message in mail.outbox] == [["administrator@harbour.example"]]
    for again in (client.get(path), client.post(path)):
        assert again.status_code == 410
        assert "confirmed already" in again.content.decode()
    assert len(mail.outbox) == 1
    assert not User.objects.filter(email="nora@kelp.example").exists(), "an officer has not decided yet"


def test_an_old_link_opens_nothing(client: Client, cast: Cast) -> None:
    application = make_application(cast.partnership, is_verified=False, token="old-token")
    path = reverse("organisations:verify_application", args=["old-token"])
    application.created_at = timezone.now() - VERIFY_WITHIN + datetime.timedelta(minutes=1)
    application.save()
    assert client.get(path).status_code == 200
    application.created_at = timezone.now() - VERIFY_WITHIN
    application.save()
    for response in (client.get(path), client.post(path)):
        assert response.status_code == 410
        assert "This link has expired" in response.content.decode()
    application.refresh_from_db()
    assert application.verified_at is None


def test_a_made_up_link_opens_nothing(client: Client, db: None) -> None:
    for response in (client.get("/t/made-up/take-part/"), client.post("/t/made-up/take-part/")):
        assert response.status_code == 404
        assert "This link opens nothing" in response.content.decode()


def test_links_are_tried_so_often_and_no_more(client: Client, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "take_part_verify": "2/10m/ip"}
    assert [client.post("/t/made-up/take-part/").status_code for _ in range(3)] == [404, 404, 429]


def test_who_asks_to_join_one_with_a_lead_waits_for_that_lead(client: Client, cast: Cast) -> None:
    ask_for_known(client, cast.organisation)
    path = find_path()
    mail.outbox.clear()
    client.post(path)
    membership = Membership.objects.get(user__email="nora@kelp.example")
    assert membership.is_request
    assert membership.requested_through == cast.partnership
    assert [message.to for message in mail.outbox] == [["lead@anchor.example"]]
    assert not Application.objects.waiting().exists()
