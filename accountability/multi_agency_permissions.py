"""Who reads and keeps the register of multi-agency audits, and who reads what practitioners say after one.

Each check raises NotAllowed with one sentence. Who answers needs no permission: the link is every practitioner's.
"""

from __future__ import annotations

from accountability.models import MultiAgencyAudit, Reflection
from accountability.multi_agency_enums import ReflectiveQuestion
from accountability.multi_agency_reflections import is_told
from s11.organisations.enums import ORGANISERS
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed
from surveys.enums import ActionStatus
from surveys.models import Action
from surveys.models.audits import READERS


def check_can_see_audits(desk: Desk) -> None:
    """As practitioner surveys. Asks the database nothing."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed(
            "Multi-agency audits say what was found where, so they are for administrators, quality officers and "
            "scrutineers; the annual report says what may be public of them."
        )


def check_can_keep_audits(desk: Desk) -> None:
    check_can_see_audits(desk)
    if not desk.roles & ORGANISERS:
        raise NotAllowed(
            f"Only an administrator or quality officer of {desk.partnership} changes the register of multi-agency "
            "audits. Ask one of them."
        )


def check_can_change_audit(desk: Desk, audit: MultiAgencyAudit) -> None:
    """Its plan, and what it found."""
    check_can_keep_audits(desk)
    if audit.cancelled:
        raise NotAllowed(
            f"‘{audit}’ is cancelled, so nothing of it changes. Choose ‘Hold it after all’ first."
        )


def check_can_cancel_audit(desk: Desk, audit: MultiAgencyAudit) -> None:
    check_can_keep_audits(desk)
    if audit.is_reported:
        raise NotAllowed(f"‘{audit}’ is reported, so it was held.")


def check_can_agree_action(desk: Desk, audit: MultiAgencyAudit) -> None:
    """Somebody has to have taken part, for an action is done by an agency."""
    check_can_change_audit(desk, audit)
    if not audit.taking_part.exists():
        raise NotAllowed("Say which agencies take part first: an action belongs to one of them.")


def check_can_take_back_action(desk: Desk, audit: MultiAgencyAudit, action: Action) -> None:
    """One that was agreed wrongly stays in the agency's plan as dropped, with the reason."""
    check_can_change_audit(desk, audit)
    if not action.is_unfinished:
        state = ActionStatus(action.status).label.lower()
        raise NotAllowed(f"The action is {state}, so it stays as it is.")


# What practitioners say -----------------------------------------------------------------------------------------------


def check_can_run_reflection(desk: Desk, audit: MultiAgencyAudit) -> None:
    """Open it, close it, give it another day or link; and pass the link on, for whoever has it can answer."""
    check_can_change_audit(desk, audit)


def check_can_move_reflection(reflection: Reflection) -> None:
    """While it runs; and once it is over only where nothing was told, for a second telling would give away who came."""
    if reflection.is_told:
        raise NotAllowed("The answers have been shown, so it cannot go on: they would show who answers next.")
    if reflection.forgotten_on is not None:
        raise NotAllowed("What was answered is deleted, so it cannot go on.")


def check_can_read_answers(desk: Desk, reflection: Reflection | None, question: ReflectiveQuestion) -> None:
    """Once it is over, of a question that at least five people answered, and while the answers are kept."""
    check_can_see_audits(desk)
    if reflection is None or not reflection.is_over:
        raise NotAllowed(
            "Nobody reads an answer before practitioners have finished: one that is new would show who was just there."
        )
    if reflection.forgotten_on is not None:
        raise NotAllowed("The answers are deleted, a year after the last day. What was made of them stays.")
    if not is_told(reflection, question):
        raise NotAllowed(
            "Fewer than five people answered this question, so nobody reads what they wrote: it could be known whose "
            "words they are."
        )


def check_can_work_on_answers(
    desk: Desk, reflection: Reflection | None, question: ReflectiveQuestion
) -> None:
    """Give them themes, and write what they come to."""
    check_can_read_answers(desk, reflection, question)
    check_can_keep_audits(desk)
