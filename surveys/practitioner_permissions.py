"""Who may do what with practitioner surveys. Each check raises NotAllowed with one sentence, as those of permissions.

Who answers needs no permission: the link is the whole staff's.
"""

from __future__ import annotations

from s11.organisations.permissions import check_can_organise
from s11.organisations.queries import Agency, Desk
from s11.web.errors import NotAllowed
from surveys.models import Cycle, Invitee, PractitionerSurvey
from surveys.models.audits import READERS
from surveys.permissions import has_submitted
from surveys.permissions.cycles import check_cycle_is_open, check_is_not_exempt


def check_can_see_surveys(desk: Desk) -> None:
    """Which agencies ask their staff, and how many have answered; results once the audit is submitted."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed(
            "Administrators, quality officers and scrutineers see practitioner surveys; panel members find what staff "
            "say in their packs."
        )


def check_can_switch_on(desk: Desk, cycle: Cycle) -> None:
    """Choose what is asked: before the first agency has begun to ask, for every answer must be to the same words."""
    check_can_organise(desk)
    if cycle.is_closed:
        raise NotAllowed(f"{cycle} is closed, so no survey can begin in it.")
    if PractitionerSurvey.objects.filter(invitee__cycle=cycle).exists():
        raise NotAllowed("An agency has opened its survey, so what is asked stays as it is.")


def check_can_open_for_all(desk: Desk, cycle: Cycle) -> None:
    check_can_organise(desk)
    check_cycle_is_open(cycle)


def check_can_run_as_officer(desk: Desk, invitee: Invitee) -> None:
    """Open, close, give another day or link: where an agency's lead does not."""
    check_can_organise(desk)
    _check_can_run(invitee)


def check_can_run(agency: Agency, invitee: Invitee) -> None:
    if not agency.is_lead:
        raise NotAllowed(
            f"Only a lead of {agency.organisation} can open and close its survey. You can pass its link on."
        )
    _check_can_run(invitee)


def _check_can_run(invitee: Invitee) -> None:
    check_cycle_is_open(invitee.cycle)
    check_is_not_exempt(invitee)


def check_can_move_last_day(survey: PractitionerSurvey) -> None:
    """While it runs; and once it is over only where nothing was told, for a second telling would give away who came."""
    if survey.is_told:
        raise NotAllowed(
            "The results have been shown, so the survey cannot go on: they would show who answers next."
        )


def check_officers_may_read(desk: Desk, invitee: Invitee) -> None:
    """What staff say, as what leaders say: once the agency has submitted."""
    check_can_see_surveys(desk)
    if not has_submitted(invitee):
        raise NotAllowed(
            f"{invitee.organisation} has not submitted its audit, so only its own people read what its staff say."
        )
