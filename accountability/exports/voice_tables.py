"""What children and families said: the words, with a quotation only where consent to it holds, and every consent."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Case, F, TextField, Value, When

from accountability.exports.columns import keep, name_people
from accountability.models import Voice, VoiceChoice, VoiceConsent
from s11.organisations.models import Partnership
from surveys.exports.tables import Table, make_table


def list_voice_tables(partnership: Partnership) -> Iterator[Table]:
    quotable = Case(When(consent_giver="", then=Value("")), default=F("quotation"), output_field=TextField())
    yield make_table(
        "voices",
        "what children and families told an organisation, and what changed; a quotation only while consent is recorded",
        Voice.objects.of(partnership).annotate(quoted=quotable),
        {"id": "pk", "organisation": "participation__organisation__slug", "quotation": "quoted"}
        | keep("heard_on", "group", "source", "told", "changed", "why_not", "consent_giver", "consented_on")
        | {"theme": "theme__code"}
        | name_people("consent_recorded_by", "cleared_by", "added_by", "changed_by", "removed_by")
        | keep("version", "added_at", "changed_at", "removed_at"),
    )
    yield make_table(
        "voice-consents",
        "each consent to a quotation (of an id in voices): given, withdrawn, ended; and what had quoted it by then",
        VoiceConsent.objects.filter(voice__participation__partnership=partnership),
        {"voice": "voice_id"}
        | keep("kind", "giver", "consented_on", "still_quoted", "at")
        | name_people("by"),
    )
    yield make_table(
        "voice-choices",
        "which of them (an id in voices, in the version that was chosen) officers chose for the annual report",
        VoiceChoice.objects.filter(voice__participation__partnership=partnership),
        {"voice": "voice_id"} | keep("version", "at") | name_people("by"),
    )
