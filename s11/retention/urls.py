"""The addresses of retention."""

from django.urls import path

from s11.retention import views

app_name = "retention"
ROOM = "p/<slug:partnership>/desk/retention/"
LIST = f"{ROOM}lists/<int:number>/"

urlpatterns = [
    path(ROOM, views.schedule, name="schedule"),
    path(f"{ROOM}periods/<slug:kind>/", views.period, name="period"),
    path(f"{ROOM}lists/make/", views.list_make, name="list_make"),
    path(LIST, views.list_, name="list"),
    path(f"{LIST}propose/", views.list_propose, name="list_propose"),
    path(f"{LIST}withdraw/", views.list_withdraw, name="list_withdraw"),
    path(f"{LIST}return/", views.list_return, name="list_return"),
    path(f"{LIST}approve/", views.list_approve, name="list_approve"),
    path(f"{LIST}certificate/", views.list_certificate, name="list_certificate"),
    path(f"{LIST}certificate/file/", views.list_certificate_file, name="list_certificate_file"),
    path(f"{LIST}items/<int:item>/hold/", views.hold, name="hold"),
    path(f"{ROOM}holds/<int:hold>/release/", views.hold_release, name="hold_release"),
]
