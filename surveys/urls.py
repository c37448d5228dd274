"""Addresses of question banks, cycles, audits and overview reports."""

from django.urls import path

from surveys.views import (
    answers,
    audits,
    copies,
    cycle_planning,
    cycles,
    invitees,
    questionnaires,
    reports,
)

AGENCY = "p/<slug:partnership>/o/<slug:organisation>/"
AUDIT = f"{AGENCY}audits/<slug:cycle>/"
CYCLES = "p/<slug:partnership>/desk/cycles/"
CYCLE = f"{CYCLES}<slug:cycle>/"
REPORTS = "p/<slug:partnership>/desk/reports/"
INVITEE = f"{CYCLE}invitees/<slug:organisation>/"
BANK = "p/<slug:partnership>/question-banks/<int:questionnaire>/"

app_name = "surveys"
urlpatterns = [
    # Cycles on the desk
    path(CYCLES, cycles.cycles, name="cycles"),
    path(f"{CYCLES}new/", cycle_planning.cycle_new, name="cycle_new"),
    path(f"{CYCLES}new/<slug:step>/", cycle_planning.cycle_new, name="cycle_new_step"),
    path(CYCLE, cycles.cycle, name="cycle"),
    path(f"{CYCLE}open/", cycles.cycle_open, name="cycle_open"),
    path(f"{CYCLE}close/", cycles.cycle_close, name="cycle_close"),
    path(f"{CYCLE}change/", cycles.cycle_change, name="cycle_change"),
    path(f"{CYCLE}delete/", cycles.cycle_delete, name="cycle_delete"),
    path(f"{CYCLE}closing-day/", cycles.cycle_closing_day, name="cycle_closing_day"),
    path(f"{CYCLE}question-banks/<slug:variant>/", cycles.cycle_bank, name="cycle_bank"),
    path(f"{CYCLE}invite/", invitees.cycle_invite, name="cycle_invite"),
    path(INVITEE, invitees.cycle_invitee, name="cycle_invitee"),
    path(f"{INVITEE}remove/", invitees.cycle_invitee_remove, name="cycle_invitee_remove"),
    path(f"{INVITEE}<slug:what>/", invitees.cycle_invitee_change, name="cycle_invitee_change"),
    path(f"{INVITEE}<slug:what>/undo/", invitees.cycle_invitee_undo, name="cycle_invitee_undo"),
    # Overview reports on the desk
    path(REPORTS, reports.reports, name="reports"),
    path(f"{REPORTS}files/<int:document>/", reports.overview_document, name="overview_document"),
    path(f"{REPORTS}files/<int:document>/file/", reports.overview_file, name="overview_file"),
    path(f"{REPORTS}<slug:cycle>/", reports.overview, name="overview"),
    path(f"{REPORTS}<slug:cycle>/files/", reports.overview_file_request, name="overview_file_request"),
    # Question banks for everybody
    path(BANK, questionnaires.question_bank, name="question_bank"),
    path(f"{BANK}blank/", questionnaires.question_bank_blank, name="question_bank_blank"),
    path(f"{BANK}blank/file/", questionnaires.question_bank_blank_file, name="question_bank_blank_file"),
    # An audit as its agency meets it
    path(AUDIT, audits.audit, name="audit"),
    path(f"{AUDIT}start/", audits.audit_start, name="audit_start"),
    path(f"{AUDIT}profile/", answers.audit_profile, name="audit_profile"),
    path(f"{AUDIT}standards/<str:code>/", answers.audit_standard, name="audit_standard"),
    path(f"{AUDIT}check/", audits.audit_check, name="audit_check"),
    path(f"{AUDIT}submit/", audits.audit_submit, name="audit_submit"),
    path(f"{AUDIT}submitted/", audits.audit_submitted, name="audit_submitted"),
    path(f"{AUDIT}recall/", audits.audit_recall, name="audit_recall"),
    path(f"{AUDIT}read/", audits.audit_read, name="audit_read"),
    path(f"{AUDIT}copy/", copies.audit_copy_request, name="audit_copy_request"),
    path(f"{AGENCY}copies/", copies.copies, name="copies"),
    path(f"{AGENCY}copies/<int:document>/", copies.copy, name="copy"),
    path(f"{AGENCY}copies/<int:document>/file/", copies.copy_file, name="copy_file"),
]
