"""The moderation's room on the desk: who may do what in which state, what the pages say, and what they ask for."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from s11.organisations.models import User
from surveys.enums import AuditStatus, MessageKind
from surveys.models import Answer, Audit, Clarification, Cycle, Message, Moderation, ModerationSample
from surveys.moderating import ask_agency, close_series, moderate_answer, reply_to_question
from surveys.sign_offs import return_audit
from tests import factories
from tests.cells import taken_back
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
QUEUE = {"partnership": "harbour", "cycle": "2026"}
PLACE = {**QUEUE, "organisation": "anchor"}

STATES = ("draft", "submitted", "begun", "final", "returned")
# For each: the audit's page, a standard, saving it, asking, closing, opening again.
NOBODY = dict.fromkeys(STATES, (404,) * 6)
FORBIDDEN = dict.fromkeys(STATES, (403,) * 6)
READS = {"draft": (403,) * 6} | dict.fromkeys(STATES[1:], (200, 200, 403, 403, 403, 403))
WORKS = READS | dict.fromkeys(("submitted", "begun"), (200, 200, 302, 302, 302, 403))
ADMINISTERS = WORKS | {"final": (200, 200, 403, 403, 403, 302)}
MAY = {
    **dict.fromkeys(("lead", "contributor", "signatory", "viewer", "stranger", "outsider"), NOBODY),
    **dict.fromkeys(("panel_member", "panel_chair", "publisher"), FORBIDDEN),
    "scrutineer": READS,
    "quality_officer": WORKS,
    "administrator": ADMINISTERS,
}


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


def bring_to(cycle: Cycle, cast: Cast, state: str) -> Audit:
    status = AuditStatus.DRAFT if state == "draft" else AuditStatus.SUBMITTED
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=status)
    if state in ("begun", "final"):
        moderate(audit, cast, 1)
    if state == "final":
        close_series(audit=audit, by=cast.quality_officer)
    if state == "returned":
        return_audit(audit=audit, indicators=[], reason="Say more.", by=cast.quality_officer)
    return audit


def moderate(audit: Audit, cast: Cast, score: int | None, code: str = "A1.1", seen: int = 0) -> Moderation:
    return moderate_answer(
        answer=get_answer(audit, code), seen=seen, score=score, reason="From 2019.", by=cast.quality_officer
    )


def get_answer(audit: Audit, code: str = "A1.1") -> Answer:
    return Answer.objects.select_related("audit__invitee__cycle").get(audit=audit, indicator__code=code)


def address(name: str, **more: str) -> str:
    return reverse(f"surveys:{name}", kwargs={**PLACE, **more})


def standard(code: str = "A1") -> str:
    return address("moderation_standard", code=code)


def say(code: str, score: str, reason: str = "", seen: int = 0) -> dict[str, str]:
    return {f"{code}-score": score, f"{code}-reason": reason, f"{code}-seen": str(seen)}


def say_all(**more: str) -> dict[str, str]:
    """Of standard A1: 1 and the agency's own."""
    return say("A1.1", "1", "The policy is old.") | say("A1.2", "agrees") | more


@pytest.mark.parametrize("state", STATES)
def test_who_may_do_what_in_which_state(cycle: Cycle, cast: Cast, sign_in: SignIn, state: str) -> None:
    bring_to(cycle, cast, state)
    found = {}
    for person in MAY:
        client = sign_in(cast.people[person])
        with taken_back():
            found[person] = do_all(client, state)
    assert found == {person: codes[state] for person, codes in MAY.items()}


def do_all(client: Client, state: str) -> tuple[int, ...]:
    seen = 1 if state == "begun" else 0
    done: tuple[int, ...] = (
        client.get(address("moderation_audit")).status_code,
        client.get(standard()).status_code,
        client.post(standard(), say_all(**say("A1.1", "1", "Old.", seen))).status_code,
        client.post(address("moderation_ask", code="A2", indicator="A2.1"), {"question": "?"}).status_code,
    )
    Clarification.objects.all().delete()
    done += (client.post(address("moderation_close")).status_code,)
    if state != "final":
        Audit.objects.get().series_closes.all().delete()
    return (*done, client.post(address("moderation_reopen"), {"reason": "Late."}).status_code)


