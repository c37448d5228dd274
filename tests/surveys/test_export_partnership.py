"""The export holds all that a partnership owns, nothing of another, no draft and no secret; and it checks itself."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.models import Contact, Membership, Organisation
from surveys.enums import (
    ActionOrigin,
    CycleStatus,
    DocumentFormat,
    DocumentKind,
    MessageKind,
    ScanState,
)
from surveys.exports import partnership as export
from surveys.models import (
    Answer,
    AnswerChange,
    AnswerEvidence,
    Audit,
    Document,
    EvidenceVersion,
    Message,
)
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.partnership_rows import fill, store

pytestmark = pytest.mark.django_db


def run(slug: str, output: Path) -> str:
    out = io.StringIO()
    call_command("export_partnership", slug, output=str(output), stdout=out)
    return out.getvalue()


def read(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table(path: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(read(path)[f"{name}.json"])
    return rows


def cells(path: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read(path)[f"{name}.csv"].decode("utf-8-sig"), newline="")))


@grounded
def here(cast: Cast) -> Audit:
    return fill(cast, cast.partnership, "Gannet", slug="2026", variant=Variant.STANDARD)


KEPT = (
    *("Bank", "Subject", "Commentary", "Fact", "Change", "Policy", "Reason", "Question", "Action", "Update"),
    *("Contact", "Message", "Call", "Letter", "Overview", "Copy", "Applicant"),
    *("Support", "Concern", "Step", "Calibrated"),
)


def test_holds_everything(cast: Cast, here: Audit, tmp_path: Path) -> None:
    path = tmp_path / "harbour.zip"
    said = run("harbour", path)
    members = read(path)
    everything = b"\n".join(members.values())
    assert [word for word in KEPT if f"{word} Gannet".encode() not in everything] == []
    assert said.startswith(f"Wrote everything of Harbour to {path}: ")
    assert said.endswith(" and 5 files.\n")
    assert list(path.parent.glob("harbour*")) == [path]
    assert path.stat().st_mode & 0o077 == 0
    names = {name.rpartition(".")[0] for name in members if name.endswith(".csv") and "/" not in name}
    assert names == {
        name.removesuffix(".json") for name in members if name.endswith(".json") and "/" not in name
    }
    readme = members["README.txt"].decode()
    assert [name for name in names if f"\n{name} " not in readme] == []


def test_each_format_says_the_same(cast: Cast, here: Audit, tmp_path: Path) -> None:
    path = tmp_path / "harbour.zip"
    run("harbour", path)
    for name in ("answers", "trail", "evidence", "members", "scorecards", "actions", "documents"):
        rows, lines = table(path, name), cells(path, name)
        assert rows
        assert len(rows) == len(lines)
        assert set(rows[0]) == set(lines[0])
    answer = cells(path, "answers")[0]
    assert (answer["organisation"], answer["cycle"], answer["score"]) == ("anchor", "2026-gannet", "1")
    assert answer["commentary"] == "Commentary Gannet"
    assert table(path, "evidence")[0]["indicator"] == answer["key"]


def test_its_checksums_hold_for_the_ordinary_tool(cast: Cast, here: Audit, tmp_path: Path) -> None:
    path, folder = tmp_path / "harbour.zip", tmp_path / "unpacked"
    run("harbour", path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.count(b": OK") == len(read(path)) - 1


def test_nothing_of_another_partnership_is_in_any_file(cast: Cast, here: Audit, tmp_path: Path) -> None:
    cast.organisation.participations.create(partnership=cast.elsewhere, local_name="Local Puffin")
    fill(cast, cast.elsewhere, "Puffin", slug="2026", variant=Variant.STANDARD)
    group = factories.make_organisation("Puffin Group", slug="puffin-group", partnership=cast.elsewhere)
    Organisation.objects.filter(pk=cast.organisation.pk).update(parent=group, successor=group)
    asker = factories.make_user("asker@puffin.example", name="Puffin Asker")
    Membership.objects.create(
        user=asker, organisation=cast.organisation, role="viewer", requested_through=cast.elsewhere
    )
    path, other = tmp_path / "harbour.zip", tmp_path / "moorland.zip"
    run("harbour", path)
    for name, content in read(path).items():
        for word in (b"puffin", b"moorland"):
            assert word not in content.lower(), name
            assert word not in name.lower().encode()
    # The same rows are there when they are asked for.
    run("moorland", other)
    everything = b"\n".join(read(other).values())
    assert [word for word in KEPT if f"{word} Puffin".encode() not in everything] == []
    assert b"Gannet" not in everything
    assert {row["email"] for row in table(other, "members")} >= {"asker@puffin.example"}


def test_nothing_that_is_not_submitted(cast: Cast, here: Audit, tmp_path: Path) -> None:
    cycle = here.cycle
    draft = factories.make_audit(cycle, cast.other_organisation, scores=2)
    draft.answers.update(commentary="Draft Secret")
    answer = draft.answers.all()[0]
    AnswerChange.objects.create(answer=answer, version=2, commentary_after="Draft Secret", by=cast.stranger)
    AnswerEvidence.objects.create(
        answer=answer, evidence=factories.make_evidence(cast.other_organisation, "Draft Secret")
    )
    factories.make_action(cast.other_organisation, cast.partnership, answer=answer, what="Draft Secret")
    factories.make_action(cast.organisation, cast.partnership, what="Draft Secret")
    factories.make_evidence(cast.organisation, "Draft Secret")
    copy = Document(kind=DocumentKind.AUDIT_COPY, format=DocumentFormat.PDF, audit=draft)
    store(copy, "Draft Secret")
    path = tmp_path / "harbour.zip"
    run("harbour", path)
    assert [name for name, content in read(path).items() if b"Draft Secret" in content] == []
    assert {row["organisation"]: row["status"] for row in table(path, "audits")} == {
        "anchor": "submitted",
        "beacon": "draft",
    }


def test_a_correction_is_not_shown_before_it_is_submitted(cast: Cast, here: Audit, tmp_path: Path) -> None:
    factories.make_correction(here)
    answer = here.answers.order_by("pk")[0]
    AnswerChange.objects.create(
        answer=answer,
        version=3,
        score_before=1,
        score_after=2,
        commentary_before=answer.commentary,
        commentary_after="Corrected words",
        by=cast.lead,
    )
    Answer.objects.filter(pk=answer.pk).update(
        score=2, commentary="Corrected words", version=3, updated_at=timezone.now()
    )
    newer = answer.evidence_links.get().evidence
    version = EvidenceVersion(evidence=newer, number=2, name="new.txt")
    version.file.save("x", ContentFile(b"Corrected words"))
    path = tmp_path / "harbour.zip"
    run("harbour", path)
    assert [name for name, content in read(path).items() if b"Corrected words" in content] == []
    (row,) = (row for row in table(path, "answers") if row["key"] == answer.indicator.key)
    assert (row["score"], row["commentary"]) == (1, "Commentary Gannet")
    assert len([row for row in table(path, "corrections") if row["indicator"]]) == 4


def test_no_secrets_and_no_infected_file(cast: Cast, here: Audit, tmp_path: Path) -> None:
    EvidenceVersion.objects.update(scan_state=ScanState.INFECTED)
    path = tmp_path / "harbour.zip"
    run("harbour", path)
    members = read(path)
    password = cast.lead.password.encode()
    assert password
    for name, content in members.items():
        assert password not in content, name
        assert b"secret-" not in content, name
    assert not [name for name in members if name.startswith("evidence/")]
    assert table(path, "evidence") == []


def test_evidence_and_documents_are_named_where_they_are(cast: Cast, here: Audit, tmp_path: Path) -> None:
    path = tmp_path / "harbour.zip"
    run("harbour", path)
    members = read(path)
    assert members[table(path, "evidence")[0]["file"]] == b"Policy Gannet"
    assert {members[row["file"]] for row in table(path, "documents")} == {
        b"Letter Gannet",
        b"Overview Gannet",
        b"Copy Gannet",
    }


def test_a_lost_file_keeps_nothing_else_back(cast: Cast, here: Audit, tmp_path: Path) -> None:
    version = EvidenceVersion.objects.get()
    version.file.storage.delete(version.file.name or "")
    path = tmp_path / "harbour.zip"
    run("harbour", path)
    (row,) = table(path, "evidence")
    assert (row["title"], row["file"]) == ("Policy Gannet", "")


def test_text_is_never_a_formula(cast: Cast, here: Audit, tmp_path: Path) -> None:
    formulas = [f"{start}1+1" for start in "=+-@"]
    for answer, formula in zip(here.answers.all(), formulas, strict=True):
        Answer.objects.filter(pk=answer.pk).update(commentary=formula)
    Contact.objects.update(name=formulas[0])
    path = tmp_path / "harbour.zip"
    run("harbour", path)
    assert {row["commentary"] for row in cells(path, "answers")} == {f"'{formula}" for formula in formulas}
    assert {row["commentary"] for row in table(path, "answers")} == {*formulas}
    assert cells(path, "contacts")[0]["name"] == f"'{formulas[0]}"
    assert table(path, "contacts")[0]["name"] == formulas[0]


def test_an_own_audit_is_there_with_its_file(cast: Cast, tmp_path: Path) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_own_tool_return(factories.make_invitee(cycle, cast.organisation))
    path = tmp_path / "harbour.zip"
    run("harbour", path)
    (row,) = table(path, "own-audits")
    assert read(path)[row["file"]] == b"%PDF-1.7"


def test_an_empty_partnership_has_an_export_too(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "moorland.zip"
    run("moorland", path)
    assert table(path, "cycles") == []
    assert cells(path, "cycles") == []
    assert [row["email"] for row in table(path, "officers")] == ["administrator@moorland.example"]


def test_a_wrong_slug_is_said(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(
        CommandError,
        match=r"^There is no partnership ‘harbor’: give the slug that follows /p/ in its address\.$",
    ):
        run("harbor", tmp_path / "x.zip")
    assert list(tmp_path.glob("x.zip*")) == []


def test_an_output_that_exists_stays(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"mine")
    with pytest.raises(
        CommandError, match=r"x\.zip exists already: give another name, so that nothing is overwritten\.$"
    ):
        run("harbour", path)
    assert path.read_bytes() == b"mine"


def test_a_folder_that_is_not_there_is_said(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"could not be written \(No such file or directory\): choose a"):
        run("harbour", tmp_path / "none" / "x.zip")


def test_what_fails_half_way_leaves_nothing(
    cast: Cast, here: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "list_audit_tables", fail)
    with pytest.raises(CommandError, match="No space left on device"):
        run("harbour", tmp_path / "x.zip")
    assert list(tmp_path.glob("x.zip*")) == []


def test_queries_do_not_grow_with_rows(
    cast: Cast, here: Audit, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    """A fixed number for each submitted audit; none for a row."""
    closed = factories.make_cycle(cast.partnership, slug="2020", status=CycleStatus.CLOSED)
    for index in range(30):
        organisation = factories.make_organisation(f"Agency {index}", partnership=cast.partnership)
        Message.objects.create(
            partnership=cast.partnership,
            cycle=closed,
            organisation=organisation,
            kind=MessageKind.NOTICE,
            email="a@b.example",
            subject="Hello",
            body="Hello",
        )
        factories.make_action(
            cast.organisation, cast.partnership, origin=ActionOrigin.PANEL, what=f"Panel {index}"
        )
    with django_assert_max_num_queries(170):
        run("harbour", tmp_path / "x.zip")


def test_a_table_may_be_larger_than_a_short_header_can_say(
    cast: Cast, here: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two GiB in truth, which would take minutes to write.
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100)
    path = tmp_path / "harbour.zip"
    run("harbour", path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.getinfo("answers.json").extract_version == zipfile.ZIP64_VERSION
    assert len(table(path, "answers")) == 4


def test_what_is_being_corrected_is_exported_as_it_was_submitted(
    cast: Cast, here: Audit, tmp_path: Path
) -> None:
    correction = factories.make_correction(here)
    answer = here.answers.order_by("indicator__position")[1]
    for score, words in ((2, "First rewording"), (0, "Second rewording")):
        change = answer.change_to(score=score, reason="", commentary=words, by=cast.lead, at=timezone.now())
        answer.save()
        change.save()
    run("harbour", tmp_path / "harbour.zip")
    found = table(tmp_path / "harbour.zip", "answers")
    assert [(row["score"], row["commentary"]) for row in found] == [(1, "Commentary Gannet")] * 4
    assert correction.audit.status == "returned"
