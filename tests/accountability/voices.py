"""Makers of what children and families said, with the fewest arguments that make sense."""

from __future__ import annotations

import datetime
from typing import Any, Final

from accountability.models import Voice
from accountability.voice_enums import ConsentGiver, VoiceGroup, VoiceSource
from accountability.voice_recording import VoiceInput, record_consent, record_voice
from s11.organisations.models import Organisation, Participation, User
from tests.conftest import Cast

# Of the reporting year 2025-26.
JUNE: Final = datetime.date(2025, 6, 1)
QUOTATION: Final = "They asked me first, and then they did it."


def get_place(organisation: Organisation) -> Participation:
    return organisation.participations.select_related("partnership", "organisation").earliest("pk")


def make_input(**columns: Any) -> VoiceInput:
    given: dict[str, Any] = {
        "heard_on": JUNE,
        "group": VoiceGroup.YOUNG_PEOPLE,
        "source": VoiceSource.GROUP,
        "told": "Meetings were held without them.",
        "quotation": QUOTATION,
    }
    if "why_not" not in columns:
        given["changed"] = "Meetings are held after school."
    return VoiceInput(**given | columns)


def make_voice(organisation: Organisation, *, by: User, **columns: Any) -> Voice:
    return record_voice(participation=get_place(organisation), entered=make_input(**columns), by=by)


def make_quotable(organisation: Organisation, *, by: User, **columns: Any) -> Voice:
    voice = make_voice(organisation, by=by, **columns)
    record_consent(
        voice=voice,
        giver=ConsentGiver.PERSON,
        consented_on=datetime.date(2025, 7, 1),
        seen_version=voice.version,
        by=by,
    )
    voice.refresh_from_db()
    return voice


def make_voice_rows(cast: Cast) -> dict[str, int]:
    """For the walk over all addresses: one without consent, one with it."""
    return {
        "voice": make_voice(cast.organisation, by=cast.lead).pk,
        "voice_quotable": make_quotable(cast.organisation, by=cast.lead).pk,
    }
