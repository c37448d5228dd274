"""The addresses of the annual report's room, and of agencies' returns for it."""

from django.urls import path

from accountability.views import agency_return_pictures as pictures
from accountability.views import agency_returns, agency_returns_desk, annual_report

REPORT = "p/<slug:partnership>/desk/annual-report/"
RETURNS = f"{REPORT}returns/<slug:year>/"
OF_ONE = f"{RETURNS}agencies/<slug:organisation>/"
ROOM = "p/<slug:partnership>/o/<slug:organisation>/returns/"
OWN = f"{ROOM}<slug:year>/"
PICTURES = f"{OWN}pictures/"

patterns = [
    path(REPORT, annual_report.annual_report, name="annual_report"),
    path(RETURNS, agency_returns_desk.desk_returns, name="desk_returns"),
    path(f"{RETURNS}ask/", agency_returns_desk.desk_returns_ask, name="desk_returns_ask"),
    path(f"{RETURNS}remind/", agency_returns_desk.desk_returns_remind, name="desk_returns_remind"),
    path(OF_ONE, agency_returns_desk.desk_return, name="desk_return"),
    path(f"{OF_ONE}accept/", agency_returns_desk.desk_return_accept, name="desk_return_accept"),
    path(f"{OF_ONE}return/", agency_returns_desk.desk_return_back, name="desk_return_back"),
    # An agency's room
    path(ROOM, agency_returns.agency_returns, name="agency_returns"),
    path(OWN, agency_returns.agency_return, name="agency_return"),
    path(f"{OWN}hand-in/", agency_returns.agency_return_hand_in, name="agency_return_hand_in"),
    path(f"{OWN}approve/", agency_returns.agency_return_approve, name="agency_return_approve"),
    path(f"{OWN}send-back/", agency_returns.agency_return_send_back, name="agency_return_send_back"),
    path(f"{OWN}take-back/", agency_returns.agency_return_take_back, name="agency_return_take_back"),
    path(f"{PICTURES}add/", pictures.agency_return_picture_add, name="agency_return_picture_add"),
    path(f"{PICTURES}<int:picture>/", pictures.agency_return_picture, name="agency_return_picture"),
    path(
        f"{PICTURES}<int:picture>/take-out/",
        pictures.agency_return_picture_take_out,
        name="agency_return_picture_take_out",
    ),
    path(
        f"{PICTURES}<int:picture>/file/",
        pictures.agency_return_picture_file,
        name="agency_return_picture_file",
    ),
]
