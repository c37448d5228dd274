"""The addresses of meetings: the desk's, an agency's, and what opens by a link alone."""

from django.urls import path

from accountability.views import rounds

app_name = "accountability"
MEETINGS = "p/<slug:partnership>/desk/meetings/"
ROUND = f"{MEETINGS}<slug:cycle>/"

urlpatterns = [
    path(MEETINGS, rounds.meetings, name="meetings"),
    path(ROUND, rounds.round_, name="round"),
    path(f"{ROUND}set-up/", rounds.set_up, name="set_up"),
]
