"""A report's way: written, reviewed by another, approved as read, frozen, published, corrected, withdrawn."""

from __future__ import annotations

import datetime
import hashlib
import json
from unittest.mock import patch

import page as pdf_checker
import pytest
from django.utils import timezone

from accountability.drafting import draft_sections
from accountability.enums import FileKind, ReportEventKind, ReportStatus
from accountability.models import Finding, Publication, PublishedFile, Report, ReportSection, Snapshot
from accountability.publishing import SAID_FAILED, ask_publication, publish, queue_lost_publications
from accountability.report_content import compose
from accountability.report_files import make_files
from accountability.report_pages import make_page
from accountability.reporting import (
    NotInThisState,
    approve_report,
    begin_report,
    change_section,
    correct_report,
    discard_draft,
    redraft_report,
    return_report,
    send_to_review,
    withdraw_report,
)
from s11.organisations.models import Organisation, User
from surveys.enums import Series
from surveys.models import Answer, Cycle, Message, Moderation
from tests.accountability.reports import approve, make_full_cycle, publish_now
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def cycle(cast: Cast) -> Cycle:
    return make_full_cycle(cast, agencies=6)


@grounded
def draft(cast: Cast, cycle: Cycle) -> Report:
    return begin_report(
        partnership=cast.partnership, title="How safe are we?", cycles=[cycle], by=cast.administrator
    )


@grounded
def approved(cast: Cast, draft: Report) -> Report:
    return approve(draft, author=cast.administrator, approver=cast.quality_officer)


@pytest.fixture
def published(cast: Cast, approved: Report) -> Report:
    with patch("accountability.report_files.render_pdf", return_value=b"%PDF-1.7"):
        return publish_now(approved, by=cast.publisher)


def read_files(report: Report) -> dict[str, bytes]:
    found = {}
    for one in report.files.all():
        with one.file.open("rb") as file:
            found[one.kind] = file.read()
    return found


def test_a_draft_has_words_for_every_section_and_no_open_token(draft: Report) -> None:
    content = compose(draft).content
    assert content["sections"][0]["kind"] == "introduction"
    assert all(one["text"] and "[[" not in one["text"] for one in content["sections"])
    assert "6 of 6 (100%)" in content["sections"][2]["text"]


def test_numbers_stay_live_until_they_are_frozen(cast: Cast, draft: Report) -> None:
    section = draft.sections.get(kind="overall")
    assert (
        change_section(
            section=section,
            text="Now [[all/at_grade_2]].",
            seen_version=section.version,
            by=cast.administrator,
        )
        is None
    )
    before = compose(draft).content["sections"][6]["text"]
    assert before.startswith("Now ")
    assert "[[" not in before


def test_a_stale_save_changes_nothing_and_gives_the_other_text(cast: Cast, draft: Report) -> None:
    section = draft.sections.first()
    assert section is not None
    change_section(section=section, text="First.", seen_version=section.version, by=cast.administrator)
    theirs = change_section(
        section=section, text="Second.", seen_version=section.version, by=cast.quality_officer
    )
    assert theirs is not None
    assert (theirs.text, theirs.edited_by) == ("First.", cast.administrator)


def test_drafts_anew_leave_what_an_officer_wrote(cast: Cast, draft: Report) -> None:
    section = draft.sections.get(kind="introduction")
    change_section(section=section, text="Ours.", seen_version=section.version, by=cast.administrator)
    assert draft_sections(draft) == []
    section.refresh_from_db()
    assert section.words == "Ours."


def test_a_token_that_names_nothing_keeps_it_from_review(cast: Cast, draft: Report) -> None:
    section = draft.sections.get(kind="overall")
    change_section(
        section=section, text="[[all/nothing]]", seen_version=section.version, by=cast.administrator
    )
    with pytest.raises(NotInThisState, match=r"\[\[all/nothing\]\]"):
        send_to_review(report=draft, by=cast.administrator)


def test_those_who_may_approve_are_written_to_and_the_author_is_not(cast: Cast, draft: Report) -> None:
    send_to_review(report=draft, note="Look at the themes.", by=cast.administrator)
    message = Message.objects.get(subject__startswith="Read and approve")
    assert message.email == cast.quality_officer.email
    assert "Look at the themes." in message.body


def test_returned_with_a_reason_it_is_a_draft_again(cast: Cast, approved: Report) -> None:
    return_report(report=approved, reason="Say who took part.", by=cast.publisher)
    approved.refresh_from_db()
    assert (approved.status, approved.approved_by, approved.approved_digest) == ("draft", None, "")
    message = Message.objects.get(subject__startswith="Change a report")
    assert message.email == cast.administrator.email
    assert "Say who took part." in message.body


def test_only_what_was_read_is_approved(cast: Cast, draft: Report) -> None:
    send_to_review(report=draft, by=cast.administrator)
    with pytest.raises(NotInThisState, match="figures have changed"):
        approve_report(report=draft, seen_digest="other", by=cast.quality_officer)


