"""E-mails about audits. Texts stand in templates/emails/surveys/."""

from s11.organisations.emails import make_email, make_link
from s11.organisations.enums import MembershipRole
from surveys.models import Audit


def get_audit_link(audit: Audit) -> str:
    return make_link("surveys:audit", audit.partnership.slug, audit.organisation.slug, audit.cycle.slug)


def send_receipt(audit: Audit) -> None:
    """To the organisation's leads: what was submitted, when, and where the copy is."""
    leads = audit.organisation.memberships.active().filter(role=MembershipRole.LEAD)
    for address in leads.values_list("user__email", flat=True):
        make_email(
            "surveys/receipt",
            to=[address],
            partnership=audit.partnership,
            audit=audit,
            link=get_audit_link(audit),
        ).send()