def test_who_sees_the_queue_and_who_draws(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    bring_to(cycle, cast, "submitted")
    sample = reverse("surveys:moderation_sample", kwargs=QUEUE)
    found = {}
    for person in MAY:
        client = sign_in(cast.people[person])
        with taken_back():
            found[person] = (
                client.get(reverse("surveys:moderation", kwargs={"partnership": "harbour"})).status_code,
                client.get(reverse("surveys:moderation_queue", kwargs=QUEUE)).status_code,
                client.get(sample).status_code,
                client.post(sample, {"rule": "random", "size": "1", "seed": "7"}).status_code,
            )
    refused = {person: (codes["submitted"][0],) * 4 for person, codes in MAY.items()}
    drawing = dict.fromkeys(("administrator", "quality_officer"), (200, 200, 200, 302))
    assert found == refused | drawing | {"scrutineer": (200, 200, 200, 403)}


def get_queue(client: Client, **query: str) -> Any:
    return client.get(reverse("surveys:moderation_queue", kwargs=QUEUE), query)


def list_names(response: Any) -> list[str]:
    return re.findall(r'moderation/2026/audits/[^/]+/">([^<]+)</a>', response.content.decode())


def test_the_riskiest_stand_first_with_the_reasons_in_words(
    cycle: Cycle, cast: Cast, sign_in: SignIn
) -> None:
    factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    factories.make_audit(cycle, cast.other_organisation, scores=2, status=AuditStatus.SUBMITTED)
    response = get_queue(sign_in(cast.quality_officer))
    assert list_names(response) == ["Beacon Homes", "Anchor Trust"]
    text = response.content.decode()
    assert "4 indicators are scored 2 without evidence" in text
    assert "Everything is scored 2 (4 indicators)" in text
    assert "Nothing that stands out" in text


def test_the_queue_is_narrowed(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    audit = bring_to(cycle, cast, "begun")
    factories.make_audit(cycle, cast.other_organisation, scores=2, status=AuditStatus.SUBMITTED)
    client = sign_in(cast.quality_officer)
    assert list_names(get_queue(client, state="in_progress")) == ["Anchor Trust"]
    assert list_names(get_queue(client, state="to_moderate")) == ["Beacon Homes"]
    assert list_names(get_queue(client, state="final")) == []
    assert list_names(get_queue(client, state="sample")) == []
    assert list_names(get_queue(client, search="beac")) == ["Beacon Homes"]
    assert len(list_names(get_queue(client, variant="standard"))) == 2
    ask_agency(answer=get_answer(audit), question="Who?", by=cast.quality_officer)
    assert list_names(get_queue(client, state="queried")) == ["Anchor Trust"]
    close = get_queue(client, state="nonsense")
    assert len(list_names(close)) == 2


def test_a_sample_is_kept_with_its_rule_and_seed_and_drawn_again_alike(
    cycle: Cycle, cast: Cast, sign_in: SignIn
) -> None:
    for number in range(6):
        organisation = factories.make_organisation(f"Place {number}", partnership=cast.partnership)
        factories.make_audit(cycle, organisation, scores=2, status=AuditStatus.SUBMITTED)
    client = sign_in(cast.quality_officer)
    sample = {"rule": "random", "size": "2", "seed": "11"}
    for _ in range(2):
        client.post(reverse("surveys:moderation_sample", kwargs=QUEUE), sample)
    first, again = ModerationSample.objects.all()
    assert list(first.audits.order_by("pk")) == list(again.audits.order_by("pk"))
    response = get_queue(client, state="sample")
    assert len(list_names(response)) == 2
    assert "at random, size 2, seed 11" in " ".join(response.content.decode().split())
    wrong = client.post(reverse("surveys:moderation_sample", kwargs=QUEUE), {**sample, "size": "0"})
    assert (wrong.status_code, ModerationSample.objects.count()) == (200, 2)


def test_nothing_to_draw_is_said(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    url = reverse("surveys:moderation_sample", kwargs=QUEUE)
    response = client.post(url, {"rule": "random", "size": "2", "seed": "11"}, follow=True)
    assert "No audit of Audit 2026 is submitted yet" in response.content.decode()


def test_a_standard_is_saved_at_once(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    bring_to(cycle, cast, "submitted")
    client = sign_in(cast.quality_officer)
    response = client.post(standard(), say_all(go="next"))
    assert response.headers["Location"] == standard("A2")
    said = {row.answer.indicator.code: (row.score, row.reason) for row in Moderation.objects.all()}
    assert said == {"A1.1": (1, "The policy is old."), "A1.2": (None, "")}
    # Saved once more as it is shown, nothing is written.
    shown = say("A1.1", "1", "The policy is old.", 1) | say("A1.2", "agrees", seen=1)
    client.post(standard(), shown)
    assert Moderation.objects.count() == 2


def test_what_is_not_said_stays_unsaid(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    bring_to(cycle, cast, "submitted")
    client = sign_in(cast.quality_officer)
    assert client.post(standard(), say("A1.1", "") | say("A1.2", "")).status_code == 302
    assert not Moderation.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (say("A1.1", "0"), "Enter why you differ from the agency on A1.1"),
        (say("A1.1", "", "Old."), "Select your score for A1.1"),
        (say("A1.1", "7", "Old."), "Select"),
    ],
)
def test_a_slip_is_said_and_what_was_typed_stays(
    cycle: Cycle, cast: Cast, sign_in: SignIn, said: dict[str, str], sentence: str
) -> None:
    bring_to(cycle, cast, "submitted")
    client = sign_in(cast.quality_officer)
    response = client.post(standard(), said | say("A1.2", "1", "Words that I typed."))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert "Words that I typed." in response.content.decode()
    assert not Moderation.objects.exists()


def test_the_second_of_two_moderators_sees_theirs_and_keeps_what_was_typed(
    cycle: Cycle, cast: Cast, sign_in: SignIn
) -> None:
    audit = bring_to(cycle, cast, "begun")
    client = sign_in(cast.administrator)
    typed = say("A1.1", "0", "There is none at all.") | say("A1.2", "1", "Half.")
    response = client.post(standard(), typed)
    text = response.content.decode()
    assert response.status_code == 409
    assert "quality_officer@harbour.example has saved this meanwhile" in text
    assert "From 2019." in text
    assert "There is none at all." in text
    assert 'name="A1.1-seen" value="1"' in text.replace("'", '"')
    # The other answer was nobody else's, so it is saved; saved again, mine follows theirs.
    assert Moderation.objects.get(answer__indicator__code="A1.2").score == 1
    again = say("A1.1", "0", "There is none at all.", 1) | say("A1.2", "1", "Half.", 1)
    assert client.post(standard(), again).status_code == 302
    assert Moderation.objects.filter(answer=get_answer(audit)).count() == 2
    assert Moderation.objects.filter(answer__indicator__code="A1.2").count() == 1


def test_the_page_shows_both_sides(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    before = factories.make_cycle(
        cast.partnership,
        slug="2025",
        questionnaires=(cycle.cycle_questionnaires.get().questionnaire,),
        opens_on=cycle.opens_on.replace(year=cycle.opens_on.year - 1),
        closes_on=cycle.closes_on.replace(year=cycle.closes_on.year - 1, day=1),
    )
    last = factories.make_audit(before, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    last.answers.update(commentary="What we said then.")
    audit = bring_to(cycle, cast, "begun")
    moderate(audit, cast, 0, seen=1)
    text = sign_in(cast.quality_officer).get(standard()).content.decode()
    for words in ("Audit 2025", "What we said then.", "Who moderated before (2)", "No evidence"):
        assert words in text
    assert "Agree with the agency: Achieved (2)" in text


def test_another_partnership_s_answers_are_no_earlier_ones(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    bank = cycle.cycle_questionnaires.get().questionnaire
    there = factories.make_cycle(
        cast.elsewhere, slug="2025", questionnaires=(bank,), closes_on=cycle.opens_on
    )
    theirs = factories.make_audit(there, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    theirs.answers.update(commentary="Said elsewhere.")
    bring_to(cycle, cast, "submitted")
    assert "Said elsewhere." not in sign_in(cast.quality_officer).get(standard()).content.decode()


def test_a_question_goes_to_the_leads_and_is_settled_on_the_page(
    cycle: Cycle, cast: Cast, sign_in: SignIn
) -> None:
    audit = bring_to(cycle, cast, "submitted")
    client = sign_in(cast.quality_officer)
    response = client.post(standard(), say_all(go="ask:A1.1"))
    ask = address("moderation_ask", code="A1", indicator="A1.1")
    assert response.headers["Location"] == ask
    client.post(ask, {"question": "Who saw it?"})
    question = Clarification.objects.get()
    mail = Message.objects.get(kind=MessageKind.CLARIFICATION)
    assert (mail.email, mail.invitee) == (cast.lead.email, audit.invitee)
    assert mail.subject == "A question about A1.1 in Audit 2026: reply to Harbour"
    assert reverse("surveys:feedback_question", args=["harbour", "anchor", question.pk]) in mail.body
    reply_to_question(clarification=question, reply="The board, in May.", by=cast.lead)
    back = Message.objects.exclude(pk=mail.pk).get()
    assert (back.email, "The board, in May." in back.body, standard() in back.body) == (
        cast.quality_officer.email,
        True,
        True,
    )
    client.post(standard(), say_all(go=f"accept:{question.pk}") | say("A1.1", "1", "The policy is old.", 1))
    question.refresh_from_db()
    assert (question.accepted, question.closed_by) == (True, cast.quality_officer)
    unknown = say("A1.1", "1", "The policy is old.", 1) | say("A1.2", "agrees", seen=1) | {"go": "accept:0"}
    assert client.post(standard(), unknown).status_code == 404


def test_who_asked_and_left_gets_no_mail(cycle: Cycle, cast: Cast) -> None:
    audit = bring_to(cycle, cast, "submitted")
    question = ask_agency(answer=get_answer(audit), question="Who?", by=cast.outsider)
    reply_to_question(clarification=question, reply="We.", by=cast.lead)
    assert [mail.email for mail in Message.objects.all()] == [cast.lead.email]


def test_a_close_says_what_is_in_its_way(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    audit = bring_to(cycle, cast, "begun")
    ask_agency(answer=get_answer(audit), question="Who?", by=cast.quality_officer)
    client = sign_in(cast.quality_officer)
    assert "1 question to the agency is still open" in " ".join(
        client.get(address("moderation_close")).content.decode().replace("</strong>", "").split()
    )
    response = client.post(address("moderation_close"), follow=True)
    assert "1 of the questions to the agency is still open" in response.content.decode()
    assert not audit.series_closes.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_three_audits_as_for_one(
    cycle: Cycle, cast: Cast, sign_in: SignIn, number: int, django_assert_num_queries: Any
) -> None:
    for index in range(number):
        organisation = factories.make_organisation(f"Place {index}", partnership=cast.partnership)
        audit = factories.make_audit(cycle, organisation, scores=2, status=AuditStatus.SUBMITTED)
        moderate(audit, cast, 1)
        ask_agency(answer=get_answer(audit), question="Who?", by=cast.quality_officer)
    client = sign_in(cast.quality_officer)
    with django_assert_num_queries(QUEUE_QUERIES):
        assert len(list_names(get_queue(client))) == number


QUEUE_QUERIES = 15


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_three_rows_of_an_answer_as_for_one(
    cycle: Cycle, cast: Cast, sign_in: SignIn, number: int, django_assert_num_queries: Any
) -> None:
    bank = cycle.cycle_questionnaires.get().questionnaire
    for years in range(1, number + 1):
        day = cycle.closes_on - datetime.timedelta(days=365 * years)
        before = factories.make_cycle(
            cast.partnership, slug=f"before-{years}", questionnaires=(bank,), opens_on=day, closes_on=day
        )
        factories.make_audit(before, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    audit = bring_to(cycle, cast, "submitted")
    for seen in range(number):
        moderate(audit, cast, seen % 2, seen=seen)
        moderate(audit, cast, seen % 2, "A1.2", seen=seen)
    client = sign_in(cast.quality_officer)
    with django_assert_num_queries(STANDARD_QUERIES):
        assert client.get(standard()).status_code == 200


STANDARD_QUERIES = 16


def test_an_officer_reads_both_series_once_they_are_final(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    audit = bring_to(cycle, cast, "begun")
    client = sign_in(cast.scrutineer)
    page = address("audit_read")
    assert "Self-assessed and moderated" not in client.get(page).content.decode()
    assert address("moderation_audit") in client.get(page).content.decode()
    close_series(audit=audit, by=cast.quality_officer)
    assert "Self-assessed and moderated" in client.get(page).content.decode()
    # The agency finds them in its own room.
    text = sign_in(cast.lead).get(page).content.decode()
    assert "Self-assessed and moderated" not in text
    assert address("moderation_audit") not in text
