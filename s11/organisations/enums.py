"""Choices that both apps share: the variants and the roles."""

from enum import StrEnum

from django.db.models import TextChoices


class PageLanguage(TextChoices):
    """In which language somebody reads the pages, each as it calls itself; `s11.web.languages` speaks them."""

    ENGLISH = "en", "English"
    WELSH = "cy", "Cymraeg"


class Variant(TextChoices):
    """Which question bank applies to an organisation. The order here is the order of every report."""

    STANDARD = "standard", "Standard"
    HEALTH = "health", "Health"
    CARE_HOME = "care_home", "Care home"
    SCHOOL = "school", "School"


class MembershipRole(TextChoices):
    """What a person does for an organisation."""

    LEAD = "lead", "Lead"
    CONTRIBUTOR = "contributor", "Contributor"
    SIGNATORY = "signatory", "Signatory"
    VIEWER = "viewer", "Viewer"


class OfficerRole(TextChoices):
    """What a person does for a partnership."""

    ADMINISTRATOR = "administrator", "Administrator"
    QUALITY_OFFICER = "quality_officer", "Quality officer"
    PANEL_MEMBER = "panel_member", "Panel member"
    PANEL_CHAIR = "panel_chair", "Panel chair"
    SCRUTINEER = "scrutineer", "Scrutineer"
    PUBLISHER = "publisher", "Publisher"


# What each role may do, in the words of the page on which it is given.
MEMBERSHIP_ROLE_HINTS = {
    MembershipRole.LEAD: "Invites colleagues, answers and submits.",
    MembershipRole.CONTRIBUTOR: "Answers the standards.",
    MembershipRole.SIGNATORY: "The senior person who signs off: chief executive, headteacher, registered manager.",
    MembershipRole.VIEWER: "Reads everything and changes nothing.",
}
# What a lead who hands over may be from then on.
STAYS_AS = (
    (MembershipRole.CONTRIBUTOR.value, "I go on as a contributor"),
    (MembershipRole.VIEWER.value, "I go on as a viewer"),
    ("", "I take no other role"),
)
OFFICER_ROLE_HINTS = {
    OfficerRole.ADMINISTRATOR: "Runs cycles, organisations, people and settings.",
    OfficerRole.QUALITY_OFFICER: "Works with organisations, and moderates what they submit.",
    OfficerRole.PANEL_MEMBER: "Reads the packs of their own panel’s meetings.",
    OfficerRole.PANEL_CHAIR: "The same, and chairs.",
    OfficerRole.SCRUTINEER: "Independent: reads everything that was submitted, and changes nothing.",
    OfficerRole.PUBLISHER: "Publishes reports and findings; sees figures, not audits.",
}

# Who works with organisations and their people; scrutineers and panels read, publishers publish.
ORGANISERS = frozenset({OfficerRole.ADMINISTRATOR, OfficerRole.QUALITY_OFFICER})


class ContactKind(TextChoices):
    """Whom a partnership writes to when the lead does not answer."""

    CHIEF_EXECUTIVE = "chief_executive", "Chief executive or headteacher"
    DEPUTY = "deputy", "Deputy of the lead"
    OTHER = "other", "Another contact"


class AccessOutcome(TextChoices):
    """What the yearly check says of somebody's access. Who is not sure keeps it, and it is known that they were not."""

    CONFIRMED = "confirmed", "Confirmed"
    KEPT = "kept", "Kept for now"
    ENDED = "ended", "Ended"


class ApplicationDecision(TextChoices):
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


class AnonymisationReason(TextChoices):
    LEFT = "left", "Has left"
    ASKED = "asked", "Has asked to be forgotten"


class Register(TextChoices):
    """A national register whose files can be loaded."""

    GIAS = "gias", "Get Information about Schools"
    ODS = "ods", "NHS Organisation Data Service"
    OFSTED = "ofsted", "Ofsted’s children’s homes"


class LoadState(TextChoices):
    """How far the load of a register's file has come."""

    CHOOSING = "choosing", "Columns to be chosen"
    READING = "reading", "Being read"
    READY = "ready", "To be checked"
    APPLYING = "applying", "Being applied"
    DONE = "done", "Applied"
    FAILED = "failed", "Failed"


class RegisterLineKind(TextChoices):
    """What a line of a register's preview says, in the order in which it is shown."""

    CLASH = "clash", "Clashes"
    LEFT = "left", "For an operator"
    NEW = "new", "New"
    RENAMED = "renamed", "Other names"
    CLOSED = "closed", "Closed"
    CHANGED = "changed", "Other changes"
    MISSING = "missing", "Not in the file"


class InvitationState(StrEnum):
    """What has become of an invitation; derived, never stored."""

    USABLE = "usable"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"
    # Whoever sent it may no longer invite to this office.
    UNBACKED = "unbacked"
