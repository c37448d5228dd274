"""Who may plan cycles, invite to them, open and close them, and read what they show about all agencies."""

from django.utils import timezone

from s11.organisations.enums import OfficerRole
from s11.organisations.permissions import check_can_administer
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed
from s11.web.languages import say
from s11.web.spoken import chosen
from surveys.enums import CycleKind, CycleStatus
from surveys.models import Cycle, Invitee

# Who reads what a cycle shows about all agencies; panel members read the packs of their own panels.
OVERVIEW_READERS = frozenset(
    {OfficerRole.ADMINISTRATOR, OfficerRole.QUALITY_OFFICER, OfficerRole.SCRUTINEER, OfficerRole.PUBLISHER}
)
# Publishers see figures; which agency is below a grade is for those who also read audits.
NAMED_FIGURES_READERS = OVERVIEW_READERS - {OfficerRole.PUBLISHER}


def check_can_plan_cycles(desk: Desk) -> None:
    check_can_administer(desk)


def check_can_change_plan(desk: Desk, cycle: Cycle) -> None:
    """Title, dates and question banks stay open to change until the cycle is opened."""
    check_can_plan_cycles(desk)
    if cycle.status != CycleStatus.PLANNED:
        raise NotAllowed(
            f"{cycle} is {cycle.get_status_display().lower()}, so its plan can no longer change."
        )


def check_can_open_cycle(desk: Desk, cycle: Cycle) -> None:
    """A cycle that would ask nobody, or nothing, stays planned."""
    check_can_plan_cycles(desk)
    if cycle.status != CycleStatus.PLANNED:
        raise NotAllowed(f"{cycle} is {cycle.get_status_display().lower()} already.")
    if cycle.closes_on < timezone.localdate():
        raise NotAllowed("The closing day is in the past. Change the dates first.")
    pins = cycle.cycle_questionnaires.all()
    if not pins.exists():
        raise NotAllowed("The cycle has no question bank, so it would ask nothing. Plan another one.")
    if cycle.kind == CycleKind.TOPIC and (empty := pins.filter(standards=None).first()):
        raise NotAllowed(f"No standards are chosen for {empty.get_variant_display()}. Choose them first.")
    if cycle.kind == CycleKind.CORE and (
        empty := pins.exclude(questionnaire__indicators__is_core=True).first()
    ):
        raise NotAllowed(
            f"No indicator of {empty.questionnaire} is marked core, so the short form would ask nothing of "
            f"{empty.get_variant_display()}. Choose another question bank."
        )
    if not cycle.invitees.exists():
        raise NotAllowed("Nobody is invited yet. Invite organisations first.")


def check_can_close_cycle(desk: Desk, cycle: Cycle) -> None:
    check_can_plan_cycles(desk)
    if cycle.status != CycleStatus.OPEN:
        raise NotAllowed(
            f"{cycle} is {cycle.get_status_display().lower()}: only an open cycle can be closed."
        )


def check_can_move_closing_day(desk: Desk, cycle: Cycle) -> None:
    """Of an open cycle; a planned one's dates are part of its plan."""
    check_can_plan_cycles(desk)
    if cycle.status != CycleStatus.OPEN:
        raise NotAllowed(
            f"{cycle} is {cycle.get_status_display().lower()}: only an open cycle's closing day can be moved."
        )


def check_can_invite_to_cycle(desk: Desk, cycle: Cycle) -> None:
    """Organisations may be added while the cycle is planned or open."""
    check_can_plan_cycles(desk)
    if cycle.is_closed:
        raise NotAllowed(f"{cycle} is closed, so nobody can be invited to it any more.")


def check_can_change_invitee(desk: Desk, invitee: Invitee) -> None:
    """Whether it must or may take part."""
    check_can_plan_cycles(desk)
    if invitee.cycle.is_closed:
        raise NotAllowed(f"{invitee.cycle} is closed, so who was invited can no longer change.")


def check_can_extend(desk: Desk, invitee: Invitee) -> None:
    """An extension, and taking it back."""
    check_can_change_invitee(desk, invitee)
    if has_submitted(invitee):
        raise NotAllowed(f"{invitee.organisation} has submitted its audit, so it needs no more time.")


def check_can_exempt(desk: Desk, invitee: Invitee) -> None:
    """An exemption, and taking it back. What was submitted stays in the figures."""
    check_can_change_invitee(desk, invitee)
    if has_submitted(invitee) and not invitee.is_exempt:
        raise NotAllowed(f"{invitee.organisation} has submitted its audit, so it cannot be exempt.")


def check_can_remove_invitee(desk: Desk, invitee: Invitee) -> None:
    """As if never invited: only while there is nothing to lose."""
    check_can_change_invitee(desk, invitee)
    if has_submitted(invitee):
        raise NotAllowed(f"{invitee.organisation} has submitted its audit, so it cannot be removed.")
    if hasattr(invitee, "audit"):
        raise NotAllowed(
            f"{invitee.organisation} has opened its audit, so it cannot be removed. Make it exempt instead."
        )
    if invitee.escalations.exists():
        raise NotAllowed(
            f"{invitee.organisation} has been chased by letter or call, which stays on record, so it cannot be "
            "removed. Make it exempt instead."
        )
    if hasattr(invitee, "practitioner_survey"):
        raise NotAllowed(
            f"{invitee.organisation} has asked its staff, so it cannot be removed. Make it exempt instead."
        )


def has_submitted(invitee: Invitee) -> bool:
    """Answers that count, or its own audit in their place."""
    has_answered = hasattr(invitee, "audit") and invitee.audit.is_counted
    return has_answered or hasattr(invitee, "own_tool_return")


def check_can_read_overview(desk: Desk) -> None:
    if not desk.roles & OVERVIEW_READERS:
        raise NotAllowed(
            "Panel members read the packs for their own meetings. Ask an administrator for the overview."
        )


def check_can_export_overview(desk: Desk) -> None:
    """The files name organisations and hide no small group, so they are for those who also read audits."""
    check_can_read_overview(desk)
    if not desk.roles & NAMED_FIGURES_READERS:
        raise NotAllowed(
            "The files name organisations. Ask an administrator for one, or read the figures on this page."
        )


def check_cycle_is_open(cycle: Cycle) -> None:
    if not cycle.is_open:
        raise NotAllowed(
            say(
                "{cycle} is {state}, so nothing can change. You can still read and download.",
                cycle=cycle,
                state=chosen(cycle.get_status_display().lower()),
            )
        )


def check_is_not_exempt(invitee: Invitee) -> None:
    if invitee.is_exempt:
        raise NotAllowed(
            f"{invitee.organisation} is exempt from {invitee.cycle}. Ask the partnership if that is wrong."
        )
