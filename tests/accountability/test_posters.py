"""Posters on the desk: laid out from findings, changed, renamed, thrown away; who may do what."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.enums import FindingStatus, PosterKind, ReportStatus
from accountability.finding_permissions import (
    check_can_ask_sheet,
    check_can_change_poster,
    check_can_issue_anew,
    check_can_lay_out,
    check_can_publish_poster,
    check_can_withdraw_poster,
    check_can_write_findings,
)
from accountability.models import Finding, Poster, Report
from accountability.poster_publishing import ask_poster, withdraw_poster
from accountability.postering import (
    NotInThisState,
    begin_poster,
    change_box,
    discard_poster,
    issue_anew,
    rename_poster,
)
from accountability.writing_findings import add_finding, change_finding, drop_finding
from s11.organisations.models import User
from s11.organisations.queries import get_desk_or_404
from s11.web.errors import reason_why_not
from tests.accountability.posters import make_input, poster_url, publish, publish_correction, url
from tests.conftest import Cast

SignIn = Callable[[User], Client]
OFFICERS = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")
ORGANISERS = {"administrator", "quality_officer"}


def test_a_poster_needs_findings(cast: Cast, published: Report) -> None:
    with pytest.raises(NotInThisState, match="no findings yet"):
        begin_poster(report=published, kind=PosterKind.POSTER, by=cast.administrator)


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
    assert f'name="version" value="{poster.version}"' in client.get(at).text
    box = poster.boxes.all()[0]
    change_box(box=box, heading="H", figure="", text="A day’s work", seen_version=1, by=cast.quality_officer)
    for stale in ({}, {"version": poster.version}):
        late = client.post(at, stale, follow=True).text
        assert "Somebody has changed the poster since you read it. Read it again before" in late
    assert Poster.objects.exists()
    client.post(at, {"version": poster.version + 1})
    assert not Poster.objects.exists()
    with pytest.raises(NotInThisState, match="thrown the draft away"):
        change_box(box=box, heading="H", figure="", text="", seen_version=2, by=cast.quality_officer)


def test_words_that_come_too_late_are_shown_once_more(cast: Cast, poster: Poster, sign_in: SignIn) -> None:
    report, box = poster.report, poster.boxes.all()[0]
    assert report is not None
    words = {"heading": "My heading", "text": "My afternoon, 3 of 5.", "version": box.version}
    pages = (
        (
            url("poster_box", report, poster=poster.pk, box=box.pk),
            words,
            ("My heading", "My afternoon, 3 of 5."),
        ),
        (poster_url("poster_title", poster), {"title": "My title", "seen": poster.title}, ("My title",)),
    )

    def post(user: User) -> set[tuple[int, str]]:
        client, found = sign_in(user), set()
        for at, typed, kept in pages:
            made = client.post(at, typed)
            assert all(one in made.text for one in kept) == (user == cast.quality_officer)
            assert "The report does not say" not in made.text
            said = re.search(r"Not saved. (.*?) Copy what you typed if you still need it", made.text)
            found.add((made.status_code, said[1] if said else ""))
        return found

    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    assert post(cast.quality_officer) == {(403, "The poster is being published at this moment.")}
    assert post(cast.panel_member) == post(cast.publisher) == {(403, "")}
    Poster.objects.update(status="published", number=1, published_at=timezone.now())
    gone = "The poster is published, so nothing on it changes. Lay out a new one instead."
    assert post(cast.quality_officer) == {(403, gone)}
    Poster.objects.update(status="draft", number=None, published_at=None, approved_at=None)
    discard_poster(poster=poster, seen_version=poster.version, by=poster.created_by)
    assert post(cast.quality_officer) == {(404, "Somebody has thrown the draft away meanwhile.")}
    assert sign_in(cast.quality_officer).get(pages[0][0]).status_code == 404


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
    assert list_who_may(cast, check_can_ask_sheet, poster) == ORGANISERS | {"publisher"}
    assert list_who_may(cast, check_can_issue_anew, poster, None) == set()
    publish(poster, cast.publisher)
    assert list_who_may(cast, check_can_change_poster, poster) == set()
    assert list_who_may(cast, check_can_publish_poster, poster, with_user=True) == set()
    assert list_who_may(cast, check_can_withdraw_poster, poster) == {"administrator", "publisher"}
    assert list_who_may(cast, check_can_ask_sheet, poster) == set()
    assert list_who_may(cast, check_can_issue_anew, poster, report) == set()
    assert list_who_may(cast, check_can_issue_anew, poster, Report(pk=0)) == ORGANISERS
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
    with django_assert_num_queries(12):
        client.get(url("poster", published, poster=poster.pk))


def test_who_renamed_it_stands_on_its_page_and_does_not_publish_it(
    cast: Cast, poster: Poster, sign_in: SignIn
) -> None:
    at = poster_url("poster_title", poster)
    client = sign_in(cast.quality_officer)
    assert client.post(at, {"title": "What we do now", "seen": poster.title}).status_code == 302
    stale = client.post(at, {"title": "Mine", "seen": poster.title}).text
    assert "has named it ‘What we do now’ meanwhile" in stale
    assert 'value="Mine"' in stale
    poster.refresh_from_db()
    assert (poster.title, poster.renamed_by, poster.version) == ("What we do now", cast.quality_officer, 2)
    assert poster.renamed_at is not None
    page = client.get(poster_url("poster", poster)).text
    assert f"{cast.quality_officer} gave it this title on" in page
    again = rename_poster(poster=poster, title="By a publisher", seen_title=poster.title, by=cast.publisher)
    assert again is None
    poster.refresh_from_db()
    assert list_who_may(cast, check_can_publish_poster, poster, with_user=True) == set()


@pytest.mark.parametrize("wrote", ["title", "box", "number", "finding", "dropped finding"])
def test_whoever_wrote_of_it_is_kept_whoever_writes_after(cast: Cast, published: Report, wrote: str) -> None:
    """And for the new issue after a correction."""
    finding = add_finding(report=published, entered=make_input(), by=cast.administrator)
    if "finding" in wrote:
        for by in (cast.publisher, cast.administrator):
            changed = change_finding(
                finding=finding, entered=make_input(), seen_version=finding.version, by=by
            )
            assert changed is None
            finding.refresh_from_db()
    poster = begin_poster(report=published, kind=PosterKind.POSTER, by=cast.administrator)
    if wrote == "dropped finding":
        drop_finding(finding=finding, by=finding.created_by)
    if wrote == "number":
        poster.own_numbers.create(words="3 of our 5", confirmed_by=cast.publisher)
    for by in (cast.publisher, cast.administrator):
        if wrote == "title":
            rename_poster(poster=poster, title=f"By {by}", seen_title=poster.title, by=by)
            poster.refresh_from_db()
        if wrote == "box":
            box = poster.boxes.all()[0]
            assert (
                change_box(box=box, heading="H", figure="", text="T", seen_version=box.version, by=by) is None
            )
    assert list_who_may(cast, check_can_publish_poster, poster, with_user=True) == set()
    poster.refresh_from_db()
    publish(poster, cast.quality_officer)
    correction = publish_correction(published, cast)
    new = issue_anew(poster=poster, by=cast.administrator)
    assert new.report == correction
    assert list_who_may(cast, check_can_publish_poster, new, with_user=True) == set()
