"""Bringing a passport in: what each choice writes, that it is all or nothing, and that nothing stays behind."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from surveys import evidence_containers, passport_archives, passport_imports
from surveys.confirming import confirm_standard
from surveys.enums import AuditEventKind, AuditStatus
from surveys.evidence_library import LibraryFull, erase, take_out
from surveys.models import Action, Answer, Audit, Evidence, PassportUpload
from surveys.passport_archives import ArchiveWriter
from surveys.passport_imports import BroughtIn, Order, bring_in
from surveys.passport_plans import Mode, Plan, State, make_plan
from surveys.passport_uploads import discard_expired_uploads, get_plan, receive_passport
from surveys.passports import (
    Passport,
    PassportAction,
    PassportAnswer,
    PassportEvidence,
    PassportVersion,
    Source,
    make_json,
)
from surveys.past import get_past_reading
from surveys.reach import EVERYTHING, Reach
from surveys.reading import get_reading
from surveys.tick import run_due
from surveys.workflow import NotInThisState, save_answers
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import WITH_NOTES, enter, make_draft, make_submitted
from tests.surveys.evidence_samples import HTML, PDF

TODAY = datetime.date(2027, 3, 4)
SOURCE = Source("P", "O", "C", "B", "2027-03-04T10:00:00+00:00")


def act(what: str = "All are seen", **more: Any) -> PassportAction:
    return PassportAction(
        id=more.pop("id", "a1"),
        what=what,
        measure="M",
        owner="Lead",
        due_on=TODAY,
        first_due_on=TODAY,
        **more,
    )


def make_upload(
    audit: Audit,
    cast: Cast,
    *answers: PassportAnswer,
    files: dict[str, bytes] | None = None,
    actions: tuple[PassportAction, ...] = (),
    words: tuple[PassportEvidence, ...] = (),
) -> PassportUpload:
    """A passport with these answers, and files by the name that they came with: the first is e1."""
    target = io.BytesIO()
    writer = ArchiveWriter(target)
    evidence = []
    for number, (name, content) in enumerate((files or {}).items(), start=1):
        path = f"evidence/{number:03}-file"
        written = writer.add_file(path, io.BytesIO(content))
        version = PassportVersion(1, name=name, size=written.size, sha256=written.sha256, file=path)
        evidence.append(PassportEvidence(f"e{number}", "file", f"File {number}", versions=(version,)))
    passport = Passport(SOURCE, answers, (*evidence, *words), actions)
    writer.add("passport.json", make_json(passport))
    writer.finish()
    target.seek(0)
    return receive_passport(audit=audit, file=File(target, "My passport.zip"), by=cast.lead)


def plan_of(upload: PassportUpload, reach: Reach = EVERYTHING) -> Plan:
    return get_plan(upload, upload.audit, reach)


def bring(upload: PassportUpload, cast: Cast, mode: Mode = Mode.EMPTY, seen: str = "") -> BroughtIn:
    seen = seen or plan_of(upload).fingerprint
    return bring_in(Order(upload, upload.audit, mode, seen, EVERYTHING, cast.lead))


def answer_to(audit: Audit, code: str) -> Answer:
    return audit.answers.get(indicator__code=code)


def list_files(settings: LazySettings) -> list[Path]:
    return [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]


# Answers


def test_what_is_new_waits_to_be_confirmed(cast: Cast) -> None:
    audit = make_draft(cast)
    upload = make_upload(
        audit, cast, PassportAnswer("key-a1-1", score=0, commentary="Why", no_action_reason="None")
    )
    assert bring(upload, cast) == BroughtIn(1, 0, 0)
    answer = answer_to(audit, "A1.1")
    assert (answer.score, answer.commentary, answer.no_action_reason) == (0, "Why", "None")
    assert (answer.is_to_confirm, answer.is_answered, answer.version) == (True, False, 2)
    words, reason = answer.changes.all()
    assert (words.score_before, words.score_after, words.by, words.is_brought_in) == (
        None,
        0,
        cast.lead,
        True,
    )
    assert (reason.no_action_before, reason.no_action_after, reason.is_brought_in) == ("", "None", True)
    event = audit.events.get(kind=AuditEventKind.BROUGHT_IN)
    assert (event.detail, event.by) == ("1 answer, to confirm", cast.lead)
    assert confirm_standard(audit=audit, code="A1", reason="Checked", reach=EVERYTHING, by=cast.lead) == 1
    assert answer_to(audit, "A1.1").is_answered


def test_each_answer_is_told_apart(cast: Cast) -> None:
    audit = make_draft(cast, {"A1.1": 2, "A1.2": 2, "A2.1": None})
    audit.answers.filter(indicator__code="A1.1").update(commentary="One\nTwo")
    upload = make_upload(
        audit,
        cast,
        PassportAnswer("key-a2-1", score=1),
        PassportAnswer("key-a1-2", score=0),
        PassportAnswer("key-a1-1", score=2, commentary="One\r\nTwo"),
        PassportAnswer("key-a2-2"),
        PassportAnswer("key-elsewhere", code="Z1.1", score=2),
        PassportAnswer("key-elsewhere-2"),
    )
    plan = plan_of(upload)
    found = {line.indicator.code: line.state for line in plan.answers}
    assert found == {"A1.1": State.SAME, "A1.2": State.DIFFERENT, "A2.1": State.NEW, "A2.2": State.NOTHING}
    assert [one.key for one in plan.unknown] == ["key-elsewhere"]
    assert (plan.count(Mode.EMPTY), plan.count(Mode.REPLACE)) == ((1, 0, 0), (2, 0, 0))


@pytest.mark.parametrize(("mode", "score", "changes"), [(Mode.EMPTY, 2, 0), (Mode.REPLACE, 0, 1)])
def test_one_s_own_answer_is_replaced_only_where_that_was_chosen(
    cast: Cast, mode: Mode, score: int, changes: int
) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    upload = make_upload(audit, cast, PassportAnswer("key-a1-1", score=0))
    bring(upload, cast, mode)
    answer = answer_to(audit, "A1.1")
    assert (answer.score, answer.changes.count(), answer.confirmed) == (score, changes, not changes)


def test_a_submission_reads_as_it_was_after_a_passport_has_replaced_its_answers(cast: Cast) -> None:
    audit = make_submitted(cast, {"A1.1": 0, "A1.2": 2, "A2.1": 2, "A2.2": 2})
    before = get_reading(audit, 1)
    factories.make_correction(audit)
    upload = make_upload(audit, cast, PassportAnswer("key-a1-1", score=2))
    bring(upload, cast, Mode.REPLACE)
    after = get_reading(audit, 1)
    assert (after.answered, before.answered) == (4, 4)
    assert [item.indicator.code for item in after.zeros] == ["A1.1"]
    assert answer_to(audit, "A1.1").is_to_confirm


def test_what_came_from_elsewhere_and_then_from_a_passport_is_in_the_trail_from_the_passport_on(
    cast: Cast,
) -> None:
    """What it said before the passport is none of this partnership's; what the passport says is its own."""
    audit = make_draft(cast, {"A1.1": 2})
    audit.answers.update(confirmed=False, is_from_elsewhere=True)
    bring(make_upload(audit, cast, PassportAnswer("key-a1-1", score=1)), cast, Mode.REPLACE)
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 0, seen=2)], by=cast.lead)
    changes = answer_to(audit, "A1.1").changes.values_list("score_before", "score_after")
    assert list(changes) == [(None, 1), (1, 0)]


