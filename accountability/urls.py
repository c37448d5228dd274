"""The addresses of meetings: the desk's, an agency's, and what opens by a link alone."""

from django.urls import path

from accountability.views import calls, rounds

app_name = "accountability"
MEETINGS = "p/<slug:partnership>/desk/meetings/"
ROUND = f"{MEETINGS}<slug:cycle>/"

urlpatterns = [
    path(MEETINGS, rounds.meetings, name="meetings"),
    path(ROUND, rounds.round_, name="round"),
    path(f"{ROUND}set-up/", rounds.set_up, name="set_up"),
    path(f"{ROUND}calls/", calls.calls, name="calls"),
    path(f"{ROUND}calls/<slug:organisation>/", calls.call, name="call"),
    path(f"{ROUND}calls/<slug:organisation>/drop/", calls.call_drop, name="call_drop"),
]
