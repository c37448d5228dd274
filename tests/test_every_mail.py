"""Every mail as it arrives: its subject, what to do, one link, whom to ask.

How those about meetings come to be sent stands in tests/accountability/mails.py.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import LazySettings, settings
from django.core import mail
from django.template.loader import render_to_string
from django.utils import timezone

from accountability import following_emails
from s11.organisations import emails as organisation_emails
from s11.organisations import second_factor_emails
from s11.organisations.enums import MembershipRole
from s11.organisations.models import (
    Anonymisation,
    GroupAccess,
    Invitation,
    Membership,
    Organisation,
    Partnership,
)
from s11.organisations.sign_in import AccountAdapter
from s11.privacy import emails as forgetting
from s11.web.dates import date as in_words
from surveys import emails
from surveys.access_reminders import write_access_reminders
from surveys.clarification_emails import tell_asker_of_reply, tell_leads_of_question
from surveys.cycle_texts import KINDS, fill_words, get_shipped
from surveys.due_again import Due, DueEvidence
from surveys.enums import AuditStatus, MessageKind
from surveys.models import Audit, Clarification, Message
from surveys.outbox import make_mail
from surveys.recipients import get_addressees
from surveys.support_emails import tell_agencies, tell_owner
from tests import factories
from tests.accountability.mails import CALL, MEETING_MAILS
from tests.accountability.report_mails import REPORT_MAILS
from tests.conftest import Cast
from tests.ground import grounded
from tests.organisations.feed_tokens import give_token
from tests.organisations.taking_part import make_application
from tests.surveys.offers import make_offer

FOLDER = Path(settings.BASE_DIR) / "templates" / "emails"
TEMPLATES = {path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.txt")} - {"foot"}
WORDS = {name for name in TEMPLATES if name.startswith("surveys/words/")}
ASKS = re.compile(r"\bQuestions\? (Ask|Reply) |ask the lead of your organisation")
# The first words tell what to do, or that nothing is to be done.
FIRST = re.compile(
    r"(Accept|Answer|Approve|Change|Choose|Close|Correct|Decide|Finish|Go on|Keep|Look at|Name|Nothing|Offer|Open|Read|"
    r"Reply|Report|Say|See to it|Sign|Start|Submit|Take|There is nothing to do|Write|If you) ?"
)
WITHOUT_A_LINK = {
    "account/unknown_account": "there is no account, so there is no page to open",
    "surveys/words/partners": "a letter on paper, to people without an account",
}


@dataclass(frozen=True, slots=True)
class World:
    cast: Cast
    audit: Audit
    draft: Audit

    @property
    def due(self) -> str:
        return in_words(self.draft.invitee.due_on)


@pytest.fixture(autouse=True)
def _site(settings: LazySettings) -> None:
    settings.SITE_URL = "https://s11.example"


@grounded
def world(cast: Cast) -> World:
    cast.partnership.contact_email = "ask@harbour.example"
    cast.partnership.save()
    cast.organisation.memberships.exclude(user=cast.lead).exclude(user=cast.signatory).update(
        ended_at=timezone.now()
    )
    bank = factories.make_questionnaire()
    cycles = [
        factories.make_cycle(cast.partnership, slug=slug, questionnaires=(bank,))
        for slug in ("sent", "draft")
    ]
    audit = factories.make_audit(cycles[0], cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    return World(cast, audit, factories.make_audit(cycles[1], cast.organisation, scores=1))


# How each comes to be sent -------------------------------------------------------------------------------------------


def make_request(world: World, **columns: Any) -> Membership:
    return Membership.objects.create(
        user=world.cast.publisher,
        organisation=world.cast.organisation,
        role=MembershipRole.VIEWER,
        requested_through=world.cast.partnership,
        **columns,
    )


def make_access(world: World, **columns: Any) -> GroupAccess:
    cast = world.cast
    return GroupAccess.objects.create(
        site=cast.organisation, group=cast.other_organisation, asked_by=cast.stranger, **columns
    )


def send_invitation(world: World) -> None:
    invitation = Invitation(
        email="new@anchor.example",
        organisation=world.cast.organisation,
        partnership=world.cast.partnership,
        role=MembershipRole.CONTRIBUTOR,
        invited_by=world.cast.administrator,
    )
    invitation.set_new_token()
    invitation.save()
    organisation_emails.send_invitation(invitation, "TOKEN")


def send_declined(world: World) -> None:
    application = make_application(world.cast.partnership)
    application.decision_reason = "You are in the area of Moorland."
    organisation_emails.send_application_declined(application)


def send_accepted(world: World) -> None:
    membership = Membership.objects.create(
        user=factories.make_user("nora@kelp.example"),
        organisation=world.cast.other_organisation,
        role=MembershipRole.LEAD,
        started_at=timezone.now(),
    )
    organisation_emails.send_application_accepted(make_application(world.cast.partnership), membership)


def send_forgetting(send: Callable[[Anonymisation, Partnership], None]) -> Callable[[World], None]:
    def send_one(world: World) -> None:
        found = Anonymisation(
            user=world.cast.viewer, due_at=timezone.now(), why_stopped="A court asks for it."
        )
        send(found, world.cast.partnership)

    return send_one


def send_lead_ended(world: World) -> None:
    membership = world.cast.lead.memberships.get()
    membership.ended_at = timezone.now()
    organisation_emails.send_lead_ended(membership, world.cast.partnership)


def make_question(world: World, **columns: Any) -> Clarification:
    return Clarification.objects.create(
        answer=world.audit.answers.all()[0],
        submission=1,
        question="Who saw it?",
        asked_by=world.cast.quality_officer,
        **columns,
    )


def send_reply(world: World) -> None:
    tell_asker_of_reply(
        make_question(world, reply="The board.", replied_by=world.cast.lead, replied_at=timezone.now())
    )


def send_due_again(world: World) -> None:
    evidence = factories.make_evidence(world.cast.organisation)
    evidence.expires_on = timezone.localdate()
    participation = world.cast.organisation.participations.get()
    due = Due(participation, evidence=(DueEvidence(evidence, ("A1.1",), has_expired=True),))
    emails.send_due_again(world.cast.lead, [due])


def send_overdue_actions(world: World) -> None:
    action = factories.make_action(
        world.cast.organisation, world.cast.partnership, due_on=timezone.localdate()
    )
    emails.send_overdue_actions(world.cast.lead, [action], timezone.localdate())


def send_account(name: str, **context: str) -> Callable[[World], None]:
    def send(world: World) -> None:
        AccountAdapter().send_mail(f"account/email/{name}", "new@anchor.example", context)

    return send


def tell_of_change(change: str) -> Callable[[World], None]:
    """By the name that allauth has for it."""
    return lambda world: AccountAdapter().send_notification_mail(f"mfa/email/{change}", world.cast.lead)


def send_signed(world: World, verb: Callable[..., None]) -> None:
    verb(world.draft, factories.make_sign_off(world.draft, signed_by=world.cast.signatory))


def send_support_answered(world: World) -> None:
    offer = make_offer(world.audit, world.cast.quality_officer)
    offer.answer = "accepted"
    tell_owner(offer, world.cast.lead)


def send_words(name: str) -> Callable[[World], None]:
    """As the outbox fills them."""

    def send(world: World) -> None:
        [addressee] = get_addressees([world.draft.invitee]).values()
        words = fill_words(get_shipped(name), addressee, addressee.to[0])
        mail.EmailMessage(words.subject, words.body, to=["a@b.example"]).send()

    return send


def send_access_reminder(world: World) -> None:
    """Through the outbox, as it goes."""
    then = timezone.now() - datetime.timedelta(days=400)
    Organisation.objects.filter(pk=world.cast.organisation.pk).update(created_at=then)
    write_access_reminders(timezone.now())
    make_mail(Message.objects.get(once__startswith="access:", user=world.cast.lead)).send()


def send_infected(world: World) -> None:
    version = factories.make_evidence(world.cast.organisation).versions.get()
    version.scan_finding = "Made.Up.Signature"
    emails.send_infected(version)


def send_about_meeting(send: Callable[[Cast, Audit], None]) -> Callable[[World], None]:
    return lambda world: send(world.cast, world.audit)


DAYS = "within 3 days"
Send = Callable[[World], None]
# A name is its template’s, and after a comma what it says. Each with what its subject must say about the day until
# which there is time; "due" is the organisation’s last day.
MAILS: dict[str, tuple[Send, str]] = {
    "account/password_reset_key": (
        send_account("password_reset_key", password_reset_url="https://s11.example/x/"),
        DAYS,
    ),
    "account/unknown_account": (send_account("unknown_account"), ""),
    **{
        f"account/sign_in_changed, {change}": (tell_of_change(change), "")
        for change in second_factor_emails.CHANGES
    },
    "account/new_browser": (
        lambda w: second_factor_emails.send_new_browser(w.cast.lead, "Firefox on Windows"),
        "",
    ),
    "account/address_changed": (
        lambda w: second_factor_emails.send_address_changed(w.cast.lead, ["old@anchor.example"]),
        "",
    ),
    "privacy/forgetting_due": (send_forgetting(forgetting.send_due), r" on \d+ \w+ \d{4}$"),
    "privacy/forgetting_to_decide": (
        send_forgetting(lambda found, where: forgetting.send_to_decide(found, [where])),
        "",
    ),
    "privacy/forgetting_stopped": (
        send_forgetting(forgetting.send_stopped),
        "",
    ),
    "organisations/access_asked": (lambda w: organisation_emails.send_access_asked(make_access(w)), ""),
    "organisations/access_answered": (
        lambda w: organisation_emails.send_access_answered(
            make_access(w, accepted_by=w.cast.lead, started_at=timezone.now())
        ),
        "",
    ),
    "organisations/access_ended": (
        lambda w: organisation_emails.send_access_ended(
            make_access(w, ended_by=w.cast.stranger, ended_at=timezone.now())
        ),
        "",
    ),
    "organisations/application_link": (
        lambda w: organisation_emails.send_application_link(make_application(w.cast.partnership), "TOKEN"),
        "by ",
    ),
    "organisations/application_waiting": (
        lambda w: organisation_emails.send_application_waiting(
            make_application(w.cast.partnership), [w.cast.administrator.email]
        ),
        "",
    ),
    "organisations/application_accepted": (send_accepted, DAYS),
    "organisations/application_declined": (send_declined, ""),
    "organisations/feed_token_made": (
        lambda w: organisation_emails.send_feed_token_made(
            give_token(w.cast.publisher, w.cast.partnership)[0]
        ),
        "",
    ),
    "organisations/feed_tokens_ended": (
        lambda w: organisation_emails.send_feed_tokens_ended(
            w.cast.publisher, ["Power BI (Harbour)"], "Alex ended it for Harbour."
        ),
        "",
    ),
    "organisations/feed_tokens_ended, several": (
        lambda w: organisation_emails.send_feed_tokens_ended(
            w.cast.publisher, ["Power BI (Harbour)", "Excel (Harbour)"], "You have a new password."
        ),
        "",
    ),
    "organisations/invitation": (send_invitation, "by "),
    "organisations/lead_ended": (send_lead_ended, ""),
    "organisations/request_refused": (
        lambda w: organisation_emails.send_request_refused(make_request(w, ended_at=timezone.now())),
        "",
    ),
    "organisations/request_waiting": (
        lambda w: organisation_emails.send_request_waiting(make_request(w), [w.cast.lead.email]),
        "",
    ),
    "organisations/role_given": (lambda w: organisation_emails.send_role_given(make_request(w)), ""),
    "organisations/second_factor_reset": (
        lambda w: second_factor_emails.send_second_factor_reset(
            w.cast.publisher, by=w.cast.administrator, partnership=w.cast.partnership
        ),
        "",
    ),
    "organisations/second_factor_reset, by an operator": (
        lambda w: second_factor_emails.send_second_factor_reset(w.cast.publisher, by=None, partnership=None),
        "",
    ),
    "organisations/second_factor_reset_told": (
        lambda w: second_factor_emails.tell_of_second_factor_reset(
            w.cast.publisher, [(w.cast.partnership, "a@b.example")], by=None
        ),
        "",
    ),
    "organisations/set_password": (
        lambda w: organisation_emails.send_set_password(w.cast.administrator, w.cast.partnership),
        DAYS,
    ),
    "surveys/access_check": (send_access_reminder, ""),
    "surveys/assigned": (
        lambda w: emails.send_assigned(w.draft, w.cast.signatory, ["A1 Standard A1"], w.cast.lead),
        "due",
    ),
    "surveys/corrected": (lambda w: emails.send_corrected(w.audit), ""),
    "surveys/due_again": (send_due_again, ""),
    "surveys/infected": (send_infected, ""),
    "surveys/overdue_actions": (send_overdue_actions, ""),
    "surveys/own_tool_receipt": (
        lambda w: emails.send_own_tool_receipt(factories.make_own_tool_return(w.draft.invitee)),
        "",
    ),
    "surveys/question_asked": (lambda w: tell_leads_of_question(make_question(w)), ""),
    "surveys/question_replied": (send_reply, ""),
    "surveys/receipt": (lambda w: emails.send_receipt(w.audit), ""),
    "surveys/returned": (lambda w: emails.send_returned(w.audit, factories.make_correction(w.audit)), ""),
    "surveys/sent_back": (lambda w: send_signed(w, emails.send_sent_back), "due"),
    "surveys/sign_off_asked": (
        lambda w: emails.send_sign_off_asked(w.draft, factories.make_sign_off(w.draft)),
        "due",
    ),
    "surveys/signed_off": (lambda w: send_signed(w, emails.send_signed_off), "due"),
    "surveys/support_answered": (send_support_answered, ""),
    "surveys/support_offered": (
        lambda w: void(tell_agencies([make_offer(w.audit, w.cast.quality_officer)], w.cast.quality_officer)),
        "",
    ),
    **{name: (send_words(Path(name).name), "due") for name in sorted(WORDS)},
    **{name: (send_about_meeting(send), day) for name, (send, day) in (MEETING_MAILS | REPORT_MAILS).items()},
}
# They come after the day, or are no request for the audit itself.
MAILS |= {
    name: (MAILS[name][0], "")
    for name in ("surveys/words/overdue", "surveys/words/escalation", "surveys/words/partners")
}


def void(_: object) -> None:
    """For a verb that counts what it did."""


def collect(world: World, send: Send) -> list[tuple[str, str]]:
    """What goes at once, and what is put into the outbox."""
    send(world)
    gone = [(str(one.subject), str(one.body)) for one in mail.outbox]
    waiting = [make_mail(one) for one in Message.objects.exclude(status="sent")]
    return gone + [(str(one.subject), str(one.body)) for one in waiting]


def get_template(name: str) -> str:
    return name.partition(",")[0]


def test_no_template_is_left_out() -> None:
    assert {get_template(name) for name in MAILS} == TEMPLATES, (
        "say in MAILS how the new one comes to be sent"
    )


def test_no_kind_of_message_is_left_out() -> None:
    made_from_templates = {MessageKind.CLARIFICATION, MessageKind.SUPPORT, MessageKind.NOTICE}
    about_meetings = {MessageKind.AVAILABILITY, MessageKind.MEETING, MessageKind.MEETING_LETTER}
    assert {*KINDS, *made_from_templates, *about_meetings} == set(MessageKind)
    assert {f"surveys/words/{kind}" for kind in KINDS} <= WORDS


@pytest.mark.parametrize("name", sorted(MAILS))
def test_each_can_be_acted_on(world: World, name: str) -> None:
    send, by_when = MAILS[name]
    rendered: list[str] = []
    real = render_to_string

    def render(template: str, *args: Any, **kwargs: Any) -> str:
        rendered.append(template)
        return real(template, *args, **kwargs)

    with (
        patch.object(organisation_emails, "render_to_string", render),
        patch.object(following_emails, "render_to_string", render),
    ):
        mails = collect(world, send)
    assert mails
    assert name in WORDS or f"emails/{get_template(name)}.txt" in rendered
    for subject, body in mails:
        assert_says(name, subject, body, world.due if by_when == "due" else by_when)


def assert_says(name: str, subject: str, body: str, by_when: str) -> None:
    assert 15 < len(subject) <= 200
    assert "\n" not in subject
    assert re.search(by_when, subject), subject
    assert FIRST.match(get_first_line(body)), get_first_line(body)
    links = [one for one in re.findall(r"https?://\S+", body) if one != CALL]
    assert CALL not in body or CALL in body.splitlines(), "on a line of its own too"
    assert len(links) == (0 if name in WITHOUT_A_LINK else 1)
    assert all(link in body.splitlines() for link in links), "on a line of its own"
    assert ASKS.search(body), "whom to ask"
    text = f"{subject}\n{body}"
    assert not re.search(r"[{}]|\bNone\b|&\w+;|\n\n\n|\b(please|successfully)\b|!", text, re.IGNORECASE)


def get_first_line(body: str) -> str:
    """After a letter's salutation."""
    lines = [line for line in body.splitlines() if line]
    return lines[1] if re.match(r"Dear |To the ", lines[0]) else lines[0]


