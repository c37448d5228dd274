"""The pages of what children and families said: who sees what, what a form refuses, what officers choose."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.forms.voices import list_months
from accountability.identifying.finding import find_in_voice
from accountability.models import Voice, VoiceChoice
from accountability.voice_permissions import (
    check_can_choose_voices,
    check_can_read_voices,
    check_can_record_consent,
    check_can_record_voice,
    check_can_withdraw_consent,
)
from accountability.voice_recording import change_voice, choose_voice, withdraw_consent
from s11.demo.voices import VOICES
from s11.organisations.models import User
from s11.organisations.queries import get_agency_or_404, get_desk_or_404
from s11.web.errors import reason_why_not
from surveys.models import Theme
from tests import factories
from tests.accountability.voices import make_input, make_quotable, make_voice
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
ROOM = reverse("accountability:agency_voices", args=["harbour", "anchor"])
ADD = f"{ROOM}new/"
DESK = reverse("accountability:desk_voices", args=["harbour", "2025-26"])
MEMBERS = ("lead", "contributor", "signatory", "viewer")
OFFICERS = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")


def make_post(**fields: str) -> dict[str, str]:
    return {
        "heard": f"{timezone.localdate():%Y-%m}",
        "group": "parents",
        "source": "complaint",
        "told": "Letters used words that nobody explained.",
        "outcome": "changed",
        "changed": "Parents rewrote the letters with us.",
        "why_not": "",
        "theme": "",
        "quotation": "",
        "version": "0",
    } | fields


def read(client: Client, address: str, **query: str) -> str:
    return unescape(client.get(address, query).content.decode())


# Who ------------------------------------------------------------------------------------------------------------------


def test_who_of_an_agency_may_what(cast: Cast) -> None:
    bare = make_voice(cast.organisation, by=cast.lead, quotation="")
    open_, agreed = (make(cast.organisation, by=cast.lead) for make in (make_voice, make_quotable))
    table: list[tuple[Callable[..., None], tuple[Voice, ...], bool]] = [
        (check_can_record_voice, (), True),
        (check_can_record_consent, (open_,), True),
        (check_can_record_consent, (bare,), False),
        (check_can_record_consent, (agreed,), False),
        (check_can_withdraw_consent, (agreed,), True),
        (check_can_withdraw_consent, (open_,), False),
    ]
    for check, about, is_possible in table:
        may = {
            name
            for name in MEMBERS
            if not reason_why_not(check, get_agency_or_404(cast.people[name], "harbour", "anchor"), *about)
        }
        assert may == ({"lead", "contributor"} if is_possible else set()), (check.__name__, about)


@pytest.mark.parametrize(
    ("check", "may"),
    [
        (check_can_read_voices, {"administrator", "quality_officer", "scrutineer"}),
        (check_can_choose_voices, {"administrator", "quality_officer"}),
    ],
)
def test_who_of_the_desk_may_what(cast: Cast, check: Callable[..., None], may: set[str]) -> None:
    desks = {name: get_desk_or_404(cast.people[name], "harbour") for name in OFFICERS}
    assert {name for name, desk in desks.items() if not reason_why_not(check, desk)} == may


def test_nobody_reads_anothers(cast: Cast, sign_in: SignIn) -> None:
    """Neither another agency's, nor what the same organisation recorded for another partnership."""
    cast.organisation.participations.create(partnership=cast.elsewhere)
    theirs = make_voice(cast.other_organisation, by=cast.stranger, told="Beacon heard it.")
    lead = sign_in(cast.lead)
    assert "Beacon heard it" not in read(lead, ROOM)
    for step in ("", "consent/", "withdraw/", "remove/"):
        assert lead.get(f"{ROOM}{theirs.pk}/{step}").status_code == 404
    own = make_voice(cast.organisation, by=cast.lead, told="Harbour heard it.")
    room_elsewhere = reverse("accountability:agency_voices", args=["moorland", "anchor"])
    assert "Harbour heard it" not in read(lead, room_elsewhere)
    assert lead.get(f"{room_elsewhere}{own.pk}/").status_code == 404
    outsider = sign_in(cast.outsider)
    desk_elsewhere = reverse("accountability:desk_voices", args=["moorland", "2025-26"])
    assert "Harbour heard it" not in read(outsider, desk_elsewhere)
    assert outsider.post(f"{desk_elsewhere}{own.pk}/choose/", {"version": "1"}).status_code == 404
    officer = sign_in(cast.quality_officer)
    assert officer.get(reverse("accountability:desk_voices", args=["harbour", "2025-27"])).status_code == 404
    another_year = reverse("accountability:voice_choose", args=["harbour", "2024-25", own.pk])
    assert officer.post(another_year, {"version": "1"}).status_code == 404


# Recording ------------------------------------------------------------------------------------------------------------


