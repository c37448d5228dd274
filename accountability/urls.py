"""The addresses of meetings: the desk's, an agency's, and what opens by a link alone."""

from django.urls import path

from accountability import (
    agency_return_urls,
    board_urls,
    feedback_urls,
    finding_urls,
    following_urls,
    invitation_urls,
    meeting_urls,
    multi_agency_urls,
    outcome_urls,
    pack_urls,
    report_urls,
    risk_urls,
    voice_urls,
)
from accountability.views import (
    agencies,
    availability,
    calls,
    days,
    links,
    members,
    public_preview,
    releases,
    rounds,
    timetables,
)

app_name = "accountability"
MEETINGS = "p/<slug:partnership>/desk/meetings/"
ROUND = f"{MEETINGS}<slug:cycle>/"
MEMBERS = f"{ROUND}members/"
MEMBER = f"{MEMBERS}<int:member>/"
DAYS = f"{ROUND}days/"
AVAILABILITY = f"{ROUND}availability/"
TIMETABLE = f"{ROUND}timetable/"
IN_TIMETABLE = f"{TIMETABLE}agencies/<slug:organisation>/"
PUBLIC_PREVIEW = "p/<slug:partnership>/desk/reports/<slug:cycle>/public/"
OWN_ROOM = "p/<slug:partnership>/o/<slug:organisation>/meetings/"

urlpatterns = [
    path(MEETINGS, rounds.meetings, name="meetings"),
    path(ROUND, rounds.round_, name="round"),
    path(f"{ROUND}set-up/", rounds.set_up, name="set_up"),
    # Beside the overview of a cycle
    path(PUBLIC_PREVIEW, public_preview.public_preview, name="public_preview"),
    # Who sits
    path(f"{ROUND}rules/", members.panel_rules, name="panel_rules"),
    path(MEMBERS, members.panel_members, name="panel_members"),
    path(f"{MEMBERS}officer/", members.panel_officer_add, name="panel_officer_add"),
    path(f"{MEMBERS}contact/", members.panel_contact_add, name="panel_contact_add"),
    path(f"{MEMBERS}new/", members.panel_contact_new, name="panel_contact_new"),
    path(f"{MEMBERS}copy/", members.panel_copy, name="panel_copy"),
    path(MEMBER, members.panel_member, name="panel_member"),
    path(f"{MEMBER}change/", members.panel_member_change, name="panel_member_change"),
    path(f"{MEMBER}end/", members.panel_member_end, name="panel_member_end"),
    path(f"{MEMBER}ask/", members.panel_member_ask, name="panel_member_ask"),
    path(f"{MEMBER}link/", members.panel_member_link, name="panel_member_link"),
    path(f"{MEMBER}interests/", members.interest_add, name="interest_add"),
    path(f"{MEMBER}interests/<int:interest>/remove/", members.interest_remove, name="interest_remove"),
    # When and where
    path(DAYS, days.meeting_days, name="meeting_days"),
    path(f"{DAYS}add/", days.meeting_day_add, name="meeting_day_add"),
    path(f"{DAYS}<int:day>/", days.meeting_day, name="meeting_day"),
    path(f"{DAYS}<int:day>/places/", days.meeting_day_places, name="meeting_day_places"),
    path(f"{DAYS}<int:day>/delete/", days.meeting_day_delete, name="meeting_day_delete"),
    # Who can come when
    path(AVAILABILITY, availability.panel_availability, name="panel_availability"),
    path(f"{AVAILABILITY}ask/", availability.panel_availability_ask, name="panel_availability_ask"),
    path(f"{AVAILABILITY}members/<int:member>/", availability.panel_answer, name="panel_answer"),
    path(f"{AVAILABILITY}agencies/", availability.agency_availability, name="agency_availability"),
    path(
        f"{AVAILABILITY}agencies/ask/", availability.agency_availability_ask, name="agency_availability_ask"
    ),
    path(f"{AVAILABILITY}agencies/<slug:organisation>/", availability.agency_answer, name="agency_answer"),
    path(f"{ROUND}own-availability/", availability.own_availability, name="own_availability"),
    path("t/<str:token>/availability/", links.availability, name="availability"),
    # An agency's room
    path(OWN_ROOM, agencies.agency_meetings, name="agency_meetings"),
    path(f"{OWN_ROOM}<slug:cycle>/availability/", agencies.half_days, name="half_days"),
    path(f"{ROUND}calls/", calls.calls, name="calls"),
    path(f"{ROUND}calls/<slug:organisation>/", calls.call, name="call"),
    path(f"{ROUND}calls/<slug:organisation>/drop/", calls.call_drop, name="call_drop"),
    path(TIMETABLE, timetables.timetable, name="timetable"),
    path(f"{TIMETABLE}work-out/", timetables.timetable_run, name="timetable_run"),
    path(f"{TIMETABLE}release/", timetables.timetable_release, name="timetable_release"),
    path(IN_TIMETABLE, timetables.timetable_meeting, name="timetable_meeting"),
    path(f"{IN_TIMETABLE}lock/", timetables.timetable_lock, name="timetable_lock"),
    path(f"{IN_TIMETABLE}take-off/", timetables.timetable_take_off, name="timetable_take_off"),
    *invitation_urls.patterns,
    *meeting_urls.patterns,
    path(f"{ROUND}releases/", releases.releases, name="releases"),
    path(f"{ROUND}releases/<int:number>/", releases.release, name="release"),
    path(f"{ROUND}releases/<int:number>/paper/", releases.release_paper, name="release_paper"),
    path(f"{ROUND}releases/<int:number>/file/", releases.release_file, name="release_file"),
    *pack_urls.patterns,
    *report_urls.patterns,
    *outcome_urls.patterns,
    *following_urls.patterns,
    *feedback_urls.patterns,
    *finding_urls.patterns,
    *board_urls.patterns,
    *risk_urls.patterns,
    *agency_return_urls.patterns,
    *multi_agency_urls.patterns,
    *voice_urls.patterns,
]
