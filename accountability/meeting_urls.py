"""The addresses of the screen that a meeting is run by, and of its day's list."""

from django.urls import path

from accountability.views import day_meetings, meeting, meeting_agreed, meeting_people, meeting_scores

ROUND = "p/<slug:partnership>/desk/meetings/<slug:cycle>/"
MEETING = f"{ROUND}<slug:organisation>/meeting/"
SCORES = f"{MEETING}scores/"
AGREED = f"{MEETING}agreed/"

patterns = [
    path(f"{ROUND}days/next/", day_meetings.day_next, name="day_next"),
    path(f"{ROUND}days/<slug:date>/", day_meetings.day_meetings, name="day_meetings"),
    path(MEETING, meeting.meeting, name="meeting"),
    path(f"{MEETING}others/", meeting.meeting_others, name="meeting_others"),
    path(f"{MEETING}notes/<int:item>/", meeting.meeting_note, name="meeting_note"),
    path(f"{MEETING}item/", meeting.meeting_item_add, name="meeting_item_add"),
    path(f"{MEETING}start/", meeting.meeting_start, name="meeting_start"),
    path(f"{MEETING}start/take-back/", meeting.meeting_take_back, name="meeting_take_back"),
    path(f"{MEETING}close/", meeting.meeting_close, name="meeting_close"),
    path(f"{MEETING}reopen/", meeting.meeting_reopen, name="meeting_reopen"),
    # Who came
    path(f"{MEETING}attendance/", meeting_people.meeting_attendance, name="meeting_attendance"),
    path(f"{MEETING}attendance/add/", meeting_people.meeting_representative, name="meeting_representative"),
    path(f"{MEETING}attendance/instead/", meeting_people.meeting_stand_in, name="meeting_stand_in"),
    # Scores
    path(SCORES, meeting_scores.meeting_scores, name="meeting_scores"),
    path(f"{SCORES}<str:indicator>/", meeting_scores.meeting_score, name="meeting_score"),
    path(
        f"{SCORES}proposals/<int:proposal>/agree/",
        meeting_scores.meeting_score_agree,
        name="meeting_score_agree",
    ),
    path(
        f"{SCORES}proposals/<int:proposal>/withdraw/",
        meeting_scores.meeting_score_withdraw,
        name="meeting_score_withdraw",
    ),
    # What was agreed
    path(AGREED, meeting_agreed.meeting_agreed, name="meeting_agreed"),
    path(f"{AGREED}good-practice/", meeting_agreed.meeting_practice, name="meeting_practice"),
    path(
        f"{AGREED}good-practice/<int:practice>/",
        meeting_agreed.meeting_practice_drop,
        name="meeting_practice_drop",
    ),
    path(f"{AGREED}<int:number>/", meeting_agreed.meeting_recommendation, name="meeting_recommendation"),
    path(
        f"{AGREED}<int:number>/withdraw/",
        meeting_agreed.meeting_recommendation_withdraw,
        name="meeting_recommendation_withdraw",
    ),
]
