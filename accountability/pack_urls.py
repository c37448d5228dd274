"""The addresses of packs: on the desk, an agency's own, and those that open by a personal link."""

from django.urls import path

from accountability.views import own_packs, pack_lines, packs

ROUND = "p/<slug:partnership>/desk/meetings/<slug:cycle>/"
PACKS = f"{ROUND}packs/"
PACK = f"{ROUND}<slug:organisation>/pack/"
LINES = f"{PACK}lines/"
OWN_PACK = "p/<slug:partnership>/o/<slug:organisation>/meetings/<slug:cycle>/pack/"

patterns = [
    # On the desk
    path(PACKS, packs.packs, name="packs"),
    path(f"{PACKS}prepare/", packs.packs_prepare, name="packs_prepare"),
    path(f"{PACKS}days/<int:day>/", packs.day_packs_request, name="day_packs_request"),
    path(f"{PACKS}files/<int:document>/", packs.pack_document, name="pack_document"),
    path(f"{PACKS}files/<int:document>/file/", packs.pack_file, name="pack_file"),
    path(PACK, packs.pack, name="pack"),
    path(f"{PACK}pdf/", packs.pack_request, name="pack_request"),
    path(f"{PACK}questions/add/", pack_lines.own_question_add, name="own_question_add"),
    path(f"{LINES}suggest/", pack_lines.lines_suggest, name="lines_suggest"),
    path(f"{LINES}add/", pack_lines.line_add, name="line_add"),
    path(f"{LINES}<int:line>/", pack_lines.line_change, name="line_change"),
    path(f"{LINES}<int:line>/drop/", pack_lines.line_drop, name="line_drop"),
    path(f"{LINES}<int:line>/take-back/", pack_lines.line_take_back, name="line_take_back"),
    path(f"{LINES}<int:line>/move/", pack_lines.line_move, name="line_move"),
    # An agency's own
    path(OWN_PACK, own_packs.agency_pack, name="agency_pack"),
    path(f"{OWN_PACK}pdf/", own_packs.agency_pack_request, name="agency_pack_request"),
    path(f"{OWN_PACK}document/", own_packs.agency_pack_document, name="agency_pack_document"),
    path(f"{OWN_PACK}file/", own_packs.agency_pack_file, name="agency_pack_file"),
    # By a personal link
    path("t/<str:token>/packs/", own_packs.member_packs, name="member_packs"),
    path("t/<str:token>/packs/<slug:organisation>/", own_packs.member_pack, name="member_pack"),
    path(
        "t/<str:token>/packs/<slug:organisation>/file/", own_packs.member_pack_file, name="member_pack_file"
    ),
]
