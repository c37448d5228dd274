"""Choices that both apps share: the variants and the roles."""

from django.db.models import TextChoices


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
