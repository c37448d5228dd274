"""Who writes an agency's return, who approves it for the public, and who asks for it, accepts it or returns it.

Each check raises NotAllowed with one sentence, as in permissions.py. None asks the database.
"""

from __future__ import annotations

from accountability.agency_return_standing import MOST_PICTURES, Standing
from accountability.enums import APPROVED_RETURNS, AgencyReturnStatus
from accountability.models import AgencyReturn, ReturnRequest
from s11.organisations.enums import ORGANISERS, MembershipRole
from s11.organisations.queries import Agency, Desk
from s11.web.errors import NotAllowed
from surveys.permissions import OVERVIEW_READERS
from surveys.reach import WRITERS

# What an agency does --------------------------------------------------------------------------------------------------


def check_can_write_return(agency: Agency, standing: Standing) -> None:
    """Its words and pictures: leads and contributors, while nobody has it to approve or to read."""
    if not agency.roles & WRITERS:
        raise NotAllowed(
            f"A lead or contributor of {agency.organisation} writes the return; you can read it."
        )
    _check_takes_part(agency)
    if standing.is_open:
        return
    if standing.status == AgencyReturnStatus.TO_APPROVE:
        raise NotAllowed(
            "The return waits for the signatory, so nothing in it changes. A lead can take it back."
        )
    if standing.status == AgencyReturnStatus.APPROVED:
        raise NotAllowed("The return is approved, so nothing in it changes. A lead can take it back.")
    raise NotAllowed(
        f"{agency.partnership} has accepted the return. Is something wrong in it? Ask them to return it to you."
    )


def check_can_add_picture(agency: Agency, standing: Standing) -> None:
    check_can_write_return(agency, standing)
    if len(standing.pictures) >= MOST_PICTURES:
        raise NotAllowed(f"{MOST_PICTURES} pictures are the most. Take one out first.")


def check_can_hand_in_return(agency: Agency, standing: Standing) -> None:
    """To the signatory, who approves it. What is missing is said where it is handed in."""
    _check_takes_part(agency)
    if not agency.is_lead:
        raise NotAllowed("Only a lead hands the return in. Tell yours that it is ready.")
    if not standing.is_open:
        raise NotAllowed("The return is handed in already.")
    if not standing.signatories:
        raise NotAllowed(f"{agency.organisation} has no signatory here, so you approve the return yourself.")


def check_can_approve_return(agency: Agency, standing: Standing) -> None:
    """By name, for the public. A lead who is also signatory need not hand it in to themself."""
    _check_takes_part(agency)
    is_signatory = MembershipRole.SIGNATORY in agency.roles
    if standing.signatories and not is_signatory:
        raise NotAllowed(f"Only a signatory of {agency.organisation} approves the return for the public.")
    if not is_signatory and not agency.is_lead:
        raise NotAllowed(f"Only a lead of {agency.organisation} approves the return for the public.")
    if standing.status in APPROVED_RETURNS:
        raise NotAllowed("The return is approved already.")
    if standing.is_open and not agency.is_lead:
        raise NotAllowed("The return is still being written. A lead hands it in to you.")


def check_can_send_return_back(agency: Agency, standing: Standing) -> None:
    if MembershipRole.SIGNATORY not in agency.roles:
        raise NotAllowed("Only a signatory sends the return back. A lead can take it back instead.")
    if standing.status != AgencyReturnStatus.TO_APPROVE:
        raise NotAllowed("The return does not wait for you.")


def check_can_take_return_back(agency: Agency, standing: Standing) -> None:
    """Until the partnership has accepted it."""
    if not agency.is_lead:
        raise NotAllowed("Only a lead takes the return back. Ask yours.")
    _check_takes_part(agency)
    if standing.is_open:
        raise NotAllowed("The return is yours to write already.")
    if standing.status == AgencyReturnStatus.ACCEPTED:
        raise NotAllowed(
            f"{agency.partnership} has accepted the return. Is something wrong in it? Ask them to return it to you."
        )


def _check_takes_part(agency: Agency) -> None:
    if not agency.participation.is_active:
        raise NotAllowed(
            f"{agency.organisation} no longer takes part in {agency.partnership}, so nothing is asked of it."
        )


# What the desk does ---------------------------------------------------------------------------------------------------


def check_can_see_annual_report(desk: Desk) -> None:
    """The room, and what agencies approved for it. Asks nothing of a return: it is made on every page of the desk."""
    if not desk.roles & OVERVIEW_READERS:
        raise NotAllowed("Panel members read the annual report once it is published.")


def check_can_ask_for_returns(desk: Desk) -> None:
    check_can_see_annual_report(desk)
    if not desk.roles & ORGANISERS:
        raise NotAllowed(
            f"Only an administrator or quality officer of {desk.partnership} asks for returns. Ask one of them."
        )


def check_can_remind_of_returns(desk: Desk, request: ReturnRequest | None) -> None:
    check_can_ask_for_returns(desk)
    if request is None:
        raise NotAllowed("Nobody has been asked yet. Ask for the returns first.")


def check_can_read_return(desk: Desk, found: AgencyReturn) -> None:
    """What its agency has approved; until then, and while it corrects it, its words are its own."""
    check_can_see_annual_report(desk)
    if not found.is_approved:
        raise NotAllowed(
            f"{found.participation.name} has not approved its return. You read it once it is approved for the public."
        )


def check_can_accept_return(desk: Desk, found: AgencyReturn) -> None:
    """From then on it stands in the annual report."""
    _check_decides(desk, found)
    if found.status == AgencyReturnStatus.ACCEPTED:
        raise NotAllowed("The return is accepted already.")


def check_can_return_to_agency(desk: Desk, found: AgencyReturn) -> None:
    """Also one that was accepted, where somebody finds something in it later."""
    _check_decides(desk, found)


def _check_decides(desk: Desk, found: AgencyReturn) -> None:
    check_can_read_return(desk, found)
    if not desk.roles & ORGANISERS:
        raise NotAllowed(
            f"Only an administrator or quality officer of {desk.partnership} decides on returns."
        )
