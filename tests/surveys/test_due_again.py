"""What is due for another look during the year: which answers, evidence and duties, who is told, and what it takes."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import MembershipRole, Variant
from s11.organisations.models import Membership, Organisation, Participation, User
from s11.web.dates import LONDON
from surveys.due_again import Due, get_due
from surveys.enums import AuditStatus, CycleKind, CycleStatus
from surveys.evidence_library import Period, replace_words
from surveys.freshness_reminders import claim, remind_of_due
from surveys.models import Audit, Cycle, FreshnessReminder, Indicator, Questionnaire, Recheck
from surveys.tick import run_due
from tests import factories
from tests.conftest import Cast
from tests.trails import lifted

TODAY = datetime.date(2027, 3, 1)
NOON = datetime.datetime(2027, 3, 1, 12, 0, tzinfo=LONDON)
A_DAY = datetime.timedelta(days=1)
NOTE = "The head and I read the single central record; nothing was missing."


def on(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), tzinfo=LONDON)


def make_sent(
    cast: Cast,
    *,
    of: Organisation | None = None,
    bank: Questionnaire | None = None,
    slug: str = "2026",
    day: datetime.date = datetime.date(2026, 2, 20),
    kind: CycleKind = CycleKind.FULL,
    holds: tuple[str, ...] = (),
    without: str = "",
    scores: Mapping[str, int | str | None] | int = 2,
) -> Audit:
    """Submitted on that day in a cycle that opened a month before, and closed since.

    `holds` are a topic's standards; `without` an indicator that was not asked.
    """
    organisation = of or cast.organisation
    cycle = Cycle.objects.filter(partnership=cast.partnership, slug=slug).first()
    if cycle is None:
        bank = bank or Questionnaire.objects.first() or factories.make_questionnaire()
        cycle = factories.make_cycle(
            cast.partnership,
            slug=slug,
            questionnaires=(bank,),
            kind=kind,
            status=CycleStatus.CLOSED,
            opens_on=day - 30 * A_DAY,
            closes_on=day + 30 * A_DAY,
        )
        pin = cycle.cycle_questionnaires.get()
        pin.standards.set(pin.questionnaire.standards.filter(code__in=holds))
    audit = factories.make_audit(
        cycle, organisation, scores=scores, submitted_at=on(day), status=AuditStatus.SUBMITTED
    )
    audit.answers.filter(indicator__code=without).delete()
    audit.answers.update(updated_at=on(day))
    return audit


def refresh(*codes: str, months: int | None = 12) -> None:
    Indicator.objects.filter(code__in=codes).update(refresh_months=months)


def due_of(cast: Cast, today: datetime.date = TODAY, of: Organisation | None = None) -> Due:
    place = (of or cast.organisation).participations.get(partnership=cast.partnership)
    return get_due([place], today)[place.pk]


def codes_of(due: Due) -> list[str]:
    return [one.indicator.code for one in due.answers]


def words(response: Any) -> str:
    page = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def address(name: str = "due", **more: str) -> str:
    return reverse(f"surveys:{name}", kwargs={"partnership": "harbour", "organisation": "anchor", **more})


# Answers


def test_an_answer_is_due_once_its_months_have_passed(cast: Cast) -> None:
    make_sent(cast)
    refresh("A1.1")
    refresh("A1.2", months=13)
    assert codes_of(due_of(cast, datetime.date(2027, 2, 19))) == []
    [one] = due_of(cast, datetime.date(2027, 2, 20)).answers
    assert (one.indicator.code, one.due_on) == ("A1.1", datetime.date(2027, 2, 20))
    assert codes_of(due_of(cast, datetime.date(2027, 3, 20))) == ["A1.1", "A1.2"]


def test_what_is_only_a_draft_or_elsewhere_is_not_due(cast: Cast) -> None:
    audit = make_sent(cast)
    make_sent(cast, of=cast.other_organisation)
    refresh("A1.1")
    assert codes_of(due_of(cast)) == ["A1.1"]
    Participation.objects.create(partnership=cast.elsewhere, organisation=cast.organisation)
    there = cast.organisation.participations.get(partnership=cast.elsewhere)
    assert get_due([there], TODAY)[there.pk].count == 0
    audit.answers.filter(indicator__code="A1.1").update(submitted_score=None)
    assert codes_of(due_of(cast)) == []


def test_the_newest_answer_to_a_key_counts_across_topics_short_forms_and_full_audits(cast: Cast) -> None:
    """Back to the last full audit, and no further: what that no longer asks is nobody's answer now."""
    old = factories.make_questionnaire(edition="2024-25", standards={"A1": 2, "A2": 2, "A9": 1})
    make_sent(cast, bank=old, slug="old", day=datetime.date(2025, 1, 10))
    new = factories.make_questionnaire(edition="2025-26")
    make_sent(cast, bank=new, slug="full", day=datetime.date(2026, 1, 10))
    refresh("A1.1", "A1.2", "A2.1", "A9.1")
    assert codes_of(due_of(cast)) == ["A1.1", "A1.2", "A2.1"]
    make_sent(
        cast,
        bank=new,
        slug="core",
        day=datetime.date(2026, 11, 10),
        kind=CycleKind.CORE,
        scores={"A1.1": 1},
    )
    due = due_of(cast)
    assert codes_of(due) == ["A1.2", "A2.1"]
    assert {one.audit.cycle.slug for one in due.answers} == {"full"}
    assert codes_of(due_of(cast, datetime.date(2027, 11, 10))) == ["A1.2", "A2.1", "A1.1"]


