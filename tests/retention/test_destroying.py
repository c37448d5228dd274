"""What an approved list destroys, what stays, and what a crash in the middle leaves."""

from __future__ import annotations

import hashlib
from unittest.mock import patch

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from accountability.models import Finding, PublishedFile, Report, Snapshot
from s11.organisations.models import Organisation, Participation, Partnership, User
from s11.retention import destroying
from s11.retention.destroying import destroy_list, queue_lost
from s11.retention.enums import ItemState, Kind, ListStatus
from s11.retention.listing import approve_list, count_due, hold_back, make_list, propose_list, withdraw_list
from s11.retention.log_files import find_log_faults
from s11.retention.models import Certificate, DestructionEntry, DoomedFile, Hold
from s11.retention.walk import Fate, Reach, get_fate, list_file_fields, list_relations
from s11.verifying import find_scorecard_faults
from s11.web.errors import NotInThisState
from surveys.enums import AuditStatus
from surveys.models import Answer, Audit, Cycle, Document, EvidenceVersion, Invitee, Message, Scorecard
from tests import factories
from tests.conftest import Cast
from tests.retention.world import (
    LONG_AGO,
    TODAY,
    approve,
    destroy,
    make_due_audit,
    make_world,
    read_everything,
)

# Of these a row of Harbour stays whole, whatever is destroyed.
STAYS: tuple[type[models.Model], ...] = (
    Scorecard,
    Invitee,
    Participation,
    Organisation,
    User,
    Report,
    Snapshot,
    PublishedFile,
    Finding,
)


def list_names() -> set[str]:
    """Every file that a row names."""
    return {
        name
        for model, field in list_file_fields()
        for name in model._base_manager.values_list(field, flat=True)
    } - {""}


def test_all_that_is_due_goes_and_nothing_else(cast: Cast) -> None:
    """The other partnership has a row of everything too, with the same organisation, and loses none."""
    audits = make_world(cast)
    before, files = read_everything(), list_names()
    found = destroy(approve(cast))

    assert found.status == ListStatus.DONE
    assert {item.state for item in found.items.all()} == {ItemState.DESTROYED}
    assert {item.kind for item in found.items.all()} == {
        Kind.MEETING,
        Kind.ACTION,
        Kind.AUDIT,
        Kind.MAIL,
        Kind.FILE,
    }
    after = read_everything()
    gone = {model: rows.keys() - after[model].keys() for model, rows in before.items()}
    assert not [model for model in STAYS if gone[model]]
    # Each world is a copy of the other, so of no table more than half may go.
    assert not [model for model, keys in gone.items() if 2 * len(keys) > len(before[model])]
    text = repr([row for rows in after.values() for row in rows.values()])
    for mark in (
        "Commentary",
        "Fact",
        "Change",
        "Policy",
        "Reason",
        "Question",
        "Update",
        "Support",
        "Concern",
    ):
        assert f"{mark} Harbour" not in text
        assert f"{mark} Moorland" in text
    for mark in ("Minutes", "Note", "Passage", "Letter", "Recommendation", "Correction", "Enquiry"):
        assert f"{mark} Met harbour" not in text
    # What goes lets go of nothing but what says so, and the log counts every row.
    logged = sum(sum(entry.counts.values()) for entry in DestructionEntry.objects.all())
    assert logged == sum(map(len, gone.values()))

    audit, theirs = Audit.objects.get(pk=audits["harbour"].pk), audits["moorland"]
    assert audit.destroyed_at is not None
    assert audit.cycle.destroyed_at is not None
    assert theirs.answers.exists()
    assert list(find_scorecard_faults(lambda _: None)) == []
    assert list(find_log_faults()) == []
    # Files: none is left that no row names, and none is lost that a row names.
    doomed = files - list_names()
    assert {one.name for one in DoomedFile.objects.all()} == doomed
    assert not [name for name in doomed if default_storage.exists(name)]
    assert not [name for name in list_names() if not default_storage.exists(name)]


def test_a_file_that_another_row_names_stays_until_the_last(cast: Cast) -> None:
    audit = make_due_audit(cast)
    name = default_storage.save("documents/both.pdf", ContentFile(b"%PDF-1.7"))
    old, _ = (
        Document.objects.create(kind="audit_copy", format="pdf", audit=one, submission=1, file=name)
        for one in (
            audit,
            factories.make_audit(
                factories.make_cycle(cast.partnership, slug="now", questionnaires=(audit.questionnaire,)),
                cast.organisation,
            ),
        )
    )
    found = destroy(approve(cast))
    assert found.status == ListStatus.DONE
    assert not type(old).objects.filter(pk=old.pk).exists()
    assert default_storage.exists(name)
    assert DoomedFile.objects.get().is_shared


