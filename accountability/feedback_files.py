"""A feedback report on paper; a worker builds one for each agency of an issue."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.text import slugify

from accountability.course_offers import CourseOffer, list_offers
from accountability.feedback_charts import make_sector_chart, name_others
from accountability.feedback_reports import AgencyReport, fetch_reports, get_agency_report
from accountability.feedback_steps import list_next_steps
from s11.web.pdf import Cover, render_pdf
from surveys.models import Document

TEMPLATE = "documents/feedback_report.html"


def build_feedback(document: Document) -> bytes:
    report = fetch_reports().get(document=document)
    return render_pdf(TEMPLATE, make_document(get_agency_report(report)))


def make_document(report: AgencyReport) -> dict[str, object]:
    """What the document's template shows."""
    audit = report.audit
    offers = list_own_offers(report)
    return {
        "cover": Cover(
            title=f"Feedback report: {audit.organisation.name}",
            partnership=str(audit.partnership),
            subtitle=str(audit.cycle),
            version=f"Issue {report.issue.number}",
            date=timezone.localdate(report.issue.asked_at),
            status="For the agency and the partnership",
        ),
        "sections": make_sections(report, offers),
        "report": report,
        "steps": list_next_steps(report),
        "chart": make_sector_chart(report),
        "others": name_others(report),
        "offers": offers,
    }


def list_own_offers(report: AgencyReport) -> list[CourseOffer]:
    """Courses for what the agency scored low, in the scores that the report shows."""
    low = [one.indicator for one in report.rows if one.moderated in (0, 1)]
    return list_offers(report.audit.partnership, report.audit.variant, low)


def make_sections(report: AgencyReport, offers: Sequence[CourseOffer]) -> list[tuple[str, str]]:
    """Ids and titles, in the order of the reading; what there is nothing to say of is left out."""
    sections = [
        ("next", "What to do next", True),
        ("sector", "Where you stand", report.has_sector),
        ("standards", "Your results by standard", True),
        ("zeros", "What is not in place", bool(report.zeros)),
        ("notes", "What moderators said", report.is_moderated),
        ("panel", "What the panel asked of you", bool(report.followed)),
        ("practice", "What others can learn from you", bool(report.practices)),
        ("courses", "Courses that may help", bool(offers)),
        ("method", "How the figures are made", True),
    ]
    return [(key, title) for key, title, is_there in sections if is_there]


def name_feedback(document: Document) -> str:
    """Such as `anchor-trust-2026-feedback-2`."""
    report = fetch_reports().get(document=document)
    audit = report.audit
    return f"{slugify(audit.organisation.name)[:80]}-{audit.cycle.slug}-feedback-{report.issue.number}"
