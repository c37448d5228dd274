"""The addresses of what children and families say: an agency's room, and the officers' page of a year."""

from django.urls import path

from accountability.views import voice_choices, voices

ROOM = "p/<slug:partnership>/o/<slug:organisation>/voice/"
VOICE = f"{ROOM}<int:voice>/"
YEAR = "p/<slug:partnership>/desk/annual-report/voice/<slug:year>/"

patterns = [
    path(ROOM, voices.agency_voices, name="agency_voices"),
    path(f"{ROOM}new/", voices.voice_add, name="voice_add"),
    path(VOICE, voices.voice, name="voice"),
    path(f"{VOICE}consent/", voices.voice_consent, name="voice_consent"),
    path(f"{VOICE}withdraw/", voices.voice_withdraw, name="voice_withdraw"),
    path(f"{VOICE}remove/", voices.voice_remove, name="voice_remove"),
    path(YEAR, voice_choices.desk_voices, name="desk_voices"),
    path(f"{YEAR}<int:voice>/choose/", voice_choices.voice_choose, name="voice_choose"),
    path(f"{YEAR}<int:voice>/drop/", voice_choices.voice_drop, name="voice_drop"),
]
