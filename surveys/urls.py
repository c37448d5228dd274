"""Addresses of question banks, cycles, audits and overview reports."""

from django.urls import path

from surveys.views import answers, audits, copies

AGENCY = "p/<slug:partnership>/o/<slug:organisation>/"
AUDIT = f"{AGENCY}audits/<slug:cycle>/"

app_name = "surveys"
urlpatterns = [
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
