"""The overview as files: each holds the same figures, and none holds a formula that somebody typed."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import openpyxl
import page as pdf_checker
import pikepdf
import pytest

from s11.organisations.enums import Variant
from surveys.enums import OVERVIEW_FORMATS, AuditStatus, DocumentFormat, Series
from surveys.full_overview import full_as_json, get_full_overview
from surveys.models import Cycle
from surveys.overview import Overview, get_overview
from surveys.overview_csv import COLUMNS, neutralise
from surveys.overview_rules import make_rules
from surveys.reports import export_overview, export_overview_page, make_report
from tests import factories

pytestmark = pytest.mark.django_db
FORMULA = "=HYPERLINK(A1)"
BESIDE = ("Year on year", "Same agencies", "Returns by year", "Series", "Groups")


@pytest.fixture
def cycle() -> Cycle:
    """One standard audit of three at grade 2, one by an organisation whose name is a formula; one school's."""
    partnership = factories.make_partnership("Härbour & Bay", slug="harbour")
    banks = (factories.make_questionnaire(), factories.make_questionnaire(Variant.SCHOOL))
    cycle = factories.make_cycle(partnership, questionnaires=banks)
    for name, score in ((FORMULA, 0), ("Beacon", 1), ("Cove", 2)):
        organisation = factories.make_organisation(name, partnership=partnership)
        factories.make_audit(cycle, organisation, scores=score, status=AuditStatus.SUBMITTED)
    scores: dict[str, int | str | None] = {"A1.1": "It does not do this", "A1.2": 2, "A2.1": 1, "A2.2": 2}
    school = factories.make_organisation("Mill", variant=Variant.SCHOOL, partnership=partnership)
    factories.make_audit(cycle, school, scores=scores, status=AuditStatus.SUBMITTED)
    return cycle


@pytest.fixture
def empty_cycle() -> Cycle:
    partnership = factories.make_partnership("Härbour & Bay", slug="harbour")
    return factories.make_cycle(partnership, questionnaires=(factories.make_questionnaire(),))


def export(cycle: Cycle, file_format: DocumentFormat, series: Series = Series.SELF) -> bytes:
    return export_overview(cycle, series, file_format)


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_json_is_the_contract_in_readable_utf_8(cycle: Cycle) -> None:
    content = export(cycle, DocumentFormat.JSON).decode()
    assert json.loads(content) == full_as_json(get_full_overview(cycle))
    assert content.startswith('{\n "partnership": "harbour",\n "cycle": "2026",\n "series": "self",')
    assert content.endswith("}\n")


def test_csv_is_one_tidy_table_with_every_figure(cycle: Cycle) -> None:
    content = export(cycle, DocumentFormat.CSV)
    assert content.startswith(b"\xef\xbb\xbf")  # or a spreadsheet takes it for Windows-1252
    rows = read_csv(content)
    assert tuple(rows[0]) == COLUMNS
    assert {(row["partnership"], row["cycle"], row["series"]) for row in rows} == {
        ("harbour", "2026", "self")
    }
    found = {
        (row["section"], row["variant"], row["code"], row["figure"]): (
            row["value"],
            row["of"],
            row["percent"],
        )
        for row in rows
    }
    assert found["participation", "", "", "submitted_of_invited"] == ("4", "4", "100")
    assert found["participation", "school", "", "submitted_of_invited"] == ("1", "1", "100")
    assert found["all", "", "", "grade_2"] == ("2", "4", "50")
    assert found["variant", "standard", "", "grade_2"] == ("1", "3", "33")
    assert found["variant", "school", "", "mean"] == ("1.67", "", "")
    assert found["standard", "standard", "A1", "grade_1"] == ("1", "3", "33")
    assert found["indicator", "school", "A1.1", "not_applicable"] == ("1", "", "")
    assert found["indicator", "school", "A1.1", "mean"] == ("", "", "")
    assert found["indicator", "standard", "A1.1", "scored_0"] == ("1", "3", "33")
    assert found["theme", "", "T2", "grade_2"] == ("2", "4", "50")
    assert found["theme", "standard", "T2", "grade_2"] == ("1", "3", "33")


def test_csv_lists_named_organisations_and_defuses_their_names(cycle: Cycle) -> None:
    rows = read_csv(export(cycle, DocumentFormat.CSV))
    sections = ("critical_zero", "below_grade_2")
    named = [
        (row["section"], row["organisation"], row["figure"]) for row in rows if row["section"] in sections
    ]
    assert named == [
        ("critical_zero", f"'{FORMULA}", "score"),
        ("below_grade_2", f"'{FORMULA}", "grade"),
        ("below_grade_2", f"'{FORMULA}", "mean"),
        ("below_grade_2", "Beacon", "grade"),
        ("below_grade_2", "Beacon", "mean"),
    ]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1"])
def test_what_a_spreadsheet_would_run_is_defused(text: str) -> None:
    assert neutralise(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["a=1", "", None, 0, -1])
def test_what_it_would_not_run_is_left_alone(cell: str | int | None) -> None:
    assert neutralise(cell) == cell