def test_a_crash_leaves_each_record_whole_or_gone(cast: Cast) -> None:
    """Killed after half of its rows; the job runs again and comes to the same end."""
    first = make_due_audit(cast)
    other = factories.make_organisation("Second House", partnership=cast.partnership)
    second = factories.make_audit(first.cycle, other, scores=2, status=AuditStatus.SUBMITTED)
    found = approve(cast)
    whole = read_everything()
    deleted = models.QuerySet._raw_delete
    calls = 0

    def die(self: models.QuerySet[models.Model], using: str) -> int:
        nonlocal calls
        calls += 1
        deleted(self, using)
        raise SystemExit("killed")

    with patch.object(models.QuerySet, "_raw_delete", die), pytest.raises(SystemExit):
        destroy(found)
    assert calls == 1
    assert read_everything() == whole
    assert set(found.items.values_list("state", flat=True)) == {ItemState.WAITING}
    assert not DestructionEntry.objects.exists()

    assert destroy(found).status == ListStatus.DONE
    assert not Answer.objects.filter(audit__in=(first, second)).exists()
    assert DestructionEntry.objects.count() == 2
    destroy(found)  # and once more, which does nothing
    assert DestructionEntry.objects.count() == 2


def test_a_storage_that_fails_keeps_the_list_open(cast: Cast) -> None:
    audit = make_due_audit(cast)
    evidence = factories.make_evidence(audit.organisation)
    EvidenceVersion.objects.update(added_at=audit.created_at.replace(year=2009))
    audit.answers.earliest("pk").evidence_links.create(evidence=evidence)
    name = str(evidence.versions.get().file.name)
    found = approve(cast)
    with patch("s11.retention.destroying.default_storage.delete", side_effect=OSError("down")):
        assert destroy(found).status == ListStatus.APPROVED
    assert not EvidenceVersion.objects.exists()
    assert default_storage.exists(name)
    assert destroy(found).status == ListStatus.DONE
    assert not default_storage.exists(name)


def test_what_is_held_or_named_by_the_unfinished_is_kept_back(cast: Cast) -> None:
    held = make_due_audit(cast)
    other = factories.make_organisation("Second House", partnership=cast.partnership)
    acting = factories.make_audit(held.cycle, other, scores=1, status=AuditStatus.SUBMITTED)
    action = factories.make_action(other, cast.partnership, answer=acting.answers.earliest("pk"))
    found = approve(cast)
    hold_back(item=found.items.get(record=held.pk), reason="The coroner asked.", by=cast.administrator)
    destroy(found)
    assert [item.state for item in found.items.all()] == [ItemState.KEPT_BACK] * 2
    notes = {item.record: item.note for item in found.items.all()}
    assert "The coroner asked." in notes[held.pk]
    assert "not finished" in notes[acting.pk]
    assert Answer.objects.filter(audit=held).exists()
    assert type(action).objects.filter(pk=action.pk).exists()
    assert not Cycle.objects.exclude(destroyed_at=None).exists()


def test_a_hold_holds_what_it_would_go_with(cast: Cast) -> None:
    """Also another partnership's on evidence that both know, whose reason is not this one's to read."""
    born = make_due_audit(cast)
    other = factories.make_organisation("Second House", partnership=cast.partnership)
    proven = factories.make_audit(born.cycle, other, scores=1, status=AuditStatus.SUBMITTED)
    action = factories.make_action(
        born.organisation, cast.partnership, answer=born.answers.earliest("pk"), status="done", percent=100
    )
    proven.organisation.participations.create(partnership=cast.elsewhere)
    evidence = factories.make_evidence(proven.organisation)
    EvidenceVersion.objects.update(added_at=LONG_AGO)
    proven.answers.earliest("pk").evidence_links.create(evidence=evidence)
    for partnership, kind, record, reason in (
        (cast.partnership, Kind.ACTION, action.pk, "The coroner asked."),
        (cast.elsewhere, Kind.EVIDENCE, evidence.pk, "A matter of Moorland."),
    ):
        Hold.objects.create(
            partnership=partnership,
            kind=kind,
            record=record,
            reference=f"{kind} {record}",
            reason=reason,
            by=cast.administrator,
        )
    found = destroy(approve(cast))
    notes = {item.record: item.note for item in found.items.filter(kind=Kind.AUDIT)}
    assert notes == {
        born.pk: f"action {action.pk} is held back: The coroner asked.",
        proven.pk: f"evidence {evidence.pk} is held back elsewhere.",
    }
    assert type(action).objects.filter(pk=action.pk).exists()
    assert evidence.versions.exists()


def test_a_hold_on_an_audit_holds_the_actions_born_of_it(cast: Cast) -> None:
    """They go with it, so they stay with it, though their own time is over."""
    audit = make_due_audit(cast)
    action = factories.make_action(
        audit.organisation,
        cast.partnership,
        answer=audit.answers.earliest("pk"),
        status="done",
        percent=100,
        created_at=LONG_AGO,
    )
    found = approve(cast)
    hold_back(item=found.items.get(kind=Kind.AUDIT), reason="The coroner asked.", by=cast.administrator)
    destroy(found)
    assert "The coroner asked." in found.items.get(kind=Kind.ACTION).note
    assert type(action).objects.filter(pk=action.pk).exists()


