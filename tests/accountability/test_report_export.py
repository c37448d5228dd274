"""Reports leave with their partnership: their words, their history, and their files as they were published."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from accountability.enums import ReportStatus
from accountability.models import BoardPaper, Erratum, Finding, Poster, ReportComment, ReportSection
from accountability.reporting import begin_report
from surveys.enums import AuditStatus
from surveys.exports.partnership import export_partnership
from tests import factories
from tests.accountability.reports import make_file, make_report, make_snapshot
from tests.conftest import Cast


@pytest.fixture
def archive(cast: Cast, tmp_path: Path) -> Path:
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    report = make_report(
        cycle, by=cast.administrator, approver=cast.quality_officer, status=ReportStatus.PUBLISHED
    )
    make_snapshot(report)
    make_file(report, b"%PDF-1.7 Gannet")
    Erratum.objects.create(report=report, text="Erratum Gannet", by=cast.administrator)
    BoardPaper.objects.create(report=report, kind="chapter", drafted="Chapter Gannet", meetings={"met": 6})
    draft = begin_report(
        partnership=cast.partnership, title="Draft Gannet", cycles=[cycle], by=cast.administrator
    )
    section = draft.sections.first()
    assert isinstance(section, ReportSection)
    ReportComment.objects.create(section=section, text="Comment Gannet", by=cast.scrutineer)
    about = {"partnership": cast.partnership, "report": report, "created_by": cast.administrator}
    finding = Finding.objects.create(title="Finding Gannet", **about)
    finding.themes.add(factories.make_theme("T1"))
    poster = Poster.objects.create(title="Poster Gannet", kind="poster", **about)
    poster.boxes.create(position=1, heading="Box Gannet", finding=finding)
    strange = factories.make_cycle(cast.elsewhere, slug="strange", questionnaires=(bank,))
    there = factories.make_organisation("There", partnership=cast.elsewhere)
    factories.make_audit(strange, there, scores=1, status=AuditStatus.SUBMITTED)
    begin_report(partnership=cast.elsewhere, title="Stranger", cycles=[strange], by=cast.outsider)
    path = tmp_path / "harbour.zip"
    export_partnership(cast.partnership, path)
    return path


def test_all_of_it_leaves_and_nothing_of_another(archive: Path) -> None:
    with zipfile.ZipFile(archive) as found:
        members = {name: found.read(name) for name in found.namelist()}
    (file,) = json.loads(members["published-files.json"])
    assert members[file["file"]] == b"%PDF-1.7 Gannet"
    assert (file["kind"], file["name"]) == ("pdf", "report.pdf")
    assert [one["status"] for one in json.loads(members["reports.json"])] == ["published", "draft"]
    everything = b"\n".join(members.values())
    for words in ("Draft", "Erratum", "Comment", "Finding", "Poster", "Box"):
        assert f"{words} Gannet".encode() in everything
    assert b"Stranger" not in everything
