"""The addresses of what comes after a meeting: minutes and letters, on the desk, in an agency's room and by a link."""

from django.urls import path

from accountability.views import letters, minutes, own_minutes

ROUND = "p/<slug:partnership>/desk/meetings/<slug:cycle>/"
MINUTES = f"{ROUND}<slug:organisation>/minutes/"
LETTER = f"{ROUND}<slug:organisation>/letter/"
OWN = "p/<slug:partnership>/o/<slug:organisation>/meetings/<slug:cycle>/"

patterns = [
    # Minutes on the desk
    path(MINUTES, minutes.minutes, name="minutes"),
    path(f"{MINUTES}begin/", minutes.minutes_begin, name="minutes_begin"),
    path(f"{MINUTES}passages/<int:passage>/", minutes.minutes_passage, name="minutes_passage"),
    path(f"{MINUTES}agree/", minutes.minutes_agree, name="minutes_agree"),
    path(f"{MINUTES}to-chair/", minutes.minutes_to_chair, name="minutes_to_chair"),
    path(f"{MINUTES}take-back/", minutes.minutes_take_back, name="minutes_take_back"),
    path(f"{MINUTES}correct/", minutes.minutes_correct, name="minutes_correct"),
    path(f"{MINUTES}corrections/<int:correction>/", minutes.minutes_correction, name="minutes_correction"),
    path(f"{MINUTES}final/", minutes.minutes_final, name="minutes_final"),
    path(f"{MINUTES}pdf/", minutes.minutes_paper, name="minutes_paper"),
    path(f"{MINUTES}file/", minutes.minutes_file, name="minutes_file"),
    # The letter on the desk
    path(f"{ROUND}letters/", letters.letters, name="letters"),
    path(LETTER, letters.letter, name="letter"),
    path(f"{LETTER}draft/", letters.letter_draft, name="letter_draft"),
    path(f"{LETTER}edit/", letters.letter_edit, name="letter_edit"),
    path(f"{LETTER}sign/", letters.letter_sign, name="letter_sign"),
    path(f"{LETTER}take-back/", letters.letter_take_back, name="letter_take_back"),
    path(f"{LETTER}send/", letters.letter_send, name="letter_send"),
    path(f"{LETTER}file/", letters.letter_file, name="letter_file"),
    # An agency's own
    path(OWN, own_minutes.agency_meeting, name="agency_meeting"),
    path(f"{OWN}minutes/", own_minutes.agency_minutes, name="agency_minutes"),
    path(f"{OWN}minutes/file/", own_minutes.agency_minutes_file, name="agency_minutes_file"),
    path(f"{OWN}letter/", own_minutes.agency_letter, name="agency_letter"),
    path(f"{OWN}letter/file/", own_minutes.agency_letter_file, name="agency_letter_file"),
    # By a personal link
    path("t/<str:token>/minutes/", own_minutes.member_minutes, name="member_minutes"),
    path(
        "t/<str:token>/minutes/<slug:organisation>/", own_minutes.member_minutes_of, name="member_minutes_of"
    ),
]