def test_an_empty_answer_never_empties_one_s_own(cast: Cast) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    upload = make_upload(audit, cast, PassportAnswer("key-a1-1", evidence=("e1",)), files={"a.pdf": PDF})
    assert bring(upload, cast, Mode.REPLACE) == BroughtIn(0, 1, 0)
    assert answer_to(audit, "A1.1").score == 2


@pytest.mark.parametrize("is_offered", [True, False])
def test_a_reason_that_is_not_offered_here_stays_behind(cast: Cast, is_offered: bool) -> None:
    audit = make_draft(cast)
    audit.questionnaire.indicators.filter(code="A1.1").update(may_be_not_applicable=is_offered)
    said = PassportAnswer("key-a1-1", not_applicable_reason=WITH_NOTES, commentary="Because")
    upload = make_upload(audit, cast, said, PassportAnswer("key-a1-2", not_applicable_reason="Their own"))
    lines = plan_of(upload).answers
    assert [line.left_behind for line in lines] == ["" if is_offered else WITH_NOTES, "Their own"]
    bring(upload, cast)
    answer = answer_to(audit, "A1.1")
    assert (answer.not_applicable_reason, answer.commentary) == (WITH_NOTES if is_offered else "", "Because")
    assert not audit.answers.filter(indicator__code="A1.2").exists()


