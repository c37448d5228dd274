"""Who may do what with the mail to agencies: reading the outbox, reminding, a cycle's texts, the escalation ladder."""

from s11.organisations.permissions import check_can_organise
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed
from surveys.enums import EscalationStep
from surveys.escalation_steps import get_next_steps
from surveys.models import Cycle, Escalation, Invitee
from surveys.models.audits import READERS
from surveys.permissions import has_submitted


def check_can_read_outbox(desk: Desk) -> None:
    """Addresses and names stand in it: for those who also read audits."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed(
            "Administrators, quality officers and scrutineers read what agencies are sent. Ask one of them."
        )


def check_can_work_outbox(desk: Desk) -> None:
    """Hold, change, let go, stop and try again."""
    check_can_organise(desk)


def check_can_write_texts(desk: Desk, cycle: Cycle) -> None:
    """From the first plan on, while there is still something to be sent."""
    check_can_organise(desk)
    if cycle.is_closed:
        raise NotAllowed(f"{cycle} is closed, so nothing more is sent about it.")


def check_can_remind(desk: Desk, cycle: Cycle) -> None:
    check_can_organise(desk)
    if not cycle.is_open:
        raise NotAllowed(
            f"{cycle} is {cycle.get_status_display().lower()}: only in an open cycle is there something to return."
        )


def check_can_escalate(desk: Desk, invitee: Invitee, step: EscalationStep, last: Escalation | None) -> None:
    """The ladder is climbed a step at a time; it can be resolved from each, also once the return has come."""
    check_can_organise(desk)
    if step not in get_next_steps(last.step if last else None):
        taken = last.get_step_display().lower() if last else "no step"
        raise NotAllowed(
            f"{step.label} is not the next step with {invitee.organisation}: so far it is {taken}."
        )
    if step == EscalationStep.RESOLVED:
        return
    check_can_remind(desk, invitee.cycle)
    if invitee.is_exempt:
        raise NotAllowed(f"{invitee.organisation} is exempt from {invitee.cycle}, so nothing is asked of it.")
    if has_submitted(invitee):
        raise NotAllowed(f"{invitee.organisation} has submitted its audit, so there is nothing to chase.")
