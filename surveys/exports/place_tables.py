"""The partnership, its organisations and their people here, its cycles, and what was written to agencies."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import OuterRef, Q, Subquery

from s11.organisations.enums import LoadState
from s11.organisations.models import (
    AccessCheck,
    AccessCheckLine,
    Application,
    Contact,
    FeedToken,
    Invitation,
    MailDomain,
    Membership,
    Officer,
    Participation,
    Partnership,
    RegisterLoad,
)
from surveys.exports.tables import Table, make_table
from surveys.models import Cycle, CycleQuestionnaire, CycleText, Escalation, Invitee, Message


def list_place_tables(partnership: Partnership) -> Iterator[Table]:
    yield make_table(
        "partnership",
        "the partnership itself: its name, address and texts",
        Partnership.objects.filter(pk=partnership.pk),
        _same(
            "name",
            "slug",
            "colour",
            "contact_email",
            "contact_text",
            "accessibility_text",
            "privacy_text",
            "cookies_text",
            "created_at",
        ),
    )
    yield _make_organisations(partnership)
    yield make_table(
        "contacts",
        "whom you write to besides the members, now and before",
        Contact.objects.filter(participation__partnership=partnership),
        {"organisation": "participation__organisation__slug"}
        | _same("kind", "name", "job_title", "email", "telephone", "refused_at", "created_at")
        | {"created_by": "created_by__email", "ended_at": "ended_at", "ended_by": "ended_by__email"},
    )
    yield make_table(
        "register_loads",
        "which files of national registers were applied, with how many changes of each kind",
        RegisterLoad.objects.filter(partnership=partnership, state=LoadState.DONE),
        _same("register", "name", "sha256", "areas", "counts", "applied_at")
        | {"requested_by": "requested_by__email"},
    )
    yield from _list_people(partnership)
    yield from _list_cycles(partnership)
    yield from _list_messages(partnership)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _make_organisations(partnership: Partnership) -> Table:
    """A parent or successor is named only where it takes part here too."""
    here = Participation.objects.filter(partnership=partnership)
    parent = here.filter(organisation=OuterRef("organisation__parent"))
    successor = here.filter(organisation=OuterRef("organisation__successor"))
    found = here.annotate(
        parent_here=Subquery(parent.values("organisation__slug")[:1]),
        successor_here=Subquery(successor.values("organisation__slug")[:1]),
    )
    national = ("slug", "name", "variant", "urn", "ods_code", "ofsted_number", "group_uid", "closed_on")
    return make_table(
        "organisations",
        "who takes part; other tables name an organisation by its slug",
        found,
        {name: f"organisation__{name}" for name in national}
        | {"parent": "parent_here", "successor": "successor_here"}
        | _same("local_name", "is_statutory", "is_active", "joined_at"),
    )


def _list_access_checks(partnership: Partnership) -> Iterator[Table]:
    """An organisation's are those of all its partnerships; a contact is only its own partnership's to know."""
    checks = AccessCheck.objects.filter(
        Q(partnership=partnership) | Q(organisation__participations__partnership=partnership)
    )
    yield make_table(
        "access_checks",
        "who looked through who has access to an organisation or, where none is named, to your desk",
        checks,
        {"number": "pk", "organisation": "organisation__slug", "by": "by__email"}
        | _same("at", "taken_back_at")
        | {"taken_back_by": "taken_back_by__email"},
    )
    here = Q(contact=None) | Q(contact__participation__partnership=partnership)
    yield make_table(
        "access_check_lines",
        "what was said of each role, contact and group then; `number` is the check’s",
        AccessCheckLine.objects.filter(here, access_check__in=checks),
        {
            "number": "access_check",
            "member": "membership__user__email",
            "member_role": "membership__role",
            "officer": "office__user__email",
            "officer_role": "office__role",
            "contact": "contact__email",
            "group": "group_access__group__slug",
            "outcome": "outcome",
        },
    )


def _list_people(partnership: Partnership) -> Iterator[Table]:
    yield make_table(
        "officers",
        "your own people and their roles, now and before",
        Officer.objects.filter(partnership=partnership),
        {"email": "user__email", "name": "user__name"} | _same("role", "started_at", "ended_at"),
    )
    # Who only asks to join, and came by another partnership, is that one's to know.
    here = Q(started_at__isnull=False) | Q(requested_through=partnership)
    yield make_table(
        "members",
        "the organisations’ people and their roles, now and before; who has no started_at has asked to join",
        Membership.objects.filter(here, organisation__participations__partnership=partnership),
        {"organisation": "organisation__slug", "email": "user__email", "name": "user__name"}
        | _same("role", "requested_at", "started_at", "ended_at"),
    )
    yield from _list_access_checks(partnership)
    yield make_table(
        "feed_tokens",
        "which tokens let your officers’ own programs read your data",
        FeedToken.objects.filter(partnership=partnership),
        {"email": "user__email"} | _same("name", "handle", "made_at", "expires_on", "last_used_on"),
    )
    yield make_table(
        "invitations",
        "who was invited to be an officer",
        Invitation.objects.filter(partnership=partnership),
        _same("email", "role")
        | {"invited_by": "invited_by__email"}
        | _same("created_at", "sent_at", "accepted_at", "revoked_at"),
    )
    yield make_table(
        "applications",
        "who asked to take part, and what was decided",
        Application.objects.filter(partnership=partnership),
        _same(
            "organisation_name",
            "variant",
            "urn",
            "ods_code",
            "ofsted_number",
            "profile",
            "name",
            "job_title",
            "email",
            "note",
            "created_at",
            "verified_at",
            "decision",
            "decided_at",
        )
        | {"decided_by": "decided_by__email", "decision_reason": "decision_reason"},
    )
    yield make_table(
        "mail-domains",
        "domains that you confirmed as one organisation’s alone",
        MailDomain.objects.filter(confirmed_in=partnership),
        {
            "organisation": "organisation__slug",
            "domain": "domain",
            "confirmed_by": "confirmed_by__email",
            "confirmed_at": "confirmed_at",
        },
    )


def _list_cycles(partnership: Partnership) -> Iterator[Table]:
    yield make_table(
        "cycles",
        "the cycles; other tables name a cycle by its slug",
        Cycle.objects.filter(partnership=partnership),
        _same("slug", "title", "kind", "status", "opens_on", "closes_on", "asks_sign_off")
        | _same("opened_at", "closed_at")
        | {"closed_by": "closed_by__email"},
    )
    yield make_table(
        "cycle-questionnaires",
        "which question bank each variant answers in a cycle; a row a standard where only some are asked",
        CycleQuestionnaire.objects.filter(cycle__partnership=partnership),
        {
            "cycle": "cycle__slug",
            "variant": "variant",
            "title": "questionnaire__title",
            "edition": "questionnaire__edition",
            "revision": "questionnaire__revision",
            "standard": "standards__code",
        },
    )
    yield make_table(
        "cycle-texts",
        "a cycle’s own words for its e-mails",
        CycleText.objects.filter(cycle__partnership=partnership),
        {"cycle": "cycle__slug"}
        | _same("kind", "subject", "body", "updated_at")
        | {"updated_by": "updated_by__email"},
    )
    yield make_table(
        "invitees",
        "who is invited to a cycle, must or may, with extensions and exemptions",
        Invitee.objects.filter(cycle__partnership=partnership),
        {
            "cycle": "cycle__slug",
            "organisation": "organisation__slug",
            "variant": "cycle_questionnaire__variant",
        }
        | _same("obligation", "extended_to", "extension_reason", "exempt_reason", "invited_at"),
    )


def _list_messages(partnership: Partnership) -> Iterator[Table]:
    yield make_table(
        "messages",
        "the outbox and what was sent: each e-mail to an agency, whole",
        Message.objects.filter(partnership=partnership),
        {"id": "pk", "cycle": "cycle__slug", "organisation": "organisation__slug"}
        | _same("kind", "email", "subject", "body", "status")
        | {"by": "by__email"}
        | _same("created_at", "due_at", "sent_at", "attempts", "error"),
    )
    yield make_table(
        "escalations",
        "steps taken where reminders did not help; message is an id in messages",
        Escalation.objects.filter(invitee__cycle__partnership=partnership),
        {"cycle": "invitee__cycle__slug", "organisation": "invitee__organisation__slug"}
        | _same("step", "note")
        | {"contact": "contact__email", "message": "message_id", "by": "by__email", "at": "at"},
    )