def test_an_answer_that_an_open_audit_asks_is_answered_there(cast: Cast) -> None:
    audit = make_sent(cast)
    refresh("A1.1", "A2.1")
    topic = factories.make_cycle(
        cast.partnership, slug="open", questionnaires=(audit.questionnaire,), kind=CycleKind.TOPIC
    )
    pin = topic.cycle_questionnaires.get()
    pin.standards.set(audit.questionnaire.standards.filter(code="A1"))
    invitee = factories.make_invitee(topic, cast.organisation)
    due = due_of(cast)
    assert codes_of(due) == ["A2.1"]
    assert due.elsewhere == {topic: 1}
    for change in ({"exempt_reason": "It closes"}, {"exempt_reason": ""}):
        type(invitee).objects.filter(pk=invitee.pk).update(**change)
        assert len(codes_of(due_of(cast))) == (2 if change["exempt_reason"] else 1)
    factories.make_audit(
        topic, cast.organisation, scores={"A1.1": 2, "A1.2": 2}, status=AuditStatus.SUBMITTED
    )
    assert codes_of(due_of(cast)) == ["A2.1"], "it was answered there"
    assert due_of(cast).elsewhere == {}


def test_a_check_starts_the_months_anew(cast: Cast) -> None:
    audit = make_sent(cast)
    refresh("A1.1")
    place = cast.organisation.participations.get()
    Recheck.objects.create(
        participation=place, key="key-a1-1", code="A1.1", text="x", note=NOTE, at=on(TODAY)
    )
    assert codes_of(due_of(cast)) == []
    assert codes_of(due_of(cast, datetime.date(2028, 2, 29))) == []
    assert codes_of(due_of(cast, datetime.date(2028, 3, 1))) == ["A1.1"]
    # One of another organisation, or older than the answer, changes nothing.
    with lifted(Recheck):
        Recheck.objects.update(participation=cast.other_organisation.participations.get())
    assert codes_of(due_of(cast)) == ["A1.1"]
    with lifted(Recheck):
        Recheck.objects.update(participation=place, at=on(audit.cycle.opens_on))
    assert codes_of(due_of(cast)) == ["A1.1"]


# Evidence


def back(audit: Audit, code: str, expires_on: datetime.date | None, title: str = "Policy") -> Any:
    evidence = factories.make_evidence(audit.organisation, title)
    evidence.expires_on = expires_on
    evidence.save()
    audit.answers.get(indicator__code=code).evidence_links.create(evidence=evidence)
    return evidence


def test_evidence_that_has_expired_or_soon_will_is_due_once_however_many_answers_it_backs(
    cast: Cast,
) -> None:
    audit = make_sent(cast)
    past = back(audit, "A1.1", TODAY - A_DAY)
    audit.answers.get(indicator__code="A2.1").evidence_links.create(evidence=past)
    back(audit, "A1.2", datetime.date(2027, 4, 1), "Soon")
    back(audit, "A1.2", datetime.date(2027, 4, 2), "Later")
    back(audit, "A1.2", None, "Never")
    back(make_sent(cast, of=cast.other_organisation), "A1.1", TODAY - A_DAY, "Theirs")
    due = due_of(cast)
    assert [(one.evidence.title, one.codes, one.has_expired) for one in due.evidence] == [
        ("Policy", ("A1.1", "A2.1"), True),
        ("Soon", ("A1.2",), False),
    ]
    past.expires_on = TODAY + 400 * A_DAY
    past.save()
    assert [one.evidence.title for one in due_of(cast).evidence] == ["Soon"]


