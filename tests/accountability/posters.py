"""Makers of findings and posters, and the addresses of their pages."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.urls import reverse

from accountability.models import Poster, Report
from accountability.poster_publishing import ask_poster, publish_poster
from accountability.reporting import begin_report, correct_report
from accountability.writing_findings import FindingInput
from s11.organisations.models import User
from surveys.models import Theme
from tests.accountability.reports import approve, make_full_cycle, publish_now
from tests.conftest import Cast


def publish_report(cast: Cast) -> Report:
    """Of twelve agencies, without its PDF."""
    cycle = make_full_cycle(cast)
    draft = begin_report(
        partnership=cast.partnership, title="How safe are we?", cycles=[cycle], by=cast.administrator
    )
    return publish_draft(draft, cast)


def publish_correction(report: Report, cast: Cast) -> Report:
    return publish_draft(correct_report(report=report, erratum="It was 11.", by=cast.administrator), cast)


def publish_draft(draft: Report, cast: Cast) -> Report:
    approve(draft, author=cast.administrator, approver=cast.quality_officer)
    with patch("accountability.report_files.render_pdf", return_value=b"%PDF-1.7"):
        return publish_now(draft, by=cast.publisher)


def make_input(title: str = "Staff know whom to tell", found: str = "") -> FindingInput:
    return FindingInput(
        title=title,
        found=found or "[[all/at_grade_2]] audits are at grade 2.",
        why_it_matters="A child is heard the first time.",
        next_steps="Ask your team.",
        themes=[Theme.objects.get_or_create(code="T1", defaults={"title": "Leadership", "position": 1})[0]],
    )


def publish(poster: Poster, by: User) -> Poster:
    """The job is run by hand, without drawing."""
    ask_poster(poster=poster, seen_version=poster.version, by=by)
    with patch("s11.web.pdf.render_sheet", return_value=b"%PDF-1.7"):
        publish_poster.call(poster.pk)
    poster.refresh_from_db()
    return poster


def url(name: str, report: Report, **more: Any) -> str:
    return reverse(f"accountability:{name}", kwargs={"partnership": "harbour", "report": report.pk, **more})


def poster_url(name: str, poster: Poster) -> str:
    assert poster.report is not None  # a poster is laid out from a report
    return url(name, poster.report, poster=poster.pk)


def public_url(poster: Poster) -> str:
    return reverse("accountability:published_poster", args=("harbour", poster.number))


def make_theme(code: str, count: int, of: int = 10) -> dict[str, Any]:
    return {"code": code, "title": f"Theme {code}", "at_grade_2": {"count": count, "of": of}}


def make_document(*themes: dict[str, Any]) -> dict[str, Any]:
    return {"themes": list(themes), "variants": []}
