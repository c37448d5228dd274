"""The addresses of multi-agency audits: the register, the plan of a year, and the reflective questions after one."""

from django.urls import path

from accountability.views import (
    multi_agency_actions,
    multi_agency_audits,
    multi_agency_reflections,
    reflections,
)

ROOM = "p/<slug:partnership>/desk/annual-report/audits/"
AUDIT = f"{ROOM}<int:audit>/"
REFLECTION = f"{AUDIT}reflection/"
BY_LINK = "t/<str:token>/reflection/"

patterns = [
    path(ROOM, multi_agency_audits.multi_agency_audits, name="multi_agency_audits"),
    path(f"{ROOM}new/", multi_agency_audits.multi_agency_audit_add, name="multi_agency_audit_add"),
    path(f"{ROOM}plan/<slug:year>/", multi_agency_audits.multi_agency_plan, name="multi_agency_plan"),
    path(AUDIT, multi_agency_audits.multi_agency_audit, name="multi_agency_audit"),
    path(f"{AUDIT}change/", multi_agency_audits.multi_agency_audit_change, name="multi_agency_audit_change"),
    path(
        f"{AUDIT}findings/",
        multi_agency_audits.multi_agency_audit_findings,
        name="multi_agency_audit_findings",
    ),
    path(f"{AUDIT}cancel/", multi_agency_audits.multi_agency_audit_cancel, name="multi_agency_audit_cancel"),
    path(f"{AUDIT}again/", multi_agency_audits.multi_agency_audit_again, name="multi_agency_audit_again"),
    path(
        f"{AUDIT}actions/new/", multi_agency_actions.multi_agency_action_add, name="multi_agency_action_add"
    ),
    path(
        f"{AUDIT}actions/<int:action>/drop/",
        multi_agency_actions.multi_agency_action_drop,
        name="multi_agency_action_drop",
    ),
    path(REFLECTION, multi_agency_reflections.multi_agency_reflection, name="multi_agency_reflection"),
    path(
        f"{REFLECTION}poster/",
        multi_agency_reflections.multi_agency_reflection_poster,
        name="multi_agency_reflection_poster",
    ),
    path(
        f"{REFLECTION}<slug:question>/",
        multi_agency_reflections.multi_agency_answers,
        name="multi_agency_answers",
    ),
    path(BY_LINK, reflections.reflection, name="reflection"),
    path(f"{BY_LINK}thanks/", reflections.reflection_thanks, name="reflection_thanks"),
]
