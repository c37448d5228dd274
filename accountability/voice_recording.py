"""Writing what children and families said, consent to quote it, and what the annual report says of it. Atomic."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from accountability.models import Voice, VoiceChoice, VoiceConsent
from accountability.naming import find_named_in
from accountability.voice_enums import ConsentGiver, ConsentKind, VoiceGroup, VoiceSource
from accountability.voice_uses import list_published, take_out_everywhere
from s11.organisations.models import Participation, User
from s11.web import errors
from s11.web.text import list_words
from surveys.models import Theme

WORDS: Final = ("heard_on", "group", "source", "told", "changed", "why_not", "theme", "quotation")
TEXTS: Final = ("told", "changed", "why_not", "quotation")
NO_CONSENT: Final = {"consent_giver": "", "consented_on": None, "consent_recorded_by": None}


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or it cannot be chosen as it reads."""


@dataclass(frozen=True, slots=True)
class VoiceInput:
    """What was entered. `is_cleared`: the person says that nobody can be recognised by what looked so."""

    heard_on: datetime.date
    group: VoiceGroup
    source: VoiceSource
    told: str
    changed: str = ""
    why_not: str = ""
    theme: Theme | None = None
    quotation: str = ""
    is_cleared: bool = False


@transaction.atomic
def record_voice(*, participation: Participation, entered: VoiceInput, by: User) -> Voice:
    voice = Voice(participation=participation, added_by=by)
    _write(voice, entered, by)
    return voice


@transaction.atomic
def change_voice(*, voice: Voice, entered: VoiceInput, seen_version: int, by: User) -> Voice | None:
    """None once it is saved; the entry as it stands where somebody saved another version meanwhile.

    Consent was to the words that stood there: others need it anew.
    """
    now = _lock(voice)
    if now.version != seen_version:
        return now
    if now.quotation != entered.quotation:
        _end_consent(now, ConsentKind.CHANGED, by)
    now.version += 1
    _write(now, entered, by)
    return None


@transaction.atomic
def remove_voice(*, voice: Voice, by: User) -> list[str]:
    """Its words are gone at once and for good: nobody puts back what gave a child away.

    Returns the published reports that quote it, as every verb here by which consent ends.
    """
    now = _lock(voice)
    shown = _end_consent(now, ConsentKind.REMOVED, by)
    # What else it said stands in drafts that took it in.
    take_out_everywhere(now.participation.partnership, now.told, now.changed, now.why_not)
    now.told = now.changed = now.why_not = now.quotation = ""
    now.removed_by, now.removed_at = by, timezone.now()
    now.version += 1
    now.save()
    VoiceChoice.objects.filter(voice=now).delete()
    return shown


def _write(voice: Voice, entered: VoiceInput, by: User) -> None:
    for name in WORDS:
        setattr(voice, name, getattr(entered, name))
    voice.heard_on = entered.heard_on.replace(day=1)
    voice.cleared_by = by if entered.is_cleared else None
    voice.changed_by, voice.changed_at = by, timezone.now()
    voice.save()


# Consent --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_consent(
    *, voice: Voice, giver: ConsentGiver, consented_on: datetime.date, seen_version: int, by: User
) -> VoiceConsent:
    """To the words that the page showed, and to no others."""
    now = _lock(voice)
    if now.version != seen_version:
        raise NotInThisState(
            "Somebody has changed the words meanwhile. Read them again: consent is to these."
        )
    if now.is_quotable or not now.quotation:
        raise NotInThisState("Somebody was quicker: look at the entry as it stands now.")
    now.consent_giver, now.consented_on, now.consent_recorded_by = giver, consented_on, by
    now.save()
    return VoiceConsent.objects.create(
        voice=now, kind=ConsentKind.GIVEN, giver=giver, consented_on=consented_on, by=by
    )


@transaction.atomic
def withdraw_consent(*, voice: Voice, by: User) -> list[str]:
    now = _lock(voice)
    if not now.is_quotable:
        raise NotInThisState("Somebody was quicker: no consent is recorded any more.")
    return _end_consent(now, ConsentKind.WITHDRAWN, by)


def _end_consent(voice: Voice, kind: ConsentKind, by: User) -> list[str]:
    """At once: the words go out of every draft and paper. Where they were published they stay, and that is noted."""
    if not voice.is_quotable:
        return []
    partnership = voice.participation.partnership
    take_out_everywhere(partnership, voice.quotation)
    shown = list_published(partnership, voice.quotation)
    for name, nothing in NO_CONSENT.items():
        setattr(voice, name, nothing)
    voice.save()
    VoiceConsent.objects.create(voice=voice, kind=kind, still_quoted="\n".join(shown), by=by)
    return shown


# The annual report ----------------------------------------------------------------------------------------------------


@transaction.atomic
def choose_voice(*, voice: Voice, seen_version: int, by: User) -> None:
    """As it reads now. No report names an agency or a worker, so neither does what is chosen for one."""
    now = _lock(voice)
    if now.version != seen_version:
        raise NotInThisState("The agency has changed it meanwhile. Read it again, then choose it.")
    words = "\n".join(getattr(now, name) for name in TEXTS)
    if named := find_named_in(now.participation.partnership, words):
        raise NotInThisState(
            f"It names {list_words(named)}, and a report names no agency and nobody. Ask the agency to say it in "
            "other words."
        )
    VoiceChoice.objects.update_or_create(
        voice=now, defaults={"version": now.version, "by": by, "at": timezone.now()}
    )


def drop_choice(*, voice: Voice) -> None:
    """Pressed twice, it is dropped once."""
    VoiceChoice.objects.filter(voice=voice).delete()


def _lock(voice: Voice) -> Voice:
    found = Voice.objects.standing().select_for_update(of=("self",))
    now = found.select_related("participation__partnership", "changed_by").filter(pk=voice.pk).first()
    if now is None:
        raise NotInThisState("Somebody has removed it meanwhile. Its words are gone.")
    return now