def test_evidence_that_was_replaced_is_not_due_any_more(cast: Cast) -> None:
    audit = make_sent(cast)
    past = back(audit, "A1.1", TODAY - A_DAY)
    replace_words(evidence=past, reference="The new one, on shelf 4", by=cast.lead)
    assert due_of(cast).evidence == ()
    replace_words(evidence=past, reference="Shelf 5", by=cast.lead, period=Period(expires_on=TODAY - A_DAY))
    assert [one.evidence.title for one in due_of(cast).evidence] == ["Policy"]


def test_evidence_of_an_answer_that_a_newer_one_has_replaced_is_not_due(cast: Cast) -> None:
    bank = factories.make_questionnaire()
    audit = make_sent(cast, bank=bank, slug="old", day=datetime.date(2025, 2, 20))
    evidence = back(audit, "A1.1", TODAY - A_DAY)
    assert len(due_of(cast).evidence) == 1
    make_sent(cast, bank=bank, slug="new")
    assert due_of(cast).evidence == ()
    evidence.removed_at = timezone.now()
    evidence.save()
    Audit.objects.filter(invitee__cycle__slug="new").update(
        status=AuditStatus.DRAFT, submitted_at=None, first_submitted_at=None
    )
    assert due_of(cast).evidence == ()


# Duties


def put_in_force(day: datetime.date, *codes: str, **more: Any) -> None:
    Indicator.objects.filter(code__in=codes).update(in_force=day, **more)


def test_a_duty_that_has_come_into_force_since_is_due(cast: Cast) -> None:
    audit = make_sent(cast, without="A2.2")
    put_in_force(datetime.date(2026, 9, 1), "A2.2")
    assert due_of(cast, datetime.date(2026, 8, 31)).duties == ()
    [duty] = due_of(cast, datetime.date(2026, 9, 1)).duties
    assert (duty.indicator.code, duty.answer) == ("A2.2", None)
    assert due_of(cast).words == "1 new duty"
    put_in_force(audit.cycle.opens_on, "A2.2")
    assert due_of(cast).duties == (), "that audit asked it"


def test_a_duty_that_was_prepared_for_is_due_with_what_was_said(cast: Cast) -> None:
    make_sent(cast)
    refresh("A2.2")
    put_in_force(datetime.date(2026, 9, 1), "A2.2", is_prepare=True)
    due = due_of(cast)
    assert [(one.indicator.code, one.answer and one.answer.score) for one in due.duties] == [("A2.2", 2)]
    assert due.answers == (), "not twice"


def test_the_newest_bank_s_duties_count_too_and_each_key_once(cast: Cast) -> None:
    make_sent(cast)
    newer = factories.make_questionnaire(edition="2027-28", standards={"A1": 2, "A2": 2, "A3": 1})
    put_in_force(datetime.date(2026, 9, 1), "A3.1", "A2.2")
    # Another variant's bank is not theirs.
    factories.make_questionnaire(Variant.SCHOOL, edition="2027-28", standards={"B1": 1})
    put_in_force(datetime.date(2026, 9, 1), "B1.1")
    duties = due_of(cast).duties
    assert [one.indicator.code for one in duties] == ["A2.2", "A3.1"]
    assert {one.indicator.questionnaire for one in duties} == {newer}


@pytest.mark.parametrize(("value", "count"), [("12", 1), ("11", 0), ("", 0)])
def test_a_duty_that_the_facts_rule_out_is_not_theirs(cast: Cast, value: str, count: int) -> None:
    audit = make_sent(cast, without="A2.2")
    audit.profile_answers.create(question=audit.questionnaire.profile_questions.get(), value=value)
    put_in_force(datetime.date(2026, 9, 1), "A2.2", applies_if={"P1": "12"})
    assert len(due_of(cast).duties) == count


def test_a_newer_topic_has_asked_the_duty(cast: Cast) -> None:
    bank = factories.make_questionnaire()
    make_sent(cast, bank=bank, without="A2.2")
    put_in_force(datetime.date(2026, 9, 1), "A2.2")
    assert len(due_of(cast).duties) == 1
    make_sent(
        cast,
        bank=bank,
        slug="topic",
        day=datetime.date(2026, 12, 1),
        kind=CycleKind.TOPIC,
        holds=("A2",),
    )
    assert due_of(cast).duties == ()


