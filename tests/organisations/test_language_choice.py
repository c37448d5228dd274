"""Choosing a language: whose choice it is, where it holds, and what the pages for everybody do with it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from s11.organisations.emails import make_email
from s11.organisations.models import User
from s11.web.cookies import LANGUAGE
from s11.web.languages import ENGLISH, get_language, speaking
from surveys.models import Answer
from tests.conftest import Cast
from tests.surveys.audit_pages import address, make_draft

CHOOSE = "/language/"
SKIP = "Neidio i’r prif gynnwys"


@pytest.fixture
def lead(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.lead)


def test_before_signing_in_a_cookie_keeps_it(client: Client, db: None) -> None:
    page = client.get("/")
    assert f'href="{CHOOSE}?language=cy"' in page.text
    assert 'lang="en-GB"' in page.text
    assert page.headers["Content-Language"] == "en-GB"
    assert "Cookie" in page.headers["Vary"]
    assert not client.cookies
    asked = client.get(f"{CHOOSE}?language=cy", headers={"Referer": "http://testserver/contact/?a=1"}).text
    assert 'name="next" value="/contact/?a=1"' in asked
    assert re.search('value="cy"[^>]* checked', asked)
    asked = client.get(CHOOSE, headers={"Referer": "https://elsewhere.example/contact/"}).text
    assert '/contact/"' not in asked.replace('href="/contact/"', "")
    assert client.get(CHOOSE, headers={"Referer": "http://[x"}).status_code == 200
    answer = client.post(CHOOSE, {"language": "cy", "next": "/contact/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/contact/")
    kept = answer.cookies[LANGUAGE]
    assert (kept.value, kept["httponly"], kept["samesite"]) == ("cy", True, "Lax")
    page = client.get("/")
    assert '<html lang="cy"' in page.text
    assert SKIP in page.text
    assert page.headers["Content-Language"] == "cy"
    assert "app-only-english" not in page.text
    # Nothing is left of it in the thread that answered.
    assert get_language() is ENGLISH
    client.post(CHOOSE, {"language": "en"})
    assert SKIP not in client.get("/").text


def test_a_persons_choice_goes_with_them(cast: Cast, lead: Client, client: Client) -> None:
    lead.post(CHOOSE, {"language": "cy", "next": "/home/"})
    cast.lead.refresh_from_db()
    assert cast.lead.language == "cy"
    elsewhere = Client()
    elsewhere.force_login(cast.lead)
    home = elsewhere.get("/home/")
    assert "Eich sefydliadau" in home.text
    # From now on also before signing in there.
    assert home.cookies[LANGUAGE].value == "cy"
    elsewhere.post(reverse("account_logout"))
    page = elsewhere.get("/accounts/login/").text
    # Labels of allauth’s and the design system’s words too.
    for words in ("Mewngofnodi", "E-bost", "Dangos y cyfrinair", "Wedi anghofio’ch cyfrinair?"):
        assert words in page
    assert "Forgot" not in page
    # Somebody else in that browser has chosen for themselves.
    User.objects.filter(pk=cast.stranger.pk).update(language="en")
    elsewhere.force_login(cast.stranger)
    home = elsewhere.get("/home/")
    assert "Your organisations" in home.text
    assert home.cookies[LANGUAGE]["max-age"] == 0


def test_it_leads_back_to_the_page_and_to_no_other_site(lead: Client) -> None:
    for given, expected in (
        ("/contact/?a=1", "/contact/?a=1"),
        ("https://elsewhere.example/", "/home/"),
        ("//elsewhere.example/", "/home/"),
        ("javascript:alert(1)", "/home/"),
        ("", "/home/"),
    ):
        assert lead.post(CHOOSE, {"language": "en", "next": given}).headers["Location"] == expected


@pytest.mark.parametrize("chosen", ["", "fr", "../cy"])
def test_a_language_that_is_not_offered_changes_nothing(cast: Cast, lead: Client, chosen: str) -> None:
    page = lead.post(CHOOSE, {"language": chosen})
    assert page.status_code == 200
    assert "There is a problem" in page.text
    cast.lead.refresh_from_db()
    assert cast.lead.language == ""
    lead.cookies[LANGUAGE] = chosen
    assert '<html lang="en-GB"' in lead.get("/").text


def test_ones_own_details_offer_it(lead: Client) -> None:
    page = lead.get(reverse("organisations:own_details")).text
    assert 'id="language"' in page
    assert f'action="{CHOOSE}"' in page


def test_it_costs_no_query(
    cast: Cast, lead: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):  # the session, the person and her offices, as ever
        lead.get(reverse("organisations:own_details"))
    User.objects.filter(pk=cast.lead.pk).update(language="cy")
    with django_assert_num_queries(3):
        lead.get(reverse("organisations:own_details"))


def test_a_page_without_translation_says_so_in_welsh_and_is_marked(cast: Cast, client: Client) -> None:
    client.cookies[LANGUAGE] = "cy"
    page = client.get("/privacy/").text
    assert '<html lang="cy"' in page
    assert '<p class="app-only-english" lang="cy">Dim ond yn Saesneg' in page
    assert '<div class="govuk-width-container" lang="en-GB">' in page
    assert '<title lang="en-GB">Privacy' in page
    # Its frame is Welsh, its content all English: parts that have a translation are not mixed in.
    assert SKIP in page
    assert "app-english" not in page.replace("app-only-english", "")


def test_what_every_cache_keeps_is_the_same_for_everybody(cast: Cast, client: Client) -> None:
    client.cookies[LANGUAGE] = "cy"
    page = client.get(reverse("accountability:published_reports", args=["harbour"]))
    assert '<html lang="en-GB"' in page.text
    assert "Cymraeg" not in page.text
    assert "Cookie" not in page.headers.get("Vary", "")


def test_mail_is_in_english_whoever_asks_for_it(cast: Cast) -> None:
    with speaking("cy"):
        make_email(
            "organisations/set_password",
            to=["a@b.example"],
            partnership=cast.partnership,
            user=cast.lead,
            link="x",
        ).send()
    assert SKIP not in mail.outbox[0].body
    assert "password" in mail.outbox[0].body


def test_what_is_stored_is_the_same_in_any_language(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast)
    User.objects.filter(pk=cast.lead.pk).update(language="cy")
    code = audit.questionnaire.indicators.order_by("position")[0].code
    url = address("audit_answer", code=code.split(".")[0], indicator=code)
    sent = {f"{code}-version": "0", f"{code}-score": "1", f"{code}-commentary": "Ein geiriau ni"}
    answer = lead.post(url, sent)
    assert answer.text.startswith("Cadwyd ")
    assert "wedi’u hateb, cadwyd" in answer.text
    stored = Answer.objects.get(audit__invitee__organisation=cast.organisation)
    assert (stored.score, stored.commentary) == (1, "Ein geiriau ni")
    wrong = lead.post(url, sent | {f"{code}-version": "1", f"{code}-score": "9"})
    assert "dewiswch un o’r atebion a ddangosir" in wrong.text


def test_a_bank_without_translation_is_shown_in_english_and_marked(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast)
    User.objects.filter(pk=cast.lead.pk).update(language="cy")
    indicator = audit.questionnaire.indicators.order_by("position")[0]
    page = lead.get(address("audit_standard", code=indicator.standard.code)).text
    assert f'<span class="app-english" lang="en-GB">{indicator.text}</span>' in page
    assert "Cadw nawr" in page
    assert "Ddim yn berthnasol" in page or not indicator.may_be_not_applicable
    # No mark has got into an attribute or the window's title.
    assert not [tag for tag in page.split(">") if "=" in tag and "&lt;span" in tag]
    assert "app-english" not in page[page.index("<title") : page.index("</title>")]
