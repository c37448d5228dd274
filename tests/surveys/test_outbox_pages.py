"""The outbox's pages: read, hold, change, stop and try again, one or many; texts of a cycle; reminding many at once."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import Membership, Participation, User
from s11.organisations.queries import Desk, get_desk_or_404
from s11.web.errors import reason_why_not
from surveys.cycle_texts import KINDS, get_shipped, get_words
from surveys.enums import AuditStatus, CycleStatus, MessageKind, MessageStatus
from surveys.models import Cycle, CycleText, Invitee, Message
from surveys.outbox import ACTS, list_acts, send_due
from surveys.outbox_permissions import (
    check_can_read_outbox,
    check_can_remind,
    check_can_work_outbox,
    check_can_write_texts,
)
from tests import factories
from tests.cells import taken_back
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.mails import make_contact, make_message

SignIn = Callable[[User], Client]
OUTBOX = "/p/harbour/desk/outbox/"
CYCLE = "/p/harbour/desk/cycles/2026/"
READERS = {"administrator", "quality_officer", "scrutineer"}
WORKERS = {"administrator", "quality_officer"}
OFFICERS = (*sorted(READERS), "panel_member", "panel_chair", "publisher")


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


@grounded
def invitee(cycle: Cycle, cast: Cast) -> Invitee:
    return factories.make_invitee(cycle, cast.organisation)


@pytest.fixture
def officer(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.quality_officer)


def get_desk(cast: Cast, person: str) -> Desk:
    return get_desk_or_404(cast.people[person], "harbour")


def test_who_reads_and_who_works(cast: Cast, cycle: Cycle) -> None:
    desks = {person: get_desk(cast, person) for person in OFFICERS}

    def may(check: Callable[..., None], *what: Cycle) -> set[str]:
        return {person for person, desk in desks.items() if not reason_why_not(check, desk, *what)}

    assert may(check_can_read_outbox) == READERS
    assert may(check_can_work_outbox) == WORKERS
    for status in CycleStatus:
        cycle.status = status
        assert may(check_can_remind, cycle) == (WORKERS if status == "open" else set()), status
        assert may(check_can_write_texts, cycle) == (WORKERS if status != "closed" else set()), status


@pytest.mark.parametrize("status", MessageStatus)
def test_each_box_shows_its_own(invitee: Invitee, officer: Client, status: MessageStatus) -> None:
    message = make_message(invitee, status, error="The mail server said no.")
    box = "waiting" if status == MessageStatus.SENDING else status.value
    for shown in ("waiting", "held", "failed", "refused", "sent", "cancelled"):
        page = officer.get(f"{OUTBOX}?box={shown}").text
        assert (message.subject in page) == (shown == box)
    assert message.body in officer.get(f"{OUTBOX}{message.pk}/").text


def test_search_and_nonsense(invitee: Invitee, officer: Client) -> None:
    make_message(invitee, subject="Alpha")
    for search, found in (("anchor", True), ("lead@", True), ("alph", True), ("beacon", False)):
        assert ("Alpha" in officer.get(f"{OUTBOX}?search={search}").text) == found
    assert "Alpha" in officer.get(f"{OUTBOX}?box=nonsense&page=9").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_outbox_costs_the_same_for_one_and_for_three(
    cycle: Cycle, cast: Cast, officer: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        organisation = factories.make_organisation(f"O{number}", partnership=cast.partnership)
        factories.make_member(f"lead@o{number}.example", organisation=organisation)
        invitee = factories.make_invitee(cycle, organisation)
        make_message(invitee)
        make_message(invitee, MessageStatus.SENT, sent_at=timezone.now() - datetime.timedelta(days=20))
    with django_assert_num_queries(8):
        assert officer.get(OUTBOX).text.count("1 time, last on") == count
    with django_assert_num_queries(12):
        assert officer.get(f"{CYCLE}remind/?again=on").text.count("Remind O") == count


@pytest.mark.parametrize("status", MessageStatus)
def test_each_act_in_each_state(invitee: Invitee, officer: Client, status: MessageStatus) -> None:
    """What becomes of it, and whether the page says that nothing was done."""
    message = make_message(invitee, status)
    may = list_acts(message)
    found = {}
    for act in ACTS:
        with taken_back():
            data = {"act": act, "messages": message.pk, "box": "held"}
            page = officer.post(f"{OUTBOX}act/", data, follow=True).text
            message.refresh_from_db()
            found[act] = (message.status, "went or changed meanwhile" in page)
    assert status not in {ACTS[act][1] for act in may}
    assert found == {act: (ACTS[act][1], False) if act in may else (status, True) for act in ACTS}


def test_many_at_once_and_only_ones_own(invitee: Invitee, cast: Cast, officer: Client) -> None:
    there = factories.make_cycle(
        cast.elsewhere, slug="theirs", questionnaires=(factories.make_questionnaire(edition="x"),)
    )
    Participation.objects.create(partnership=cast.elsewhere, organisation=cast.organisation)
    theirs = make_message(factories.make_invitee(there, cast.organisation))
    own = [make_message(invitee) for _ in range(3)]
    page = officer.post(
        f"{OUTBOX}act/", {"act": "hold", "messages": [one.pk for one in (*own, theirs)]}, follow=True
    ).text
    assert "3 e-mails held" in page
    assert set(Message.objects.values_list("status", flat=True).filter(invitee=invitee)) == {"held"}
    theirs.refresh_from_db()
    assert theirs.status == MessageStatus.WAITING
    assert officer.get(f"{OUTBOX}{theirs.pk}/").status_code == 404
    assert officer.get(f"{OUTBOX}{theirs.pk}/change/").status_code == 404


@pytest.mark.parametrize(
    "data", [{}, {"act": "hold"}, {"act": "explode", "messages": "1"}, {"act": "hold", "messages": "x"}]
)
def test_nothing_chosen(officer: Client, data: dict[str, str]) -> None:
    assert "Nothing was chosen" in officer.post(f"{OUTBOX}act/", data, follow=True).text


def test_changing_the_words_of_one(invitee: Invitee, officer: Client) -> None:
    message = make_message(invitee)
    address = f"{OUTBOX}{message.pk}/change/"
    assert "Submit it." in officer.get(address).text
    assert "Enter a subject" in officer.post(address, {"subject": "", "body": "x"}).text
    officer.post(address, {"subject": "Another", "body": "One\r\ntwo"})
    message.refresh_from_db()
    assert (message.subject, message.body) == ("Another", "One\ntwo")
    Message.objects.update(status=MessageStatus.SENDING)
    assert "has gone" in officer.post(address, {"subject": "Late", "body": "Late"}, follow=True).text


def test_a_scrutineer_reads_and_does_nothing(invitee: Invitee, cast: Cast, sign_in: SignIn) -> None:
    message = make_message(invitee)
    client = sign_in(cast.scrutineer)
    for page in (client.get(OUTBOX).text, client.get(f"{OUTBOX}{message.pk}/").text):
        assert "Only an administrator or quality officer" in page
        assert "Hold" not in page


# A cycle's own words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_own_words_with_a_preview_and_back(invitee: Invitee, officer: Client, kind: MessageKind) -> None:
    address = f"{CYCLE}texts/{kind}/"
    shipped = get_shipped(kind)
    page = officer.get(address).text
    assert "As Anchor Trust would get it" in page
    words = {"subject": "{cycle}: on {closes}", "body": "For {organisation}, see {link}"}
    page = officer.post(address, {**words, "preview": "1"}).text
    assert "For Anchor Trust, see http" in page
    assert not CycleText.objects.exists()
    officer.post(address, words)
    assert get_words(invitee.cycle, kind).subject == words["subject"]
    assert "Your words" in officer.get(f"{CYCLE}texts/").text
    assert "Back to the shipped words" in officer.get(address).text
    officer.post(f"{address}shipped/")
    assert get_words(invitee.cycle, kind) == shipped


@pytest.mark.parametrize("text", ["{organization}", "{{ 7 * 7 }}", "{link", "{cycle.pk}", "{0}"])
def test_an_unknown_placeholder_is_refused_with_those_that_exist(
    invitee: Invitee, officer: Client, text: str
) -> None:
    page = officer.post(f"{CYCLE}texts/opening/", {"subject": "S", "body": text}).text
    assert "{organisation}, {partnership}, {cycle}" in page
    assert not CycleText.objects.exists()


def test_what_looks_like_code_is_text(invitee: Invitee, officer: Client) -> None:
    page = officer.post(
        f"{CYCLE}texts/opening/", {"subject": "S", "body": "% 7*7 <script>x</script> #if", "preview": "1"}
    ).text
    assert "&lt;script&gt;" in page


def test_a_planned_cycle_without_anybody(cycle: Cycle, officer: Client) -> None:
    Cycle.objects.update(status=CycleStatus.PLANNED)
    assert "Nobody is invited yet" in officer.get(f"{CYCLE}texts/opening/").text
    assert officer.get(f"{CYCLE}texts/notice/").status_code == 404
    assert officer.get(f"{CYCLE}remind/").status_code == 403


# Reminding many ------------------------------------------------------------------------------------------------------

WORDS = {"subject": "{cycle}", "body": "{organisation}: {link}"}


def test_reminding_those_ticked(invitee: Invitee, cast: Cast, cycle: Cycle, officer: Client) -> None:
    other = factories.make_invitee(cycle, cast.other_organisation)
    page = officer.get(f"{CYCLE}remind/").text
    assert ("Anchor Trust" in page, "Beacon Homes" in page, cast.lead.email in page) == (True, True, True)
    page = officer.post(f"{CYCLE}remind/", {**WORDS, "invitees": invitee.pk, "preview": "1"}).text
    assert "Anchor Trust: http" in page
    assert not Message.objects.exists()
    page = officer.post(f"{CYCLE}remind/", {**WORDS, "invitees": invitee.pk}, follow=True).text
    assert "Reminders to 1 organisation are in the outbox." in page
    message = Message.objects.get()
    assert (message.invitee, message.by, message.email) == (invitee, cast.quality_officer, cast.lead.email)
    # It waits, so it is left out now, unless one asks.
    page = officer.get(f"{CYCLE}remind/").text
    assert ("Remind Anchor Trust" in page, "Remind Beacon Homes" in page) == (False, True)
    assert "Remind Anchor Trust" in officer.get(f"{CYCLE}remind/?again=on").text
    assert send_due(timezone.now()) == (1, 0)
    assert len(mail.outbox) == 1
    assert other.messages.count() == 0


@pytest.mark.parametrize(("days", "is_shown"), [(1, False), (6, False), (8, True)])
def test_seven_days(invitee: Invitee, officer: Client, days: int, is_shown: bool) -> None:
    sent = timezone.now() - datetime.timedelta(days=days)
    make_message(invitee, MessageStatus.SENT, sent_at=sent)
    assert ("Remind Anchor Trust" in officer.get(f"{CYCLE}remind/").text) == is_shown


def test_who_has_returned_or_is_not_there_is_not_reminded(
    invitee: Invitee, cast: Cast, cycle: Cycle, officer: Client
) -> None:
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    assert "Nobody is left to remind" in officer.get(f"{CYCLE}remind/").text
    data = {**WORDS, "invitees": invitee.pk}
    assert "Nobody was chosen" not in officer.get(f"{CYCLE}remind/").text
    officer.post(f"{CYCLE}remind/", data)
    officer.post(f"{CYCLE}remind/", {**WORDS, "all": "1"})
    assert not Message.objects.exists()


def test_by_state_and_by_those_that_the_pipeline_names(
    invitee: Invitee, cast: Cast, cycle: Cycle, officer: Client
) -> None:
    factories.make_audit(cycle, cast.other_organisation, scores={"A1.1": 1})
    for query, names in (
        ("state=not_started", ["Anchor Trust"]),
        ("state=started", ["Beacon Homes"]),
        (f"invitee={invitee.pk}", ["Anchor Trust"]),
        ("search=beac", ["Beacon Homes"]),
        ("", ["Anchor Trust", "Beacon Homes"]),
    ):
        page = officer.get(f"{CYCLE}remind/?{query}").text
        assert [one for one in ("Anchor Trust", "Beacon Homes") if f"Remind {one}" in page] == names


def test_a_filter_keeps_to_those_that_the_pipeline_named(
    invitee: Invitee, cast: Cast, cycle: Cycle, officer: Client
) -> None:
    factories.make_invitee(cycle, cast.other_organisation)
    kept = f'<input type="hidden" name="invitee" value="{invitee.pk}">'
    page = officer.get(f"{CYCLE}remind/?invitee={invitee.pk}").text
    assert (kept in page, "Show all that have not returned" in page) == (True, True)
    page = officer.get(f"{CYCLE}remind/").text
    assert ('name="invitee"' in page, "Show all that have not returned" in page) == (False, False)


def test_all_that_were_found_and_nobody_to_reach(
    invitee: Invitee, cast: Cast, cycle: Cycle, officer: Client
) -> None:
    factories.make_invitee(cycle, cast.other_organisation)
    Membership.objects.filter(organisation=cast.organisation).update(ended_at=timezone.now())
    assert "Nobody can be reached" in officer.get(f"{CYCLE}remind/").text
    page = officer.post(f"{CYCLE}remind/", {**WORDS, "all": "1"}, follow=True).text
    assert "Reminders to 1 organisation are in the outbox." in page
    make_contact(invitee)
    officer.post(f"{CYCLE}remind/", {**WORDS, "all": "1"})
    assert set(Message.objects.values_list("email", flat=True)) == {
        cast.stranger.email,
        "deputy@anchor.example",
    }
