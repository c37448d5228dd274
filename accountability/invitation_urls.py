"""The addresses of who comes, and of calendars: see urls.py, which takes them in."""

from django.urls import path

from accountability.views import feeds, hub, invitations

IN_TIMETABLE = "p/<slug:partnership>/desk/meetings/<slug:cycle>/timetable/agencies/<slug:organisation>/"
OWN_MEETING = "p/<slug:partnership>/o/<slug:organisation>/meetings/<slug:cycle>/"

patterns = [
    # On the desk
    path(f"{IN_TIMETABLE}seats/<int:seat>/", invitations.seat_replace, name="seat_replace"),
    # An agency's own
    path(f"{OWN_MEETING}meeting.ics", invitations.meeting_entry, name="meeting_entry"),
    path(f"{OWN_MEETING}representatives/", invitations.representatives, name="representatives"),
    # By a link alone
    path("t/<str:token>/", hub.member_page, name="member_page"),
    path("t/<str:token>/calendar.ics", feeds.calendar_feed, name="calendar_feed"),
    # One's own
    path("home/calendar/", feeds.own_calendar, name="own_calendar"),
]
