"""Somebody who has left loses their name wherever it stands as a fact, at once and for good; what they did stays."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.apps import apps
from django.core import mail
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accountability.models import CalendarFeed
from s11.organisations.enums import AnonymisationReason, ContactKind
from s11.organisations.models import Anonymisation, Contact, Invitation, KnownBrowser, Membership, User
from s11.organisations.workflow import end_office, end_person
from s11.privacy.anonymising import anonymise_due, request_anonymisation, stop_anonymisation
from s11.privacy.leaving import find_last_stopped, find_obstacle, get_stand_in
from s11.trails import SAID
from s11.web.errors import NotInThisState
from surveys.models import Answer, Message, SavedView
from tests import factories
from tests.conftest import Cast
from tests.trails import lifted

pytestmark = pytest.mark.django_db
NAME = "Jane Gannet"
LATER = datetime.timedelta(days=15)


@pytest.fixture
def leaver(cast: Cast) -> User:
    """The contributor, who has been busy and has left."""
    person = cast.contributor
    person.name = NAME
    person.save()
    with set_actor(person, remote_addr="192.0.2.7"):
        cast.partnership.contact_text = "Changed"
        cast.partnership.save()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.organisation, scores=1).answers.update(updated_by=person)
    Answer.objects.filter(indicator__code="A1.1").update(commentary=f"Ask {NAME}.")
    factories.make_action(
        cast.organisation, cast.partnership, owner=NAME, owner_user=person, status="done", percent=100
    )
    Message.objects.create(
        partnership=cast.partnership,
        email=person.email,
        user=person,
        kind="notice",
        subject="For you",
        body=f"Dear {NAME}, come.",
    )
    invitation = Invitation(email=person.email, accepted_by=person, organisation=cast.organisation)
    invitation.invited_by, invitation.role, invitation.accepted_at = cast.lead, "contributor", timezone.now()
    invitation.set_new_token()
    invitation.save()
    participation = cast.organisation.participations.get(partnership=cast.partnership)
    Contact.objects.create(
        participation=participation,
        kind=ContactKind.CHIEF_EXECUTIVE,
        name=NAME,
        job_title="Director",
        email=person.email.upper(),
        telephone="0151 496 0000",
        ended_at=timezone.now(),
    )
    KnownBrowser.objects.create(user=person, token_hash="hash")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    SavedView.objects.create(user=person, partnership=cast.partnership, name="Mine", query="a=b")
    CalendarFeed.objects.create(user=person)
    end_person(user=person, organisation=cast.organisation, by=cast.lead)
    return person


def ask(cast: Cast, person: User, by: User | None = None) -> Anonymisation:
    return request_anonymisation(
        user=person,
        reason=AnonymisationReason.LEFT,
        partnership=cast.partnership,
        by=by or cast.administrator,
    )


def find_everywhere(*words: str) -> Iterator[str]:
    """Each column of each table that still holds one of these, in any case."""
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.BinaryField)]
        for row in model._default_manager.values(*(field.name for field in fields)):
            for name, value in row.items():
                said = json.dumps(value, default=str).lower()
                yield from (f"{model._meta.label}.{name}" for word in words if word.lower() in said)


def test_the_name_goes_and_the_record_stays(cast: Cast, leaver: User) -> None:
    address = leaver.email
    lines = LogEntry.objects.count()
    with set_actor(cast.administrator):
        found = ask(cast, leaver)
    assert found.due_at is not None
    assert anonymise_due(found.due_at - datetime.timedelta(hours=1)) == 0
    assert set(find_everywhere(NAME))
    assert anonymise_due(found.due_at) == 1
    # Only what somebody wrote in a text of their own still says it.
    assert set(find_everywhere(NAME, address)) == {"surveys.Answer.commentary"}
    leaver.refresh_from_db()
    assert (str(leaver), leaver.is_active, leaver.has_usable_password()) == (
        "A former member of Anchor Trust",
        False,
        False,
    )
    assert str(Answer.objects.filter(updated_by=leaver)[0].updated_by) == "A former member of Anchor Trust"
    assert Message.objects.get().body == "Dear A former member of Anchor Trust, come."
    assert Contact.objects.get().telephone == ""
    for gone in (KnownBrowser, EmailAddress, Authenticator, SavedView, CalendarFeed):
        assert not gone.objects.exists()
    # No line of the trail is gone; that it was done has one of its own, and no line says from where.
    assert LogEntry.objects.count() > lines
    assert LogEntry.objects.get_for_object(found).filter(changes__has_key="done_at").count() == 1
    made = LogEntry.objects.filter(actor=leaver)
    assert made.exists()
    assert set(made.values_list("remote_addr", flat=True)) == {None}
    assert not Anonymisation.objects.filter(is_under_way=True).exists()
    with pytest.raises(NotInThisState, match="removed already"):
        ask(cast, leaver)
    assert anonymise_due(timezone.now() + LATER) == 0


def test_all_or_nothing(cast: Cast, leaver: User, monkeypatch: pytest.MonkeyPatch) -> None:
    found = ask(cast, leaver)

    def fail(*_: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("s11.privacy.anonymising._Removing._clear_account", fail)
    assert anonymise_due(timezone.now() + LATER) == 0
    leaver.refresh_from_db()
    assert (leaver.name, KnownBrowser.objects.count(), Contact.objects.get().name) == (NAME, 1, NAME)
    found.refresh_from_db()
    assert (found.done_at, found.is_under_way) == (None, False)


def test_a_trail_that_refuses_changes_lets_the_name_go(cast: Cast, leaver: User) -> None:
    """The way in that a trigger leaves: in the transaction that does it, and in no other."""
    with pytest.raises(DatabaseError, match=SAID), transaction.atomic():
        LogEntry.objects.update(object_repr="Somebody else")
    ask(cast, leaver)
    assert anonymise_due(timezone.now() + LATER) == 1
    assert not LogEntry.objects.filter(object_repr__contains=NAME).exists()
    with pytest.raises(DatabaseError, match=SAID), transaction.atomic():
        LogEntry.objects.update(object_repr="Somebody else")
    # What is done opens it no more.
    with pytest.raises(DatabaseError), transaction.atomic():
        Anonymisation.objects.update(is_under_way=True)


def test_somebody_of_the_same_name_keeps_theirs(cast: Cast, leaver: User) -> None:
    cast.stranger.name = NAME
    cast.stranger.save()
    membership = cast.stranger.memberships.get()
    membership.requested_at = timezone.now()
    membership.save()
    ask(cast, leaver)
    assert anonymise_due(timezone.now() + LATER) == 1
    cast.stranger.refresh_from_db()
    assert cast.stranger.name == NAME
    assert LogEntry.objects.get_for_object(membership).filter(object_repr__contains=NAME).exists()
    assert not LogEntry.objects.get_for_object(leaver).filter(object_repr__contains=NAME).exists()


OBSTACLES: dict[str, tuple[str, Callable[[Cast], object], str]] = {
    "only administrator": (
        "administrator",
        lambda c: None,
        "is the only administrator of Harbour: make somebody else one first, then end that role.",
    ),
    "officer": ("publisher", lambda c: None, "is still publisher of Harbour: end that role first."),
    "only lead": (
        "lead",
        lambda c: None,
        "is the only lead of Anchor Trust: make somebody else a lead first, then end that role.",
    ),
    "member": ("viewer", lambda c: None, "is still viewer of Anchor Trust: end that role first."),
    "open action": (
        "viewer",
        lambda c: (
            end_person(user=c.viewer, organisation=c.organisation, by=c.lead),
            factories.make_action(c.organisation, c.partnership, owner_user=c.viewer),
        ),
        "still owns an open action of Anchor Trust: give it to somebody else first.",
    ),
    "contact": (
        "viewer",
        lambda c: (
            end_person(user=c.viewer, organisation=c.organisation, by=c.lead),
            Contact.objects.create(
                participation=c.organisation.participations.get(partnership=c.partnership),
                kind=ContactKind.CHIEF_EXECUTIVE,
                name="V",
                email=c.viewer.email,
            ),
        ),
        "is still entered as a contact of Anchor Trust: end that first.",
    ),
    "elsewhere": (
        "viewer",
        lambda c: (
            end_person(user=c.viewer, organisation=c.organisation, by=c.lead),
            c.viewer.offices.create(partnership=c.elsewhere, role="publisher"),
        ),
        "They still have a role or a duty in another partnership, which must end first.",
    ),
}


@pytest.mark.parametrize("case", OBSTACLES)
def test_not_while_they_are_needed(cast: Cast, case: str) -> None:
    who, prepare, sentence = OBSTACLES[case]
    person = cast.people[who]
    prepare(cast)
    said = find_obstacle(person, cast.partnership)
    assert said == (sentence if case == "elsewhere" else f"{person} {sentence}")
    with pytest.raises(NotInThisState) as refused:
        ask(cast, person)
    assert str(refused.value) == said
    assert not Anonymisation.objects.exists()


def test_who_came_back_keeps_the_name_and_leaves_anew(cast: Cast, leaver: User) -> None:
    """What was agreed of somebody who had left does not wait for years until they leave again."""
    found = ask(cast, leaver)
    again = Membership.objects.create(
        user=leaver, organisation=cast.organisation, role="viewer", started_at=timezone.now()
    )
    assert anonymise_due(timezone.now() + LATER) == 0
    found.refresh_from_db()
    assert (found.state, found.stopped_by) == ("Stopped", None)
    assert "Once it has ended this can be asked for anew." in found.why_stopped
    Membership.objects.filter(pk=again.pk).update(ended_at=timezone.now())
    assert anonymise_due(timezone.now() + LATER) == 0
    assert ask(cast, leaver) != found
    assert anonymise_due(timezone.now() + LATER) == 1


def test_waits_for_a_duty_that_no_other_partnership_reads_of(
    cast: Cast, leaver: User, sign_in: Callable[[User], Client]
) -> None:
    factories.make_organisation("Curlew House", slug="curlew", partnership=cast.elsewhere)
    there = cast.elsewhere.participations.get()
    now = timezone.now()
    there.organisation.memberships.create(user=leaver, role="viewer", started_at=now, ended_at=now)
    for partnership, by in ((cast.elsewhere, cast.outsider), (cast.partnership, cast.administrator)):
        found = request_anonymisation(
            user=leaver, reason=AnonymisationReason.LEFT, partnership=partnership, by=by
        )
    Contact.objects.create(
        participation=there, kind=ContactKind.CHIEF_EXECUTIVE, name=NAME, email=leaver.email
    )
    assert anonymise_due(timezone.now() + LATER) == 0
    found.refresh_from_db()
    assert (found.is_open, found.obstacle) == (True, "The account still has a duty, which must end first.")
    page = sign_in(cast.administrator).get(f"/p/harbour/desk/privacy/leavers/{leaver.pk}/").content.decode()
    assert "Asked for by another partnership" in page
    for theirs in ("Curlew House", "Moorland", str(cast.outsider)):
        assert theirs not in page, theirs


def test_each_partnership_that_knows_them_agrees(
    cast: Cast, leaver: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    office = leaver.offices.create(partnership=cast.elsewhere, role="publisher")
    end_office(office=office, by=cast.outsider)
    # No partnership learns of the other by what stands in place of the name.
    assert get_stand_in(leaver) == "Somebody who has left"
    with django_capture_on_commit_callbacks(execute=True):
        asked = request_anonymisation(
            user=leaver, reason=AnonymisationReason.ASKED, partnership=None, by=leaver
        )
    told = {(to, message.subject) for message in mail.outbox for to in message.to}
    assert told == {
        (person.email, "Decide about a request to be forgotten")
        for person in (cast.administrator, cast.outsider)
    }
    assert ask(cast, leaver).due_at is None
    assert anonymise_due(timezone.now() + LATER) == 0
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        agreed = request_anonymisation(
            user=leaver, reason=AnonymisationReason.ASKED, partnership=cast.elsewhere, by=cast.outsider
        )
    assert (agreed, agreed.state) == (asked, "Waiting")
    assert [message.to for message in mail.outbox] == [[leaver.email]]
    # Withdrawn while it waits, and asked for anew.
    stop_anonymisation(anonymisation=agreed, why="No longer.", by=leaver)
    assert anonymise_due(timezone.now() + LATER) == 0
    with pytest.raises(NotInThisState, match="stopped already"):
        stop_anonymisation(anonymisation=agreed, why="Again.", by=leaver)
    anew = ask(cast, leaver)
    assert anew != asked
    # For which partnership somebody gave a reason who is an officer of two, nobody knows.
    cast.outsider.offices.create(partnership=cast.partnership, role="administrator")
    stop_anonymisation(anonymisation=anew, why="A matter of ours.", by=cast.outsider)
    assert find_last_stopped(leaver, cast.partnership) == asked


def test_pages(
    cast: Cast,
    leaver: User,
    sign_in: Callable[[User], Client],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client = sign_in(cast.administrator)
    assert NAME in client.get("/p/harbour/desk/privacy/leavers/").content.decode()
    here = f"/p/harbour/desk/privacy/leavers/{leaver.pk}/"
    page = client.get(here).content.decode()
    assert "A former member of Anchor Trust" in page
    refused = client.post(here, {"email": "someone@else.example"}).content.decode()
    assert "This is not the address of the account" in refused
    assert "There is a problem" in refused
    assert not Anonymisation.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(here, {"email": leaver.email.upper()})
    assert Anonymisation.objects.get().state == "Waiting"
    assert "until then it can be stopped" in client.get(here).content.decode()
    assert "Enter why the name stays" in client.post(f"{here}stop/", {"why": ""}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{here}stop/", {"why": "A court has asked us to keep it."})
    assert "A court has asked us to keep it." in mail.outbox[-1].body
    assert "A court has asked us to keep it." in client.get(here).content.decode()
    # The person, by themself.
    client = sign_in(leaver)
    assert "A court has asked us" in client.get("/home/details/forget/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/home/details/forget/", {"email": leaver.email})
    assert Anonymisation.objects.open().get().asked_by == leaver
    client.post("/home/details/forget/withdraw/")
    assert not Anonymisation.objects.open().exists()
    # Somebody who acts here is told why not.
    page = sign_in(cast.lead).get("/home/details/forget/").content.decode()
    assert "Not yet. You are the only lead of Anchor Trust" in page


def test_officers_elsewhere_find_nobody(cast: Cast, leaver: User, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(cast.outsider)
    assert client.get(f"/p/moorland/desk/privacy/leavers/{leaver.pk}/").status_code == 404
    assert NAME not in client.get("/p/moorland/desk/privacy/leavers/").content.decode()


def test_who_took_an_organisations_name_changes_no_line_of_its_trail(cast: Cast, leaver: User) -> None:
    """People choose their own name."""
    factories.make_organisation("Moorland Trust", slug="moorland-trust", partnership=cast.elsewhere)
    cast.elsewhere.name = "Moorland Trust"
    cast.elsewhere.save()
    theirs = LogEntry.objects.filter(object_repr__contains="Moorland Trust")
    lines = set(theirs.values_list("pk", "object_repr"))
    assert lines
    leaver.name = "Moorland Trust"
    leaver.save()
    ask(cast, leaver)
    assert anonymise_due(timezone.now() + LATER) == 1
    assert (
        set(LogEntry.objects.filter(pk__in=[pk for pk, _ in lines]).values_list("pk", "object_repr")) == lines
    )


def test_a_name_with_quotes_goes_too(cast: Cast, leaver: User) -> None:
    """Where it stands in JSON it is written otherwise, and what it begins must not end a text."""
    for name in ('Jane "Jan" Gannet', 'old", "Jane'):
        leaver.name = name
        leaver.save()
        line = LogEntry.objects.filter(object_pk=str(leaver.pk)).latest("pk")
        with lifted(LogEntry):
            LogEntry.objects.filter(pk=line.pk).update(changes={"note": ["old", "Jane", f"Of {name}."]})
        with transaction.atomic():
            ask(cast, leaver)
            assert anonymise_due(timezone.now() + LATER) == 1
            line.refresh_from_db()
            assert line.changes == {"note": ["old", "Jane", "Of A former member of Anchor Trust."]}
            transaction.set_rollback(True)
        leaver.refresh_from_db()


def test_a_partnership_that_came_to_know_them_since_agrees_too(cast: Cast, leaver: User) -> None:
    found = ask(cast, leaver)
    there = factories.make_organisation("Curlew House", slug="curlew", partnership=cast.elsewhere)
    now = timezone.now()
    there.memberships.create(
        user=leaver, role="viewer", requested_at=now, started_at=now, ended_at=now, ended_by=cast.outsider
    )
    assert anonymise_due(now + LATER) == 0
    found.refresh_from_db()
    assert "must agree first" in found.obstacle
    request_anonymisation(
        user=leaver, reason=AnonymisationReason.LEFT, partnership=cast.elsewhere, by=cast.outsider
    )
    assert anonymise_due(now + LATER) == 1
