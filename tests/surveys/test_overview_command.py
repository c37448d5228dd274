"""The command writes what it says, or says in one sentence why not and changes nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from surveys.enums import AuditStatus
from tests import factories

pytestmark = pytest.mark.django_db
STARTS = {"json": b"{", "html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "xlsx": b"PK", "csv": b"\xef\xbb\xbf"}


@pytest.fixture(autouse=True)
def _cycle() -> None:
    partnership = factories.make_partnership("Harbour", slug="harbour")
    cycle = factories.make_cycle(partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_cycle(partnership, slug="2025")
    organisation = factories.make_organisation("Anchor Trust", partnership=partnership)
    factories.make_audit(cycle, organisation, scores=2, status=AuditStatus.SUBMITTED)
    factories.make_partnership("Moorland", slug="moorland")


def run(output: Path, **options: str | bool) -> str:
    out = io.StringIO()
    options = {"partnership": "harbour", "cycle": "2026", "format": "json", **options}
    call_command("overview", output=str(output), stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize("name", STARTS)
def test_writes_each_format(tmp_path: Path, name: str) -> None:
    output = tmp_path / f"report.{name}"
    said = run(output, format=name)
    assert said == f"Wrote the overview of Audit 2026, self-assessed scores, to {output}.\n"
    assert output.read_bytes().lstrip().startswith(STARTS[name])
    assert list(tmp_path.iterdir()) == [output]


def test_writes_the_series_that_was_asked_for(tmp_path: Path) -> None:
    run(tmp_path / "own.json")
    run(tmp_path / "moderated.json", series="moderated")
    own, moderated = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("own", "moderated"))
    assert (own["series"], own["all"]["submitted"]) == ("self", 1)
    assert (moderated["series"], moderated["all"]["submitted"], moderated["variants"]) == ("moderated", 0, [])
    assert own["participation"] == moderated["participation"]


def test_the_figures_of_a_cycle_alone_are_those_that_stand_first_among_all(tmp_path: Path) -> None:
    run(tmp_path / "all.json")
    run(tmp_path / "alone.json", alone=True)
    everything, alone = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("all", "alone"))
    assert alone == {key: everything[key] for key in alone}
    assert [*everything][: len(alone)] == [*alone]
    assert "years" not in alone


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"format": "csv", "alone": True},
            "Figures of a cycle alone are given as json, without --compare. Ask for both apart.",
        ),
        (
            {"partnership": "harbor"},
            "There is no partnership ‘harbor’: give the slug that follows /p/ in its address.",
        ),
        ({"cycle": "2027"}, "Harbour has no cycle ‘2027’: it has 2025, 2026."),
        ({"partnership": "moorland"}, "Moorland has no cycle ‘2026’: it has none yet."),
        ({"format": "docx"}, "‘docx’ is not a format: choose one of pdf, xlsx, csv, json, zip, html."),
        ({"series": "peer"}, "‘peer’ is not a series: choose one of self, moderated, panel."),
    ],
)
def test_bad_input_is_one_sentence_and_changes_nothing(
    tmp_path: Path, options: dict[str, str | bool], sentence: str
) -> None:
    output = tmp_path / "report.json"
    output.write_text("last year's")
    with pytest.raises(CommandError) as refused:
        run(output, **options)
    assert str(refused.value) == sentence
    assert (list(tmp_path.iterdir()), output.read_text()) == ([output], "last year's")


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    for output, sentence in (
        (tmp_path, f"{tmp_path} is not a file that can be written: name a file."),
        (
            tmp_path / "none" / "report.json",
            f"There is no folder {tmp_path / 'none'}: make it, or name a file elsewhere.",
        ),
        (
            tmp_path / ("x" * 300),
            f"{tmp_path / ('x' * 300)} cannot be written: File name too long. Name a file elsewhere.",
        ),
    ):
        with pytest.raises(CommandError) as refused:
            run(output)
        assert str(refused.value) == sentence
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_was_there_stays_whole_where_the_new_one_cannot_be_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "report.json"
    output.write_text("last year's")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(CommandError, match="cannot be written: Permission denied"):
        run(output)
    assert (list(tmp_path.iterdir()), output.read_text()) == ([output], "last year's")


def test_an_existing_report_is_replaced(tmp_path: Path) -> None:
    output = tmp_path / "report.json"
    output.write_text("last year's")
    run(output)
    assert json.loads(output.read_text())["cycle"] == "2026"
