"""Short forms, topics, and indicators that only some facts ask for: said on every page, kept, and never counted."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import OfficerRole, PageLanguage
from s11.organisations.models import User
from s11.organisations.queries import Desk
from s11.web.errors import reason_why_not
from surveys.copies import make_facts
from surveys.enums import AuditStatus, CycleKind, CycleStatus, Scope
from surveys.extent import get_extent, say_extent
from surveys.models import Audit, Cycle, CycleQuestionnaire, Document, Indicator, ProfileAnswer
from surveys.permissions import check_can_open_cycle
from surveys.profile_effects import Conditional, compare, get_conditionals, list_lines, make_hints
from surveys.progress import get_progress
from surveys.reading import get_reading
from surveys.workflow import recall_audit, submit_audit
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import address, make_complete, make_draft, make_place, send


@pytest.fixture
def lead(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.lead)


def make_topic(cast: Cast, *codes: str) -> Audit:
    """Anchor Trust's audit of a topic that holds these standards."""
    invitee = make_place(cast, kind=CycleKind.TOPIC)
    pin = CycleQuestionnaire.objects.get()
    pin.standards.set(pin.questionnaire.standards.filter(code__in=codes))
    return factories.make_audit(invitee.cycle, cast.organisation)


def make_short(cast: Cast) -> Audit:
    return factories.make_audit(make_place(cast, kind=CycleKind.CORE).cycle, cast.organisation)


def ask_only(audit: Audit, *codes: str, where: str = "12") -> None:
    audit.questionnaire.indicators.filter(code__in=codes).update(applies_if={"P1": where})


def say_fact(audit: Audit, value: str) -> None:
    question = audit.questionnaire.profile_questions.get()
    ProfileAnswer.objects.update_or_create(audit=audit, question=question, defaults={"value": value})


def words(response: Any) -> str:
    """What a person reads of the page."""
    page = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def post_fact(lead: Client, value: str, seen: str = "") -> str:
    """The page after the facts are saved."""
    return words(
        lead.post(address("audit_profile"), {"P1": value, "P1-seen": seen, "go": "list"}, follow=True)
    )


# How much is asked


@pytest.mark.parametrize(
    ("kind", "asked", "said"),
    [
        ("full", 4, "All 4 indicators"),
        ("full", 3, "3 of 4 indicators"),
        ("core", 1, "The short form: 1 of 4 indicators"),
        ("topic", 2, "A topic: 2 of 4 indicators, in A1 Standard A1"),
        ("topic", 0, "A topic: 0 of 4 indicators, in A1 Standard A1"),
    ],
)
def test_the_extent_in_words(cast: Cast, kind: str, asked: int, said: str) -> None:
    standards = list(factories.make_questionnaire().standards.filter(code="A1"))
    assert say_extent(kind, asked, 4, standards) == said


def test_of_many_standards_only_the_codes_are_named(cast: Cast) -> None:
    bank = factories.make_questionnaire(standards={"A1": 1, "A2": 1, "A3": 1, "A4": 1})
    assert say_extent("topic", 4, 4, list(bank.standards.all())).endswith("in A1, A2, A3 and A4")


def test_what_some_facts_ask_for_is_counted_apart_and_what_is_not_in_force_is_left_out(cast: Cast) -> None:
    audit = make_draft(cast)
    pin = audit.invitee.cycle_questionnaire
    ask_only(audit, "A2.2")
    later = audit.cycle.opens_on + datetime.timedelta(days=1)
    Indicator.objects.filter(code="A1.2").update(in_force=later)
    extent = get_extent(audit.cycle, CycleQuestionnaire.objects.get(pk=pin.pk))
    assert extent.words == (
        "3 of 4 indicators; 1 of them only where the facts about the organisation ask for them"
    )
    assert [(one.standard.code, len(one.indicators)) for one in extent.standards] == [("A1", 1), ("A2", 2)]


def test_a_standard_of_which_nothing_is_asked_is_no_standard_of_the_extent(cast: Cast) -> None:
    audit = make_short(cast)
    extent = get_extent(audit.cycle, CycleQuestionnaire.objects.get())
    assert [one.standard.code for one in extent.standards] == ["A1"]
    assert [one.standard.code for one in get_progress(audit).standards] == ["A1"]


# Said on every page