def test_a_duty_that_was_looked_at_is_not_due_any_more(cast: Cast) -> None:
    make_sent(cast, without="A2.2")
    put_in_force(datetime.date(2026, 9, 1), "A2.2")
    place = cast.organisation.participations.get()
    check = Recheck.objects.create(
        participation=place, key="key-a2-2", code="A2.2", text="x", note=NOTE, at=on(TODAY)
    )
    assert due_of(cast).duties == ()
    with lifted(Recheck):
        Recheck.objects.filter(pk=check.pk).update(at=on(datetime.date(2026, 8, 31)))
    assert len(due_of(cast).duties) == 1


def test_without_a_submission_nothing_is_due(cast: Cast) -> None:
    due = due_of(cast)
    assert (due.count, due.words, due.subjects, due.has_submitted) == (0, "", [], False)


@pytest.mark.parametrize("size", [1, 3])
def test_the_number_of_queries_is_fixed(
    cast: Cast, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bank = factories.make_questionnaire(standards={f"A{number}": 4 for number in range(1, size + 1)})
    for number in range(size):
        organisation = factories.make_organisation(
            f"Org {number}", slug=f"org-{number}", partnership=cast.partnership
        )
        audit = make_sent(cast, of=organisation, bank=bank)
        for code in [f"A{one}.1" for one in range(1, size + 1)]:
            back(audit, code, TODAY - A_DAY, f"{number} {code}")
    refresh("A1.2", "A2.2", "A3.2")
    put_in_force(datetime.date(2026, 9, 1), "A1.3", "A2.3", "A3.3", is_prepare=True)
    places = list(
        Participation.objects.filter(organisation__slug__startswith="org-").select_related(
            "partnership", "organisation"
        )
    )
    open_now = factories.make_cycle(
        cast.partnership, slug="open", questionnaires=(bank,), kind=CycleKind.CORE
    )
    for place in places:
        factories.make_invitee(open_now, place.organisation)
    with django_assert_num_queries(13):
        dues = get_due(places, TODAY)
    assert sum(due.count for due in dues.values()) == 3 * size * size


# The page


@pytest.fixture
def due_now(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Audit:
    """An answer, a piece of evidence and a new duty, due today."""
    today = timezone.localdate()
    audit = make_sent(cast, day=today - 400 * A_DAY, without="A2.2")
    Indicator.objects.filter(code="A1.1").update(refresh_months=12)
    put_in_force(today - 10 * A_DAY, "A2.2")
    back(audit, "A1.2", today - A_DAY)
    make_sent(cast, of=cast.other_organisation)
    return audit


def test_the_page_says_what_is_due_and_what_to_do(
    cast: Cast, due_now: Audit, sign_in: Callable[[User], Client]
) -> None:
    lead = sign_in(cast.lead)
    page = words(lead.get(address()))
    assert "1 answer, 1 item of evidence and 1 new duty" in page
    assert "A1.1 Statement A1.1" in page
    assert "A2.2 Statement A2.2" in page
    assert "Policy" in page
    assert page.count("Replace it") == 1
    for url in (reverse("home"), reverse("agency", args=["harbour", "anchor"])):
        assert "1 answer, 1 item of evidence and 1 new duty" in words(lead.get(url))


def test_checked_with_a_note_it_is_not_due_any_more(
    cast: Cast, due_now: Audit, sign_in: Callable[[User], Client]
) -> None:
    lead = sign_in(cast.contributor)
    url = address("due_checked", key="key-a1-1")
    assert "Achieved (2)" in words(lead.get(url))
    short = lead.post(url, {"note": "Fine."})
    assert "at least 20 characters" in words(short)
    assert "Fine." in short.text
    done = words(lead.post(url, {"note": NOTE}, follow=True))
    assert "A1.1 is checked. Your note is kept." in done
    assert "1 item of evidence and 1 new duty" in done
    assert NOTE in done
    check = Recheck.objects.get()
    answer = due_now.answers.get(indicator__code="A1.1")
    assert (check.answer, check.code, check.by) == (answer, "A1.1", cast.contributor)
    assert (answer.version, answer.submitted_score) == (1, 2), "what was submitted stays as it is"
    again = words(lead.post(url, {"note": NOTE}, follow=True))
    assert f"A1.1 was checked already by {cast.contributor}" in again
    assert Recheck.objects.count() == 1


def test_a_new_duty_is_looked_at(cast: Cast, due_now: Audit, sign_in: Callable[[User], Client]) -> None:
    lead = sign_in(cast.lead)
    url = address("due_checked", key="key-a2-2")
    assert "so your last audit did not ask it" in words(lead.get(url))
    lead.post(url, {"note": NOTE})
    assert (Recheck.objects.get().key, Recheck.objects.get().answer) == ("key-a2-2", None)
    assert due_of(cast, timezone.localdate()).duties == ()


@pytest.mark.parametrize("key", ["key-a1-2", "nothing", "key-a9-9"])
def test_what_is_not_due_is_not_found(
    cast: Cast, due_now: Audit, sign_in: Callable[[User], Client], key: str
) -> None:
    assert sign_in(cast.lead).get(address("due_checked", key=key)).status_code == 404


@pytest.mark.parametrize(
    ("person", "read", "check"),
    [
        ("lead", 200, 200),
        ("contributor", 200, 200),
        ("signatory", 200, 403),
        ("viewer", 200, 403),
        ("stranger", 404, 404),
        ("administrator", 404, 404),
        ("quality_officer", 404, 404),
        ("scrutineer", 404, 404),
        ("outsider", 404, 404),
    ],
)
@pytest.mark.usefixtures("due_now")
def test_who_may(cast: Cast, sign_in: Callable[[User], Client], person: str, read: int, check: int) -> None:
    client = sign_in(cast.people[person])
    assert client.get(address()).status_code == read
    assert client.get(address("due_checked", key="key-a1-1")).status_code == check
    assert client.post(address("due_checked", key="key-a1-1"), {"note": NOTE}).status_code == (
        302 if check == 200 else check
    )
    assert Recheck.objects.exists() == (check == 200)


def test_a_viewer_reads_why_they_cannot_say_so(
    cast: Cast, due_now: Audit, sign_in: Callable[[User], Client]
) -> None:
    page = words(sign_in(cast.viewer).get(address()))
    assert "Your role lets you read what is due for another look" in page
    assert "It still holds" not in page
    assert "Replace it" not in page
    assert "Add an action" not in page
    assert "Due for another look at" not in words(sign_in(cast.viewer).get(reverse("home")))


def test_home_names_the_partnership_where_there_are_two(
    cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    audit = make_sent(cast)
    policy = back(audit, "A1.1", TODAY - 1000 * A_DAY)
    client = sign_in(cast.lead)
    assert "Due for another look at Anchor Trust: 1 item" in words(client.get(reverse("home")))
    cast.organisation.participations.create(partnership=cast.elsewhere)
    cycle = factories.make_cycle(
        cast.elsewhere, questionnaires=(audit.questionnaire,), status=CycleStatus.CLOSED
    )
    other = factories.make_audit(
        cycle, cast.organisation, scores=2, submitted_at=timezone.now(), status=AuditStatus.SUBMITTED
    )
    other.answers.get(indicator__code="A1.1").evidence_links.create(evidence=policy)
    home = words(client.get(reverse("home")))
    assert "Due for another look at Anchor Trust for Harbour: 1 item" in home
    assert "Due for another look at Anchor Trust for Moorland: 1 item" in home


@pytest.mark.parametrize("answers", [1, 3])
def test_the_page_s_queries_do_not_grow(
    cast: Cast,
    sign_in: Callable[[User], Client],
    answers: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_sent(cast, day=timezone.localdate() - 400 * A_DAY)
    refresh(*["A1.1", "A1.2", "A2.1"][:answers])
    lead = sign_in(cast.lead)
    lead.get(address())
    with django_assert_num_queries(13):
        lead.get(address())


# Telling


def make_due(cast: Cast) -> Audit:
    audit = make_sent(cast)
    refresh("A1.1")
    return audit


def test_a_lead_is_told_once_a_month_at_most_and_only_of_something_new(cast: Cast) -> None:
    audit = make_due(cast)
    assert str(run_due(NOON)) == "0 reminded of overdue actions, 1 of what is due for another look"
    [message] = mail.outbox
    assert message.to == [cast.lead.email]
    assert message.subject == "1 thing is due for another look"
    assert "A1.1 Statement A1.1" in message.body
    assert "/p/harbour/o/anchor/due/" in message.body
    assert "Anchor Trust, for Harbour: 1 answer" in message.body
    refresh("A1.2")
    for moment in (NOON, NOON + A_DAY, NOON + 30 * A_DAY):
        run_due(moment)
    assert len(mail.outbox) == 1, "not twice in a month, whatever has become due"
    run_due(NOON + 31 * A_DAY)
    assert [one.subject for one in mail.outbox[1:]] == ["2 things are due for another look"]
    run_due(NOON + 62 * A_DAY)
    assert len(mail.outbox) == 2, "nothing new in May"
    back(audit, "A1.1", datetime.date(2027, 6, 15))
    run_due(NOON + 93 * A_DAY)
    assert "Evidence for A1.1, expires on 15 June 2027" in mail.outbox[2].body


def test_something_new_later_in_a_quiet_month_is_told_then(cast: Cast) -> None:
    make_sent(cast)
    assert not run_due(NOON)
    refresh("A1.1")
    assert not run_due(NOON + datetime.timedelta(hours=1)), "looked for already today"
    assert run_due(NOON + A_DAY).due_again == 1


def test_who_is_told(cast: Cast) -> None:
    make_due(cast)
    second = factories.make_member("second@anchor.example", organisation=cast.organisation)
    run_due(NOON)
    assert sorted(one for message in mail.outbox for one in message.to) == sorted(
        [cast.lead.email, second.email]
    )


@pytest.mark.parametrize("why", ["left", "deactivated", "inactive"])
def test_who_is_not_told_any_more(cast: Cast, why: str) -> None:
    make_due(cast)
    match why:
        case "left":
            Membership.objects.filter(user=cast.lead).update(ended_at=NOON - A_DAY)
        case "deactivated":
            User.objects.filter(pk=cast.lead.pk).update(is_active=False)
        case _:
            Participation.objects.filter(organisation=cast.organisation).update(is_active=False)
    assert not run_due(NOON)
    assert not mail.outbox


def test_one_mail_for_all_the_places_that_a_person_leads(cast: Cast) -> None:
    make_due(cast)
    make_sent(cast, of=cast.other_organisation)
    Membership.objects.create(
        user=cast.lead, organisation=cast.other_organisation, role=MembershipRole.LEAD, started_at=NOON
    )
    run_due(NOON)
    to_lead = [one for one in mail.outbox if one.to == [cast.lead.email]]
    assert [one.subject for one in to_lead] == ["2 things are due for another look"]
    assert "Anchor Trust, for Harbour" in to_lead[0].body
    assert "Beacon Homes, for Harbour" in to_lead[0].body
    assert len(mail.outbox) == 2, "and the other lead has theirs"


def test_a_mail_that_fails_is_tried_again_and_keeps_nobody_from_theirs(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_due(cast)
    make_sent(cast, of=cast.other_organisation)
    send = EmailBackend.send_messages

    def fail(self: EmailBackend, messages: Any) -> Any:
        if cast.lead.email in messages[0].to:
            raise OSError("no route")
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    done = run_due(NOON)
    assert (done.due_again, done.failed) == (1, 1)
    monkeypatch.undo()
    assert run_due(NOON).due_again == 1
    assert sorted(one for message in mail.outbox for one in message.to) == sorted(
        [cast.lead.email, cast.stranger.email]
    )


def test_of_two_runs_at_once_one_tells(cast: Cast) -> None:
    assert claim(cast.lead, TODAY)
    assert claim(cast.lead, TODAY) is None
    assert claim(cast.lead, TODAY + A_DAY)
    FreshnessReminder.objects.update(sent_at=NOON)
    assert claim(cast.lead, TODAY + 2 * A_DAY) is None
    assert claim(cast.lead, TODAY + 31 * A_DAY)


def test_the_month_and_the_day_are_england_s(cast: Cast) -> None:
    make_due(cast)
    late = datetime.datetime(2027, 6, 30, 23, 30, tzinfo=datetime.UTC)
    assert remind_of_due(late).people == 1
    assert {one.month for one in FreshnessReminder.objects.all()} == {datetime.date(2027, 7, 1)}


@pytest.mark.parametrize("size", [1, 3])
def test_a_run_with_nobody_left_to_tell_asks_once(
    cast: Cast, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_due(cast)
    for number in range(size):
        factories.make_member(f"{number}@anchor.example", organisation=cast.organisation)
    remind_of_due(NOON)
    assert len(mail.outbox) == size + 1
    with django_assert_num_queries(1):
        remind_of_due(NOON)
