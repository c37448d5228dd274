"""A poster whose report was corrected or withdrawn since: what is said of it, and its new issue."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accountability.models import Poster, Report
from accountability.poster_issues import list_changed_numbers
from accountability.poster_publishing import withdraw_poster
from accountability.postering import NotInThisState, discard_poster, issue_anew
from accountability.reporting import withdraw_report
from accountability.reports import get_published_posters
from s11.organisations.models import User
from tests.accountability.posters import poster_url, public_url, publish, publish_correction
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
REPORT = reverse("accountability:published_report", args=("harbour", 1))
MADE_OF = "The report that this poster was made of has been corrected since, so a number on it may be wrong."


@grounded
def corrected(cast: Cast, poster: Poster) -> Report:
    """The poster is public, with words of an officer and a number of theirs, and a correction of its report too."""
    poster.boxes.filter(position=1).update(heading="Everybody knows", text="We say: 3 of our 5 plans.")
    poster.own_numbers.create(words="3 of our 5", confirmed_by=cast.administrator)
    publish(poster, cast.publisher)
    assert poster.report is not None
    return publish_correction(poster.report, cast)


def test_a_correction_is_said_to_officers_and_to_the_public(
    cast: Cast, poster: Poster, corrected: Report, client: Client, sign_in: SignIn
) -> None:
    poster.refresh_from_db()
    public = client.get(public_url(poster))
    assert public.status_code == 200
    assert MADE_OF in public.text
    assert f'<a class="govuk-link" href="{REPORT}">Read the report as it holds now' in public.text
    desk = sign_in(cast.administrator).get(poster_url("poster", poster)).text
    assert "Report 1, which this poster is made of, was corrected since." in desk
    assert f'href="{REPORT}">Read report 1, version 2, and what was corrected' in desk
    assert "Make a new issue of it" in desk
    assert "Make a new issue of it" not in sign_in(cast.publisher).get(poster_url("poster", poster)).text


def test_a_new_issue_has_the_words_and_takes_the_place(
    cast: Cast, poster: Poster, corrected: Report, client: Client, sign_in: SignIn
) -> None:
    officer = sign_in(cast.quality_officer)
    made = officer.post(poster_url("poster_anew", poster))
    new = Poster.objects.get(replaces=poster)
    assert made.url == poster_url("poster", new)  # type: ignore[attr-defined]  # a redirect
    assert (new.report, new.kind, new.title, new.created_by) == (
        corrected,
        "poster",
        poster.title,
        cast.quality_officer,
    )
    first = new.boxes.all()[0]
    assert (first.heading, first.text) == ("Everybody knows", "We say: 3 of our 5 plans.")
    assert first.finding == corrected.findings.get()
    assert new.own_numbers.get().confirmed_by == cast.administrator
    with pytest.raises(NotInThisState, match="begun the new issue meanwhile"):
        issue_anew(poster=poster, by=cast.administrator)
    assert "Its new issue</a> is being written" in officer.get(poster_url("poster", poster)).text
    assert list(get_published_posters(cast.partnership)) == [poster]
    publish(new, cast.publisher)
    assert "There is a newer issue" in client.get(public_url(poster)).text
    assert "corrected since" not in client.get(public_url(new)).text
    assert list(get_published_posters(cast.partnership)) == [new]
    withdraw_poster(poster=poster)
    assert "Read its new issue" in client.get(public_url(poster)).text


def test_numbers_that_the_correction_changed_are_said_anew_or_named(
    cast: Cast, poster: Poster, corrected: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(count: int) -> list[dict[str, object]]:
        figure = {"count": count, "of": 12}
        names = ("submitted_of_invited", "submitted_of_registered", "on_time_of_submitted")
        took_part = {name: {"count": 7, "of": 9} for name in names}
        return [
            {
                "participation": took_part | {"invited": 9},
                "all": {"at_grade_2": figure},
                "variants": [],
                "themes": [],
            }
        ]

    def get_documents(report: Report) -> list[dict[str, object]]:
        return make(10 if report == corrected else 11)

    for module in ("postering", "poster_issues"):
        monkeypatch.setattr(f"accountability.{module}.get_documents", get_documents)
    poster.boxes.filter(position=1).update(figure="11 of 12 (92%)", text="So 11 of 12 do.")
    new = issue_anew(poster=poster, by=cast.administrator)
    box = new.boxes.all()[0]
    assert (box.figure, box.text) == ("10 of 12 (83%)", "So 11 of 12 do.")
    (changed,) = list_changed_numbers(new, [box.text])
    assert (changed.then, changed.now) == ("11 of 12 (92%)", "10 of 12 (83%)")
    discard_poster(poster=new, seen_version=new.version, by=new.created_by)
    assert issue_anew(poster=poster, by=cast.administrator).replaces == poster


def test_no_new_issue_of_what_holds_or_of_what_is_gone(
    cast: Cast, poster: Poster, published: Report, sign_in: SignIn, client: Client
) -> None:
    publish(poster, cast.publisher)
    with pytest.raises(NotInThisState, match="corrected since"):
        issue_anew(poster=poster, by=cast.administrator)
    assert sign_in(cast.administrator).post(poster_url("poster_anew", poster)).status_code == 403
    withdraw_report(report=published, reason="It named a child.", by=cast.publisher)
    desk = sign_in(cast.administrator).get(poster_url("poster", poster)).text
    assert "Report 1, which this poster is made of, was withdrawn since." in desk
    assert "No version of the report holds now" in desk
    assert "Make a new issue" not in desk