def test_a_correction_takes_what_was_returned_alone(cast: Cast) -> None:
    audit = make_submitted(cast)
    factories.make_correction(audit, "A1.1")
    files = {"a.pdf": PDF}
    upload = make_upload(
        audit,
        cast,
        PassportAnswer("key-a1-1", score=0),
        PassportAnswer("key-a1-2", score=0, evidence=("e1",)),
        files=files,
        actions=(act(answer="key-a1-2"),),
    )
    reach = Reach(opened=frozenset({answer_to(audit, "A1.1").indicator_id}))
    plan = plan_of(upload, reach)
    assert [line.indicator.code for line in plan.locked] == ["A1.2"]
    # What the caller thinks is open does not count.
    assert bring(upload, cast, Mode.REPLACE, plan.fingerprint) == BroughtIn(1, 0, 0)
    assert (answer_to(audit, "A1.1").score, answer_to(audit, "A1.2").score) == (0, 2)


def test_an_audit_as_it_stood_knows_what_was_not_confirmed(cast: Cast) -> None:
    audit = make_draft(cast)
    bring(make_upload(audit, cast, PassportAnswer("key-a1-1", score=1)), cast)
    between = timezone.now()
    confirm_standard(audit=audit, code="A1", reason="Checked", reach=EVERYTHING, by=cast.lead)

    def count(moment: datetime.datetime) -> int:
        return get_past_reading(audit, moment).answered

    assert (count(between), count(timezone.now())) == (0, 1)


# Evidence


def test_files_links_and_references_come_along(cast: Cast) -> None:
    audit = make_draft(cast)
    words = (
        PassportEvidence("l1", "link", "Page", versions=(PassportVersion(2, url="https://example.org/p"),)),
        PassportEvidence("r1", "reference", "Shelf", versions=(PassportVersion(1, reference="Shelf 3"),)),
    )
    said = PassportAnswer("key-a1-1", score=2, evidence=("e1", "l1", "r1"))
    upload = make_upload(audit, cast, said, files={"../Policy.pdf": PDF}, words=words)
    assert bring(upload, cast) == BroughtIn(1, 3, 0)
    file, link, reference = Evidence.objects.of(cast.organisation).order_by("kind")
    version = file.versions.get()
    assert (version.name, version.content_type, version.file.read()) == ("Policy.pdf", "application/pdf", PDF)
    version.file.close()
    assert (link.versions.get().url, reference.versions.get().reference) == (
        "https://example.org/p",
        "Shelf 3",
    )
    assert answer_to(audit, "A1.1").evidence_links.count() == 3


def test_what_the_library_has_is_used_again(cast: Cast) -> None:
    audit = make_draft(cast)
    there = factories.make_evidence(cast.organisation, "Here already", content=PDF)
    gone = factories.make_evidence(cast.organisation, "Taken out", content=b"words")
    take_out(evidence=gone, by=cast.lead)
    theirs = factories.make_evidence(cast.other_organisation, "Theirs", content=b"more words")
    files = {"a.pdf": PDF, "b.txt": b"words", "c.txt": b"more words"}
    upload = make_upload(
        audit, cast, PassportAnswer("key-a1-1", score=2, evidence=("e1", "e2", "e3")), files=files
    )
    assert [line.existing for line in plan_of(upload).evidence] == [there, gone, None]
    assert bring(upload, cast) == BroughtIn(1, 1, 0)
    backing = {link.evidence for link in answer_to(audit, "A1.1").evidence_links.current()}
    assert {there, gone} < backing
    assert theirs not in backing


def test_the_same_file_twice_is_one_item(cast: Cast) -> None:
    audit = make_draft(cast)
    said = PassportAnswer("key-a1-1", score=2, evidence=("e1", "e2"))
    assert bring(make_upload(audit, cast, said, files={"a.pdf": PDF, "b.pdf": PDF}), cast) == BroughtIn(
        1, 1, 0
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.html", HTML, "is a web page"),
        ("policy.pdf", b"Only words.", "is plain text"),
        ("empty.txt", b"", "is empty"),
    ],
)
def test_a_file_that_cannot_be_evidence_stays_behind(
    cast: Cast, name: str, content: bytes, words: str
) -> None:
    audit = make_draft(cast)
    said = PassportAnswer("key-a1-1", score=2, evidence=("e1",))
    upload = make_upload(audit, cast, said, files={name: content})
    assert words in plan_of(upload).evidence[0].refusal
    assert bring(upload, cast) == BroughtIn(1, 0, 0)
    assert not Evidence.objects.exists()


