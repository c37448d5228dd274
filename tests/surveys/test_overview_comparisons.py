"""What an overview compares, drawn: cycles, the same agencies, series, organisation × standard."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from s11.organisations.models import User
from surveys.documents import build_content, make_file_name
from surveys.enums import AuditStatus, CycleStatus, DocumentFormat, Series
from surveys.figures import Share
from surveys.full_overview import get_full_overview
from surveys.models import Answer, Audit, Cycle, Document
from surveys.moderating import close_series, moderate_answer
from surveys.reports import Report, export_overview, export_overview_page, make_report
from surveys.views import heat_map
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.web.drawings.checking import check, read

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
Scores = dict[str, int | str | None] | int
LOW: Scores = {"A1.1": 0, "A1.2": 1, "A2.1": 1, "A2.2": 2}
# Three years, the oldest first: Aft rises, Bow falls, Cove comes last year.
SCORES: dict[str, tuple[Scores | None, ...]] = {"Aft": (0, 0, 2), "Bow": (2, 2, LOW), "Cove": (None, 2, 2)}


@grounded
def cycles(cast: Cast) -> list[Cycle]:
    """Of one bank; a stranger's of the same name in another partnership."""
    bank = factories.make_questionnaire()
    today = timezone.localdate()
    found = []
    for place, slug in enumerate(("2024", "2025", "2026")):
        closes_on = today - datetime.timedelta(days=350 * (2 - place) + 1)
        cycle = factories.make_cycle(
            cast.partnership,
            slug=slug,
            questionnaires=(bank,),
            status=CycleStatus.CLOSED,
            opens_on=closes_on - datetime.timedelta(days=40),
            closes_on=closes_on,
        )
        found.append(cycle)
    for name, years in SCORES.items():
        organisation = factories.make_organisation(name, partnership=cast.partnership)
        for cycle, said in zip(found, years, strict=True):
            if said is not None:
                factories.make_audit(cycle, organisation, scores=said, status=AuditStatus.SUBMITTED)
    elsewhere = factories.make_cycle(cast.elsewhere, slug="2025", questionnaires=(bank,))
    stranger = factories.make_organisation("Fell School", partnership=cast.elsewhere)
    factories.make_audit(elsewhere, stranger, scores=0, status=AuditStatus.SUBMITTED)
    return found


def report_of(cycle: Cycle, compared: list[str] | None = None, series: Series = Series.SELF) -> Report:
    return make_report(get_full_overview(cycle, series, compared))


def test_two_years_are_pairs_and_more_are_small_drawings(cycles: list[Cycle]) -> None:
    two, three = report_of(cycles[2], ["2025"]).charts, report_of(cycles[2]).charts
    assert "standard-years" not in two
    assert "2025 2026" in read(two["years"].wide)
    assert two["years"].lines[0] == ("All variants", "As before", Share(2, 3), Share(2, 3))
    assert three["years"].head == ("Variant", "Questions", "2024", "2025", "2026")
    assert three["years"].lines[0] == ("All variants", "As before", Share(1, 2), Share(2, 3), Share(2, 3))
    assert three["standard-years"].head[0] == "Standard"
    assert two["years"].title == "At grade 2 overall: 2 of 3 (67%) in 2025, then 2 of 3 (67%) in 2026"


def test_the_same_agencies_are_compared_with_the_cycle_before(cycles: list[Cycle]) -> None:
    chart = report_of(cycles[2]).charts["years-both"]
    assert (
        chart.title
        == "Of 3 agencies in 2025 too, 1 rose a grade overall, 1 fell and 1 stayed where they were"
    )
    assert chart.lines[0] == ("All variants", 3, Share(2, 3), Share(2, 3), 1, 1, 4)
    # A1 of Bow is a half, which is grade 1; A2 is one and a half, which is 2.
    standards = report_of(cycles[2]).charts["standard-both"]
    assert [line[1:6] for line in standards.lines] == [
        (3, Share(2, 3), Share(2, 3), 1, 1),
        (3, Share(2, 3), Share(3, 3), 1, 0),
    ]
    assert standards.title == "1 of 2 standards rose and 1 stayed in the same agencies"


def test_a_changed_question_breaks_the_line_and_says_so(cycles: list[Cycle], cast: Cast) -> None:
    bank = factories.make_questionnaire(edition="next")
    bank.indicators.filter(code="A1.1").update(key="another-key")
    cycle = factories.make_cycle(cast.partnership, slug="2027", questionnaires=(bank,))
    organisation = cycles[0].invitees.get(organisation__name="Aft").organisation
    factories.make_audit(cycle, organisation, scores=2, status=AuditStatus.SUBMITTED)
    for compared in (["2026"], ["2025", "2026"]):
        chart = report_of(cycle, compared).charts["years"]
        # What is not compared below is not set against each other in the heading either.
        said = (
            "At grade 2 overall: 1 of 1 (100%) in 2027; not compared with 2026, because the questions changed"
        )
        assert chart.title == said
        assert chart.note.startswith("A dashed line or rail")
        assert "2027: Not the same questions: A1.1 is new and what was A1.1" in str(chart.lines[0][1])
        assert "dashed" in {mark.look for mark in chart.wide.marks}
    pair = report_of(cycle, ["2026"])
    assert "joint" not in {mark.look for mark in pair.charts["years"].wide.marks}
    assert pair.charts["years-both"].lines[0][-1] == 3  # the questions that both asked
    assert [line[-1] for line in pair.charts["standard-standards"].lines] == [None, Share(3, 3)]