def test_a_hold_that_was_begun_on_an_earlier_list_takes_the_record_off_the_one_that_is_open(
    cast: Cast,
) -> None:
    """One officer fills in the form while another withdraws the list and puts the next one forward."""
    audit = make_due_audit(cast)
    other = factories.make_organisation("Second House", partnership=cast.partnership)
    factories.make_audit(audit.cycle, other, scores=2, status=AuditStatus.SUBMITTED)
    first = make_list(partnership=cast.partnership, today=TODAY)
    item = first.items.get(record=audit.pk)
    withdraw_list(found=first, by=cast.quality_officer)
    second = make_list(partnership=cast.partnership, today=TODAY)
    propose_list(found=second, by=cast.quality_officer)
    hold_back(item=item, reason="The coroner asked.", by=cast.administrator)
    assert (first.items.count(), second.items.count()) == (2, 1)
    approve_list(found=second, seen=1, by=cast.administrator)
    # What is destroyed by then cannot be held any more, wherever the form was opened.
    late = first.items.exclude(pk=item.pk).get()
    destroy(second)
    with pytest.raises(NotInThisState, match="Destroyed already"):
        hold_back(item=late, reason="Too late.", by=cast.administrator)


def test_one_that_cannot_be_destroyed_keeps_no_other_from_it(cast: Cast) -> None:
    first = make_due_audit(cast)
    other = factories.make_organisation("Second House", partnership=cast.partnership)
    second = factories.make_audit(first.cycle, other, scores=2, status=AuditStatus.SUBMITTED)
    found = approve(cast)
    gather = destroying.gather_record

    def fail(partnership: Partnership, kind: Kind, record: int) -> Reach | None:
        if record == first.pk:
            raise LookupError("nobody has decided")
        return gather(partnership, kind, record)

    with patch("s11.retention.destroying.gather_record", fail):
        assert destroy(found).status == ListStatus.APPROVED
    assert (first.answers.exists(), second.answers.exists()) == (True, False)
    assert destroy(found).status == ListStatus.DONE
    assert not first.answers.exists()


def test_who_put_a_list_forward_meanwhile_does_not_approve_it(cast: Cast) -> None:
    make_due_audit(cast)
    found = make_list(partnership=cast.partnership, today=TODAY)
    propose_list(found=found, by=cast.administrator)
    with pytest.raises(NotInThisState, match="yourself"):
        approve_list(found=found, seen=1, by=cast.administrator)


def test_what_was_written_down_of_it_goes_too(cast: Cast) -> None:
    """The record of changes holds its old values, and a deletion must not write them there once more."""
    Message.objects.all().delete()
    audit = make_due_audit(cast)
    action = factories.make_action(
        audit.organisation, cast.partnership, answer=audit.answers.earliest("pk"), what="Secret aim"
    )
    action.status, action.percent, action.what = "done", 100, "Secret aim, told anew"
    action.save()
    assert LogEntry.objects.filter(changes__icontains="Secret aim").exists()
    destroy(approve(cast))
    assert not LogEntry.objects.filter(changes__icontains="Secret aim").exists()


def test_the_certificate_is_made_once_and_a_dead_job_is_taken_up(cast: Cast) -> None:
    make_due_audit(cast)
    found = destroy(approve(cast))
    certificate = Certificate.objects.get(list=found)
    assert certificate.sha256 == hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert queue_lost(found.finished_at.replace(year=2030)) == 0  # type: ignore[union-attr]
    destroy_list.func(found.pk)
    assert Certificate.objects.count() == 1


def test_somebody_has_decided_of_every_reference_what_becomes_of_it() -> None:
    """Of all that a record can reach; a model that is added later and protects one fails here."""
    seen: set[type[models.Model]] = set()
    waiting: list[type[models.Model]] = [Audit, *(apps.get_model(one) for one in ROOTS)]
    while waiting:
        model = waiting.pop()
        seen.add(model)
        going = [one.related_model for one in list_relations(model) if get_fate(one) == Fate.GOES]
        waiting.extend(one for one in going if one not in seen)
    assert Answer in seen


ROOTS = (
    "accountability.Meeting",
    "surveys.Action",
    "surveys.PractitionerSurvey",
    "surveys.Message",
    "surveys.Document",
    "surveys.Evidence",
    "surveys.SupportOffer",
    "surveys.Escalation",
    "surveys.Scorecard",
    "organisations.Removal",
)


def test_nothing_is_due_before_its_day(cast: Cast) -> None:
    make_due_audit(cast)
    assert count_due(cast.partnership, LONG_AGO.date().replace(year=2016)).total == 1
    assert count_due(cast.partnership, LONG_AGO.date().replace(year=2016, day=3)).total == 0