def test_it_is_recorded_with_its_month(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.contributor)
    assert "Nothing is recorded yet" in read(client, ROOM)
    response = client.post(ADD, make_post(quotation="We were not asked."), follow=True)
    assert "quoted nowhere until you record that they agreed" in unescape(response.text)
    voice = Voice.objects.get()
    assert (voice.heard_on, voice.added_by) == (timezone.localdate().replace(day=1), cast.contributor)
    assert (voice.group, voice.changed, voice.why_not) == (
        "parents",
        "Parents rewrote the letters with us.",
        "",
    )
    assert "We were not asked." in response.text
    assert "No consent is recorded" in response.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"group": ""}, "Select who said it"),
        ({"heard": "2019-01"}, "Select the month in which you heard it"),
        ({"told": " "}, "Enter what they told you"),
        ({"outcome": ""}, "Select whether something changed"),
        ({"changed": ""}, "Enter what changed"),
        ({"outcome": "not_yet"}, "Enter why nothing has changed yet"),
        ({"told": "Ring 07700 900123"}, "‘07700 900123’ looks like a telephone number. Take it out"),
        ({"changed": "Two parents came."}, "‘Two parents’ counts fewer than five people"),
        ({"quotation": "I am at SW1A 2AA."}, "‘SW1A 2AA’ looks like a postcode"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    cast: Cast, sign_in: SignIn, fields: dict[str, str], said: str
) -> None:
    page = unescape(
        sign_in(cast.lead).post(ADD, make_post(**{"quotation": "We were not asked."} | fields)).text
    )
    assert said in page
    assert fields.get("quotation", "We were not asked.") in page
    assert not Voice.objects.exists()