def test_one_cycle_alone_is_compared_with_nothing(cycles: list[Cycle]) -> None:
    keys = report_of(cycles[0]).charts
    assert not [key for key in keys if "years" in key or "both" in key]
    assert "series" not in keys


def test_moderated_scores_stand_beside_those_of_the_same_audits(cycles: list[Cycle], cast: Cast) -> None:
    audit = Audit.objects.get(invitee__cycle=cycles[2], invitee__organisation__name="Aft")
    answer = Answer.objects.select_related("audit__invitee__cycle").get(audit=audit, indicator__code="A1.1")
    moderate_answer(answer=answer, seen=0, score=0, reason="Not seen.", by=cast.quality_officer)
    close_series(audit=audit, by=cast.quality_officer)
    chart = report_of(cycles[2]).charts["series"]
    assert chart.title == "Moderation changed 1 of 4 (25%) answers: 1 down"
    assert chart.head == ("Variant", "Audits", "Self-assessed", "Moderated", "Answers changed", "Up", "Down")
    assert chart.lines[0] == ("All variants", 1, "2.00", "1.50", Share(1, 4), 0, 1)
    assert "2.00 1.50" in read(chart.wide)
    standards = report_of(cycles[2]).charts["standard-series"]
    assert [line[2:4] for line in standards.lines] == [("2.00", "1.00"), ("2.00", "2.00")]


def test_last_years_share_is_marked_where_the_questions_are_the_same(cycles: list[Cycle]) -> None:
    chart = report_of(cycles[2]).charts["standard-standards"]
    assert chart.head[-1] == "In 2025"
    assert chart.lines[0][-1] == Share(2, 3)
    assert (
        len([mark for mark in chart.wide.marks if mark.look == "last"]) == 3
    )  # the key's, and two standards


def test_the_heat_map_holds_each_grade_and_marks_a_critical_zero(cycles: list[Cycle]) -> None:
    report = report_of(cycles[2])
    chart = report.charts["standard-heat"]
    assert chart.head == ("Organisation", "A1", "A2", "Below grade 2", "Critical zeros")
    assert chart.lines[0] == ("Bow", 1, 2, 1, 1)
    assert [line[0] for line in chart.lines] == ["Bow", "Aft", "Cove"]
    assert {code for _, code in report.critical} == {"A1"}
    assert "1 !" in read(chart.wide)
    assert chart.title == "1 of 3 organisations are below grade 2 in some standard"


def test_every_drawing_of_a_whole_report_can_be_read(cycles: list[Cycle]) -> None:
    report = report_of(cycles[2])
    assert len({chart.about for chart in report.charts.values()}) == len(report.charts)
    for chart in report.charts.values():
        check(chart.wide)
        check(chart.narrow)
        assert all(chart.head), chart.key  # a column without a name is none to a screen reader
        assert {len(line) for line in chart.lines} == {len(chart.head)}, chart.key


def heat(slug: str = "2026") -> str:
    return reverse("surveys:overview_heat_map", args=["harbour", slug])


def test_each_cell_leads_to_its_standard_in_the_audit(
    cycles: list[Cycle], cast: Cast, sign_in: SignIn
) -> None:
    page = sign_in(cast.scrutineer).get(heat()).content.decode()
    slug = cycles[2].invitees.get(organisation__name="Bow").organisation.slug
    audit = reverse("surveys:audit_read", args=["harbour", slug, "2026"])
    assert f'<a href="{audit}#A1"><span class="govuk-visually-hidden">Bow, A1: </span>1' in page
    assert "with a critical 0" in page
    assert "Fell School" not in page
    assert reverse("surveys:overview_chart", args=["harbour", "2026", "standard-heat"]) in page


