"""Who records what children and families said, who reads it, and who chooses what the annual report says of it.

Each check raises NotAllowed with one sentence.
"""

from __future__ import annotations

from accountability.models import Voice
from s11.organisations.enums import ORGANISERS
from s11.organisations.queries import Agency, Desk
from s11.web.errors import NotAllowed
from surveys.models.audits import READERS
from surveys.reach import WRITERS


def check_can_record_voice(agency: Agency) -> None:
    """Everybody of the agency reads; who answers its audits writes."""
    if not agency.roles & WRITERS:
        raise NotAllowed(
            "Your role lets you read what children and families said, not record it. Ask a lead or contributor."
        )


def check_can_record_consent(agency: Agency, voice: Voice) -> None:
    check_can_record_voice(agency)
    if not voice.quotation:
        raise NotAllowed("There is no quotation here, so there is nothing to agree to. Add one first.")
    if voice.is_quotable:
        raise NotAllowed("Consent is recorded already. Where somebody else gave it, withdraw this one first.")


def check_can_withdraw_consent(agency: Agency, voice: Voice) -> None:
    """At any time, whatever quotes it by now."""
    check_can_record_voice(agency)
    if not voice.is_quotable:
        raise NotAllowed(
            "No consent is recorded now, so the words are not quoted and there is none to withdraw."
        )


def check_can_read_voices(desk: Desk) -> None:
    """As audits: what agencies wrote is for those who read them."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed(
            "Administrators, quality officers and scrutineers read what children and families told agencies; "
            "everybody reads what the annual report says of it."
        )


def check_can_choose_voices(desk: Desk) -> None:
    """For the annual report."""
    check_can_read_voices(desk)
    if not desk.roles & ORGANISERS:
        raise NotAllowed(
            f"Only an administrator or quality officer of {desk.partnership} chooses what the annual report says. "
            "Ask one of them."
        )
