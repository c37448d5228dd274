"""Addresses of what people may ask of their own data."""

from django.urls import path

from s11.privacy.views import exports, leavers

app_name = "privacy"

DESK = "p/<slug:partnership>/desk/privacy/"
EXPORT = f"{DESK}exports/<int:export>/"
LEAVER = f"{DESK}leavers/<int:person>/"

urlpatterns = [
    path("home/details/held/", exports.own_export, name="own_export"),
    path("home/details/held/<int:export>/file/", exports.own_export_file, name="own_export_file"),
    path("home/details/forget/", leavers.own_request, name="own_request"),
    path("home/details/forget/withdraw/", leavers.own_withdraw, name="own_withdraw"),
    path(DESK, exports.desk_privacy, name="desk"),
    path(f"{DESK}exports/new/", exports.export_new, name="export_new"),
    path(EXPORT, exports.export, name="export"),
    path(f"{EXPORT}file/", exports.export_file, name="export_file"),
    path(f"{EXPORT}hand-over/", exports.export_hand_over, name="export_hand_over"),
    path(f"{EXPORT}delete/", exports.export_discard, name="export_discard"),
    path(f"{DESK}leavers/", leavers.leavers, name="leavers"),
    path(LEAVER, leavers.leaver, name="leaver"),
    path(f"{LEAVER}stop/", leavers.leaver_stop, name="leaver_stop"),
]