# What is kept of them ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["surveys/receipt", "surveys/own_tool_receipt", "surveys/returned", "surveys/corrected"]
)
def test_what_a_partnership_tells_at_once_is_kept_as_sent(world: World, name: str) -> None:
    MAILS[name][0](world)
    kept = [(one.email, one.subject, one.body, one.status, one.kind) for one in Message.objects.all()]
    sent = [(one.to[0], str(one.subject), str(one.body), "sent", "notice") for one in mail.outbox]
    assert sorted(kept) == sorted(sent)
    assert kept
    one = Message.objects.all()[0]
    assert (one.organisation, one.partnership) == (world.cast.organisation, world.cast.partnership)
    assert one.sent_at is not None


@pytest.mark.parametrize(
    "name", ["surveys/assigned", "surveys/sign_off_asked", "surveys/signed_off", "surveys/sent_back"]
)
def test_what_its_people_ask_of_each_other_is_kept_nowhere(world: World, name: str) -> None:
    MAILS[name][0](world)
    assert mail.outbox
    assert not Message.objects.exists()


def test_what_the_mail_server_does_not_take_waits_in_the_outbox(world: World, settings: LazySettings) -> None:
    with patch("django.core.mail.EmailMessage.send", side_effect=ConnectionRefusedError):
        emails.send_receipt(world.audit)
    assert [one.status for one in Message.objects.all()] == ["waiting"]