def test_what_was_removed_for_good_does_not_come_back(cast: Cast) -> None:
    audit = make_draft(cast)
    erased = factories.make_evidence(cast.organisation, content=PDF)
    erase(evidence=erased, reason="A child could be seen", by=cast.lead)
    upload = make_upload(
        audit, cast, PassportAnswer("key-a1-1", score=2, evidence=("e1",)), files={"a.pdf": PDF}
    )
    assert (
        "was removed from your library for good (A child could be seen)"
        in plan_of(upload).evidence[0].refusal
    )
    assert bring(upload, cast) == BroughtIn(1, 0, 0)


def test_a_full_library_takes_nothing_at_all(
    cast: Cast, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = make_draft(cast)
    upload = make_upload(
        audit, cast, PassportAnswer("key-a1-1", score=2, evidence=("e1",)), files={"a.pdf": PDF}
    )
    before = list_files(settings)
    monkeypatch.setattr(passport_imports, "MOST_ITEMS", 0)
    with pytest.raises(LibraryFull):
        bring(upload, cast)
    assert not audit.answers.exists()
    # The upload stays, to be brought in once there is room.
    assert list_files(settings) == before


def test_evidence_and_actions_of_answers_that_are_not_taken_stay_behind(cast: Cast) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    said = PassportAnswer("key-a1-1", score=0, evidence=("e1",))
    upload = make_upload(audit, cast, said, files={"a.pdf": PDF}, actions=(act(answer="key-a1-1"),))
    assert bring(upload, cast) == BroughtIn(0, 0, 0)
    assert not Evidence.objects.exists()
    upload = make_upload(audit, cast, said, files={"a.pdf": PDF}, actions=(act(answer="key-a1-1"),))
    assert bring(upload, cast, Mode.REPLACE) == BroughtIn(1, 1, 1)


# Actions


def test_actions_come_with_their_answers(cast: Cast) -> None:
    audit = make_draft(cast)
    actions = (
        act(answer="key-a1-1", status="done", percent=100, impact="Seen", priority="high", evidence=("e1",)),
        act("For nobody here", id="a2", answer="key-elsewhere"),
        act("Of an answer that says nothing", id="a3", answer="key-a2-1"),
    )
    upload = make_upload(
        audit, cast, PassportAnswer("key-a1-1", score=0), files={"a.pdf": PDF}, actions=actions
    )
    assert bring(upload, cast) == BroughtIn(1, 1, 3)
    done, free, third = Action.objects.order_by("pk")
    assert (done.answer, done.status, done.percent, done.impact) == (
        answer_to(audit, "A1.1"),
        "done",
        100,
        "Seen",
    )
    assert done.evidence.get().title == "File 1"
    assert (done.origin, free.origin, free.answer) == ("score", "free", None)
    assert third.answer == answer_to(audit, "A2.1")
    assert done.updates.get().text == "Brought in from a passport."


@pytest.mark.parametrize(
    ("more", "status", "percent"),
    [
        ({}, "in_progress", 99),
        ({"evidence": ("gone",)}, "in_progress", 99),
        ({"evidence": ("e1",)}, "done", 100),
        ({"impact": "Seen"}, "done", 100),
    ],
)
def test_an_action_is_done_only_where_something_shows_it(
    cast: Cast, more: dict[str, Any], status: str, percent: int
) -> None:
    """The evidence that showed it may stay behind."""
    gone = PassportEvidence(
        "gone", "file", "Gone", removal_reason="A face", versions=(PassportVersion(1, name="a.pdf"),)
    )
    done = act(answer="key-a1-1", status="done", percent=100, **more)
    said = PassportAnswer("key-a1-1", score=0, evidence=("e1",))
    upload = make_upload(make_draft(cast), cast, said, files={"a.pdf": PDF}, words=(gone,), actions=(done,))
    bring(upload, cast)
    action = Action.objects.get()
    assert (action.status, action.percent) == (status, percent)
    update = action.updates.get()
    assert (update.status_after, update.percent_after) == (status, percent)


def test_an_action_that_is_there_is_not_made_twice(cast: Cast) -> None:
    audit = make_draft(cast, {"A1.1": 0})
    factories.make_action(cast.organisation, cast.partnership, answer=answer_to(audit, "A1.1"), what="Same")
    factories.make_organisation("Other", slug="other")
    actions = (act("Same", answer="key-a1-1"), act("Same", id="a2", answer="key-a1-1"), act("Same", id="a3"))
    plan = plan_of(make_upload(audit, cast, PassportAnswer("key-a1-1", score=0), actions=actions))
    assert [line.is_there for line in plan.actions] == [True, False, False]


# All or nothing


def test_whoever_changes_an_answer_meanwhile_stops_it(cast: Cast, settings: LazySettings) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    said = PassportAnswer("key-a1-1", score=0, evidence=("e1",))
    upload = make_upload(audit, cast, said, files={"a.pdf": PDF})
    seen, before = plan_of(upload).fingerprint, list_files(settings)
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 1, seen=1)], by=cast.contributor)
    with pytest.raises(NotInThisState, match="Somebody has changed this audit"):
        bring(upload, cast, Mode.REPLACE, seen)
    assert answer_to(audit, "A1.1").score == 1
    assert not Evidence.objects.exists()
    assert list_files(settings) == before
    assert bring(upload, cast, Mode.REPLACE).answers == 1


