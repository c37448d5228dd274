"""The charts of an overview: each says its finding, and its drawing, its table and its files say the same numbers."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from itertools import chain
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from s11.organisations.enums import Variant
from s11.organisations.models import User
from s11.web.drawings.chart import Chart
from s11.web.drawings.marks import Drawing
from surveys.chart_files import make_svg, make_table, say_source
from surveys.enums import AuditStatus, DocumentFormat, Series
from surveys.figures import Share
from surveys.full_overview import get_full_overview
from surveys.models import Cycle
from surveys.reports import Report, export_overview, make_report
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.web.drawings.checking import check, read
from tests.web.rendering import Tags, render

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"
FIGURE = '{% from "components/drawings.html" import chart_figure %}{{ chart_figure(chart, tables=tables, href=href) }}'
COUNT = re.compile(r"\d+(?: of \d+ \(\d+%\))?")


@grounded
def cycle(cast: Cast) -> Cycle:
    """Two variants, every grade, an answer that is not applicable, and a statement that is a formula."""
    banks = (factories.make_questionnaire(), factories.make_questionnaire(Variant.SCHOOL))
    cycle = factories.make_cycle(cast.partnership, questionnaires=banks)
    banks[0].indicators.filter(code="A2.1").update(text="=HYPERLINK(A1) <b>")
    for name, score in (("Aft", 0), ("Bow", 1), ("Cove", 2)):
        organisation = factories.make_organisation(name, partnership=cast.partnership)
        factories.make_audit(cycle, organisation, scores=score, status=AuditStatus.SUBMITTED)
    scores: dict[str, int | str | None] = {"A1.1": "It does not do this", "A1.2": 2, "A2.1": 1, "A2.2": 2}
    school = factories.make_organisation("Mill", variant=Variant.SCHOOL, partnership=cast.partnership)
    factories.make_audit(cycle, school, scores=scores, status=AuditStatus.SUBMITTED)
    return cycle


@grounded
def report(cycle: Cycle) -> Report:
    return make_report(get_full_overview(cycle))


def counts_of(text: str) -> list[str]:
    """‘1 at grade 0, 2 at grade 1’ begins with the counts that it says."""
    return [found[0] for piece in text.split(", ") if (found := COUNT.match(piece))]


def numbers(chart: Chart) -> list[str]:
    """What the cells that are counts or shares say."""
    cells = chain.from_iterable(line[chart.words :] for line in chart.lines)
    return [
        f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in cells if isinstance(cell, int | Share)
    ]


def test_every_section_has_its_charts_in_the_order_of_the_report(report: Report) -> None:
    assert list(report.charts) == [
        "returns",
        "grades",
        "standard-standards",
        "standard-weakest",
        "school-standards",
        "school-weakest",
        "themes",
        "by-sector",
        "lacking",
        "standard-heat",
        "school-heat",
    ]
    assert len({chart.about for chart in report.charts.values()}) == len(
        report.charts
    )  # names of regions too
    assert all(chart.title for chart in report.charts.values())


def test_nothing_to_draw_is_no_chart(cast: Cast) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    assert not make_report(get_full_overview(cycle)).charts


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_drawing_and_table_say_the_same_numbers(report: Report, size: str) -> None:
    for chart in report.charts.values():
        drawing: Drawing = getattr(chart, size)
        check(drawing)
        told = set(numbers(chart))
        if chart.key != "returns":
            assert {said for one in drawing.words for said in counts_of(one.text)} <= told, chart.key


def test_shares_are_drawn_with_their_counts(report: Report) -> None:
    assert "1 of 3 (33%)" in read(report.charts["standard-standards"].wide)
    assert [line[4] for line in report.charts["standard-standards"].lines] == [Share(1, 3), Share(1, 3)]
    assert "1 at grade 0 1 at grade 1 1 at grade 2" in read(report.charts["grades"].wide)
    assert report.charts["grades"].lines[-1] == ("All", 4, 1, 1, 2, Share(2, 4), None)


@pytest.mark.parametrize("tables", ["details", "open", "none"])
def test_a_figure_has_its_finding_its_sentence_its_drawing_and_its_table(report: Report, tables: str) -> None:
    chart = report.charts["standard-weakest"]
    html = render(FIGURE, chart=chart, tables=tables, href=None)
    tags = Tags(html)
    order = [tag for tag, _ in tags.all]
    drawings = [place for place, tag in enumerate(order) if tag == "svg"]
    assert len(drawings) == (2 if tables == "details" else 1)
    assert all(order[place + 1] == "title" for place in drawings)
    assert all(tags.all[place][1]["role"] == "img" for place in drawings)
    assert not [attrs for _, attrs in tags.all if "style" in attrs]
    assert "b" not in order
    assert all(words in tags.text for words in (chart.about, chart.title, chart.summary))
    assert ("table" in order) == (tables != "none")
    assert ("details" in order) == (tables == "details")


def test_a_chart_goes_out_as_a_picture_that_needs_nothing_beside_it(cycle: Cycle, report: Report) -> None:
    source = say_source(report.overview)
    assert source.startswith("Harbour: Audit 2026, self-assessed scores. Version ")
    for chart in report.charts.values():
        content = make_svg(chart, source)
        root = ET.fromstring(content)
        assert (root.tag, root[0].tag, root[0].text) == (f"{SVG}svg", f"{SVG}title", chart.spoken)
        assert b"href" not in content
        assert b"class=" in content
        said = " ".join(one.text or "" for one in root.iter(f"{SVG}text"))
        assert "Version" in said
        assert all(word in said for word in chart.title.split())


def test_its_table_goes_out_with_shares_in_three_columns_and_no_formula(report: Report) -> None:
    content = make_table(report.charts["standard-standards"]).decode("utf-8-sig")
    head, first, *_ = csv.reader(io.StringIO(content))
    assert head == [
        "Standard", "Grade 0", "Grade 1", "Grade 2", "At grade 2", "At grade 2: of", "At grade 2: %", "Mean",
    ]  # fmt: skip
    assert first[1:] == ["1", "1", "1", "1", "3", "33", "1.00"]
    weakest = list(csv.reader(io.StringIO(make_table(report.charts["standard-weakest"]).decode("utf-8-sig"))))
    assert "'=HYPERLINK(A1) <b>" in [row[1] for row in weakest]
    themes = list(csv.reader(io.StringIO(make_table(report.charts["themes"]).decode("utf-8-sig"))))
    assert {len(row) for row in themes} == {10}


def test_all_of_them_go_out_in_one_folder(cycle: Cycle) -> None:
    with zipfile.ZipFile(io.BytesIO(export_overview(cycle, Series.SELF, DocumentFormat.ZIP))) as archive:
        names = archive.namelist()
        about = archive.read("audit-2026-charts/about.txt").decode()
    assert "Audit 2026, self-assessed scores. Version" in about
    assert "Compared with" not in about
    assert names[:3] == [
        "audit-2026-charts/01-returns.svg",
        "audit-2026-charts/01-returns.csv",
        "audit-2026-charts/02-grades.svg",
    ]
    assert len(names) == 23


def test_a_chart_is_handed_out_as_a_file_of_the_scores_that_were_shown(
    cycle: Cycle, cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(cast.quality_officer)
    page = client.get(reverse("surveys:overview", args=["harbour", "2026"])).content.decode()
    picture = reverse("surveys:overview_chart", args=["harbour", "2026", "themes"])
    table = reverse("surveys:overview_chart_table", args=["harbour", "2026", "themes"])
    assert f'href="{picture}"' in page
    assert f'href="{table}"' in page
    answer = client.get(picture)
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2026-themes.svg"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(table).headers["Content-Disposition"] == 'attachment; filename="2026-themes.csv"'
    # Nobody's moderation is closed, so there is nothing to draw.
    assert client.get(picture, {"series": "moderated"}).status_code == 404
    assert (
        client.get(reverse("surveys:overview_chart", args=["harbour", "2026", "unknown"])).status_code == 404
    )


def test_a_publisher_is_offered_no_file_of_a_chart(
    cycle: Cycle, cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    page = sign_in(cast.publisher).get(reverse("surveys:overview", args=["harbour", "2026"])).content.decode()
    assert "app-drawing--narrow" in page
    assert "charts/themes.svg" not in page
