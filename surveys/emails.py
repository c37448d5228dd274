"""E-mails about audits. Texts stand in templates/emails/surveys/."""

from s11.organisations.emails import make_email, make_link
from s11.organisations.enums import MembershipRole
from surveys.models import Audit
from surveys.queries import make_reference


def send_receipt(audit: Audit) -> None:
    """To each of the organisation's leads: what was submitted, when, and where the receipt and the copy are."""
    leads = audit.organisation.memberships.active().filter(role=MembershipRole.LEAD)
    for address in leads.values_list("user__email", flat=True):
        make_email(
            "surveys/receipt",
            to=[address],
            partnership=audit.partnership,
            audit=audit,
            reference=make_reference(audit, audit.submission),
            link=make_link("surveys:audit_submitted", *audit.slugs.values()),
        ).send()
