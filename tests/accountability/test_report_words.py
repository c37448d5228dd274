"""The words of a report on the desk: what the draft says otherwise, the numbers at hand, and comments."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accountability import drafting
from accountability.commenting import NotInThisState, comment_on_section, resolve_comment
from accountability.drafting import draft_sections
from accountability.enums import ReportStatus
from accountability.models import Report, ReportComment, ReportSection
from accountability.number_list import list_numbers, list_unknown
from accountability.report_content import compose
from accountability.report_figures import get_figures
from accountability.report_permissions import check_can_comment
from accountability.reporting import begin_report, change_section, redraft_report, send_to_review
from accountability.tokens import fill_tokens
from s11.organisations.models import User
from s11.organisations.queries import get_desk_or_404
from s11.web.errors import reason_why_not
from tests.accountability.reports import make_full_cycle
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
READERS = {"administrator", "quality_officer", "scrutineer", "publisher"}


@grounded
def draft(cast: Cast) -> Report:
    return begin_report(
        partnership=cast.partnership,
        title="How safe are we?",
        cycles=[make_full_cycle(cast)],
        by=cast.administrator,
    )


def get_section(report: Report) -> ReportSection:
    return report.sections.select_related("report").get(kind="overall")


def url(name: str, section: ReportSection, **more: int) -> str:
    kwargs = {"partnership": "harbour", "report": section.report_id, "section": section.pk, **more}
    return reverse(f"accountability:{name}", kwargs=kwargs)


def test_every_number_at_hand_can_be_written(draft: Report) -> None:
    documents = [one.document for one in get_figures(draft)]
    numbers = list_numbers(documents)
    assert len({number.token for number in numbers}) == len(numbers) > 10
    for number in numbers:
        assert fill_tokens(number.token, documents) == number.value


def test_of_a_second_cycle_they_say_so(draft: Report) -> None:
    documents = [one.document for one in get_figures(draft)] * 2
    assert list_numbers(documents, 1)[0].token == "[[2:participation/submitted_of_invited]]"


def test_what_the_draft_says_otherwise_is_shown(cast: Cast, draft: Report, sign_in: SignIn) -> None:
    section = get_section(draft)
    client = sign_in(cast.quality_officer)
    change_section(section=section, text="Ours.", seen_version=section.version, by=cast.administrator)
    assert "The draft has changed" not in client.get(url("report_section", section)).text
    ReportSection.objects.filter(pk=section.pk).update(drafted="Something else now.")
    page = client.get(url("report_section", section)).text
    assert "The draft has changed since you wrote" in page
    assert '<ins><span class="govuk-visually-hidden">added: </span>Something' in page
    listed = client.get(reverse("accountability:report", args=("harbour", draft.pk))).text
    assert "The draft has changed since." in listed


def test_comments_are_said_counted_and_settled(cast: Cast, draft: Report, sign_in: SignIn) -> None:
    section = get_section(draft)
    client = sign_in(cast.scrutineer)
    assert client.post(url("report_comments", section), {"text": ""}).status_code == 200
    assert client.post(url("report_comments", section), {"text": "Say who took part."}).status_code == 302
    comment = ReportComment.objects.get()
    client = sign_in(cast.administrator)
    assert "1 open" in client.get(reverse("accountability:report", args=("harbour", draft.pk))).text
    assert "Say who took part." in client.get(url("report_comments", section)).text
    client.post(url("report_comment_resolve", section, comment=comment.pk))
    comment.refresh_from_db()
    assert (comment.is_resolved, comment.resolved_by) == (True, cast.administrator)
    resolve_comment(comment=comment, by=cast.scrutineer)
    comment.refresh_from_db()
    assert comment.resolved_by == cast.administrator


def test_a_comment_of_another_section_is_not_found(cast: Cast, draft: Report, sign_in: SignIn) -> None:
    comment = comment_on_section(section=get_section(draft), text="Here.", by=cast.publisher)
    other = draft.sections.get(kind="introduction")
    client = sign_in(cast.administrator)
    assert client.post(url("report_comment_resolve", other, comment=comment.pk)).status_code == 404


def test_nothing_is_said_of_what_is_published(cast: Cast, draft: Report) -> None:
    section = get_section(draft)
    Report.objects.filter(pk=draft.pk).update(
        status=ReportStatus.PUBLISHED,
        number=1,
        approved_by=cast.quality_officer,
        approved_at="2027-03-04T10:00Z",
        approved_digest="0" * 64,
        published_by=cast.publisher,
        published_at="2027-03-04T10:00Z",
    )
    with pytest.raises(NotInThisState, match="published by now"):
        comment_on_section(section=section, text="Late.", by=cast.administrator)


@pytest.mark.parametrize("status", [ReportStatus.DRAFT, ReportStatus.IN_REVIEW, ReportStatus.PUBLISHED])
def test_who_may_comment_when(cast: Cast, draft: Report, status: ReportStatus) -> None:
    draft.status = status
    officers = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")
    may = {
        name
        for name in officers
        if not reason_why_not(check_can_comment, get_desk_or_404(getattr(cast, name), "harbour"), draft)
    }
    assert may == (set() if status == ReportStatus.PUBLISHED else READERS)


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_three_comments(
    cast: Cast, draft: Report, sign_in: SignIn, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    section = get_section(draft)
    for _ in range(number):
        comment_on_section(section=section, text="Here.", by=cast.publisher)
    client = sign_in(cast.administrator)
    with django_assert_num_queries(14):
        client.get(url("report_comments", section))


# Codes that name no number -------------------------------------------------------------------------------------------


def test_an_unknown_code_is_saved_and_said_at_once(cast: Cast, draft: Report, sign_in: SignIn) -> None:
    section = get_section(draft)
    client = sign_in(cast.administrator)
    entered = {"text": "So many: [[participation/nonsense]], [[all/audits]].", "version": section.version}
    answer = client.post(url("report_section", section), entered)
    assert answer["Location"] == url("report_section", section)
    section.refresh_from_db()
    assert section.words == entered["text"]
    page = client.get(answer["Location"]).text
    assert "it names a number that is not known" in page
    assert "<code>[[participation/nonsense]]</code><br>The nearest is <code>[[participation/" in page
    assert "[[all/audits]]</code><br>" not in page
    # It stays said until it is put right.
    assert "This code names no number" in client.get(url("report_section", section)).text
    well = {"text": "So many: [[all/audits]].", "version": section.version}
    answer = client.post(url("report_section", section), well)
    assert answer["Location"] == reverse("accountability:report", args=("harbour", draft.pk))


def test_the_hint_gives_a_code_of_the_list(cast: Cast, draft: Report, sign_in: SignIn) -> None:
    page = sign_in(cast.administrator).get(url("report_section", get_section(draft))).text
    hint = re.search(r"<code>(\[\[.*?\]\])</code> says (.*?) now", page)
    assert hint is not None
    documents = [one.document for one in get_figures(draft)]
    assert (hint[1], hint[2]) in {(one.token, one.value) for one in list_numbers(documents)}


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("[[participation/submited]]", "[[participation/submitted]]"),
        ("[[2:all/at_grade_2]]", "[[all/at_grade_2]]"),
        ("[[variants/standard/standards/A1/at_grade2]]", "[[variants/standard/standards/A1/at_grade_2]]"),
        (
            "[[variants/standard/standards/A1/indicators/A1.2/score/2]]",
            "[[variants/standard/standards/A1/indicators/A1.2/scores/2]]",
        ),
        ("[[all/at_grade_2]", "[[all/at_grade_2]]"),
        ("all/at_grade_2]]", "[[all/at_grade_2]]"),
        ("[[zzz]]", None),
    ],
)
def test_what_was_meant(draft: Report, wrong: str, meant: str | None) -> None:
    (unknown,) = list_unknown(f"Now {wrong} of them.", [one.document for one in get_figures(draft)])
    assert unknown.token == wrong
    assert (unknown.meant.token if unknown.meant else None) == meant


# Sections that a new draft takes out ----------------------------------------------------------------------------------


def test_what_was_said_of_a_section_that_goes_is_kept(cast: Cast, draft: Report, sign_in: SignIn) -> None:
    said, written, empty = (
        draft.sections.create(
            kind="by_variant", subject=subject, title=f"Findings: {subject}", position=place
        )
        for place, subject in enumerate(("health", "school", "care_home"), start=90)
    )
    comment_on_section(section=said, text="Ask them why.", by=cast.publisher)
    change_section(section=written, text="[[nonsense]] Ours.", seen_version=1, by=cast.administrator)
    redraft_report(report=draft, by=cast.administrator)
    kept = draft.sections.exclude(removed_at=None)
    assert {one.pk for one in kept} == {said.pk, written.pk}
    assert not draft.sections.filter(pk=empty.pk).exists()
    # Out of what is published, and in nobody's way.
    composed = compose(draft)
    assert [one["subject"] for one in composed.content["sections"] if one["subject"]] == ["standard"]
    assert not composed.unknown
    client = sign_in(cast.administrator)
    page = client.get(reverse("accountability:report", args=("harbour", draft.pk))).text
    listed = page.split("Sections no longer in this report", 1)[1]
    assert "Findings: health" in listed
    assert "1 open" in listed
    assert "Ask them why." in client.get(url("report_comments", said)).text
    assert "[[nonsense]] Ours." in client.get(url("report_section", written)).text


def test_a_section_comes_back_with_its_comments(
    cast: Cast, draft: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = draft.sections.get(subject="standard")
    comment_on_section(section=section, text="Ask them why.", by=cast.publisher)
    change_section(section=section, text="Ours.", seen_version=1, by=cast.administrator)
    drafts = drafting.make_drafts
    with monkeypatch.context() as without:
        without.setattr(
            drafting, "make_drafts", lambda *given: (one for one in drafts(*given) if not one.subject)
        )
        draft_sections(draft)
    section.refresh_from_db()
    assert section.is_removed
    draft_sections(draft)
    section.refresh_from_db()
    assert (section.is_removed, section.words, section.comments.count()) == (False, "Ours.", 1)


def test_what_is_sent_to_review_says_what_is_so_today(cast: Cast, draft: Report) -> None:
    section = get_section(draft)
    ReportSection.objects.filter(pk=section.pk).update(drafted="No audit is at grade 2 overall.")
    send_to_review(report=draft, by=cast.administrator)
    section.refresh_from_db()
    assert section.drafted == "Every audit is at grade 2 overall: [[all/at_grade_2]]."
