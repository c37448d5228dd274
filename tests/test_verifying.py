"""What is stored is held against itself, and each fault is said with what to do about it."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from s11 import trails
from s11.organisations.enums import AnonymisationReason
from s11.organisations.models import Anonymisation
from s11.retention.gate import CERTIFICATES, add_rule, drop_rule
from s11.retention.walk import list_file_fields
from s11.verifying import FaultKind, verify
from surveys.enums import AuditStatus, Series
from surveys.models import Answer, Document, EvidenceVersion, Questionnaire, Scorecard
from surveys.moderating import close_series, moderate_answer
from surveys.workflow import recall_audit
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def find() -> list[tuple[FaultKind, str]]:
    return [(one.kind, one.what) for one in verify()]


@pytest.fixture
def kept(cast: Cast) -> EvidenceVersion:
    """A submitted audit whose moderation is closed, another that is not submitted, and a file of evidence."""
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    audit = factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    answer = audit.answers.earliest("pk")
    moderate_answer(answer=answer, score=0, seen=0, reason="Nothing seen.", by=cast.quality_officer)
    close_series(audit=audit, by=cast.quality_officer)
    factories.make_audit(cycle, factories.make_organisation("Other", partnership=cast.partnership), scores=2)
    return factories.make_evidence(cast.organisation).versions.get()


def test_what_is_whole_passes(kept: EvidenceVersion) -> None:
    assert find() == []
    out, progress = StringIO(), StringIO()
    call_command("verify", stdout=out, stderr=progress)
    assert out.getvalue() == "Everything holds together.\n"
    assert "1 files are checked" in progress.getvalue()
    assert "The scorecards of 1 audits are checked" in progress.getvalue()


def test_what_was_recalled_is_no_fault(kept: EvidenceVersion, cast: Cast) -> None:
    cycle = factories.make_cycle(
        cast.partnership, slug="recalled", questionnaires=(Questionnaire.objects.get(),)
    )
    audit = factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    recall_audit(audit=audit, by=cast.lead)
    assert find() == []


def test_each_fault_is_found_and_named(kept: EvidenceVersion) -> None:
    path = Path(default_storage.path(str(kept.file.name)))
    content = path.read_bytes()

    path.write_bytes(content + b"x")
    [(kind, said)] = find()
    assert kind == FaultKind.CHANGED
    assert kept.sha256 in said

    path.unlink()
    [(kind, said)] = find()
    assert (kind, "Copy it from a backup" in said) == (FaultKind.MISSING, True)
    path.write_bytes(content)

    # A file without a row is one only once its row has had time to come.
    orphan = default_storage.save("evidence/lost", ContentFile(b"x"))
    assert find() == []
    hours_ago = timezone.now().timestamp() - 7_200
    os.utime(default_storage.path(orphan), (hours_ago, hours_ago))
    assert [kind for kind, _ in find()] == [FaultKind.ORPHAN]
    default_storage.delete(orphan)

    Answer.objects.filter(submitted_score=1).update(submitted_score=2)
    assert [kind for kind, _ in find()] == [FaultKind.SCORECARD, FaultKind.SCORECARD]
    Answer.objects.filter(submitted_score=2).update(submitted_score=1)

    Scorecard.objects.filter(series=Series.MODERATED).delete()
    [(kind, said)] = find()
    assert kind == FaultKind.SCORECARD
    assert "moderated" in said
    with pytest.raises(CommandError, match="scorecard that does not match its answers: 1"):
        call_command("verify", "--quiet", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_rule_that_somebody_took_off_is_told() -> None:
    lost = (trails.RULES[0], CERTIFICATES[0])
    with connection.schema_editor() as editor:
        for rule in lost:
            drop_rule(editor, rule)
    try:
        assert [(kind, rule.table in said) for (kind, said), rule in zip(find(), lost, strict=True)] == [
            (FaultKind.RULE, True),
            (FaultKind.RULE, True),
        ]
    finally:
        with connection.schema_editor() as editor:
            for rule in lost:
                add_rule(editor, rule)
    assert find() == []


def test_a_name_that_is_being_removed_for_ever_is_told(cast: Cast) -> None:
    """The rules let changes through while that is so; only within a transaction is it right."""
    Anonymisation.objects.create(
        user=cast.viewer,
        asked_by=cast.viewer,
        reason=AnonymisationReason.ASKED,
        due_at=timezone.now(),
        is_under_way=True,
    )
    assert [(kind, "under way" in said) for kind, said in find()] == [(FaultKind.RULE, True)]


def test_every_model_that_keeps_a_file_is_looked_at() -> None:
    """By the fields themselves: a model with a file that is added later needs nothing here."""
    found = set(list_file_fields())
    assert {(Document, "file"), (EvidenceVersion, "file")} <= found
    assert all(field in {"file", "pdf", "links", "material", "rows"} for _, field in found)
