"""Papers for the board: drafted from what was published, written by two at once, made once, read by officers."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import page as pdf_checker
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.board_figures import fill, find_earlier
from accountability.board_files import SIZES, make_document, make_html, make_pdf
from accountability.board_permissions import check_can_read_board_papers, check_can_write_board_papers
from accountability.board_writing import (
    SAID_FAILED,
    NotInThisState,
    ask_pdf,
    change_paper,
    draft_papers,
    make_board_pdf,
    queue_lost_board_pdfs,
    take_draft,
)
from accountability.enums import BoardPaperKind, ReportStatus
from accountability.models import BoardPaper, Report
from accountability.reporting import begin_report
from accountability.writing_findings import add_finding
from s11.organisations.models import User
from s11.organisations.queries import get_desk_or_404
from s11.web.errors import reason_why_not
from s11.web.pdf import TooLongError
from surveys.models import Cycle
from tests.accountability.posters import make_input
from tests.accountability.reports import approve, make_full_cycle, make_report, publish_now
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
OFFICERS = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")
SEEING = {"administrator", "quality_officer", "scrutineer", "publisher"}
ORGANISERS = {"administrator", "quality_officer"}


def publish_about(cycle: Cycle, cast: Cast) -> Report:
    draft = begin_report(
        partnership=cast.partnership,
        title=f"How safe in {cycle.slug}?",
        cycles=[cycle],
        by=cast.administrator,
    )
    approve(draft, author=cast.administrator, approver=cast.quality_officer)
    with patch("accountability.publishing.make_files", return_value=[]):
        return publish_now(draft, by=cast.publisher)


@grounded
def report(cast: Cast) -> Report:
    return publish_about(make_full_cycle(cast, agencies=6), cast)


@grounded
def papers(report: Report) -> dict[str, BoardPaper]:
    return {one.kind: one for one in draft_papers(report=report)}


def url(name: str, report: Report, **more: Any) -> str:
    return reverse(f"accountability:{name}", kwargs={"partnership": "harbour", "report": report.pk, **more})


# Drafted --------------------------------------------------------------------------------------------------------------


def test_both_papers_say_what_was_published_and_name_nobody(papers: dict[str, BoardPaper]) -> None:
    for paper in papers.values():
        words = fill(paper)
        assert "6 of 6 (100%)" in words
        assert "[[" not in words
        assert "Agency" not in words
    assert "No training has been entered here yet." in fill(papers["chapter"])
    assert "no year before" in fill(papers["chapter"])


def test_the_year_before_is_the_newest_published_report_about_an_earlier_cycle(
    cast: Cast, report: Report
) -> None:
    cycle = make_full_cycle(cast, agencies=8, slug="2025")
    year = datetime.timedelta(days=365)
    cycle.opens_on, cycle.closes_on = cycle.opens_on - year, cycle.closes_on - year
    cycle.save()
    assert find_earlier(report) is None
    earlier = publish_about(cycle, cast)
    assert find_earlier(report) == earlier
    assert find_earlier(earlier) is None
    chapter = draft_papers(report=report)[0]
    assert chapter.compared_with == earlier
    assert "6 of 6 (100%) invited organisations submitted, against 8 of 8 (100%) in Audit 2025." in fill(
        chapter
    )


def test_drafts_go_on_with_findings_and_an_officers_words_stay(
    cast: Cast, report: Report, papers: dict[str, BoardPaper]
) -> None:
    assert draft_papers(report=report) == []
    change_paper(
        paper=papers["cover"],
        text="## Purpose\n\nOurs.",
        training="",
        seen_version=1,
        by=cast.quality_officer,
    )
    add_finding(report=report, entered=make_input(), by=cast.administrator)
    assert {one.version for one in draft_papers(report=report)} == {2, 3}
    chapter, cover = BoardPaper.objects.get(kind="chapter"), BoardPaper.objects.get(kind="cover")
    assert "### Staff know whom to tell" in fill(chapter)
    assert fill(cover) == "## Purpose\n\nOurs."
    assert cover.is_draft_newer
    with pytest.raises(NotInThisState):
        take_draft(paper=cover, seen_version=2)
    take_draft(paper=cover, seen_version=3)
    cover.refresh_from_db()
    assert "Ask your team." in fill(cover)


def test_a_stale_save_keeps_both_texts(
    cast: Cast, report: Report, papers: dict[str, BoardPaper], sign_in: SignIn
) -> None:
    address = url("board_paper_change", report, kind="chapter")
    mine = {"text": "## One\n\nMine.", "training": "A course.", "version": "1"}
    assert sign_in(cast.administrator).post(address, mine).status_code == 302
    second = sign_in(cast.quality_officer)
    late = second.post(address, {"text": "## One\n\nTheirs.", "training": "", "version": "1"})
    page = late.content.decode()
    assert "has saved another text meanwhile" in page
    assert "Mine." in page
    assert "Theirs." in page
    assert 'name="version" value="2"' in page
    assert second.post(address, {**mine, "version": "1"}).status_code == 302  # the same again is no conflict
    assert BoardPaper.objects.get(kind="chapter").version == 2


def test_training_stands_in_its_place_and_is_nobodys_markup(
    cast: Cast, papers: dict[str, BoardPaper]
) -> None:
    chapter = papers["chapter"]
    training = "- A course <script>alert(1)</script> [[all/at_grade_2]]"
    assert (
        change_paper(
            paper=chapter, text=chapter.words, training=training, seen_version=1, by=cast.administrator
        )
        is None
    )
    chapter.refresh_from_db()
    assert not chapter.is_edited
    html = make_html(chapter).decode()
    assert "<li>A course" in html
    assert "<script>" not in html


def test_papers_of_a_corrected_report_stay_as_they_are(
    cast: Cast, report: Report, papers: dict[str, BoardPaper]
) -> None:
    Report.objects.filter(pk=report.pk).update(status=ReportStatus.CORRECTED)
    for verb in (
        lambda: draft_papers(report=report),
        lambda: change_paper(
            paper=papers["cover"], text="x", training="", seen_version=1, by=cast.administrator
        ),
        lambda: take_draft(paper=papers["cover"], seen_version=1),
        lambda: ask_pdf(paper=papers["cover"], by=cast.administrator),
    ):
        with pytest.raises(NotInThisState):
            verb()


# Made -----------------------------------------------------------------------------------------------------------------


def ask(paper: BoardPaper, by: User, content: bytes = b"%PDF-1.7") -> BoardPaper:
    """The job is run by hand, without drawing."""
    ask_pdf(paper=paper, by=by)
    with patch("accountability.board_writing.make_pdf", return_value=content):
        make_board_pdf.call(paper.pk)
    paper.refresh_from_db()
    return paper


def test_a_pdf_is_made_once_and_takes_the_place_of_the_one_before(
    cast: Cast, papers: dict[str, BoardPaper]
) -> None:
    paper = ask(papers["cover"], cast.administrator)
    assert (paper.pdf_version, paper.is_waiting, paper.is_pdf_old) == (1, False, False)
    old = str(paper.pdf.name)
    with patch("accountability.board_writing.make_pdf") as again:
        make_board_pdf.call(paper.pk)
    again.assert_not_called()
    change_paper(paper=paper, text="## Purpose", training="", seen_version=1, by=cast.administrator)
    paper.refresh_from_db()
    assert paper.is_pdf_old
    paper = ask(paper, cast.administrator, b"%PDF-1.7 new")
    assert not paper.is_pdf_old
    with paper.pdf.open() as file:
        assert file.read() == b"%PDF-1.7 new"
    assert not default_storage.exists(old)


def test_what_fails_says_why_and_keeps_the_file_before(cast: Cast, papers: dict[str, BoardPaper]) -> None:
    paper = ask(papers["cover"], cast.administrator)
    for error, said in ((TooLongError("Shorten it."), "Shorten it."), (OSError("disk"), SAID_FAILED)):
        ask_pdf(paper=paper, by=cast.administrator)
        with patch("accountability.board_writing.make_pdf", side_effect=error):
            make_board_pdf.call(paper.pk)
        paper.refresh_from_db()
        assert (paper.pdf_error, paper.is_waiting, paper.pdf_version) == (said, False, 1)


def test_a_lost_job_is_queued_again_and_given_up_after_an_hour(
    cast: Cast, papers: dict[str, BoardPaper]
) -> None:
    now = timezone.now()
    for paper, minutes in ((papers["chapter"], 20), (papers["cover"], 61)):
        ask_pdf(paper=paper, now=now - datetime.timedelta(minutes=minutes), by=cast.administrator)
    with patch("accountability.board_writing.make_board_pdf") as job:
        assert queue_lost_board_pdfs(now) == 1
    job.enqueue.assert_called_once_with(papers["chapter"].pk)
    papers["cover"].refresh_from_db()
    assert papers["cover"].pdf_error == SAID_FAILED


def test_the_cover_paper_is_one_accessible_page(cast: Cast, papers: dict[str, BoardPaper]) -> None:
    """As drafted in the largest letters; too long in any, it is refused."""
    with patch("accountability.board_files.SIZES", SIZES[:1]):
        found = pdf_checker.validate_pdf_bytes(make_pdf(papers["cover"]), profile="ua1")
        assert [(one.rule_id, one.message) for one in found.failures] == []
        long = "\n\n".join(["A sentence that goes on and on, and then some more."] * 90)
        paper = papers["cover"]
        paper.text, paper.edited_at = long, timezone.now()
        with pytest.raises(TooLongError):
            make_pdf(paper)


def test_an_officers_headings_leave_no_level_out(papers: dict[str, BoardPaper]) -> None:
    paper = papers["chapter"]
    paper.text, paper.edited_at = "# Loud\n\nHello\n\n## Two\n\n#### Deep", timezone.now()
    html = make_html(paper).decode()
    assert "<h2>Loud</h2>" in html.replace(' class="govuk-heading-m"', "").replace(
        ' class="govuk-heading-s"', ""
    )
    assert "<h4" not in html
    assert make_document(paper, 11)["parts"][1].title == "Two"


# Who ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", list(ReportStatus))
def test_each_act_in_each_state(status: ReportStatus, cast: Cast) -> None:
    cycle = make_full_cycle(cast, agencies=0)
    report = make_report(cycle, by=cast.administrator, approver=cast.quality_officer, status=status)
    desks = {name: get_desk_or_404(cast.people[name], "harbour") for name in OFFICERS}
    reading, writing = (
        {name for name, desk in desks.items() if not reason_why_not(check, desk, report)}
        for check in (check_can_read_board_papers, check_can_write_board_papers)
    )
    assert reading == (SEEING if status in (ReportStatus.PUBLISHED, ReportStatus.CORRECTED) else set())
    assert writing == (ORGANISERS if status == ReportStatus.PUBLISHED else set())


def test_the_rooms_of_strangers(
    cast: Cast, report: Report, papers: dict[str, BoardPaper], sign_in: SignIn
) -> None:
    ask(papers["cover"], cast.administrator)
    pages = [
        url("board_papers", report),
        url("board_paper", report, kind="cover"),
        url("board_paper_change", report, kind="cover"),
        url("board_paper_file", report, kind="cover", ending="pdf"),
    ]
    stranger = sign_in(cast.outsider)
    assert {stranger.get(page).status_code for page in pages} == {404}
    assert {stranger.get(page.replace("/harbour/", "/elsewhere/")).status_code for page in pages} == {404}
    member = sign_in(cast.panel_member)
    assert {member.get(page).status_code for page in pages} == {403}
    reader = sign_in(cast.scrutineer)
    assert [reader.get(page).status_code for page in pages[:3]] == [200, 200, 403]
    file = reader.get(pages[3])
    assert file.getvalue() == b"%PDF-1.7"
    assert file["Cache-Control"] == "no-store"
    assert 'filename="harbour-report-1-board-cover-paper.pdf"' in file["Content-Disposition"]
    assert reader.get(url("board_paper", report, kind="other")).status_code == 404
    assert reader.get(url("board_paper_file", report, kind="cover", ending="exe")).status_code == 404
    assert reader.get(url("board_paper_file", report, kind="chapter", ending="pdf")).status_code == 404


def test_a_page_warns_of_names_and_of_figures_that_do_not_exist(
    cast: Cast, report: Report, papers: dict[str, BoardPaper], sign_in: SignIn
) -> None:
    paper = papers["cover"]
    change_paper(
        paper=paper, text="Agency 3 has [[all/nothing]].", training="", seen_version=1, by=cast.administrator
    )
    with pytest.raises(NotInThisState, match="does not exist"):
        ask_pdf(paper=paper, by=cast.administrator)
    page = sign_in(cast.scrutineer).get(url("board_paper", report, kind="cover")).content.decode()
    assert "The text names Agency 3." in page
    assert "names a figure that does not exist:</strong> [[all/nothing]]" in page
    assert "Make the PDF" not in page


@pytest.mark.parametrize("findings", [1, 3])
def test_queries_do_not_grow(
    findings: int,
    cast: Cast,
    report: Report,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(findings):
        add_finding(report=report, entered=make_input(f"Finding {number}"), by=cast.administrator)
    with django_assert_num_queries(17):
        draft_papers(report=report)
    client = sign_in(cast.administrator)
    for name, more, queries in (
        ("board_papers", {}, 5),
        ("board_paper", {"kind": BoardPaperKind.CHAPTER}, 12),
    ):
        client.get(url(name, report, **more))
        with django_assert_num_queries(queries):
            client.get(url(name, report, **more))
