"""Findings and posters: suggested from public figures, written by two at once, on one sheet, published as they are."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import page as pdf_checker
import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accountability.enums import FindingStatus, PosterKind, ReportStatus
from accountability.finding_drafts import MOST_BOXES, Told, lay_out, suggest
from accountability.finding_permissions import (
    check_can_change_poster,
    check_can_lay_out,
    check_can_publish_poster,
    check_can_withdraw_poster,
    check_can_write_findings,
)
from accountability.models import Finding, Poster, PublishedFile, Report
from accountability.poster_files import make_pdf
from accountability.poster_numbers import PublicNumbers
from accountability.postering import (
    NotInThisState,
    ask_poster,
    begin_poster,
    change_box,
    publish_poster,
    queue_lost_posters,
    rename_poster,
    withdraw_poster,
)
from accountability.report_files import MadeFile
from accountability.reporting import begin_report, withdraw_report
from accountability.reports import get_published_posters
from accountability.writing_findings import (
    FindingInput,
    add_finding,
    change_finding,
    drop_finding,
    move_finding,
    suggest_findings,
)
from s11.organisations.models import User
from s11.organisations.queries import get_desk_or_404
from s11.web.errors import reason_why_not
from s11.web.pdf import TooLongError
from surveys.models import Message, Theme
from tests.accountability.reports import approve, make_full_cycle, publish_now
from tests.conftest import Cast

SignIn = Callable[[User], Client]
OFFICERS = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")
ORGANISERS = {"administrator", "quality_officer"}


@pytest.fixture
def published(cast: Cast) -> Report:
    cycle = make_full_cycle(cast)
    draft = begin_report(
        partnership=cast.partnership, title="How safe are we?", cycles=[cycle], by=cast.administrator
    )
    approve(draft, author=cast.administrator, approver=cast.quality_officer)
    with patch("accountability.report_files.render_pdf", return_value=b"%PDF-1.7"):
        return publish_now(draft, by=cast.publisher)


@pytest.fixture
def poster(cast: Cast, published: Report) -> Poster:
    add_finding(report=published, entered=make_input(), by=cast.administrator)
    return begin_poster(report=published, kind=PosterKind.POSTER, by=cast.administrator)


def make_input(title: str = "Staff know whom to tell", found: str = "") -> FindingInput:
    return FindingInput(
        title=title,
        found=found or "[[all/at_grade_2]] audits are at grade 2.",
        why_it_matters="A child is heard the first time.",
        next_steps="Ask your team.",
        themes=[Theme.objects.get_or_create(code="T1", defaults={"title": "Leadership", "position": 1})[0]],
    )


def publish(poster: Poster, by: User) -> Poster:
    """The job is run by hand, without drawing."""
    ask_poster(poster=poster, seen_version=poster.version, by=by)
    with patch("s11.web.pdf.render_sheet", return_value=b"%PDF-1.7"):
        publish_poster.call(poster.pk)
    poster.refresh_from_db()
    return poster


def url(name: str, report: Report, **more: Any) -> str:
    return reverse(f"accountability:{name}", kwargs={"partnership": "harbour", "report": report.pk, **more})


# Suggestions ----------------------------------------------------------------------------------------------------------


def make_theme(code: str, count: int, of: int = 10) -> dict[str, Any]:
    return {"code": code, "title": f"Theme {code}", "at_grade_2": {"count": count, "of": of}}


def make_document(*themes: dict[str, Any]) -> dict[str, Any]:
    return {"themes": list(themes), "variants": []}


def test_the_weakest_themes_then_the_strongest() -> None:
    themes = [
        make_theme(f"T{number}", count) for number, count in enumerate([9, 3, 10, 5, 4, 8, 10], start=1)
    ]
    assert [one.theme for one in suggest(make_document(*themes))] == ["T2", "T5", "T4", "T7", "T3"]


def test_nothing_withheld_is_suggested_and_nothing_twice() -> None:
    hidden = {"code": "T1", "title": "Hidden", "at_grade_2": {"suppressed": True}}
    assert suggest(make_document(hidden)) == []
    assert [one.theme for one in suggest(make_document(hidden, make_theme("T2", 4)))] == ["T2"]
    level = [make_theme("T1", 4), make_theme("T2", 4)]
    assert [one.theme for one in suggest(make_document(*level))] == ["T1", "T2"]
    assert suggest(make_document(make_theme("T1", 10), make_theme("T2", 10))) == []


@pytest.mark.parametrize("kind", list(PosterKind))
@pytest.mark.parametrize("number", [1, 3, 12])
def test_never_more_than_seven_boxes(kind: PosterKind, number: int) -> None:
    document = {
        "participation": {"submitted_of_invited": {"count": 7, "of": 9}},
        **make_document(make_theme("T1", 4)),
    }
    told = [
        Told(
            one,
            f"Finding {one}",
            "[[themes/T1/at_grade_2]] are.",
            "It matters.",
            "Ask.",
            "themes/T1/at_grade_2",
        )
        for one in range(number)
    ]
    boxes = lay_out(kind, told, [document], "Audit 2026")
    assert len(boxes) == (MOST_BOXES if kind == PosterKind.BRIEFING else min(number + 1, MOST_BOXES))
    assert not any("[[" in box.figure + box.text for box in boxes)
    assert "4 of 10 (40%)" in [box.figure for box in boxes]
    assert "are." in [box.text for box in boxes]


# Findings -------------------------------------------------------------------------------------------------------------


def test_suggested_once_with_the_numbers_behind_them(cast: Cast, published: Report) -> None:
    document = {**make_document(make_theme("T1", 4), make_theme("T2", 9))}
    for code in ("T1", "T2"):
        Theme.objects.get_or_create(code=code, defaults={"title": code, "position": int(code[1])})
    with patch("accountability.writing_findings.get_documents", return_value=[document]):
        made = suggest_findings(report=published, by=cast.administrator)
        again = suggest_findings(report=published, by=cast.administrator)
    assert [finding.title for finding in made] == ["Theme T1: to be better", "Theme T2: to be better"]
    assert again == []
    figure = made[0].figures.get()
    assert (figure.path, figure.text) == ("themes/T1/at_grade_2", "4 of 10 (40%)")


def test_a_stale_save_changes_nothing_and_gives_the_other_text(cast: Cast, published: Report) -> None:
    finding = add_finding(report=published, entered=make_input(), by=cast.administrator)
    change = partial(change_finding, finding=finding, seen_version=finding.version)
    assert change(entered=make_input("First"), by=cast.administrator) is None
    theirs = change(entered=make_input("Second"), by=cast.quality_officer)
    assert theirs is not None
    assert (theirs.title, theirs.changed_by) == ("First", cast.administrator)


def test_put_in_order_and_dropped(cast: Cast, published: Report) -> None:
    one, two, three = (
        add_finding(report=published, entered=make_input(title), by=cast.administrator) for title in "ABC"
    )
    move_finding(finding=three, is_up=True)
    move_finding(finding=one, is_up=True)
    assert [finding.title for finding in published.findings.all()] == ["A", "C", "B"]
    drop_finding(finding=two)
    assert [finding.title for finding in published.findings.all()] == ["A", "C"]


def test_the_officer_s_way(cast: Cast, published: Report, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    theme = make_input().themes[0]
    entered = {
        "title": "Staff know",
        "themes": [theme.pk],
        "found": "Yes [[all/at_grade_2]].",
        "version": "0",
    }
    assert client.post(url("finding_add", published), {**entered, "title": ""}).status_code == 200
    assert client.post(url("finding_add", published), entered).status_code == 302
    finding = Finding.objects.get()
    page = client.get(url("findings", published)).text
    assert "Yes 12 of 12 (100%)." in page
    numbers = url("finding_numbers", published, finding=finding.pk)
    assert client.post(numbers, {"paths": ["all/at_grade_2"]}).status_code == 302
    assert (
        "All organisations: at grade 2 overall: 12 of 12 (100%)"
        in client.get(url("findings", published)).text
    )
    assert client.post(numbers, {"paths": ["all/nothing"]}).status_code == 200
    assert client.post(url("poster_begin", published), {"kind": "briefing"}).status_code == 302
    poster = Poster.objects.get()
    assert poster.kind == PosterKind.BRIEFING
    box = poster.boxes.all()[1]
    at = url("poster_box", published, poster=poster.pk, box=box.pk)
    data = {"heading": "Why", "figure": "", "text": "It matters.", "version": str(box.version)}
    assert client.post(at, data).status_code == 302
    stale = client.post(at, {**data, "text": "Stale."}).text
    assert "has saved another text meanwhile" in stale
    assert "Stale." in stale
    # Who wrote it does not publish it, whatever else they are
    assert client.post(url("poster_publish", published, poster=poster.pk)).status_code == 403


def test_a_poster_needs_findings(cast: Cast, published: Report) -> None:
    with pytest.raises(NotInThisState, match="no findings yet"):
        begin_poster(report=published, kind=PosterKind.POSTER, by=cast.administrator)


# Published ------------------------------------------------------------------------------------------------------------


def test_published_at_once_with_number_files_and_hashes(cast: Cast, poster: Poster) -> None:
    publish(poster, cast.publisher)
    assert (poster.status, poster.number, poster.published_by) == ("published", 1, cast.publisher)
    assert Finding.objects.get().status == FindingStatus.PUBLISHED
    for one in poster.files.all():
        with one.file.open("rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == one.sha256
    publish_poster.call(poster.pk)
    assert PublishedFile.objects.filter(poster=poster).count() == 2


def test_nothing_changes_once_publication_is_asked_for(cast: Cast, poster: Poster) -> None:
    box = poster.boxes.all()[0]
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    with pytest.raises(NotInThisState):
        change_box(box=box, heading="X", figure="", text="", seen_version=box.version, by=cast.administrator)


def test_what_does_not_fit_is_a_draft_again_and_who_asked_is_told(cast: Cast, poster: Poster) -> None:
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    with patch(
        "accountability.poster_files.make_pdf", side_effect=TooLongError("Shorten the longest boxes.")
    ):
        publish_poster.call(poster.pk)
    poster.refresh_from_db()
    assert (poster.status, poster.number, poster.approved_at) == ("draft", None, None)
    message = Message.objects.get(subject__startswith="Publish a poster again")
    assert message.email == cast.publisher.email
    assert "Shorten the longest boxes." in message.body


def test_a_disk_that_is_full_after_the_first_file_keeps_none(
    cast: Cast, poster: Poster, settings: LazySettings
) -> None:
    def list_files() -> set[Path]:
        return {one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()}

    before, save = list_files(), FieldFile.save
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)

    def save_pages(file: FieldFile, name: str, *content: Any, **options: Any) -> None:
        if not name.endswith(".html"):
            raise OSError("disk full")
        save(file, name, *content, **options)

    with (
        patch("s11.web.pdf.render_sheet", return_value=b"%PDF-1.7"),
        patch.object(FieldFile, "save", save_pages),
    ):
        publish_poster.call(poster.pk)
    assert list_files() == before


def test_what_fails_at_the_last_step_leaves_no_file_behind(cast: Cast, poster: Poster) -> None:
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    with (
        patch("accountability.postering.make_poster_files", return_value=[]),
        patch("accountability.postering._make_public_at_once", side_effect=RuntimeError("disk full")),
    ):
        publish_poster.call(poster.pk)
    poster.refresh_from_db()
    assert poster.status == FindingStatus.DRAFT
    assert not PublishedFile.objects.filter(poster=poster).exists()


def test_one_that_a_dead_worker_left_is_queued_again(cast: Cast, poster: Poster) -> None:
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    poster.refresh_from_db()
    assert poster.approved_at is not None
    assert queue_lost_posters(poster.approved_at + datetime.timedelta(minutes=14)) == 0
    with patch("accountability.poster_files.make_pdf", return_value=(b"%PDF-1.7", 2)):
        assert queue_lost_posters(poster.approved_at + datetime.timedelta(minutes=16)) == 1
    poster.refresh_from_db()
    assert poster.status == FindingStatus.PUBLISHED


def test_what_fails_again_and_again_can_be_changed_after_an_hour(cast: Cast, poster: Poster) -> None:
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    poster.refresh_from_db()
    assert poster.approved_at is not None
    assert queue_lost_posters(poster.approved_at + datetime.timedelta(minutes=61)) == 0
    assert not Poster.objects.exclude(status=FindingStatus.DRAFT, approved_at=None).exists()
    assert Message.objects.filter(subject__startswith="Publish a poster again").exists()


def test_a_worker_ends_once_another_has_given_it_up(cast: Cast, poster: Poster) -> None:
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)

    def give_up(*_: object) -> list[MadeFile]:
        assert Poster.objects.filter(approved_at__isnull=False).update(approved_at=None, approved_by=None)
        return []

    with patch("accountability.postering.make_poster_files", side_effect=give_up) as makes:
        publish_poster.call(poster.pk)
    assert makes.call_count == 1
    poster.refresh_from_db()
    assert poster.status == FindingStatus.DRAFT


def test_of_a_report_that_is_withdrawn_meanwhile_nothing_is_published(cast: Cast, poster: Poster) -> None:
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    assert poster.report is not None
    withdraw_report(report=poster.report, reason="It named a child.", by=cast.publisher)
    with patch("accountability.poster_files.make_pdf", return_value=(b"%PDF-1.7", 2)):
        publish_poster.call(poster.pk)
    poster.refresh_from_db()
    assert (poster.status, poster.approved_at) == ("draft", None)
    assert "is not published any more" in Message.objects.latest("pk").body
    assert not PublishedFile.objects.filter(poster=poster).exists()


def test_only_what_was_read_is_published(cast: Cast, poster: Poster, sign_in: SignIn) -> None:
    seen = poster.version
    box = poster.boxes.all()[0]
    change = partial(change_box, box=box, heading="X", figure="", text="All of them.", by=cast.administrator)
    assert change(seen_version=box.version) is None
    with pytest.raises(NotInThisState, match="changed the poster since you read it"):
        ask_poster(poster=poster, seen_version=seen, by=cast.publisher)
    rename_poster(poster=poster, title="Another")
    with pytest.raises(NotInThisState, match="changed the poster since you read it"):
        ask_poster(poster=poster, seen_version=seen + 1, by=cast.publisher)
    assert poster.report is not None
    client, at = sign_in(cast.publisher), url("poster", poster.report, poster=poster.pk)
    assert f'name="version" value="{seen + 2}"' in client.get(f"{at}publish/").text
    for version, is_asked in (("", False), ("9" * 5_000, False), (str(seen), False), (str(seen + 2), True)):
        client.post(f"{at}publish/", {"version": version})
        assert (Poster.objects.get(pk=poster.pk).approved_at is not None) == is_asked


def test_a_number_that_nothing_fills_in_is_not_published(cast: Cast, published: Report) -> None:
    entered = make_input(found="There are [[all/nothing]] of them.")
    add_finding(report=published, entered=entered, by=cast.administrator)
    poster = begin_poster(report=published, kind=PosterKind.POSTER, by=cast.administrator)
    with pytest.raises(NotInThisState, match="‘Staff know whom to tell’ has a number in brackets"):
        ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)


def test_only_numbers_of_the_report_stand_large(published: Report, cast: Cast, sign_in: SignIn) -> None:
    add_finding(report=published, entered=make_input(), by=cast.administrator)
    poster = begin_poster(report=published, kind=PosterKind.POSTER, by=cast.administrator)
    box = poster.boxes.all()[0]
    client, at = sign_in(cast.administrator), url("poster_box", published, poster=poster.pk, box=box.pk)
    data = {"heading": "Safe", "text": "It matters.", "version": str(box.version)}
    assert "The report says no such number" in client.post(at, {**data, "figure": "99 of 100 (99%)"}).text
    assert client.post(at, {**data, "figure": "12 of 12 (100%)"}).status_code == 302


def test_no_invented_number_is_published(cast: Cast, poster: Poster, sign_in: SignIn) -> None:
    poster.boxes.filter(position=1).update(
        figure="7 in 10", text="Then 12 of 12, and 98 of 99 (99%), say so."
    )
    with pytest.raises(NotInThisState, match=r"does not say ‘7 in 10’ and 98 of 99 \(99%\)\."):
        ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    assert poster.report is not None
    page = sign_in(cast.publisher).get(url("poster", poster.report, poster=poster.pk)).text
    assert "The report does not say ‘7 in 10’, 98 of 99 (99%)." in page


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("4 of 10 (40%) and 4 of 10 and 4 out of 10 (40 per cent)", []),
        ("4 of 10 (41%)", ["4 of 10 (41%)"]),
        ("14 of 10, 4 of 101", ["14 of 10", "4 of 101"]),
        ("A third of 10 schools, by 3 May, 2 of them", []),
    ],
)
def test_numbers_in_words(words: str, unknown: list[str]) -> None:
    document = {"participation": {}, **make_document(make_theme("T1", 4))}
    assert PublicNumbers([document]).find_unknown(words) == unknown


def test_whoever_is_named_is_shown_before_it_is_public(cast: Cast, poster: Poster, sign_in: SignIn) -> None:
    name = cast.organisation.name
    warning = f"The text names {name}."
    Finding.objects.update(found=f"As {name} does.")
    poster.boxes.filter(position=1).update(text=f"As {name} does.")
    assert poster.report is not None
    finding = url("finding", poster.report, finding=Finding.objects.get().pk)
    at = url("poster", poster.report, poster=poster.pk)
    assert warning in sign_in(cast.administrator).get(finding).text
    assert warning in sign_in(cast.administrator).get(at).text
    assert warning in sign_in(cast.publisher).get(at).text
    assert warning in sign_in(cast.publisher).get(f"{at}publish/").text


def test_a_draft_is_thrown_away_once_confirmed(cast: Cast, poster: Poster, sign_in: SignIn) -> None:
    assert poster.report is not None
    client, at = sign_in(cast.administrator), url("poster_discard", poster.report, poster=poster.pk)
    assert "Its words are gone for good" in client.get(at).text
    assert Poster.objects.exists()
    client.post(at)
    assert not Poster.objects.exists()


def test_who_wrote_a_finding_wrote_the_poster_that_says_it(cast: Cast, published: Report) -> None:
    add_finding(report=published, entered=make_input(), by=cast.publisher)
    poster = begin_poster(report=published, kind=PosterKind.POSTER, by=cast.administrator)
    assert list_who_may(cast, check_can_publish_poster, poster, with_user=True) == set()


def test_findings_of_a_withdrawn_poster_can_be_put_right(cast: Cast, poster: Poster) -> None:
    assert poster.report is not None
    other = begin_poster(report=poster.report, kind=PosterKind.BRIEFING, by=cast.administrator)
    publish(poster, cast.publisher)
    publish(other, cast.publisher)
    withdraw_poster(poster=poster)
    assert Finding.objects.get().status == FindingStatus.PUBLISHED
    withdraw_poster(poster=other)
    finding = Finding.objects.get()
    assert (
        change_finding(
            finding=finding,
            entered=make_input("Better said"),
            seen_version=finding.version,
            by=cast.administrator,
        )
        is None
    )


def test_the_public_reads_it_without_cookies_and_not_once_it_is_withdrawn(
    cast: Cast, poster: Poster, client: Client
) -> None:
    public = reverse("accountability:published_poster", args=("harbour", 1))
    assert client.get(public).status_code == 404
    publish(poster, cast.publisher)
    page = client.get(public)
    assert page.status_code == 200
    assert not page.cookies
    assert page["Cache-Control"] == "public, max-age=300"
    file = poster.files.get(kind="pdf")
    sheet = client.get(reverse("accountability:published_poster_file", args=("harbour", 1, file.name)))
    assert (sheet.status_code, sheet["ETag"]) == (200, f'"{file.sha256}"')
    assert "immutable" in sheet["Cache-Control"]
    assert client.get(public.replace("harbour", "moorland")).status_code == 404
    withdraw_poster(poster=poster)
    assert client.get(public).status_code == 404
    assert default_storage.exists(str(file.file.name))


def test_the_public_reads_no_poster_of_a_withdrawn_report(cast: Cast, poster: Poster, client: Client) -> None:
    publish(poster, cast.publisher)
    assert poster.report is not None
    withdraw_report(report=poster.report, reason="It named a child.", by=cast.publisher)
    page = reverse("accountability:published_poster", args=("harbour", 1))
    assert client.get(page).status_code == 404
    assert client.get(f"{page}{poster.files.all()[0].name}").status_code == 404
    assert not get_published_posters(poster.partnership)


def test_one_accessible_sheet(cast: Cast, poster: Poster) -> None:
    pdf, size = make_pdf(poster)
    assert size == 1
    found = pdf_checker.validate_pdf_bytes(pdf, profile="ua1")
    assert [(one.rule_id, one.message) for one in found.failures] == []


def test_long_texts_take_smaller_letters_and_too_long_ones_are_refused(cast: Cast, poster: Poster) -> None:
    poster.boxes.update(text="Ask your team what they would do. " * 26)
    assert make_pdf(poster)[1] > 1
    poster.boxes.update(text="Word. " * 250)
    boxes = list(poster.boxes.all())
    for position in range(len(boxes) + 1, 8):
        poster.boxes.create(position=position, heading="More", text="Word. " * 250)
    with pytest.raises(TooLongError, match="does not fit on one page"):
        make_pdf(poster)


# Who may --------------------------------------------------------------------------------------------------------------


def list_who_may(cast: Cast, check: Callable[..., None], *things: Any, with_user: bool = False) -> set[str]:
    found = set()
    for role in OFFICERS:
        user = getattr(cast, role)
        more = (user,) if with_user else ()
        if not reason_why_not(check, get_desk_or_404(user, "harbour"), *things, *more):
            found.add(role)
    return found


def test_who_may_what_when(cast: Cast, poster: Poster) -> None:
    report = poster.report
    assert report is not None
    assert list_who_may(cast, check_can_write_findings, report) == ORGANISERS
    assert list_who_may(cast, check_can_lay_out, report) == ORGANISERS
    assert list_who_may(cast, check_can_change_poster, poster) == ORGANISERS
    assert list_who_may(cast, check_can_publish_poster, poster, with_user=True) == {"publisher"}
    assert list_who_may(cast, check_can_withdraw_poster, poster) == set()
    publish(poster, cast.publisher)
    assert list_who_may(cast, check_can_change_poster, poster) == set()
    assert list_who_may(cast, check_can_publish_poster, poster, with_user=True) == set()
    assert list_who_may(cast, check_can_withdraw_poster, poster) == {"administrator", "publisher"}
    report.status = ReportStatus.WITHDRAWN
    assert list_who_may(cast, check_can_write_findings, report) == set()


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_three(
    cast: Cast,
    published: Report,
    sign_in: SignIn,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for one in range(number):
        add_finding(report=published, entered=make_input(f"Finding {one}"), by=cast.administrator)
        poster = begin_poster(report=published, kind=PosterKind.POSTER, by=cast.administrator)
    client = sign_in(cast.administrator)
    with django_assert_num_queries(9):
        client.get(url("findings", published))
    with django_assert_num_queries(11):
        client.get(url("poster", published, poster=poster.pk))
