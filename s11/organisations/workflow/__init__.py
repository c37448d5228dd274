"""Writes with a consequence: who may act for whom changes here, atomically, with mail on commit. `by` is who did it.

Whether somebody may is asked before, in permissions.py; what must hold even when two act at once is asked here again,
under a lock on the organisation (or the partnership), and raises NotInThisState.
"""

from s11.organisations.workflow.groups import accept_access, ask_access, decline_access, end_access
from s11.organisations.workflow.invitations import (
    accept_invitation,
    invite,
    revoke_invitation,
    send_invitation,
)
from s11.organisations.workflow.many_places import NewPlace, add_new_organisations
from s11.organisations.workflow.people import (
    accept_request,
    add_member,
    add_members,
    appoint_officer,
    approve_request,
    can_join_at_once,
    change_roles,
    end_membership,
    end_office,
    end_person,
    get_or_make_user,
    get_request_recipients,
    hand_over_lead,
    refuse_request,
)
from s11.organisations.workflow.places import (
    OrganisationFacts,
    add_organisation,
    add_participation,
    change_facts,
    correct_identifiers,
    create_partnership,
)
from s11.organisations.workflow.registration import (
    Applicant,
    accept_application,
    apply,
    confirm_mail_domain,
    decline_application,
    forget_applications,
    verify_application,
    withdraw_mail_domain,
)

__all__ = [
    "Applicant",
    "NewPlace",
    "OrganisationFacts",
    "accept_access",
    "accept_application",
    "accept_invitation",
    "accept_request",
    "add_member",
    "add_members",
    "add_new_organisations",
    "add_organisation",
    "add_participation",
    "apply",
    "appoint_officer",
    "approve_request",
    "ask_access",
    "can_join_at_once",
    "change_facts",
    "change_roles",
    "confirm_mail_domain",
    "correct_identifiers",
    "create_partnership",
    "decline_access",
    "decline_application",
    "end_access",
    "end_membership",
    "end_office",
    "end_person",
    "forget_applications",
    "get_or_make_user",
    "get_request_recipients",
    "hand_over_lead",
    "invite",
    "refuse_request",
    "revoke_invitation",
    "send_invitation",
    "verify_application",
    "withdraw_mail_domain",
]
