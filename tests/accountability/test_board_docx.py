"""Board papers as Word documents: what the page says, in Word's own headings, with nobody's markup."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document

from accountability.board_docx import USUAL_COLOUR, WORD_TYPE, find_colour, find_moment, make_docx
from accountability.board_files import get_parts
from accountability.board_writing import draft_papers
from accountability.models import BoardPaper, Report
from s11.organisations.models import User
from tests.accountability.reports import make_full_cycle
from tests.accountability.test_board_papers import publish_about, url
from tests.conftest import Cast

SignIn = Callable[[User], Client]


@pytest.fixture
def report(cast: Cast) -> Report:
    return publish_about(make_full_cycle(cast, agencies=6), cast)


@pytest.fixture
def papers(report: Report) -> dict[str, BoardPaper]:
    return {one.kind: one for one in draft_papers(report=report)}


def open_paper(paper: BoardPaper) -> Any:
    return Document(io.BytesIO(make_docx(paper)))


def list_headings(found: Any) -> list[tuple[int, str]]:
    named = [(one.style.name, one.text) for one in found.paragraphs]
    return [(int(name[-1]), text) for name, text in named if name.startswith("Heading")]


def test_the_chapters_outline_is_that_of_its_page(papers: dict[str, BoardPaper]) -> None:
    paper = papers["chapter"]
    found = open_paper(paper)
    expected = [(1, "Safeguarding self-assessment"), *((2, one.title) for one in get_parts(paper))]
    assert [one for one in list_headings(found) if one[0] < 3] == expected
    (table,) = found.tables
    assert [cell.text for cell in table.rows[1].cells] == ["Invited organisations submitted", "6 of 6 (100%)"]
    assert "6 of 6 (100%)" in "\n".join(one.text for one in found.paragraphs)
    facts = found.core_properties
    assert (facts.title, facts.author) == ("Safeguarding self-assessment", str(paper.report.partnership))
    assert facts.subject == paper.report.title


def test_the_cover_paper_is_one_too(papers: dict[str, BoardPaper]) -> None:
    found = open_paper(papers["cover"])
    assert list_headings(found)[0] == (1, "Paper for the board")
    assert found.tables == []


def test_an_officers_headings_leave_no_level_out(papers: dict[str, BoardPaper]) -> None:
    paper = papers["chapter"]
    paper.text, paper.edited_at = "# Loud\n\nHello <b>you</b>\n\n## Two\n\n#### Deep", timezone.now()
    assert list_headings(open_paper(paper))[1:] == [(2, "Loud"), (2, "Two"), (3, "Deep")]


def test_it_is_the_same_file_as_long_as_it_says_the_same(papers: dict[str, BoardPaper]) -> None:
    paper = papers["chapter"]
    first = make_docx(paper)
    assert first == make_docx(paper)
    assert find_moment(paper) == paper.drafted_at
    paper.edited_at = timezone.now()
    assert find_moment(paper) == paper.edited_at


def test_headings_are_read_in_the_partnerships_colour() -> None:
    assert find_colour("#7a1d5a") == "#7a1d5a"
    assert find_colour("#ffff00") == USUAL_COLOUR
    assert find_colour("") == USUAL_COLOUR


def test_it_is_downloaded_by_who_reads_the_paper(
    cast: Cast, report: Report, papers: dict[str, BoardPaper], sign_in: SignIn
) -> None:
    for kind, name in (("chapter", "annual-chapter"), ("cover", "board-cover-paper")):
        address = url("board_paper_file", report, kind=kind, ending="docx")
        answer = sign_in(cast.scrutineer).get(address)
        assert answer["Content-Type"] == WORD_TYPE
        assert answer["Cache-Control"] == "no-store"
        assert f'filename="harbour-report-1-{name}.docx"' in answer["Content-Disposition"]
        assert Document(io.BytesIO(answer.content)).paragraphs
        assert sign_in(cast.panel_member).get(address).status_code == 403
        assert sign_in(cast.outsider).get(address).status_code == 404
        page = sign_in(cast.scrutineer).get(url("board_paper", report, kind=kind)).content.decode()
        assert f"harbour-report-1-{name}.docx (Word)" in page