def test_the_start_page_says_how_much_is_asked_and_offers_the_blank_of_the_topic(
    cast: Cast, lead: Client
) -> None:
    audit = make_topic(cast, "A2")
    audit.delete()
    response = lead.get(address("audit"))
    assert "Asks A topic: 2 of 4 indicators, in A2 Standard A2" in words(response)
    assert "/blank/?cycle=2026" in response.text


def test_a_full_audit_says_so_where_it_starts_and_nowhere_else(cast: Cast, lead: Client) -> None:
    make_place(cast)
    response = lead.get(address("audit"))
    assert "Asks All 4 indicators" in words(response)
    assert "?cycle=" not in response.text
    factories.make_audit(Cycle.objects.get(), cast.organisation)
    assert "All 4 indicators" not in words(lead.get(address("audit")))
    assert "Standard 1 of 2" in words(lead.get(address("audit_standard", code="A1")))


@pytest.mark.parametrize(("kind", "said"), [("core", "The short form: 1 of 4"), ("topic", "A topic: 2 of 4")])
def test_every_page_says_what_it_is(cast: Cast, lead: Client, kind: str, said: str) -> None:
    audit = make_short(cast) if kind == "core" else make_topic(cast, "A1")
    name = "Short form" if kind == "core" else "Topic"
    count = "1 indicator" if kind == "core" else "2 indicators"
    assert said in words(lead.get(address("audit")))
    assert f"Standard 1 of 1 ({name.lower()})" in words(lead.get(address("audit_standard", code="A1")))
    assert f"{name}: {count} Check your answers" in words(lead.get(address("audit_check")))
    assert said in words(lead.get(address("audit_read")))
    assert f"{name}, due by" in words(lead.get(reverse("agency", args=["harbour", "anchor"])))
    assert f"{name}, due by" in words(lead.get(reverse("home")))
    lead.post(address("audit_standard", code="A1"), send(A1_1=("2", ""), A1_2=("2", "")))
    say_fact(audit, "12")
    lead.post(address("audit_submit"))
    assert said in words(lead.get(address("audit_submitted")))
    assert any(said in str(value) for _, value in make_facts(audit, None, said))


def test_it_says_so_in_welsh_too(cast: Cast, lead: Client) -> None:
    make_topic(cast, "A1")
    User.objects.filter(pk=cast.lead.pk).update(language=PageLanguage.WELSH)
    assert "(pwnc)" in words(lead.get(address("audit_standard", code="A1")))
    assert "Pwnc: 2 ddangosydd" in words(lead.get(address("audit_check")))
    assert "Pwnc, erbyn" in words(lead.get(reverse("agency", args=["harbour", "anchor"])))


def test_what_the_cycle_does_not_ask_is_saved_by_nobody_and_counted_nowhere(cast: Cast, lead: Client) -> None:
    audit = make_short(cast)
    say_fact(audit, "12")
    lead.post(address("audit_standard", code="A1"), send(A1_1=("2", ""), A1_2=("0", "Not asked")))
    lead.post(address("audit_submit"))
    audit.refresh_from_db()
    assert audit.status == AuditStatus.SUBMITTED
    assert audit.scorecards.get(scope=Scope.WHOLE).n == 1
    assert not audit.answers.exclude(indicator__code="A1.1").filter(submitted_score__isnull=False).exists()


