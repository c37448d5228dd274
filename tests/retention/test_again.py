"""After a restore the log is replayed: what it names goes once more, and nothing that only has its number."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone

from s11.retention.enums import ListStatus
from s11.retention.log_files import LogError, find_log_faults, read_log, write_log
from s11.retention.models import DestructionEntry, DestructionList, Period
from surveys.enums import ActionStatus
from surveys.models import Action, Answer, Audit
from tests import factories
from tests.cells import taken_back
from tests.conftest import Cast
from tests.retention.world import LONG_AGO, approve, destroy, make_due_audit


def make_log(cast: Cast, path: Path) -> Path:
    """As it was written after a list was destroyed; the database is as it was before, as a backup brings it back."""
    with taken_back():
        destroy(approve(cast))
        assert write_log(path) == 1
    assert not DestructionList.objects.exists()
    return path


def run(path: Path) -> str:
    out = StringIO()
    call_command("destroy", again=path, stdout=out)
    return out.getvalue()


def test_what_the_log_names_goes_again_once(cast: Cast, tmp_path: Path) -> None:
    audit = make_due_audit(cast)
    path = make_log(cast, tmp_path / "log")
    logged = read_log(path)[0]["beside"]["sha256"]
    assert Answer.objects.filter(audit=audit).exists()

    assert "Destroyed again." in run(path)
    assert not Answer.objects.filter(audit=audit).exists()
    # The log goes on as it was: the very line is there, and the same command finds nothing more to do.
    assert DestructionEntry.objects.get().sha256 == logged
    assert list(find_log_faults()) == []
    assert run(path) == "Nothing to do.\n"


def test_a_list_that_was_under_way_on_the_day_of_the_backup_ends_before_the_next(
    cast: Cast, tmp_path: Path
) -> None:
    """What of it was kept back later waits in the backup, and would keep every later list from being made again."""
    audit = make_due_audit(cast)
    action = factories.make_action(audit.organisation, cast.partnership, answer=audit.answers.earliest("pk"))
    approve(cast)
    with taken_back():
        destroy(DestructionList.objects.get())
        Action.objects.filter(pk=action.pk).update(status=ActionStatus.DONE, percent=100)
        destroy(approve(cast))
        assert write_log(tmp_path / "log") == 1
    assert DestructionList.objects.get().status == ListStatus.APPROVED
    # The action is finished after the backup, so the audit cannot go yet; then it can.
    assert "Still here" in run(tmp_path / "log")
    Action.objects.filter(pk=action.pk).update(status=ActionStatus.DONE, percent=100)
    assert "Destroyed again." in run(tmp_path / "log")
    assert list(DestructionList.objects.values_list("number", "status")) == [
        (2, ListStatus.DONE),
        (1, ListStatus.DONE),
    ]
    assert not Answer.objects.filter(audit=audit).exists()


def test_another_list_of_its_number_is_refused(cast: Cast, tmp_path: Path) -> None:
    """After the restore somebody approved a list before the log was replayed."""
    make_due_audit(cast)
    path = make_log(cast, tmp_path / "log")
    Audit.objects.update(destroyed_at=timezone.now())
    approve(cast)
    with pytest.raises(CommandError, match="approved in this database after the backup was restored"):
        run(path)


def test_another_record_with_its_number_is_left_alone(cast: Cast, tmp_path: Path) -> None:
    audit = make_due_audit(cast)
    path = make_log(cast, tmp_path / "log")
    Audit.objects.filter(pk=audit.pk).update(created_at=LONG_AGO)
    assert "Left alone" in run(path)
    assert Answer.objects.filter(audit=audit).exists()
    assert DestructionEntry.objects.count() == 1


def test_a_log_that_was_changed_is_refused(cast: Cast, tmp_path: Path) -> None:
    make_due_audit(cast)
    path = make_log(cast, tmp_path / "log")
    line = json.loads(path.read_text())
    path.write_text(json.dumps(line | {"record": line["record"] + 1}))
    with pytest.raises(CommandError, match="is not what was written"):
        run(path)
    with pytest.raises(LogError, match="cannot be read"):
        read_log(tmp_path / "none")
    assert Answer.objects.exists()


def test_officers_whose_accounts_are_younger_are_named(cast: Cast, tmp_path: Path) -> None:
    make_due_audit(cast)
    path = make_log(cast, tmp_path / "log")
    line = json.loads(path.read_text())
    line["beside"]["officers"] = [0, 0]
    path.write_text(json.dumps(line))
    with pytest.raises(CommandError, match="younger than the backup"):
        run(path)


def test_the_log_is_kept_beside_the_backups_after_each_list(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    settings.DESTRUCTION_LOG = str(tmp_path / "kept.jsonl")
    make_due_audit(cast)
    destroy(approve(cast))
    assert len(read_log(tmp_path / "kept.jsonl")) == 1


def test_the_nightly_run_makes_drafts(cast: Cast) -> None:
    make_due_audit(cast)
    for said in ("Destruction list 1 has 1 records", "is not finished"):
        out = StringIO()
        call_command("destroy", prepare=True, stdout=out)
        assert f"harbour: {said}" in out.getvalue().replace("Destruction list 1 is", "is")
        assert "moorland: Nothing has come due" in out.getvalue()
    assert DestructionList.objects.get().prepared_by is None
    assert not Period.objects.exists()