def get_mark(page: str) -> str:
    found = re.search(r'name="looked_at" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_a_false_alarm_is_cleared_by_a_person_and_only_as_it_was_shown(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    page = client.post(ADD, make_post(told="We told Jamie about it.")).text
    assert "May somebody be recognised by this?" in page
    told = {"nobody": "on", "looked_at": get_mark(page)}
    assert "‘Ellis’" in unescape(client.post(ADD, make_post(told="We told Jamie and Ellis.", **told)).text)
    refused = client.post(ADD, make_post(told="We told Jamie. Ring 07700 900123.", **told)).text
    assert "looks like a telephone number" in unescape(refused)
    assert not Voice.objects.exists()
    client.post(ADD, make_post(told="We told Jamie about it.", **told))
    voice = Voice.objects.get()
    assert voice.cleared_by == cast.lead
    # As it stands it is saved again without another look; without the words nobody has to answer for them.
    again = make_post(told="We told Jamie about it.", source="survey", version="1", nobody="on")
    page = client.get(f"{ROOM}{voice.pk}/").text
    assert client.post(f"{ROOM}{voice.pk}/", again | {"looked_at": get_mark(page)}).status_code == 302
    client.post(f"{ROOM}{voice.pk}/", make_post(version="2"))
    now = Voice.objects.get()
    assert (now.version, now.cleared_by_id) == (3, None)


def test_words_of_the_banks_and_its_own_name_are_no_alarm(cast: Cast, sign_in: SignIn) -> None:
    bank = factories.make_questionnaire()
    bank.indicators.update(guidance="Ask the family hub for early help.")
    client = sign_in(cast.lead)
    assert client.post(ADD, make_post(told="We told the Family Hub and Anchor Trust.")).status_code == 302


def test_a_stale_save_shows_both(cast: Cast, sign_in: SignIn) -> None:
    voice = make_voice(cast.organisation, by=cast.lead)
    change_voice(voice=voice, entered=make_input(told="Theirs."), seen_version=1, by=cast.contributor)
    page = sign_in(cast.lead).post(f"{ROOM}{voice.pk}/", make_post(told="Mine.", version="1")).text
    assert "has saved it otherwise meanwhile" in page
    assert "Theirs." in page
    assert "Mine." in page
    assert 'name="version" value="2"' in page


def test_months_go_back_to_the_year_before_and_to_an_entrys_own() -> None:
    today = datetime.date(2026, 5, 20)
    months = [value for value, _ in list_months(today, today)]
    assert (months[0], months[-1], len(months)) == ("2026-05", "2025-04", 14)
    assert list_months(today, datetime.date(2024, 12, 1))[-1] == ("2024-12", "December 2024")


# Consent --------------------------------------------------------------------------------------------------------------


def test_consent_is_recorded_with_its_day_and_withdrawn(cast: Cast, sign_in: SignIn) -> None:
    voice = make_voice(cast.organisation, by=cast.lead)
    client = sign_in(cast.lead)
    address = f"{ROOM}{voice.pk}/consent/"
    given = {
        "giver": "carer",
        "consented_on_day": "4",
        "consented_on_month": "7",
        "consented_on_year": "2025",
    }
    assert "Tell them first" in client.post(address, {**given, "version": "1"}).text
    late = {**given, "consented_on_year": "2099", "understood": "on", "version": "1"}
    assert "must be today or in the past" in client.post(address, late).text
    page = client.post(address, {**given, "understood": "on", "version": "1"}, follow=True).text
    assert "as the words of a young person" in page
    assert "4 July 2025" in page
    voice.refresh_from_db()
    assert voice.consent_recorded_by == cast.lead
    assert "No published report quotes these words." in client.get(f"{ROOM}{voice.pk}/withdraw/").text
    page = client.post(f"{ROOM}{voice.pk}/withdraw/", follow=True).text
    assert "No consent is recorded any more" in page
    assert "Consent withdrawn" in page


def test_whoever_takes_short_words_back_is_told_where_they_may_stay(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    voice = make_quotable(cast.organisation, by=cast.lead, told="They left.", quotation="We go now.")
    said = read(client, f"{ROOM}{voice.pk}/remove/")
    assert (
        "‘They left.’, ‘We go now.’: these words are so short that other sentences may have them too." in said
    )
    said = read(client, f"{ROOM}{voice.pk}/withdraw/")
    assert "‘We go now.’: these words are so short" in said
    assert "‘They left.’" not in said
    long = make_quotable(cast.organisation, by=cast.lead)
    assert "so short" not in read(client, f"{ROOM}{long.pk}/remove/")
    assert "so short" not in read(client, f"{ROOM}{long.pk}/withdraw/")


def test_the_officers_are_told_what_is_published(cast: Cast, sign_in: SignIn) -> None:
    voice = make_quotable(cast.organisation, by=cast.lead)
    withdraw_consent(voice=voice, by=cast.lead)
    voice.consents.create(kind="withdrawn", still_quoted="Report 3: How safe?", by=cast.lead)
    page = read(sign_in(cast.quality_officer), DESK)
    assert "frozen as they were: Report 3: How safe?" in page
    assert "No consent is recorded any more" in page


# The officers' page ---------------------------------------------------------------------------------------------------


def test_officers_choose_and_take_back(cast: Cast, sign_in: SignIn) -> None:
    voice = make_voice(cast.organisation, by=cast.lead)
    client = sign_in(cast.quality_officer)
    assert "0 chosen" in read(client, DESK)
    done = client.post(f"{DESK}{voice.pk}/choose/?group=young_people", {"version": "1"}, follow=True)
    assert done.redirect_chain[0][0] == f"{DESK}?group=young_people#voice-{voice.pk}"
    assert "1 chosen" in done.text
    assert f"Chosen by {cast.quality_officer}" in unescape(done.text)
    change_voice(voice=voice, entered=make_input(told="Otherwise."), seen_version=1, by=cast.lead)
    later = read(client, DESK)
    assert "0 chosen" in later
    assert "changed it since it was chosen" in later
    assert (
        "changed it meanwhile" in client.post(f"{DESK}{voice.pk}/choose/", {"version": "1"}, follow=True).text
    )
    client.post(f"{DESK}{voice.pk}/drop/")
    assert not VoiceChoice.objects.exists()
    assert "Choose for the annual report" not in read(sign_in(cast.scrutineer), DESK)


def test_the_list_is_narrowed(cast: Cast, sign_in: SignIn) -> None:
    theme = Theme.objects.create(code="T3", title="Voice", position=3)
    first = make_voice(cast.organisation, by=cast.lead, told="First.", theme=theme)
    make_voice(cast.organisation, by=cast.lead, told="Second.", group="parents")
    make_voice(cast.organisation, by=cast.lead, told="Long ago.", heard_on=datetime.date(2025, 3, 1))
    choose_voice(voice=first, seen_version=1, by=cast.administrator)
    client = sign_in(cast.scrutineer)
    assert "Long ago." not in read(client, DESK)
    for query in ({"theme": "T3"}, {"group": "young_people"}, {"chosen": "yes"}):
        page = read(client, DESK, **query)
        assert "First." in page
        assert "Second." not in page
    assert "Nothing that was heard fits" in read(client, DESK, group="families")
    assert "Second." in read(client, DESK, group="nonsense")
    assert "Nothing is recorded for this year yet" in read(client, DESK.replace("2025-26", "2019-20"))


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_entries(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _ in range(rows):
        voice = make_quotable(cast.organisation, by=cast.lead)
        choose_voice(voice=voice, seen_version=1, by=cast.administrator)
    lead = sign_in(cast.lead)
    lead.get(ROOM)
    with django_assert_num_queries(7):
        lead.get(ROOM)
    officer = sign_in(cast.quality_officer)
    officer.get(DESK)
    with django_assert_num_queries(8):
        officer.get(DESK)


def test_the_demonstration_keeps_its_own_rules() -> None:
    said = "\n".join(text for one in VOICES for text in (one.told, one.changed, one.why_not, one.quotation))
    assert not find_in_voice(said)
