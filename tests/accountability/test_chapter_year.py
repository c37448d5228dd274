"""The chapter draws on the partnership's year: which year, which parts, what changed since, and what it may not say."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accountability.board_figures import fill
from accountability.board_permissions import SAID_HELD, SAID_WITHDRAWN
from accountability.board_writing import NotInThisState, ask_pdf, change_paper, draft_papers, make_board_pdf
from accountability.chapter_parts import ChapterPart
from accountability.chapter_state import ChapterState, get_state
from accountability.chapter_year import (
    MAKERS,
    Changed,
    Maker,
    find_outdated,
    list_parts,
    list_years,
    note_parts,
)
from accountability.enums import PartChange
from accountability.models import BoardPaper, Report
from accountability.reporting_years import ReportingYear
from s11.organisations.models import Partnership, User
from tests.accountability.reports import make_full_cycle
from tests.accountability.test_board_papers import publish_about, url
from tests.conftest import Cast

SignIn = Callable[[User], Client]
THIS, LAST = ReportingYear(2025), ReportingYear(2024)
SAID = "I was asked what I wanted, and it happened."
VOICE = ChapterPart("What children said", f"Forty children were asked.\n\n> {SAID}\n>\n> A young person")
RETURNS = ChapterPart("What agencies did", "### Agency 3\n\nWe trained everybody.\n\n- all\n- of us")


class Year:
    """What the makers say, to be changed by a test."""

    def __init__(self) -> None:
        self.parts: dict[ReportingYear, dict[str, ChapterPart]] = {}

    def maker(self, name: str) -> Maker:
        def get_part(partnership: Partnership, year: ReportingYear) -> ChapterPart | None:
            return self.parts.get(year, {}).get(name) if partnership.slug == "harbour" else None

        return Maker(f"The room of {name}", "accountability:reports", get_part, by_year=False)


@pytest.fixture
def year() -> Iterator[Year]:
    found = Year()
    with patch("accountability.chapter_year.MAKERS", (found.maker("returns"), found.maker("voice"))):
        yield found


@pytest.fixture
def report(cast: Cast) -> Report:
    cycle = make_full_cycle(cast, agencies=4)
    cycle.opens_on, cycle.closes_on = datetime.date(2025, 9, 1), datetime.date(2025, 11, 30)
    cycle.save()
    return publish_about(cycle, cast)


@pytest.fixture
def chapter(report: Report, year: Year) -> BoardPaper:
    year.parts[THIS] = {"returns": RETURNS, "voice": VOICE}
    return draft_papers(report=report)[0]


def state_of(paper: BoardPaper) -> ChapterState:
    state = get_state(BoardPaper.objects.get(pk=paper.pk))
    assert state is not None
    return state


def change(paper: BoardPaper, text: str, by: User) -> BoardPaper:
    current = BoardPaper.objects.get(pk=paper.pk)
    change_paper(paper=current, text=text, training="", seen_version=current.version, by=by)
    current.refresh_from_db()
    return current


def make_pdf(paper: BoardPaper, by: User) -> None:
    ask_pdf(paper=paper, by=by)
    with patch("accountability.board_writing.make_pdf", return_value=b"%PDF-1.7"):
        make_board_pdf.call(paper.pk)


# Which year -----------------------------------------------------------------------------------------------------------


def test_years_that_one_can_choose() -> None:
    today = datetime.date(2026, 5, 1)
    assert [one.slug for one in list_years(THIS, THIS, today)] == [
        "2026-27",
        "2025-26",
        "2024-25",
        "2023-24",
        "2022-23",
    ]
    assert list_years(THIS, ReportingYear(2010), today)[-1] == ReportingYear(2010)
    assert list_years(THIS, THIS, datetime.date(2020, 1, 1))[0] == THIS


def test_the_year_is_that_in_which_the_newest_cycle_closed_unless_another_is_chosen(
    report: Report, year: Year
) -> None:
    year.parts = {THIS: {"voice": VOICE}, LAST: {"returns": RETURNS}}
    chapter = draft_papers(report=report)[0]
    assert chapter.year == THIS
    assert "What children said" in fill(chapter)
    assert [one.kind for one in draft_papers(report=report, year=LAST)] == ["chapter"]
    # It stays chosen.
    draft_papers(report=report)
    chapter.refresh_from_db()
    assert chapter.year == LAST
    assert "What children said" not in fill(chapter)
    assert "What agencies did" in fill(chapter)
    assert state_of(chapter).changes == ()


def test_a_year_without_parts_is_a_chapter_as_ever(chapter: BoardPaper, report: Report) -> None:
    draft_papers(report=report, year=LAST)
    state = state_of(chapter)
    assert [one.title for one in state.missing] == ["The room of returns", "The room of voice"]
    chapter.refresh_from_db()
    assert "The room" not in fill(chapter)


# What it says ---------------------------------------------------------------------------------------------------------


def test_parts_stand_between_meetings_and_training_in_their_order(chapter: BoardPaper) -> None:
    titles = [line.removeprefix("## ") for line in fill(chapter).splitlines() if line.startswith("## ")]
    assert titles[3:7] == [
        "What meetings came to",
        "What agencies did",
        "What children said",
        "Training commissioned",
    ]
    assert f"> {SAID}" in fill(chapter)


def test_a_part_begins_no_section_and_names_no_figure(report: Report, year: Year) -> None:
    loud = "# One\r\n\r\n## Two\n\n[[all/at_grade_2]] {{x}} [[training]]\n\n####### no"
    year.parts[THIS] = {"voice": ChapterPart("# A\n[[title]]", loud)}
    words = fill(draft_papers(report=report)[0])
    assert "## A [ [title] ]" in words
    assert "### One\n\n### Two\n\n[ [all/at_grade_2] ] { {x} } [ [training] ]" in words


def test_each_maker_has_its_room(cast: Cast) -> None:
    for maker in MAKERS:
        assert maker.find_room(cast.partnership, THIS).startswith("/p/harbour/desk/"), maker.title


def test_another_partnerships_year_is_not_asked(cast: Cast, year: Year) -> None:
    year.parts[THIS] = {"voice": VOICE}
    assert list_parts(cast.partnership, THIS) == (VOICE,)
    assert list_parts(cast.elsewhere, THIS) == ()


# What changed since ---------------------------------------------------------------------------------------------------


def test_which_part_changed_is_said() -> None:
    noted = note_parts([RETURNS, VOICE])
    assert find_outdated(noted, [RETURNS, VOICE]) == []
    other = ChapterPart(VOICE.title, "Fifty children were asked.")
    new = ChapterPart("What audits found", "Much.")
    assert find_outdated(noted, [other, new]) == [
        Changed("What children said", PartChange.CHANGED),
        Changed("What audits found", PartChange.ADDED),
        Changed("What agencies did", PartChange.GONE),
    ]
    assert find_outdated([], [VOICE]) == [Changed("What children said", PartChange.ADDED)]


def test_a_draft_that_was_taken_up_again_has_nothing_to_say(
    chapter: BoardPaper, report: Report, year: Year
) -> None:
    year.parts[THIS]["returns"] = ChapterPart(RETURNS.title, "### Agency 3\n\nWe did more.")
    assert [one.title for one in state_of(chapter).changes] == ["What agencies did"]
    draft_papers(report=report)
    assert state_of(chapter).changes == ()


# What it may not say --------------------------------------------------------------------------------------------------


def get_all(client: Client, files: list[str]) -> list[int]:
    found = []
    for file in files:
        response = client.get(file)
        found.append(response.status_code)
        response.getvalue()  # to its end, which closes a file
    return found


def take_consent_back(year: Year) -> None:
    year.parts[THIS]["voice"] = ChapterPart(VOICE.title, "Forty children were asked.")


def test_a_quotation_whose_consent_is_gone_stops_every_file_until_it_is_gone_too(
    cast: Cast, chapter: BoardPaper, report: Report, year: Year, sign_in: SignIn
) -> None:
    make_pdf(chapter, cast.administrator)
    client = sign_in(cast.administrator)
    files = [
        url("board_paper_file", report, kind="chapter", ending=ending) for ending in ("html", "docx", "pdf")
    ]
    assert get_all(client, files) == [200, 200, 200]
    take_consent_back(year)
    answers = [client.get(file) for file in files]
    assert {one.status_code for one in answers} == {403}
    assert all(SAID_WITHDRAWN in one.content.decode() for one in answers)
    page = client.get(url("board_paper", report, kind="chapter")).content.decode()
    assert f"<li>{SAID}</li>" in page
    assert "harbour-report-1-annual-chapter" not in page
    assert "Make the PDF" not in page
    assert "Draft it anew, or take them out." in page
    with pytest.raises(NotInThisState, match="quotes words"):
        ask_pdf(paper=chapter, by=cast.administrator)
    client.post(url("board_papers_draft", report))
    assert get_all(client, files) == [200, 200, 403]
    assert SAID_HELD in client.get(files[2]).content.decode()
    assert (
        "The PDF is not handed out."
        in client.get(url("board_paper", report, kind="chapter")).content.decode()
    )
    chapter.refresh_from_db()
    make_pdf(chapter, cast.administrator)
    assert get_all(client, files) == [200, 200, 200]


def test_an_officers_own_text_is_known_by_it_even_after_the_next_draft(
    cast: Cast, chapter: BoardPaper, report: Report, year: Year
) -> None:
    change(chapter, f"## Ours\n\nOne child told us: “{SAID}”", cast.administrator)
    take_consent_back(year)
    draft_papers(report=report)
    assert state_of(chapter).withdrawn == (SAID.removesuffix("."),)
    change(chapter, "## Ours\n\nOne child told us.", cast.administrator)
    assert state_of(chapter).withdrawn == ()


def test_officers_own_quotations_are_asked_about_and_never_stopped(
    cast: Cast, chapter: BoardPaper, report: Report, sign_in: SignIn
) -> None:
    change(chapter, "> Leaders know their area well.", cast.administrator)
    state = state_of(chapter)
    assert (state.withdrawn, state.strange) == ((), ("Leaders know their area well.",))
    client = sign_in(cast.scrutineer)
    assert "in none of its parts" in client.get(url("board_paper", report, kind="chapter")).content.decode()
    assert client.get(url("board_paper_file", report, kind="chapter", ending="docx")).status_code == 200


def test_the_cover_paper_takes_in_no_part(
    report: Report, chapter: BoardPaper, year: Year, cast: Cast
) -> None:
    cover = BoardPaper.objects.get(report=report, kind="cover")
    assert get_state(cover) is None
    assert (cover.year, cover.parts, cover.quotations) == (None, [], [])
    assert "No organisation is named beside a figure." in fill(cover)


# Its page -------------------------------------------------------------------------------------------------------------


def test_the_page_says_what_it_draws_on_and_where_the_rest_is_written(
    cast: Cast, report: Report, chapter: BoardPaper, year: Year, sign_in: SignIn
) -> None:
    address = url("board_paper", report, kind="chapter")
    del year.parts[THIS]["voice"]
    page = sign_in(cast.administrator).get(address).content.decode()
    assert "from 1 April 2025 to 31 March 2026, in which the report’s newest cycle closed" in page
    assert "‘What children said’ is not there any more." in page
    room = reverse("accountability:reports", args=["harbour"])
    assert f'href="{room}">The room of voice</a>' in page
    assert "The room of returns" not in page
    reader = sign_in(cast.scrutineer).get(address).content.decode()
    assert "Draft anew" not in reader


def test_an_agency_is_named_by_its_own_words_without_a_warning(
    cast: Cast, report: Report, chapter: BoardPaper, sign_in: SignIn
) -> None:
    client = sign_in(cast.administrator)
    address = url("board_paper", report, kind="chapter")
    assert "Agency 3" in fill(chapter)
    assert "The text names" not in client.get(address).content.decode()
    change(chapter, f"Agency 3 has 2 of 6.\n\n{fill(chapter)}", cast.administrator)
    assert "The text names Agency 3." in client.get(address).content.decode()


def test_another_year_is_chosen_on_the_page(
    cast: Cast, report: Report, chapter: BoardPaper, sign_in: SignIn
) -> None:
    client, address = sign_in(cast.quality_officer), url("board_paper_draft", report, kind="chapter")
    done = client.post(address, {"year": "2024-25"}, follow=True)
    assert "Your own words stayed." in done.content.decode()
    assert BoardPaper.objects.get(pk=chapter.pk).year == LAST
    for wrong in ("1066-67", "2024", "", "x"):
        page = client.post(address, {"year": wrong}, follow=True).content.decode()
        assert "Nothing was drafted." in page
    assert BoardPaper.objects.get(pk=chapter.pk).year == LAST
    assert client.post(url("board_paper_draft", report, kind="cover"), {"year": "2024-25"}).status_code == 404
    assert sign_in(cast.scrutineer).post(address, {"year": "2025-26"}).status_code == 403
    assert sign_in(cast.outsider).post(address, {"year": "2025-26"}).status_code == 404


def test_a_word_document_asks_few_questions(
    cast: Cast,
    report: Report,
    chapter: BoardPaper,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """Beside those of the makers; those of the page are counted with the other papers."""
    client, address = (
        sign_in(cast.administrator),
        url("board_paper_file", report, kind="chapter", ending="docx"),
    )
    client.get(address)
    with django_assert_num_queries(6):
        client.get(address)
