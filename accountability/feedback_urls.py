"""The addresses of feedback reports: on the desk, and an agency's own."""

from django.urls import path

from accountability.views import feedback_reports

DESK = "p/<slug:partnership>/desk/feedback/<slug:cycle>/"
OWN = "p/<slug:partnership>/o/<slug:organisation>/feedback/reports/<slug:cycle>/"

patterns = [
    path(DESK, feedback_reports.feedback_reports, name="feedback_reports"),
    path(f"{DESK}make/", feedback_reports.feedback_issue, name="feedback_issue"),
    path(f"{DESK}<int:number>/tell/", feedback_reports.feedback_tell, name="feedback_tell"),
    path(f"{DESK}<slug:organisation>/", feedback_reports.feedback_of, name="feedback_of"),
    path(f"{DESK}<slug:organisation>/file/", feedback_reports.feedback_of_file, name="feedback_of_file"),
    path(OWN, feedback_reports.feedback_report, name="feedback_report"),
    path(f"{OWN}file/", feedback_reports.feedback_report_file, name="feedback_report_file"),
]
