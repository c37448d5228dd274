"""Asking to take part: sent, its address verified, accepted or declined, forgotten. And the domains that vouch.

Until its address is verified an application is nothing but one mail. Then an officer decides; a lead where there is
one; nobody only where a confirmed domain vouches and Tenancy's rule, in `can_join_at_once`, lets a first person in.
"""

from __future__ import annotations

import datetime
import logging
import secrets
from dataclasses import dataclass

from auditlog.context import disable_auditlog
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from s11.organisations import emails
from s11.organisations.enums import ApplicationDecision, MembershipRole, Variant
from s11.organisations.mail_domains import get_domain
from s11.organisations.models import (
    Application,
    MailDomain,
    Membership,
    Organisation,
    Participation,
    Partnership,
    Removal,
    User,
)
from s11.organisations.models.invitations import hash_token
from s11.organisations.removals import remove
from s11.organisations.workflow.people import (
    add_member,
    approve_request,
    can_join_at_once,
    get_or_make_user,
    get_request_recipients,
    lock_organisation,
)
from s11.organisations.workflow.places import OrganisationFacts, add_organisation, add_participation
from s11.web.errors import NotInThisState

logger = logging.getLogger(__name__)

# Nothing that is expired or declined stays longer.
FORGET_AFTER = datetime.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks."""

    name: str
    job_title: str
    email: str
    note: str = ""


@transaction.atomic
def apply(
    *,
    partnership: Partnership,
    organisation: Organisation | None,
    facts: OrganisationFacts,
    profile: list[dict[str, str]],
    applicant: Applicant,
) -> Application:
    """Store it and send the link that verifies the address. Whatever becomes of the mail, the page says the same."""
    token = secrets.token_urlsafe(32)
    application = Application.objects.create(
        partnership=partnership,
        organisation=organisation,
        organisation_name=facts.name,
        variant=facts.variant,
        urn=facts.urn,
        ods_code=facts.ods_code,
        ofsted_number=facts.ofsted_number,
        profile=profile,
        name=applicant.name,
        job_title=applicant.job_title,
        email=User.objects.normalize_email(applicant.email),
        note=applicant.note,
        token_hash=hash_token(token),
    )
    # A mail server that refuses the address must not be heard on the page: it would tell who has a mailbox.
    transaction.on_commit(lambda: emails.send_application_link(application, token), robust=True)
    return application


def _lock(application: Application) -> None:
    """The application as it is now, while nobody else can verify or decide it."""
    Application.objects.select_for_update().get(pk=application.pk)
    application.refresh_from_db(fields=["verified_at", "decision", "decided_by", "decided_at"])


@transaction.atomic
def verify_application(*, application: Application) -> None:
    """Whoever pressed the button behind the link has shown that the address is theirs. Once."""
    _lock(application)
    if application.verified_at is not None:
        raise NotInThisState("This link has been used already. Nothing was changed.")
    if application.is_expired:
        raise NotInThisState("This link has expired. Fill in the form again.")
    application.verified_at = timezone.now()
    application.save(update_fields=["verified_at"])
    if not _pass_on(application):
        recipients = emails.get_administrators(application.partnership)
        transaction.on_commit(lambda: emails.send_application_waiting(application, recipients), robust=True)


def _pass_on(application: Application) -> bool:
    """Whether no officer need decide: a lead does, or a confirmed domain vouches for the first person."""
    organisation, partnership = application.organisation, application.partnership
    if organisation is None or not _takes_part(organisation, partnership) or _is_closed(application.email):
        return False
    # Asked under the lock that it takes: two first people must not both find the organisation empty.
    may_join = can_join_at_once(organisation, partnership)
    if organisation.has_lead():
        reason = f"Passed on to the lead of {organisation}, who decides."
    elif may_join and is_vouched_for(application.email, organisation):
        reason = f"{get_domain(application.email)} is confirmed as the mail domain of {organisation} alone."
    else:
        return False
    _decide(application, ApplicationDecision.ACCEPTED, by=None, reason=reason)
    membership = _join(application, organisation, at_once=may_join)
    if membership.is_active:
        _tell(application, membership)
    return True


def _takes_part(organisation: Organisation, partnership: Partnership) -> bool:
    here = organisation.participations.active().filter(partnership=partnership)
    return organisation.closed_on is None and here.exists()


def _is_closed(email: str) -> bool:
    """Whether this is the address of an account that was closed."""
    return User.objects.filter(email=email, is_active=False).exists()


def is_vouched_for(email: str, organisation: Organisation) -> bool:
    """Only by the very domain: one above or below it vouches for nothing."""
    return organisation.mail_domains.filter(domain=get_domain(email)).exists()


def _decide(
    application: Application, decision: ApplicationDecision, *, by: User | None, reason: str = ""
) -> None:
    application.decision = decision
    application.decided_by = by
    application.decided_at = timezone.now()
    application.decision_reason = reason
    application.save(update_fields=["decision", "decided_by", "decided_at", "decision_reason"])


def _join(application: Application, organisation: Organisation, *, at_once: bool) -> Membership:
    """The person leads it at once, or asks to; whoever else must say yes is told."""
    partnership = application.partnership
    membership = add_member(
        user=get_or_make_user(application.email, application.name),
        organisation=organisation,
        role=MembershipRole.LEAD,
        at_once=at_once,
        through=partnership,
        notify=False,
    )
    application.organisation = organisation
    application.save(update_fields=["organisation"])
    if membership.is_request:
        recipients = set(get_request_recipients(membership))
        if not organisation.has_lead():
            # Its own officer has just said yes.
            recipients -= set(emails.get_administrators(partnership))
        transaction.on_commit(
            lambda: emails.send_request_waiting(membership, sorted(recipients)), robust=True
        )
    return membership


def _tell(application: Application, membership: Membership) -> None:
    transaction.on_commit(lambda: emails.send_application_accepted(application, membership), robust=True)


@transaction.atomic
def accept_application(
    *, application: Application, organisation: Organisation | None, is_statutory: bool, by: User
) -> Participation:
    """An officer's yes: it takes part from now on, as the `organisation` named or as a new one.

    The person becomes its lead at once by Tenancy's rule alone; else this partnership's yes to their request is given.
    """
    _lock_undecided(application)
    partnership = application.partnership
    if _is_closed(application.email):
        raise NotInThisState(
            f"The account of {application.email} is closed, so it can be given no role. Nothing was changed."
        )
    if organisation is None:
        participation = add_organisation(
            partnership=partnership, facts=get_facts(application), is_statutory=is_statutory, by=by
        )
    else:
        participation = add_participation(
            partnership=partnership, organisation=organisation, is_statutory=is_statutory
        )
    organisation = participation.organisation
    _decide(application, ApplicationDecision.ACCEPTED, by=by)
    may_join = can_join_at_once(organisation, partnership)
    membership = _join(application, organisation, at_once=may_join)
    waits_for_officers = membership.is_request and not organisation.has_lead()
    # Where no other partnership has to agree any more, it starts, and that is told by its own mail.
    if not waits_for_officers or not approve_request(membership=membership, partnership=partnership, by=by):
        _tell(application, membership)
    return participation


def _lock_undecided(application: Application) -> None:
    _lock(application)
    if application.verified_at is None:
        raise NotInThisState("The address has not been verified, so there is nothing to decide yet.")
    if application.decision:
        who = f" by {application.decided_by}" if application.decided_by else ""
        raise NotInThisState(
            f"The request of {application.name} has been {application.decision}{who} already. "
            "Nothing was changed."
        )


def get_facts(application: Application) -> OrganisationFacts:
    return OrganisationFacts(
        name=application.organisation_name,
        variant=Variant(application.variant),
        urn=application.urn,
        ods_code=application.ods_code,
        ofsted_number=application.ofsted_number,
    )


@transaction.atomic
def decline_application(*, application: Application, reason: str, by: User) -> None:
    """An officer's no; the person is told why."""
    _lock_undecided(application)
    _decide(application, ApplicationDecision.DECLINED, by=by, reason=reason)
    transaction.on_commit(lambda: emails.send_application_declined(application), robust=True)