def test_a_change_of_another_answer_stops_nothing(cast: Cast) -> None:
    audit = make_draft(cast, {"A1.1": 2, "A2.2": 2})
    upload = make_upload(audit, cast, PassportAnswer("key-a1-1", score=0))
    seen = plan_of(upload).fingerprint
    save_answers(audit=audit, entered=[enter(audit, "A2.2", 1, seen=1)], by=cast.contributor)
    assert bring(upload, cast, Mode.REPLACE, seen).answers == 1


def test_a_submitted_audit_takes_nothing(cast: Cast, settings: LazySettings) -> None:
    audit = make_draft(cast)
    upload = make_upload(
        audit, cast, PassportAnswer("key-a1-1", score=0, evidence=("e1",)), files={"a.pdf": PDF}
    )
    seen, before = plan_of(upload).fingerprint, list_files(settings)
    Audit.objects.filter(pk=audit.pk).update(status=AuditStatus.AWAITING_SIGN_OFF)
    with pytest.raises(NotInThisState, match="awaiting sign-off"):
        bring(upload, cast, seen=seen)
    assert list_files(settings) == before


def test_it_is_brought_in_once(cast: Cast) -> None:
    audit = make_draft(cast)
    upload = make_upload(audit, cast, PassportAnswer("key-a1-1", score=0))
    seen = plan_of(upload).fingerprint
    copy = PassportUpload.objects.get(pk=upload.pk)
    with default_storage.open(str(upload.file.name)) as file:
        content = file.read()
    bring(upload, cast, seen=seen)
    assert not default_storage.exists(str(copy.file.name))
    default_storage.save(str(copy.file.name), ContentFile(content))
    with pytest.raises(NotInThisState, match="has been brought in or discarded already"):
        bring(copy, cast, seen=seen)