def test_the_workbook_has_a_sheet_a_section_with_percentages_beside_counts(cycle: Cycle) -> None:
    sheets = read_sheets(export(cycle, DocumentFormat.XLSX))
    assert list(sheets) == [
        "Summary",
        "Standards",
        "Indicators",
        "Themes",
        "Critical zeros",
        "Below grade 2",
        *BESIDE,
        "Grades Standard",
        "Grades School",
        "Several lack",
        "Actions",
        "Rules",
    ]
    summary = {row[0]: row[1:] for row in sheets["Summary"] if row[0]}
    assert summary["Submitted of invited"][:3] == (4, 4, 1)
    assert summary["Standard"][:8] == (3, 1, 1, 1, 1, 3, 0.33, 1)
    assert summary["All"][:8] == (4, 1, 1, 2, 2, 4, 0.5, None)
    assert sheets["Standards"][1] == ("Standard", "A1", "Standard A1", "T1", 1, 1, 1, 1, 3, 0.33, 1)
    assert sheets["Indicators"][5] == (
        "School",
        "A1",
        "A1.1",
        "Statement A1.1",
        "Critical",
        0,
        0,
        0,
        0,
        1,
        None,
    )
    assert sheets["Themes"][1][:4] == ("T1", "Theme T1", "All", 1)
    assert sheets["Critical zeros"][1] == (FORMULA, "Standard", "A1.1", "Statement A1.1")
    assert [row[0] for row in sheets["Below grade 2"]] == ["Organisation", FORMULA, "Beacon"]
    assert [row[0] for row in sheets["Rules"]][1:] == [rule.about for rule in make_rules(get_overview(cycle))]


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(cycle: Cycle) -> None:
    content = export(cycle, DocumentFormat.XLSX)
    book = openpyxl.load_workbook(io.BytesIO(content))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d"}
    assert all(sheet.freeze_panes == "A2" for sheet in book.worksheets[1:])


def read_titles(pdf: pikepdf.Pdf) -> list[str]:
    with pdf.open_outline() as outline:
        return [item.title for item in outline.root[0].children]


def test_the_document_is_accessible_and_has_its_contents(cycle: Cycle) -> None:
    content = export(cycle, DocumentFormat.PDF)
    report = pdf_checker.validate_pdf_bytes(content, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.open_metadata()["dc:title"] == "Audit 2026: overview report, Self-assessed scores"
        sections = make_report(get_full_overview(cycle)).sections
        assert read_titles(pdf) == ["What it shows", "Contents", *(title for _, title in sections)]


@pytest.mark.parametrize("file_format", [*OVERVIEW_FORMATS, None])
def test_an_empty_cycle_and_a_series_without_audits_make_valid_files(
    empty_cycle: Cycle, file_format: DocumentFormat | None
) -> None:
    for series in (Series.SELF, Series.MODERATED):
        content = (
            export_overview_page(empty_cycle, series)
            if file_format is None
            else export(empty_cycle, file_format, series)
        )
        match file_format:
            case DocumentFormat.PDF:
                assert not pdf_checker.validate_pdf_bytes(content, profile="ua1").failures
            case DocumentFormat.XLSX:
                assert len(read_sheets(content)) == 7 + len(BESIDE) + 2
            case DocumentFormat.CSV:
                assert {row["section"] for row in read_csv(content)} >= {"participation", "all"}
            case DocumentFormat.JSON:
                assert json.loads(content)["series"] == series
            case None:
                assert f"{series.label} scores" in content.decode()


def read_page(cycle: Cycle) -> str:
    return export_overview_page(cycle, Series.SELF).decode()


def test_the_page_as_a_file_needs_nothing_beside_it(cycle: Cycle) -> None:
    page = read_page(cycle)
    assert "<style>" in page
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"|@import|url\(', page) == []
    assert "Härbour &amp; Bay" in page


def test_the_page_as_a_file_holds_each_section_with_its_finding(cycle: Cycle) -> None:
    page = read_page(cycle)
    report = make_report(get_full_overview(cycle))
    overview = report.overview
    for key, title in report.sections:
        assert f'id="{key}"' in page
        assert f"<h2>{title}</h2>" in page
    for said in (
        "4 of 4 (100%) invited organisations have submitted",
        "2 of 4 (50%) audits are at grade 2 overall, 1 at grade 1 and 1 at grade 0",
        "All 2 standards are level: 1 of 3 (33%) at grade 2",
        "2 organisations are below grade 2 overall, 1 at grade 1 and 1 at grade 0",
        "A critical indicator is scored 0 once",
        FORMULA,
        overview.fingerprint,
    ):
        assert said in page, said


def test_the_version_changes_with_a_figure_and_with_nothing_else(cycle: Cycle) -> None:
    before = get_overview(cycle).fingerprint
    assert get_overview(cycle).fingerprint == before
    draft = factories.make_organisation("Dale", partnership=cycle.partnership)
    factories.make_invitee(cycle, draft)
    assert get_overview(cycle).fingerprint != before


def test_the_rules_name_their_days_and_denominators(cycle: Cycle) -> None:
    overview: Overview = get_overview(cycle)
    rules = dict(make_rules(overview))
    assert "because the cycle is not closed" in rules["Registered"]
    assert "Self-assessed" in rules["Series"]
    assert "4 of 4 (100%) submitted audits have it" in rules["Series"]
    assert f"{cycle.closes_on.day} {cycle.closes_on:%B %Y}, Europe/London" in rules["On time"]