def test_only_what_was_approved_is_published(cast: Cast, approved: Report) -> None:
    cycle = approved.report_cycles.get().cycle
    cycle.title = "Another title"
    cycle.save()
    with pytest.raises(NotInThisState, match="have it approved again"):
        ask_publication(report=approved, seen_digest=compose(approved).digest, by=cast.publisher)


def test_published_all_at_once_with_number_files_and_hashes(cast: Cast, published: Report) -> None:
    assert (published.status, published.number, published.published_by) == ("published", 1, cast.publisher)
    files = read_files(published)
    assert list(files) == list(FileKind.values)
    for one in published.files.all():
        assert one.sha256 == hashlib.sha256(files[one.kind]).hexdigest()
        assert one.size == len(files[one.kind])
    snapshot = published.snapshot
    assert files["json"].decode() == snapshot.content
    assert json.loads(snapshot.content)["report"]["number"] == 1
    assert "Agency 1" not in snapshot.content
    assert [one.kind for one in published.events.all()] == ["begun", "sent", "approved", "asked", "published"]


def test_later_changes_leave_every_stored_byte_as_it_was(cast: Cast, published: Report) -> None:
    before, content = read_files(published), published.snapshot.content
    Answer.objects.update(submitted_score=0, score=0)
    cycle = published.report_cycles.get().cycle
    cycle.title = "Renamed"
    cycle.save()
    cast.partnership.name = "Another name"
    cast.partnership.save()
    published.sections.update(drafted="Other words")
    Organisation.objects.update(name="Renamed too")
    User.objects.update(name="Somebody Else")
    answer = Answer.objects.select_related("audit")[0]
    moderated = {"submission": answer.audit.submission, "series": Series.MODERATED, "score": 0, "reason": "x"}
    Moderation.objects.create(answer=answer, version=1, by=cast.quality_officer, **moderated)
    Finding.objects.create(
        partnership=cast.partnership, report=published, title="Found later", created_by=cast.administrator
    )
    publish.call(Publication.objects.get().pk)
    assert read_files(published) == before
    for one in published.files.all():
        assert one.sha256 == hashlib.sha256(before[one.kind]).hexdigest()
    assert Snapshot.objects.get().content == content
    assert published.snapshot.sha256 == hashlib.sha256(content.encode()).hexdigest()


def test_run_again_it_publishes_once(published: Report) -> None:
    publish.call(Publication.objects.get().pk)
    assert PublishedFile.objects.count() == len(FileKind)


def test_one_that_fails_half_way_stays_approved_and_says_so(cast: Cast, approved: Report) -> None:
    with patch("accountability.report_files.render_pdf", side_effect=RuntimeError("no fonts")):
        publish_now(approved, by=cast.publisher)
    assert (approved.status, approved.number) == ("approved", None)
    assert approved.publications.get().error == SAID_FAILED
    assert not PublishedFile.objects.exists()
    assert Message.objects.get(subject__startswith="Publish a report again").email == cast.publisher.email
    with patch("accountability.report_files.render_pdf", return_value=b"%PDF-1.7"):
        publish_now(approved, by=cast.publisher)
    assert (approved.status, approved.number) == ("published", 1)


def test_what_fails_at_the_last_step_leaves_no_file_behind(cast: Cast, approved: Report) -> None:
    with (
        patch("accountability.report_files.render_pdf", return_value=b"%PDF-1.7"),
        patch("accountability.publishing.Snapshot.objects.create", side_effect=RuntimeError("disk full")),
        patch("django.core.files.storage.FileSystemStorage.delete") as deleted,
    ):
        publish_now(approved, by=cast.publisher)
    assert approved.status == "approved"
    assert deleted.call_count == len(FileKind)


def test_while_one_is_being_published_no_other_is(cast: Cast, approved: Report, cycle: Cycle) -> None:
    other = begin_report(partnership=cast.partnership, title="Another", cycles=[cycle], by=cast.administrator)
    approve(other, author=cast.administrator, approver=cast.quality_officer)
    ask_publication(report=approved, seen_digest=compose(approved).digest, by=cast.publisher)
    with pytest.raises(NotInThisState, match="at this moment"):
        ask_publication(report=other, seen_digest=compose(other).digest, by=cast.publisher)
    with pytest.raises(NotInThisState, match="at this moment"):
        return_report(report=approved, reason="Wait.", by=cast.publisher)


def test_one_that_a_worker_left_is_taken_up_and_an_old_one_ended(cast: Cast, approved: Report) -> None:
    publication = ask_publication(report=approved, seen_digest=compose(approved).digest, by=cast.publisher)
    now = timezone.now()
    Publication.objects.update(started_at=now - datetime.timedelta(minutes=20))
    with patch("accountability.report_files.render_pdf", return_value=b"%PDF-1.7"):
        assert queue_lost_publications(now) == 1
    approved.refresh_from_db()
    assert approved.status == "published"
    assert publication.report.files.count() == len(FileKind)


def test_one_of_last_year_that_was_queued_just_now_is_waited_for(cast: Cast, approved: Report) -> None:
    """As the demonstration publishes: the clock may look before the worker is done."""
    last_year = timezone.now() - datetime.timedelta(days=365)
    ask_publication(report=approved, seen_digest=compose(approved).digest, now=last_year, by=cast.publisher)
    assert queue_lost_publications(timezone.now()) == 0
    assert Publication.objects.get().finished_at is None