@pytest.mark.parametrize("step", ["_write_answers", "_write_evidence", "_link_evidence", "_write_actions"])
def test_a_failure_leaves_nothing_behind(
    cast: Cast, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    audit = make_draft(cast)
    said = PassportAnswer("key-a1-1", score=0, evidence=("e1",))
    upload = make_upload(audit, cast, said, files={"a.pdf": PDF}, actions=(act(answer="key-a1-1"),))
    before, others = list_files(settings), Answer.objects.count()
    whole: Callable[..., object] = getattr(passport_imports, step)

    def fail(*args: Any) -> None:
        whole(*args)
        raise MemoryError

    monkeypatch.setattr(passport_imports, step, fail)
    with pytest.raises(MemoryError):
        bring(upload, cast)
    assert [one.objects.count() for one in (Answer, Evidence, Action)] == [others, 0, 0]
    assert list_files(settings) == before
    monkeypatch.undo()
    assert PassportUpload.objects.filter(pk=upload.pk).exists()


# What is kept meanwhile


def test_a_second_upload_takes_the_first_one_s_place(cast: Cast, settings: LazySettings) -> None:
    audit = make_draft(cast)
    first = make_upload(audit, cast, PassportAnswer("key-a1-1", score=0))
    second = make_upload(audit, cast, PassportAnswer("key-a1-1", score=1))
    assert list(PassportUpload.objects.all()) == [second]
    assert len(list_files(settings)) == 1
    assert first.pk != second.pk


def test_an_upload_is_kept_for_a_day(cast: Cast, settings: LazySettings) -> None:
    audit = make_draft(cast)
    upload = make_upload(audit, cast, PassportAnswer("key-a1-1", score=0))
    last = upload.uploaded_at + datetime.timedelta(days=1)
    assert discard_expired_uploads(last - datetime.timedelta(seconds=1)) == 0
    assert PassportUpload.objects.of(cast.lead, audit).exists()
    run_due(last)
    assert not PassportUpload.objects.exists()
    assert list_files(settings) == []


def test_erasing_reaches_uploads_that_wait(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    audit = make_draft(cast)
    make_upload(audit, cast, PassportAnswer("key-a1-1", score=2, evidence=("e1",)), files={"a.pdf": PDF})
    make_upload(audit, cast, PassportAnswer("key-a1-1", score=2))
    kept = PassportUpload.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        erase(evidence=factories.make_evidence(cast.organisation, content=PDF), reason="A face", by=cast.lead)
    assert PassportUpload.objects.get() == kept
    make_upload(
        audit, cast, PassportAnswer("key-a1-1", score=2, evidence=("e1",)), files={"b.pdf": PDF + b"\n"}
    )
    other = factories.make_evidence(cast.organisation, content=PDF + b"\n")
    with django_capture_on_commit_callbacks(execute=True):
        erase(evidence=other, reason="A face", by=cast.lead)
    assert not PassportUpload.objects.exists()


@pytest.mark.parametrize("content", [None, b"PK\3\4 and no more"])
def test_an_upload_that_cannot_be_read_goes_and_keeps_nothing_from_being_erased(
    cast: Cast,
    content: bytes | None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    caplog: pytest.LogCaptureFixture,
) -> None:
    upload = make_upload(make_draft(cast), cast, PassportAnswer("key-a1-1", score=2))
    name = str(upload.file.name)
    default_storage.delete(name)
    if content is not None:
        default_storage.save(name, ContentFile(content))
    evidence = factories.make_evidence(cast.organisation)
    with django_capture_on_commit_callbacks(execute=True):
        erase(evidence=evidence, reason="A face", by=cast.lead)
    assert not PassportUpload.objects.exists()
    assert not default_storage.exists(name)
    assert not caplog.records


@pytest.mark.parametrize("files", [1, 3])
def test_a_zip_is_opened_as_often_for_many_files_as_for_one(
    cast: Cast, files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    whole = evidence_containers.is_list_of_members_small

    def count(content: IO[bytes], size: int) -> bool:
        opened.append(size)
        return whole(content, size)

    monkeypatch.setattr(passport_archives, "is_list_of_members_small", count)
    said = PassportAnswer("key-a1-1", score=2, evidence=tuple(f"e{one + 1}" for one in range(files)))
    upload = make_upload(
        make_draft(cast), cast, said, files={f"{one}.txt": str(one).encode() for one in range(files)}
    )
    assert len(opened) == 2, "to be checked whole, and each file as evidence"
    seen = plan_of(upload).fingerprint
    opened.clear()
    assert bring(upload, cast, seen=seen).evidence == files
    assert len(opened) == 2, "what it says, and its files"


# Size


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit = make_draft(cast, {"A2.2": 2})
    keys = ("key-a1-1", "key-a1-2", "key-a2-2")[-rows:]
    files = {f"{one}.txt": str(one).encode() for one in range(rows)}
    answers = [
        PassportAnswer(key, score=0, evidence=tuple(f"e{one + 1}" for one in range(rows))) for key in keys
    ]
    actions = tuple(act(key, id=key, answer=key, evidence=("e1",)) for key in keys)
    upload = make_upload(audit, cast, *answers, files=files, actions=actions)
    audit = Audit.objects.with_place().get(pk=audit.pk)
    passport = plan_of(upload).passport
    with django_assert_num_queries(5):
        plan = make_plan(audit, passport, EVERYTHING, {})
    assert len(plan.get_written(Mode.REPLACE)) == rows