def forget_applications(now: datetime.datetime) -> int:
    """Those never verified, and those declined, with all that the log of changes kept of them; how many."""
    long_ago = now - FORGET_AFTER
    old = Application.objects.filter(
        Q(verified_at=None, created_at__lte=long_ago)
        | Q(decision=ApplicationDecision.DECLINED, decided_at__lte=long_ago)
    )
    numbers = list(old.values_list("pk", flat=True))
    if not numbers:
        return 0
    kind = ContentType.objects.get_for_model(Application)
    # The log would write down, of what is deleted, the very names that are to be forgotten.
    with transaction.atomic(), disable_auditlog():
        Application.objects.filter(pk__in=numbers).delete()
        LogEntry.objects.filter(content_type=kind, object_pk__in=[str(number) for number in numbers]).delete()
    return len(numbers)


# The domains that vouch -----------------------------------------------------------------------------------------------


@transaction.atomic
def confirm_mail_domain(
    *, organisation: Organisation, domain: str, partnership: Partnership, by: User
) -> MailDomain:
    """An officer knows that this domain is this organisation's alone. It lets in nobody who has asked before."""
    lock_organisation(organisation)
    try:
        with transaction.atomic():
            return MailDomain.objects.create(
                organisation=organisation, domain=domain, confirmed_in=partnership, confirmed_by=by
            )
    except IntegrityError:
        raise NotInThisState(f"{domain} has been confirmed already. Nothing was changed.") from None


@transaction.atomic
def withdraw_mail_domain(*, mail_domain: MailDomain, by: User) -> Removal:
    """It vouches for nobody from now on; whoever came by it stays."""
    lock_organisation(mail_domain.organisation)
    return remove(
        "mail_domain",
        mail_domain,
        title=f"The mail domain {mail_domain}",
        partnership=mail_domain.confirmed_in,
        by=by,
    )
