"""The seven questions after a multi-agency audit: what is kept of who answers, what is taken, who reads what when."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from auditlog.models import LogEntry
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.exports.multi_agency_tables import list_multi_agency_tables
from accountability.models import (
    MultiAgencyAudit,
    Reflection,
    ReflectionAnswer,
    ReflectionSummary,
    ReflectionTheme,
)
from accountability.multi_agency_enums import ReflectiveQuestion
from accountability.multi_agency_reflecting import (
    CHANCE,
    NotInThisState,
    answer_reflection,
    close_reflection,
    forget_answers,
    give_themes,
    move_last_day,
    open_reflection,
    replace_link,
    write_summary,
)
from accountability.multi_agency_reflections import count_answers, get_readable, get_told
from accountability.tick import JOBS
from s11.organisations.models import Session, User
from s11.web.anonymous_answers import MEMORY, MOST
from tests.accountability.multi_agency import BARRIERS, WELL, days, make_audit, make_reflection
from tests.conftest import Cast

SignIn = Callable[[User], Client]
DESK = {"partnership": "harbour"}


@pytest.fixture(autouse=True)
def _nobody_before() -> None:
    MEMORY.clear()


@pytest.fixture
def audit(cast: Cast) -> MultiAgencyAudit:
    return make_audit(cast.partnership)


@pytest.fixture
def reflection(audit: MultiAgencyAudit, cast: Cast) -> Reflection:
    return make_reflection(audit, by=cast.administrator)


@pytest.fixture
def told(audit: MultiAgencyAudit, cast: Cast) -> Reflection:
    """Five people to one question, four of them to another as well."""
    found = make_reflection(audit, by=cast.administrator, people=4, given={BARRIERS: "time", WELL: "calls"})
    answer_reflection(reflection=found, given={BARRIERS: "time 5"})
    close_reflection(reflection=found, by=cast.administrator)
    found.refresh_from_db()
    return found


def link(reflection: Reflection) -> str:
    return reverse("accountability:reflection", args=[reflection.get_link_token()])


def address(name: str, audit: MultiAgencyAudit, **arguments: Any) -> str:
    return reverse(f"accountability:multi_agency_{name}", kwargs=DESK | {"audit": audit.pk} | arguments)


def read(client: Client, where: str) -> str:
    response = client.get(where)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def count() -> int:
    return Reflection.objects.get().responses


# What is kept ---------------------------------------------------------------------------------------------------------


def test_nothing_says_which_answer_came_last_or_which_belong_together(
    reflection: Reflection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are written anew with each that comes, in another order, with new numbers."""
    monkeypatch.setattr(CHANCE, "shuffle", lambda found: found.reverse())
    rows = {model: model._default_manager.count() for model in apps.get_models()}
    trail = LogEntry.objects.count()
    answer_reflection(reflection=reflection, given={WELL: "a1", BARRIERS: "a2"})
    first = set(reflection.answers.values_list("pk", flat=True))
    answer_reflection(reflection=reflection, given={WELL: "b1"})
    assert list(reflection.answers.order_by("pk").values_list("text", flat=True)) == ["b1", "a1", "a2"]
    assert not first & set(reflection.answers.values_list("pk", flat=True))
    more = {model: model._default_manager.count() - number for model, number in rows.items()}
    assert {model: number for model, number in more.items() if number} == {ReflectionAnswer: 3}
    assert LogEntry.objects.count() == trail
    dated = [field for field in ReflectionAnswer._meta.get_fields() if isinstance(field, models.DateField)]
    assert dated == []


def test_the_trail_holds_neither_counts_nor_the_link(reflection: Reflection, cast: Cast) -> None:
    replace_link(reflection=reflection, by=cast.administrator)
    answer_reflection(reflection=reflection, given={WELL: "a"})
    close_reflection(reflection=Reflection.objects.get(), by=cast.administrator)
    entries = LogEntry.objects.get_for_object(reflection)
    assert entries
    assert not any({"responses", "link_nonce"} & set(entry.changes_dict) for entry in entries)


