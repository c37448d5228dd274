"""The tables of who takes part, a file a concept."""

from s11.organisations.models.access_checks import AccessCheck, AccessCheckLine
from s11.organisations.models.contacts import Contact
from s11.organisations.models.feed_tokens import FeedToken
from s11.organisations.models.groups import GroupAccess
from s11.organisations.models.invitations import Invitation
from s11.organisations.models.memberships import Membership, MembershipApproval, Officer
from s11.organisations.models.organisations import Organisation, Participation, ParticipationQuerySet
from s11.organisations.models.partnerships import Partnership
from s11.organisations.models.personal_data import Anonymisation, AnonymisationApproval, DataExport
from s11.organisations.models.registers import RegisterLine, RegisterLoad
from s11.organisations.models.registration import Application, MailDomain
from s11.organisations.models.removals import Removal
from s11.organisations.models.sessions import KnownBrowser, Session
from s11.organisations.models.users import User

__all__ = [
    "AccessCheck",
    "AccessCheckLine",
    "Anonymisation",
    "AnonymisationApproval",
    "Application",
    "Contact",
    "DataExport",
    "FeedToken",
    "GroupAccess",
    "Invitation",
    "KnownBrowser",
    "MailDomain",
    "Membership",
    "MembershipApproval",
    "Officer",
    "Organisation",
    "Participation",
    "ParticipationQuerySet",
    "Partnership",
    "RegisterLine",
    "RegisterLoad",
    "Removal",
    "Session",
    "User",
]