def test_rows_are_paged_and_a_series_without_grades_says_so(
    cycles: list[Cycle], cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heat_map, "ROWS_A_PAGE", 2)
    client = sign_in(cast.administrator)
    first = client.get(heat()).content.decode()
    assert ("Bow" in first, "Cove" in first) == (True, False)
    assert "Cove" in client.get(heat(), {"page": "2"}).content.decode()
    assert (
        "Each organisation’s grades will be here"
        in client.get(heat(), {"series": "moderated"}).content.decode()
    )
    assert client.get(heat(), {"variant": "nonsense"}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_heat_map_do_not_grow(
    cast: Cast, sign_in: SignIn, rows: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    for row in range(rows):
        organisation = factories.make_organisation(str(row), partnership=cast.partnership)
        factories.make_audit(cycle, organisation, scores=row % 3, status=AuditStatus.SUBMITTED)
    client = sign_in(cast.administrator)
    with django_assert_num_queries(13):  # session, person, desk, cycle, and the figures
        client.get(heat())
    with django_assert_num_queries(13):  # likewise
        client.get(of_variant("standard"))


def of_variant(variant: str) -> str:
    return reverse("surveys:overview_variant", args=["harbour", "2026", variant])


def test_a_variant_has_a_page_of_its_own_with_all_that_is_known_of_it(
    cycles: list[Cycle], cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.scrutineer)
    whole = client.get(reverse("surveys:overview", args=["harbour", "2026"]), {"compare": "2025"})
    assert f'href="{of_variant("standard")}?compare=2025"' in whole.content.decode()
    assert 'id="chart-standard-weakest"' not in whole.content.decode()
    assert "charts/standard-weakest.svg?compare=2025" in (
        client.get(of_variant("standard"), {"compare": "2025"}).content.decode()
    )
    page = client.get(of_variant("standard")).content.decode()
    report = report_of(cycles[2])
    drawn = [key for key in report.charts if key.startswith("standard-") and key != "standard-heat"]
    assert len(drawn) > 2
    assert [key for key in drawn if f'id="chart-{key}"' not in page] == []
    (variant,) = [one for one in report.overview.variants if one.variant == "standard"]
    for standard in variant.standards:
        assert f'<a class="govuk-link" href="#{standard.code}"' in page
        assert f'<tbody id="{standard.code}">' in page
    assert [one.code for one in variant.indicators if f">{one.code}</th>" not in page] == []
    assert client.get(of_variant("nonsense")).status_code == 404


def test_a_publisher_reads_a_variant_and_takes_no_file_away(
    cycles: list[Cycle], cast: Cast, sign_in: SignIn
) -> None:
    page = sign_in(cast.publisher).get(of_variant("standard")).content.decode()
    assert 'id="chart-standard-standards"' in page
    assert "charts/" not in page
    assert "Bow" not in page


def test_the_page_compares_with_the_cycles_that_were_chosen(
    cycles: list[Cycle], cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.administrator)
    url = reverse("surveys:overview", args=["harbour", "2026"])
    page = client.get(url, {"compare": "2024"}).content.decode()
    assert "Compared with Audit 2024" in page
    assert 'value="2024" checked' in page
    assert 'value="2025" checked' not in page
    assert "charts/years.svg?compare=2024" in page
    assert "Compared with Audit 2024, Audit 2025" in client.get(url).content.decode()


def test_a_file_compares_with_the_cycles_that_its_page_showed(
    cycles: list[Cycle], cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.quality_officer)
    page, ask = (
        reverse(f"surveys:{name}", args=["harbour", "2026"]) for name in ("overview", "overview_file_request")
    )
    chosen = '<input type="hidden" name="compared" value="2024">'
    assert chosen in client.get(page, {"compare": "2024"}).content.decode()
    assert 'name="compared"' not in client.get(page).content.decode()
    for compared in ("2024", "2024 2025", "", "nonsense"):
        client.post(ask, {"format": "json", "compared": compared})
    found = list(Document.objects.order_by("pk"))
    assert [one.compared for one in found] == ["2024", "2025 2024", ""]
    day = timezone.localdate()
    assert [make_file_name(one) for one in found] == [
        f"audit-2026-overview-with-2024-{day}.json",
        f"audit-2026-overview-with-2025-2024-{day}.json",
        f"audit-2026-overview-{day}.json",
    ]
    shown = [json.loads(build_content(one))["years"]["cycles"] for one in found]
    assert shown == [["2024", "2026"], ["2024", "2025", "2026"], ["2024", "2025", "2026"]]
    # Asked for again after a failure it is of the same scores and cycles; and it says so.
    Document.objects.filter(pk=found[0].pk).update(error="No room.", series=Series.MODERATED)
    again = client.get(reverse("surveys:overview_document", args=["harbour", found[0].pk])).content.decode()
    assert 'name="series" value="moderated"' in again
    assert 'name="compared" value="2024"' in again
    assert "moderated scores, compared with 2024" in again


def test_what_is_compared_stands_on_the_cover(cycles: list[Cycle]) -> None:
    cycle = Cycle.objects.select_related("partnership").get(pk=cycles[2].pk)
    page = export_overview_page(cycle, Series.SELF, ["2024"]).decode()
    assert "Compared with Audit 2024." in page[: page.index("What it shows")]
    assert "Compared with" not in export_overview_page(cycle, Series.SELF, []).decode()
    with zipfile.ZipFile(
        io.BytesIO(export_overview(cycle, Series.SELF, DocumentFormat.ZIP, ["2024"]))
    ) as files:
        assert "Compared with Audit 2024." in files.read("audit-2026-charts/about.txt").decode()