def test_it_opens_by_its_link_and_says_who_reads_it(reflection: Reflection, client: Client) -> None:
    page = client.get(link(reflection))
    said = " ".join(page.content.decode().split())
    assert said.count("<textarea") == len(ReflectiveQuestion) == 7
    assert "Write about the work, and not about a child, a family or a colleague." in said
    assert "only if at least five people answered" in said
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies


def test_answering_leaves_one_word_and_no_session(
    reflection: Reflection, cast: Cast, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(cast.contributor, backend="django.contrib.auth.backends.ModelBackend")
    before, sessions = User.objects.values().get(pk=cast.contributor.pk), list(Session.objects.values())
    assert cast.contributor.email not in client.get(link(reflection)).content.decode()
    answered = client.post(link(reflection), {"barriers": "Time."})
    assert answered["Location"] == f"{link(reflection)}thanks/"
    assert {name: cookie.value for name, cookie in answered.cookies.items()} == {"answered": "yes"}
    assert answered.cookies["answered"]["path"] == link(reflection)
    assert User.objects.values().get(pk=cast.contributor.pk) == before
    assert list(Session.objects.values()) == sessions
    assert "Your answers are sent" in client.get(answered["Location"]).content.decode()
    assert "Somebody has answered in this browser." in client.get(link(reflection)).content.decode()
    assert ReflectionAnswer.objects.get().text == "Time."
    assert {line.rpartition(" ")[2] for line in caplog.messages} == {"None"}, "nor does the log know who"


def test_a_visit_costs_one_query(
    reflection: Reflection, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    where = link(reflection)
    with django_assert_num_queries(1):
        client.get(where)


# What is taken --------------------------------------------------------------------------------------------------------


def test_what_identifies_is_refused_and_nothing_typed_is_lost(reflection: Reflection, client: Client) -> None:
    typed = {"barriers": "Ring 07700 900123.", "learned": "A lot."}
    page = client.post(link(reflection), typed)
    said = page.content.decode()
    assert "‘07700 900123’ looks like a phone number. Take it out" in said
    assert "A lot." in said
    assert 'id="sure"' not in said
    assert count() == 0


def test_what_may_identify_is_asked_about_and_a_yes_is_to_these_words_alone(
    reflection: Reflection, client: Client
) -> None:
    typed = {"barriers": "We lost touch with Chidi."}
    said = " ".join(client.post(link(reflection), typed).content.decode().split())
    assert "‘Chidi’ may be a name. Take it out, or say below that it points to nobody" in said
    [yes] = re.findall(r'name="sure" type="checkbox" value="(\w+)"', said)
    other = client.post(link(reflection), {"barriers": "We lost touch with Amina.", "sure": yes})
    assert "‘Amina’ may be a name" in other.content.decode()
    assert count() == 0
    assert client.post(link(reflection), typed | {"sure": yes}).status_code == 302
    assert count() == 1


def test_a_yes_takes_nothing_that_is_certain(reflection: Reflection, client: Client) -> None:
    typed = {"barriers": "We met Chidi in SW1A 1AA."}
    said = client.post(link(reflection), typed).content.decode()
    [yes] = re.findall(r'name="sure" type="checkbox" value="(\w+)"', said)
    again = client.post(link(reflection), typed | {"sure": yes})
    assert f'value="{yes}" checked' in again.content.decode()
    assert count() == 0


def test_nothing_answered_and_a_button_pressed_twice(reflection: Reflection, client: Client) -> None:
    empty = client.post(link(reflection), {"barriers": "  "})
    assert empty["Location"] == f"{link(reflection)}?empty=1"
    assert "Answer at least one question" in client.get(empty["Location"]).content.decode()
    for once in ("abc", "abc", "def"):
        assert client.post(link(reflection), {"barriers": "Time.", "once": once}).status_code == 302
    assert count() == 2


def test_a_flood_waits_and_loses_nothing(reflection: Reflection, client: Client) -> None:
    MEMORY.set(f"reflection-{reflection.pk}", MOST)
    full = client.post(link(reflection), {"barriers": "Time."})
    assert full.status_code == 429
    assert "Time." in full.content.decode()
    assert count() == 0


# It ends --------------------------------------------------------------------------------------------------------------


def test_after_the_end_nothing_is_kept(reflection: Reflection, cast: Cast, client: Client) -> None:
    with time_machine.travel(timezone.now() + datetime.timedelta(days=15)):
        assert "These questions are closed" in client.get(link(reflection)).content.decode()
    close_reflection(reflection=reflection, by=cast.administrator)
    assert "They are not kept." in client.post(link(reflection), {"barriers": "Time."}).content.decode()
    assert not ReflectionAnswer.objects.exists()
    with pytest.raises(NotInThisState, match="closed already"):
        close_reflection(reflection=reflection, by=cast.administrator)


def test_a_link_that_was_replaced_made_up_or_of_a_cancelled_audit_is_not_found(
    reflection: Reflection, cast: Cast, client: Client
) -> None:
    before = link(reflection)
    replace_link(reflection=reflection, by=cast.administrator)
    assert client.get(before).status_code == 404
    assert client.get(f"{before}thanks/").status_code == 404
    now = link(Reflection.objects.get())
    assert client.get(now).status_code == 200
    assert client.get(now.replace("/reflection/", "/survey/")).status_code == 404
    MultiAgencyAudit.objects.update(cancelled="No time")
    assert client.get(now).status_code == 404


def test_once_told_it_does_not_go_on_and_before_it_can(audit: MultiAgencyAudit, cast: Cast) -> None:
    few = make_reflection(audit, by=cast.administrator, people=4, is_over=True)
    move_last_day(reflection=few, closes_on=days(1), by=cast.administrator)
    few.refresh_from_db()
    assert not few.is_over
    answer_reflection(reflection=few, given={BARRIERS: "five"})
    close_reflection(reflection=few, by=cast.administrator)
    with pytest.raises(NotInThisState, match="have been shown"):
        move_last_day(reflection=few, closes_on=days(1), by=cast.administrator)
    with pytest.raises(NotInThisState, match="opened already"):
        open_reflection(audit=audit, closes_on=days(1), by=cast.administrator)


# Who reads what -------------------------------------------------------------------------------------------------------


def test_nothing_is_read_while_it_runs_nor_of_four(
    audit: MultiAgencyAudit, cast: Cast, sign_in: SignIn
) -> None:
    reflection = make_reflection(audit, by=cast.administrator, people=7, given={BARRIERS: "secret"})
    client = sign_in(cast.quality_officer)
    page = read(client, address("reflection", audit))
    assert "At least 5 people have answered so far" in page
    assert "secret" not in page
    assert get_told(reflection) == []
    assert not get_readable(cast.partnership).exists()
    assert client.get(address("answers", audit, question="barriers")).status_code == 403


def test_told_at_once_and_only_what_five_answered(told: Reflection, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.scrutineer)
    page = read(client, address("reflection", told.audit))
    assert "5 answers" in page
    assert page.count("Fewer than five answered") == 6
    answers = read(client, address("answers", told.audit, question="barriers"))
    assert all(f"time {number}" in answers for number in range(1, 6))
    assert "Save the themes" not in answers
    assert client.get(address("answers", told.audit, question="went-well")).status_code == 403
    assert client.get(address("answers", told.audit, question="weather")).status_code == 404
    assert {one.text for one in get_readable(cast.partnership)} == {
        f"time {number}" for number in range(1, 6)
    }
    assert not get_readable(cast.elsewhere).exists()
    tables = {table.name: list(table.rows()) for table in list_multi_agency_tables(cast.partnership)}
    assert len(tables["multi-agency-answers"]) == 5


@pytest.mark.parametrize("person", ["panel_member", "panel_chair", "publisher"])
def test_other_officers_read_nothing(told: Reflection, cast: Cast, sign_in: SignIn, person: str) -> None:
    client = sign_in(cast.people[person])
    for where in (address("reflection", told.audit), address("answers", told.audit, question="barriers")):
        assert client.get(where).status_code == 403


def test_themes_are_given_counted_and_gone_with_their_last_answer(
    told: Reflection, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.quality_officer)
    where = address("answers", told.audit, question="barriers")
    first, second, *_ = told.answers.filter(question=BARRIERS).order_by("pk")
    typed = {
        "act": "themes",
        f"answer-{first.pk}": "Time,  time, Hand  overs",
        f"answer-{second.pk}": "TIME",
    }
    assert client.post(where, typed).status_code == 302
    assert set(ReflectionTheme.objects.values_list("name", flat=True)) == {"Time", "Hand overs"}
    [line] = [one for one in get_told(told) if one.question == BARRIERS]
    assert line.themes == (("Time", 2), ("Hand overs", 1))
    assert 'value="Hand overs, Time"' in read(client, where)
    seen = {f"answer-{first.pk}-seen": "Hand overs, Time", f"answer-{second.pk}-seen": "Time"}
    client.post(where, {"act": "themes", f"answer-{first.pk}": "", f"answer-{second.pk}": "time"} | seen)
    assert [theme.name for theme in told.themes.all()] == ["Time"]
    long = client.post(where, {"act": "themes", f"answer-{first.pk}": "a, b, c, d, e, f"}).content.decode()
    assert "Themes of answer 1 must be 5 or fewer" in long


def test_two_who_give_themes_on_one_page_keep_what_each_has_changed(
    told: Reflection, cast: Cast, sign_in: SignIn
) -> None:
    """Of the three that the second changes the first has changed one otherwise, and one likewise."""
    client = sign_in(cast.quality_officer)
    where = address("answers", told.audit, question="barriers")
    pks = list(told.answers.filter(question=BARRIERS).order_by("pk").values_list("pk", flat=True))
    opened = {"act": "themes"} | {f"answer-{pk}{what}": "" for pk in pks for what in ("", "-seen")}

    def change(*themes: str) -> Any:
        return client.post(
            where, opened | {f"answer-{pk}": typed for pk, typed in zip(pks, themes, strict=False)}
        )

    assert change("Time", "Rota", "Trust").status_code == 302
    late = change("Handovers", "rota", "", "Room").content.decode()
    said = " ".join(late.split())
    assert list_themes(told) == ["Time", "Rota", "Trust", "Room", ""]
    assert "1 answer not saved: somebody else was quicker" in said
    assert said.count("Not saved: somebody has given this answer ‘Time’ meanwhile.") == 1
    shown = dict(re.findall(r'<input[^>]*name="(answer-[^"]+)"[^>]*value="([^"]*)"', late))
    again = {
        f"answer-{pk}{what}": shown.get(f"answer-{pk}{what}", "") for pk in pks for what in ("", "-seen")
    }
    assert [again[f"answer-{pk}"] for pk in pks] == ["Handovers", "Rota", "Trust", "Room", ""]
    assert client.post(where, {"act": "themes"} | again).status_code == 302
    assert list_themes(told) == ["Handovers", "Rota", "Trust", "Room", ""]


def test_themes_that_somebody_took_away_meanwhile_stay_away_until_both_are_seen(
    told: Reflection, cast: Cast, sign_in: SignIn
) -> None:
    [answer, *_] = told.answers.filter(question=BARRIERS)
    themes = {"themes": {answer.pk: ["Time"]}, "seen": {}}
    give_themes(reflection=told, question=BARRIERS, by=cast.administrator, **themes)
    give_themes(
        reflection=told,
        question=BARRIERS,
        themes={answer.pk: []},
        seen={answer.pk: ["time"]},
        by=cast.administrator,
    )
    assert not ReflectionTheme.objects.exists()
    typed = {"act": "themes", f"answer-{answer.pk}": "Time, Rota", f"answer-{answer.pk}-seen": "Time"}
    late = sign_in(cast.quality_officer).post(address("answers", told.audit, question="barriers"), typed)
    assert "Not saved: somebody has taken this answer’s themes away meanwhile." in late.content.decode()
    assert 'value="Time, Rota"' in late.content.decode()


def list_themes(reflection: Reflection) -> list[str]:
    answers = reflection.answers.filter(question=BARRIERS).order_by("pk")
    return [", ".join(theme.name for theme in one.themes.all()) for one in answers]


def test_a_summary_is_written_kept_from_a_stale_save_and_taken_back(
    told: Reflection, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.quality_officer)
    where = address("answers", told.audit, question="barriers")
    client.post(where, {"act": "summary", "text": "Time, above all.", "version": "0"})
    assert "Time, above all." in read(client, address("audit", told.audit))
    stale = client.post(where, {"act": "summary", "text": "Mine.", "version": "0"}).content.decode()
    assert "Not saved" in stale
    assert "Mine." in stale
    assert ReflectionSummary.objects.get().text == "Time, above all."
    refused = client.post(where, {"act": "summary", "text": "Ask jo@example.org", "version": "1"})
    assert "looks like an e-mail address" in refused.content.decode()
    client.post(where, {"act": "summary", "text": "", "version": "1"})
    assert not ReflectionSummary.objects.exists()


def test_nothing_is_made_of_what_nobody_may_read(told: Reflection, cast: Cast) -> None:
    [answer, *_] = told.answers.filter(question=WELL)
    with pytest.raises(NotInThisState, match="nothing to be read"):
        give_themes(reflection=told, question=WELL, themes={answer.pk: ["x"]}, seen={}, by=cast.administrator)
    with pytest.raises(NotInThisState, match="nothing to be read"):
        write_summary(reflection=told, question=WELL, text="x", seen_version=0, by=cast.administrator)


def test_the_answers_are_deleted_after_a_year_and_what_was_made_of_them_stays(
    told: Reflection, cast: Cast, sign_in: SignIn
) -> None:
    write_summary(reflection=told, question=BARRIERS, text="Time", seen_version=0, by=cast.administrator)
    later = timezone.now() + datetime.timedelta(days=14 + 365)
    assert forget_answers in [job for _, job in JOBS]
    assert forget_answers(later - datetime.timedelta(days=1)) == 0
    assert forget_answers(later) == 1
    assert forget_answers(later) == 0
    told.refresh_from_db()
    assert not told.answers.exists()
    assert count_answers(told) == {}
    assert [one.summary.text for one in get_told(told) if one.summary] == ["Time"]
    client = sign_in(cast.quality_officer)
    assert "Deleted on" in read(client, address("reflection", told.audit))
    refused = client.get(address("answers", told.audit, question="barriers"))
    assert refused.status_code == 403
    assert "The answers are deleted" in refused.content.decode()


# Running it -----------------------------------------------------------------------------------------------------------


def test_opened_moved_closed_and_on_a_poster(audit: MultiAgencyAudit, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    where = address("reflection", audit)
    assert client.get(address("reflection_poster", audit)).status_code == 404
    assert (
        "The questions are not open yet."
        in client.post(where, {"act": "close"}, follow=True).content.decode()
    )
    assert client.post(where, {"act": "open"}).status_code == 200
    day = days(9)
    typed = {"closes_on_day": day.day, "closes_on_month": day.month, "closes_on_year": day.year}
    client.post(where, {"act": "open"} | typed)
    assert Reflection.objects.get().closes_on == day
    assert link(Reflection.objects.get()) in read(client, where)
    assert "<svg" in read(client, address("reflection_poster", audit))
    for act in ("link", "move", "close"):
        assert client.post(where, {"act": act} | typed).status_code == 302
    assert Reflection.objects.get().closed_by == cast.quality_officer
    assert "fewer than five people answered" in read(client, where)
    assert sign_in(cast.scrutineer).post(where, {"act": "close"}).status_code == 403