def test_a_correction_stands_beside_the_old_version(cast: Cast, published: Report) -> None:
    before = read_files(published)
    draft = correct_report(report=published, erratum="Page 2 said 11.", by=cast.quality_officer)
    assert (draft.version, draft.number, draft.corrects) == (2, None, published)
    assert [one.words for one in draft.sections.all()] == [one.words for one in published.sections.all()]
    with pytest.raises(NotInThisState, match="correction meanwhile"):
        correct_report(report=published, erratum="Again.", by=cast.quality_officer)
    approve(draft, author=cast.quality_officer, approver=cast.administrator)
    with patch("accountability.report_files.render_pdf", return_value=b"%PDF-1.7"):
        publish_now(draft, by=cast.publisher)
    published.refresh_from_db()
    assert (draft.number, draft.version, draft.status) == (1, 2, ReportStatus.PUBLISHED)
    assert published.status == ReportStatus.CORRECTED
    assert read_files(published) == before
    assert "Page 2 said 11." in draft.snapshot.content


def test_withdrawn_it_keeps_its_bytes_and_says_why(cast: Cast, published: Report) -> None:
    with pytest.raises(ValueError, match="why"):
        withdraw_report(report=published, reason=" ", by=cast.publisher)
    withdraw_report(report=published, reason="It named a person.", by=cast.publisher)
    published.refresh_from_db()
    assert (published.status, published.why_withdrawn) == ("withdrawn", "It named a person.")
    assert published.files.count() == len(FileKind)
    assert published.events.filter(kind=ReportEventKind.WITHDRAWN).exists()


def test_only_a_draft_is_thrown_away(cast: Cast, draft: Report, cycle: Cycle) -> None:
    send_to_review(report=draft, by=cast.administrator)
    with pytest.raises(NotInThisState, match="in review"):
        discard_draft(report=draft, by=cast.administrator)
    return_report(report=draft, reason="No.", by=cast.quality_officer)
    discard_draft(report=draft, by=cast.administrator)
    assert not Report.objects.exists()


def test_the_pdf_is_tagged_and_the_files_say_the_same(draft: Report) -> None:
    content = compose(draft).content
    content["report"] |= {"number": 3, "published_on": "2027-03-04"}
    made = {one.kind: one for one in make_files(content)}
    checked = pdf_checker.validate_pdf_bytes(made[FileKind.PDF].content, profile="ua1")
    assert [(one.rule_id, one.message) for one in checked.failures] == []
    assert made[FileKind.CSV].name == "harbour-report-3.csv"
    rows = made[FileKind.CSV].content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("partnership,report,version,cycle,series,section")
    assert any("submitted_of_invited,6,6,100," in row for row in rows)
    assert "Open Government Licence" in made[FileKind.DICTIONARY].content.decode("utf-8-sig")
    assert "6 of 6 (100%)" in made[FileKind.PAGE].content.decode()


def test_each_kind_of_organisation_has_a_section_with_its_own_figures(cast: Cast, draft: Report) -> None:
    content = compose(draft).content
    page = make_page({**content, "errata": []})
    parts = [part for part in page.parts if part.kind == "by_variant"]
    assert [part.subject for part in parts] == [group.key for group in page.rounds[0].groups]
    assert len({part.id for part in page.parts}) == len(page.parts)


def test_a_section_comes_and_goes_with_its_figures_and_what_an_officer_wrote_stays(
    cast: Cast, draft: Report
) -> None:
    gone = ReportSection.objects.create(
        report=draft, kind="by_variant", subject="gone", title="Findings: nobody", position=90
    )
    kept = ReportSection.objects.create(
        report=draft, kind="by_variant", subject="kept", title="Findings: few", position=91
    )
    change_section(section=kept, text="Ours.", seen_version=1, by=cast.administrator)
    draft.sections.filter(subject="standard").delete()
    changed = redraft_report(report=draft, by=cast.administrator)
    assert [one.subject for one in changed] == ["standard"]
    positions = list(draft.sections.order_by("position").values_list("kind", "subject"))
    assert positions[3] == ("by_variant", "standard")
    assert positions[-1] == ("by_variant", "kept")
    assert not ReportSection.objects.filter(pk=gone.pk).exists()


def test_drafted_anew_as_often_as_one_likes(cast: Cast, draft: Report) -> None:
    """What stands last moves no further each time: there is a last position that a database can hold."""
    kept = ReportSection.objects.create(
        report=draft, kind="by_variant", subject="kept", title="Findings: few", position=90
    )
    change_section(section=kept, text="Ours.", seen_version=1, by=cast.administrator)
    for _ in range(2):
        redraft_report(report=draft, by=cast.administrator)
    kept.refresh_from_db()
    assert kept.position == draft.sections.count()
    change_section(section=kept, text=" ", seen_version=kept.version, by=cast.administrator)
    redraft_report(report=draft, by=cast.administrator)
    assert not ReportSection.objects.filter(pk=kept.pk).exists()