def test_the_desk_says_how_many_of_each_bank(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    make_topic(cast, "A2")
    officer = sign_in(cast.administrator)
    cycle = reverse("surveys:cycle", args=["harbour", "2026"])
    assert "2 of 4 indicators A2 Standard A2" in words(officer.get(cycle))
    Cycle.objects.update(status=CycleStatus.PLANNED)
    assert "2 of 4 indicators A2 Standard A2" in words(officer.get(f"{cycle}open/"))


def test_a_short_form_of_a_bank_without_core_indicators_is_not_opened(cast: Cast) -> None:
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(
        cast.partnership, questionnaires=(bank,), kind=CycleKind.CORE, status=CycleStatus.PLANNED
    )
    factories.make_invitee(cycle, cast.organisation)
    desk = Desk(cast.partnership, frozenset({OfficerRole.ADMINISTRATOR}))
    assert reason_why_not(check_can_open_cycle, desk, cycle) == ""
    bank.indicators.update(is_core=False)
    assert reason_why_not(check_can_open_cycle, desk, cycle) == (
        f"No indicator of {bank} is marked core, so the short form would ask nothing of Standard. Choose another "
        "question bank."
    )


# The public page, and the blank to print


def test_everybody_reads_what_the_cycle_asks_and_only_that(cast: Cast, client: Client) -> None:
    audit = make_topic(cast, "A2")
    page = reverse("surveys:question_bank", args=["harbour", audit.questionnaire.pk])
    topic = words(client.get(f"{page}?cycle=2026"))
    assert "A topic: 2 of 4 indicators, in A2 Standard A2." in topic
    assert "A2.1 Statement" in topic
    assert "A1.1 Statement" not in topic
    assert "A1.1 Statement" in words(client.get(page))
    front = client.get(reverse("partnership", args=["harbour"]))
    assert f"{page}?cycle=2026" in front.text


@pytest.mark.parametrize("name", ["question_bank", "question_bank_blank", "question_bank_blank_file"])
def test_one_of_elsewhere_is_not_found_and_a_planned_one_is_only_read(
    cast: Cast, client: Client, name: str
) -> None:
    audit = make_topic(cast, "A2")
    factories.make_cycle(cast.elsewhere, slug="theirs", questionnaires=(audit.questionnaire,))
    page = reverse(f"surveys:{name}", args=["harbour", audit.questionnaire.pk])
    assert client.get(f"{page}?cycle=theirs").status_code == 404
    assert client.get(f"{page}?cycle=never").status_code == 404
    # What is planned can be read, and has no files yet: it may still change.
    Cycle.objects.filter(slug="2026").update(status=CycleStatus.PLANNED)
    assert client.get(f"{page}?cycle=2026").status_code == (200 if name == "question_bank" else 404)


def test_the_blank_of_a_topic_is_a_file_of_its_own(
    cast: Cast,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    audit = make_topic(cast, "A2")
    monkeypatch.setattr("surveys.documents.render_blank", lambda bank, cycle: f"{cycle}".encode())
    page = reverse("surveys:question_bank_blank", args=["harbour", audit.questionnaire.pk])
    for query in ("", "?cycle=2026"):
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(page + query).headers["Location"] == page + query
    assert set(Document.objects.values_list("cycle__slug", flat=True)) == {None, "2026"}
    assert f"{page}file/?cycle=2026" in client.get(f"{page}?cycle=2026").text
    # Last, because the end of a file's response closes the connection.
    with closing(client.get(f"{page}file/?cycle=2026")) as response:
        assert b"".join(response.streaming_content) == b"Audit 2026"  # type: ignore[attr-defined]
        assert "2026.pdf" in response.headers["Content-Disposition"]


# The facts decide


def test_a_fact_says_what_it_decides_before_it_is_answered(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast)
    ask_only(audit, "A1.2", "A2.2")
    assert "Your answer decides whether A1.2 and A2.2 are asked." in words(lead.get(address("audit_profile")))
    page = words(lead.get(address("audit")))
    assert "Answer these first: P1 decides what you are asked" in page
    assert "P1 (How many staff?) decides whether A1.2 and A2.2 are asked: answer that first." in page
    assert "Begin with your organisation" in page


def test_the_facts_come_first_even_after_the_first_answers(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    assert "Go on with A1" in words(lead.get(address("audit")))
    ask_only(audit, "A2.2")
    page = words(lead.get(address("audit")))
    assert "Begin with your organisation" in page
    assert "Go on with" not in page


def test_a_changed_fact_says_at_once_what_appears_and_what_goes(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast, {"A2.2": 0})
    audit.answers.update(commentary="Ours")
    ask_only(audit, "A2.2")
    ask_only(audit, "A1.2", where="11")
    said = post_fact(lead, "11")
    assert "1 indicator is asked now that was not: A1.2 Statement A1.2." in said
    assert "1 indicator is no longer asked: A2.2 Statement A2.2." in said
    assert "What was entered for A2.2 is kept and does not count; it comes back with the fact." in said
    assert "Not asked of you, because P1 is ‘11’: A2.2 Statement A2.2." in said
    assert get_progress(audit).words == "0 of 3 answered"
    back = post_fact(lead, "12", seen="11")
    assert "1 indicator is asked now that was not: A2.2 Statement A2.2." in back
    assert "What was entered before for A2.2 is there again." in back
    assert "1 indicator is no longer asked: A1.2 Statement A1.2." in back
    assert audit.answers.get().commentary == "Ours"
    assert get_progress(audit).words == "1 of 3 answered"


def test_a_fact_that_decides_nothing_says_nothing(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast)
    assert "asked now" not in post_fact(lead, "12")
    ask_only(audit, "A2.2")
    assert "asked now" not in post_fact(lead, "12", seen="12"), "nothing has changed"


def test_of_many_indicators_only_the_codes_are_named(cast: Cast) -> None:
    audit = make_draft(cast)
    ask_only(audit, "A1.1", "A1.2", "A2.1", "A2.2")
    say_fact(audit, "11")
    before = get_conditionals(audit)
    say_fact(audit, "12")
    assert compare(before, get_conditionals(audit)).words == (
        "4 indicators are asked now that were not: A1.1, A1.2, A2.1 and A2.2."
    )
    assert make_hints(before)["P1"].endswith("whether A1.1, A1.2, A2.1 and A2.2 are asked.")
    assert list_lines([], ()) == []


def test_what_was_brought_forward_and_not_confirmed_is_not_called_kept(cast: Cast) -> None:
    audit = make_draft(cast, {"A2.2": 0})
    ask_only(audit, "A2.2")
    say_fact(audit, "11")
    assert [one.is_kept for one in get_conditionals(audit)] == [True]
    audit.answers.update(confirmed=False)
    assert [one.is_kept for one in get_conditionals(audit)] == [False]
    assert not Conditional(audit.answers.get().indicator, is_asked=False, answer=None).is_kept


def test_a_topic_says_nothing_of_what_it_does_not_hold(cast: Cast) -> None:
    audit = make_topic(cast, "A1")
    ask_only(audit, "A2.2")
    assert get_conditionals(audit) == []
    ask_only(audit, "A1.2")
    assert [one.indicator.code for one in get_conditionals(audit)] == ["A1.2"]


def test_nothing_typed_is_lost_when_the_facts_rule_out_the_whole_standard(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast)
    ask_only(audit, "A1.1", "A1.2")
    say_fact(audit, "12")
    assert lead.get(address("audit_standard", code="A1")).status_code == 200
    say_fact(audit, "11")
    page = address("audit_standard", code="A1")
    said = words(lead.post(page, send(A1_1=("0", "Typed before")), follow=True))
    assert "Nothing in A1 is asked of you now: the facts about your organisation rule it out." in said
    assert (audit.answers.get().score, audit.answers.get().commentary) == (0, "Typed before")
    assert "Nothing in A1 is asked" in words(lead.get(page, follow=True))
    wrong = lead.post(page, send(A1_2=("NA", "A reason is missing here")))
    assert wrong.status_code == 409
    assert "A reason is missing here" in wrong.text


def test_the_same_with_a_card_that_saves_itself(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast)
    ask_only(audit, "A1.1", "A1.2")
    say_fact(audit, "11")
    url = address("audit_answer", code="A1", indicator="A1.1")
    response = lead.post(url, send(A1_1=("0", "Typed")), headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "Not asked any more, because of your organisation’s facts: kept, and not counted" in words(
        response
    )
    assert "0 of 0" not in response.text
    assert audit.answers.get().commentary == "Typed"


def test_an_audit_keeps_what_it_asked_whatever_the_facts_become(cast: Cast) -> None:
    """Recalled, changed and submitted again, each submission reads as it was."""
    audit = make_complete(cast)
    ask_only(audit, "A2.2")
    submit_audit(audit=audit, by=cast.lead)
    recall_audit(audit=audit, by=cast.lead)
    from surveys.profile_saving import save_profile  # noqa: PLC0415  beside the only use

    save_profile(audit=audit, values={audit.questionnaire.profile_questions.get(): "11"}, by=cast.lead)
    submit_audit(audit=audit, by=cast.lead)
    assert [get_reading(audit, number).asked for number in (1, 2)] == [4, 3]
    assert [card.n for card in audit.scorecards.filter(scope=Scope.WHOLE).order_by("submission")] == [4, 3]
    assert audit.answers.get(indicator__code="A2.2").submitted_score is None
    assert "A2.2" not in [
        item.indicator.code for one in get_reading(audit, 2).standards for item in one.asked.items
    ]


@pytest.mark.parametrize("size", [1, 3])
def test_the_task_list_s_queries_do_not_grow_with_what_the_facts_decide(
    cast: Cast, lead: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bank = factories.make_questionnaire(standards={f"A{number}": size for number in range(1, size + 1)})
    audit = factories.make_audit(make_place(cast, bank).cycle, cast.organisation, scores=1)
    say_fact(audit, "11")
    bank.indicators.update(applies_if={"P1": "12"})
    lead.get(address("audit"))
    with django_assert_num_queries(17):
        lead.get(address("audit"))
