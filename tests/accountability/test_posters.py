"""Posters on the desk: laid out from findings, changed, renamed, thrown away; who may do what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
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
from accountability.poster_publishing import withdraw_poster
from accountability.postering import NotInThisState, begin_poster, rename_poster
from accountability.writing_findings import add_finding, change_finding
from s11.organisations.models import User
from s11.organisations.queries import get_desk_or_404
from s11.web.errors import reason_why_not
from tests.accountability.posters import make_input, poster_url, publish, url
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
