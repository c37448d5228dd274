"""The order of the escalation ladder. Pure."""

from __future__ import annotations

from surveys.enums import EscalationStep

LADDER = (EscalationStep.CALL, EscalationStep.CHIEF_EXECUTIVE, EscalationStep.PARTNERS)
LETTERS = (EscalationStep.CHIEF_EXECUTIVE, EscalationStep.PARTNERS)


def get_next_steps(last: str | None) -> tuple[EscalationStep, ...]:
    """What may follow; after it was resolved the ladder begins anew. A call may be made again before the letter."""
    if last is None or last == EscalationStep.RESOLVED:
        return (EscalationStep.CALL,)
    if last == EscalationStep.CALL:
        return (EscalationStep.CHIEF_EXECUTIVE, EscalationStep.CALL, EscalationStep.RESOLVED)
    if last == EscalationStep.CHIEF_EXECUTIVE:
        return (EscalationStep.PARTNERS, EscalationStep.RESOLVED)
    return (EscalationStep.RESOLVED,)
