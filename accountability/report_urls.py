"""The addresses of reports: on the desk on their way, and on the public site as they were published."""

from django.urls import path

from accountability.views import published, report_comments, report_sections, report_steps, reports

DESK = "p/<slug:partnership>/desk/publication/"
REPORT = f"{DESK}<int:report>/"
SECTION = f"{REPORT}sections/<int:section>/"
PUBLIC = "p/<slug:partnership>/reports/"
NUMBER = f"{PUBLIC}<int:number>/"
VERSION = f"{NUMBER}versions/<int:version>/"

patterns = [
    path(DESK, reports.reports, name="reports"),
    path(f"{DESK}new/", reports.report_new, name="report_new"),
    path(REPORT, reports.report, name="report"),
    path(f"{REPORT}change/", report_steps.report_change, name="report_change"),
    path(SECTION, report_sections.report_section, name="report_section"),
    path(f"{SECTION}comments/", report_comments.report_comments, name="report_comments"),
    path(
        f"{SECTION}comments/<int:comment>/resolve/",
        report_comments.report_comment_resolve,
        name="report_comment_resolve",
    ),
    path(f"{REPORT}draft-anew/", reports.report_redraft, name="report_redraft"),
    path(f"{REPORT}discard/", report_steps.report_discard, name="report_discard"),
    path(f"{REPORT}send/", reports.report_send, name="report_send"),
    path(f"{REPORT}preview/", reports.report_preview, name="report_preview"),
    path(f"{REPORT}approve/", reports.report_approve, name="report_approve"),
    path(f"{REPORT}return/", report_steps.report_return, name="report_return"),
    path(f"{REPORT}publish/", reports.report_publish, name="report_publish"),
    path(f"{REPORT}correct/", report_steps.report_correct, name="report_correct"),
    path(f"{REPORT}errata/new/", report_steps.report_erratum_new, name="report_erratum_new"),
    path(f"{REPORT}errata/<int:erratum>/", report_steps.report_erratum, name="report_erratum"),
    path(f"{REPORT}withdraw/", report_steps.report_withdraw, name="report_withdraw"),
    # For everybody
    path(PUBLIC, published.published_reports, name="published_reports"),
    path(NUMBER, published.published_report, name="published_report"),
    path(VERSION, published.published_report, name="published_version"),
    path(f"{VERSION}<str:file>", published.published_file, name="published_file"),
]
