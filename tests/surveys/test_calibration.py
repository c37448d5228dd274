"""Calibration: who draws, who scores and when anybody reads what; and that no figure ever hears of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from s11.organisations.models import User
from surveys.calibrating import (
    NothingToDraw,
    NotInThisState,
    Rule,
    draw_calibration,
    finish_scoring,
    score_item,
)
from surveys.calibrations import get_results, get_scorers
from surveys.enums import AuditStatus, Series
from surveys.models import (
    Audit,
    Calibration,
    CalibrationItem,
    CalibrationScore,
    CalibrationScorer,
    Cycle,
    Moderation,
    Scorecard,
)
from surveys.overview import as_json, get_overview
from surveys.workflow import recall_audit, submit_audit
from tests import factories
from tests.cells import taken_back
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
PLACE = {"partnership": "harbour", "cycle": "2026"}


@grounded
def cycle(cast: Cast) -> Cycle:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    audit.answers.update(commentary="All staff are trained each year.")
    return cycle


def draw(cycle: Cycle, cast: Cast, *, size: int = 4, seed: int = 7, rule: Rule = "random") -> Calibration:
    chosen = [cast.administrator, cast.quality_officer]
    return draw_calibration(
        cycle=cycle, rule=rule, size=size, seed=seed, scorers=chosen, by=cast.administrator
    )


def get_scorer(calibration: Calibration, user: User) -> CalibrationScorer:
    return calibration.scorers.get(user=user)


def score(
    calibration: Calibration, user: User, scores: Mapping[str, int | None], *, finish: bool = True
) -> None:
    """By indicator code; None is not applicable."""
    scorer = get_scorer(calibration, user)
    for item in calibration.items.select_related("answer__indicator"):
        code = item.answer.indicator.code
        score_item(item=item, scorer=scorer, score=scores[code], reason=f"{user} on {code}")
    if finish:
        finish_scoring(scorer=scorer)


ALIKE: Mapping[str, int | None] = {"A1.1": 0, "A1.2": 1, "A2.1": 2, "A2.2": None}
APART: Mapping[str, int | None] = {"A1.1": 2, "A1.2": 1, "A2.1": 2, "A2.2": 2}


def address(name: str, **more: Any) -> str:
    return reverse(f"surveys:{name}", kwargs={**PLACE, **more})


# The draw -------------------------------------------------------------------------------------------------------------


def list_drawn(calibration: Calibration) -> list[str]:
    items = calibration.items.order_by("position").values_list(
        "answer__audit__invitee__organisation__slug", "answer__indicator__code"
    )
    return [f"{slug}:{code}" for slug, code in items]


def test_the_same_seed_draws_the_same_answers_again(cycle: Cycle, cast: Cast) -> None:
    factories.make_audit(cycle, cast.other_organisation, scores=1, status=AuditStatus.SUBMITTED)
    first = list_drawn(draw(cycle, cast, size=5))
    assert len(set(first)) == 5
    assert list_drawn(draw(cycle, cast, size=5)) == first
    assert list_drawn(draw(cycle, cast, size=5, seed=8)) != first
    assert len(list_drawn(draw(cycle, cast, size=50))) == 8


def test_by_score_each_score_comes_at_least_once(cycle: Cycle, cast: Cast) -> None:
    scores: dict[str, int | str | None] = {"A1.1": 0, "A1.2": 1, "A2.1": 2, "A2.2": "It does not do this"}
    factories.make_audit(cycle, cast.other_organisation, scores=scores, status=AuditStatus.SUBMITTED)
    for seed in range(5):
        items = draw(cycle, cast, size=4, seed=seed, rule="by_score").items.select_related("answer")
        assert {item.answer.submitted_score for item in items} == {0, 1, 2, None}


def test_only_submitted_answers_of_the_cycle_are_drawn(cycle: Cycle, cast: Cast) -> None:
    factories.make_audit(cycle, cast.other_organisation, scores=1)
    assert {name.partition(":")[0] for name in list_drawn(draw(cycle, cast, size=50))} == {"anchor"}
    Audit.objects.filter(invitee__organisation=cast.organisation).update(
        status=AuditStatus.DRAFT, submitted_at=None, first_submitted_at=None
    )
    with pytest.raises(NothingToDraw, match="No audit of Audit 2026 is submitted yet"):
        draw(cycle, cast)


def test_one_person_is_no_calibration(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    with pytest.raises(ValueError, match="choose two or more"):
        draw_calibration(
            cycle=cycle, rule="random", size=1, seed=1, scorers=[cast.administrator], by=cast.administrator
        )
    data = {"rule": "random", "size": "2", "seed": "1", "scorers": [cast.administrator.pk]}
    response = sign_in(cast.administrator).post(address("calibrations"), data)
    assert "Select between two and 6 people" in response.content.decode()
    data["scorers"] = [cast.administrator.pk, cast.scrutineer.pk]
    response = sign_in(cast.administrator).post(address("calibrations"), data)
    assert "There is a problem" in response.content.decode(), "a scrutineer only reads"
    assert not Calibration.objects.exists()


# Who may do what ------------------------------------------------------------------------------------------------------

STATES = ("open", "finished", "all_finished")
# The list, drawing, the page, an answer, scoring it, finishing.
NOBODY = dict.fromkeys(STATES, (404,) * 6)
FORBIDDEN = dict.fromkeys(STATES, (403,) * 6)
READS = dict.fromkeys(STATES, (200, 403, 200, 403, 403, 403))
MAY = {
    **dict.fromkeys(("lead", "contributor", "signatory", "viewer", "stranger", "outsider"), NOBODY),
    **dict.fromkeys(("panel_member", "panel_chair", "publisher"), FORBIDDEN),
    "scrutineer": READS,
    # Chosen, and finishes first
    "quality_officer": {"open": (200, 302, 200, 200, 302, 302)}
    | dict.fromkeys(STATES[1:], (200, 302, 200, 403, 403, 403)),
    # Chosen too
    "administrator": dict.fromkeys(STATES[:2], (200, 302, 200, 200, 302, 302))
    | {"all_finished": (200, 302, 200, 403, 403, 403)},
    "other": dict.fromkeys(STATES, (200, 302, 200, 403, 403, 403)),
}


@pytest.mark.parametrize("state", STATES)
def test_who_may_do_what_in_which_state(cycle: Cycle, cast: Cast, sign_in: SignIn, state: str) -> None:
    other = factories.make_officer("second@harbour.example", partnership=cast.partnership)
    calibration = draw(cycle, cast)
    score(calibration, cast.quality_officer, ALIKE, finish=state != "open")
    score(calibration, cast.administrator, ALIKE, finish=state == "all_finished")
    item = address("calibration_item", calibration=calibration.pk, position=1)
    drawn = {"rule": "random", "size": "2", "seed": "1", "scorers": [cast.administrator.pk, other.pk]}
    found = {}
    for person, user in {**cast.people, "other": other}.items():
        client = sign_in(user)
        with taken_back():
            found[person] = (
                client.get(address("calibrations")).status_code,
                client.post(address("calibrations"), drawn).status_code,
                client.get(address("calibration", calibration=calibration.pk)).status_code,
                client.get(item).status_code,
                client.post(item, {"score": "1"}).status_code,
                client.post(address("calibration_finish", calibration=calibration.pk)).status_code,
            )
    assert found == {person: codes[state] for person, codes in MAY.items()}


def test_another_cycle_s_calibration_and_an_answer_that_was_not_drawn_are_not_found(
    cycle: Cycle, cast: Cast, sign_in: SignIn
) -> None:
    calibration, client = draw(cycle, cast, size=1), sign_in(cast.administrator)
    bank = factories.make_questionnaire(edition="2025-26")
    factories.make_cycle(cast.partnership, slug="2025", questionnaires=(bank,))
    there = {"partnership": "harbour", "cycle": "2025", "calibration": calibration.pk}
    assert client.get(reverse("surveys:calibration", kwargs=there)).status_code == 404
    beyond = address("calibration_item", calibration=calibration.pk, position=2)
    assert client.get(beyond).status_code == 404


# Each alone -----------------------------------------------------------------------------------------------------------


def test_nobody_reads_a_score_before_all_have_finished(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    calibration = draw(cycle, cast)
    score(calibration, cast.quality_officer, ALIKE)
    score(calibration, cast.administrator, APART, finish=False)
    secret = "quality_officer@harbour.example on A1.1"
    pages = [
        address("calibrations"),
        address("calibration", calibration=calibration.pk),
        *(address("calibration_item", calibration=calibration.pk, position=place) for place in (1, 2, 3, 4)),
    ]
    for person in (cast.administrator, cast.quality_officer, cast.scrutineer):
        client = sign_in(person)
        for page in pages:
            assert secret not in client.get(page).content.decode()
    text = client.get(pages[1]).content.decode()
    assert "Nobody sees another’s scores before all have finished" in text
    assert "kappa" not in text
    finish_scoring(scorer=get_scorer(calibration, cast.administrator))
    assert secret in client.get(pages[1]).content.decode()


def test_nobody_waits_for_who_has_gone(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    calibration = draw(cycle, cast)
    gone = factories.make_officer("gone@harbour.example", partnership=cast.partnership)
    calibration.scorers.create(user=gone)
    score(calibration, gone, APART, finish=False)
    client, page = sign_in(cast.administrator), address("calibration", calibration=calibration.pk)
    score(calibration, cast.administrator, ALIKE)
    gone.offices.update(ended_at=timezone.now())
    assert f"all have finished, and {cast.quality_officer} has not" in client.get(page).content.decode()
    score(calibration, cast.quality_officer, APART)
    text = client.get(page).content.decode()
    assert f"{cast.administrator} and {cast.quality_officer} agree on 2 of 4 (50%)" in text
    assert f"{gone} on A1.1" not in text
    # Who has finished counts, wherever they are now; of two that leaves nobody to agree with.
    calibration.scorers.filter(user=cast.administrator).update(finished_at=None)
    cast.quality_officer.offices.update(ended_at=timezone.now())
    assert "and administrator@harbour.example has not" in client.get(page).content.decode()
    calibration.scorers.filter(user=cast.quality_officer).update(finished_at=None)
    assert "Fewer than two of those chosen are still here" in client.get(page).content.decode()


def test_the_agency_s_own_score_is_left_out(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    calibration = draw(cycle, cast)
    page = address("calibration_item", calibration=calibration.pk, position=1)
    text = sign_in(cast.administrator).get(page).content.decode()
    assert "All staff are trained each year." in text
    assert "No evidence" in text
    assert text.count("Achieved (2)") == 1, "among the choices alone"
    assert " checked" not in text


def test_one_after_the_other_and_back_to_the_list(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    calibration, client = draw(cycle, cast), sign_in(cast.administrator)

    def page(place: int) -> str:
        return address("calibration_item", calibration=calibration.pk, position=place)

    assert "Select your score" in client.post(page(2), {"reason": "Why not."}).content.decode()

    def leads_to(place: int, **said: str) -> str:
        return str(client.post(page(place), said).headers["Location"])

    assert leads_to(2, score="1", reason="Thin.") == page(3)
    assert leads_to(4, score="na") == page(1)
    assert "Thin." in client.get(page(2)).content.decode()
    response = client.post(address("calibration_finish", calibration=calibration.pk), follow=True)
    assert "2 of the answers have no score of yours yet" in response.content.decode()
    assert leads_to(1, score="0") == page(3)
    assert leads_to(3, score="2") == address("calibration", calibration=calibration.pk)
    text = client.get(address("calibration", calibration=calibration.pk)).content.decode()
    assert "4 of 4 answers scored by you" in text
    client.post(page(2), {"score": "0", "reason": "On second thoughts."})
    assert CalibrationScore.objects.count() == 4
    response = client.post(address("calibration_finish", calibration=calibration.pk), follow=True)
    assert "Once the others have too, everybody sees" in response.content.decode()
    assert get_scorer(calibration, cast.administrator).finished_at is not None


def test_the_list_says_who_has_begun(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    calibration = draw(cycle, cast)
    client = sign_in(cast.administrator)

    def words() -> tuple[int, int, int]:
        text = client.get(address("calibrations")).content.decode()
        return text.count("Not started"), text.count("In progress"), text.count(">Done<")

    assert words() == (2, 0, 0)
    score(calibration, cast.quality_officer, ALIKE, finish=False)
    assert words() == (1, 1, 0)


def test_the_last_to_finish_reads_that_the_others_have(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    calibration = draw(cycle, cast)
    score(calibration, cast.quality_officer, ALIKE)
    score(calibration, cast.administrator, ALIKE, finish=False)
    finish = address("calibration_finish", calibration=calibration.pk)
    text = sign_in(cast.administrator).post(finish, follow=True).content.decode()
    assert "So have the others: this is how far you agree." in text
    assert "Agreement of moderators" in text


def test_what_is_finished_stays(cycle: Cycle, cast: Cast) -> None:
    calibration = draw(cycle, cast)
    score(calibration, cast.administrator, ALIKE)
    scorer = get_scorer(calibration, cast.administrator)
    item = calibration.items.get(position=1)
    with pytest.raises(NotInThisState, match="You have finished"):
        score_item(item=item, scorer=scorer, score=2, reason="")
    with pytest.raises(NotInThisState, match="You have finished"):
        finish_scoring(scorer=scorer)
    with pytest.raises(ValueError, match="is not a score"):
        score_item(item=item, scorer=scorer, score=3, reason="")


# What comes of it -----------------------------------------------------------------------------------------------------


def test_agreement_and_what_to_talk_over(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    calibration = draw(cycle, cast)
    score(calibration, cast.administrator, ALIKE)
    score(calibration, cast.quality_officer, APART)
    text = sign_in(cast.scrutineer).get(address("calibration", calibration=calibration.pk)).content.decode()
    names = "administrator@harbour.example and quality_officer@harbour.example"
    assert f"{names} agree on 2 of 4 (50%)" in text
    # Scored by both: 0-2, 1-1, 2-2. Linear: 1 - 3*2/(1+4+2+1); quadratic: 1 - 3*4/(1+8+2+1)
    assert "weighted kappa is 0.25 with linear weights and 0.00 with quadratic ones" in text
    assert "1 answer that one or both found not applicable is left out of it" in text
    talk = re.findall(r'#(A\d\.\d)">', text)
    assert talk == ["A2.2", "A1.1"]
    assert "quality_officer@harbour.example on A1.1" in text


def test_three_who_score_are_three_pairs(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    third = factories.make_officer("third@harbour.example", partnership=cast.partnership)
    people = [cast.administrator, cast.quality_officer, third]
    calibration = draw_calibration(
        cycle=cycle, rule="random", size=4, seed=1, scorers=people, by=cast.administrator
    )
    for person, scores in zip(people, (ALIKE, ALIKE, APART), strict=True):
        score(calibration, person, scores)
    results = get_results(calibration, list(calibration.scorers.select_related("user")))
    assert [pair.agreement.agreed.count for pair in results.pairs] == [4, 2, 2]
    assert (results.pairs[0].linear, results.pairs[1].linear) == ("1.00", "0.25")
    assert [len(one.scores) for one in results.disagreements] == [3, 3]


def test_where_kappa_is_not_defined_it_says_why(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    calibration = draw(cycle, cast)
    for person in (cast.administrator, cast.quality_officer):
        score(calibration, person, dict.fromkeys(ALIKE, 2))
    text = (
        sign_in(cast.administrator).get(address("calibration", calibration=calibration.pk)).content.decode()
    )
    assert "Both gave every answer the same score throughout." in text
    assert "You scored every answer alike." in text


def test_a_recalled_audit_is_its_agency_s_again(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    factories.make_audit(cycle, cast.other_organisation, scores=1, status=AuditStatus.SUBMITTED)
    calibration = draw(cycle, cast, size=8)
    recall_audit(audit=Audit.objects.get(invitee__organisation=cast.organisation), by=cast.lead)
    client = sign_in(cast.administrator)
    text = client.get(address("calibration", calibration=calibration.pk)).content.decode()
    assert "0 of 4 answers scored by you" in text
    gone = calibration.items.filter(answer__audit__invitee__organisation=cast.organisation)
    page = address("calibration_item", calibration=calibration.pk, position=gone[0].position)
    assert client.get(page).status_code == 404
    for person in (cast.administrator, cast.quality_officer):
        scorer = get_scorer(calibration, person)
        for item in calibration.items.exclude(pk__in=gone):
            score_item(item=item, scorer=scorer, score=1, reason="")
        finish_scoring(scorer=scorer)
    text = client.get(address("calibration", calibration=calibration.pk)).content.decode()
    assert "4 answers of those drawn are left out: the agency has recalled the audit." in text


def test_what_was_recalled_stays_the_agency_s_also_once_it_is_submitted_again(
    cycle: Cycle, cast: Cast, sign_in: SignIn
) -> None:
    """The words of the submission that was taken back are nobody else's to read."""
    calibration = draw(cycle, cast)
    audit = Audit.objects.get(invitee__organisation=cast.organisation)
    (question,) = audit.questionnaire.profile_questions.all()
    audit.profile_answers.create(question=question, value="1")
    recall_audit(audit=audit, by=cast.lead)
    submit_audit(audit=audit, by=cast.lead)
    client = sign_in(cast.administrator)
    page = address("calibration_item", calibration=calibration.pk, position=1)
    assert client.get(page).status_code == 404
    assert {progress.of for progress in get_scorers(calibration)} == {0}
    # Nobody waits for ever for what cannot be scored.
    text = client.get(address("calibration", calibration=calibration.pk)).content.decode()
    assert "No answer is left to score" in text
    assert address("calibration_finish", calibration=calibration.pk) in text
    for person in (cast.administrator, cast.quality_officer):
        finish_scoring(scorer=get_scorer(calibration, person))
    text = client.get(address("calibration", calibration=calibration.pk)).content.decode()
    assert "4 answers of those drawn are left out: the agency has recalled the audit." in text
    assert "every answer alike" not in text


def test_an_answer_stays_as_it_was_drawn(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    """While it is being corrected its new words are the agency's."""
    calibration = draw(cycle, cast)
    item = calibration.items.select_related("answer__audit").get(position=1)
    answer = item.answer
    factories.make_correction(answer.audit)
    answer.changes.create(
        version=2,
        score_before=2,
        score_after=1,
        commentary_before=answer.commentary,
        commentary_after="Not yet all of them.",
        by=cast.lead,
    )
    answer.score, answer.commentary, answer.version = 1, "Not yet all of them.", 2
    answer.save()
    page = address("calibration_item", calibration=calibration.pk, position=1)
    text = sign_in(cast.administrator).get(page).content.decode()
    assert "All staff are trained each year." in text
    assert "Not yet all of them." not in text


def test_no_figure_hears_of_it(cycle: Cycle, cast: Cast) -> None:
    before = {series: as_json(get_overview(cycle, series)) for series in Series}
    cards = Scorecard.objects.count()
    calibration = draw(cycle, cast)
    for person in (cast.administrator, cast.quality_officer):
        score(calibration, person, dict.fromkeys(ALIKE, 0))
    assert {series: as_json(get_overview(cycle, series)) for series in Series} == before
    assert Scorecard.objects.count() == cards
    assert not Moderation.objects.exists()


# How pages grow -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_three_answers_as_for_one(
    cycle: Cycle, cast: Cast, sign_in: SignIn, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        calibration = draw(cycle, cast, size=number)
    client, page = sign_in(cast.administrator), address("calibration", calibration=calibration.pk)
    for queries, name in ((7, address("calibrations")), (11, page)):
        with django_assert_num_queries(queries):
            assert client.get(name).status_code == 200
    for person in (cast.administrator, cast.quality_officer):
        score(calibration, person, ALIKE)
    with django_assert_num_queries(12):
        assert "Agreement of moderators" in client.get(page).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_an_answer_s_page_does_not_grow_with_its_evidence(
    cycle: Cycle, cast: Cast, sign_in: SignIn, number: int, django_assert_num_queries: Any
) -> None:
    calibration = draw(cycle, cast, size=number)
    item: CalibrationItem = calibration.items.get(position=1)
    for place in range(number):
        evidence = factories.make_evidence(cast.organisation, f"Policy {place}")
        item.answer.evidence_links.create(evidence=evidence, submitted_version=evidence.versions.get())
    client = sign_in(cast.administrator)
    page = address("calibration_item", calibration=calibration.pk, position=1)
    with django_assert_num_queries(12):
        assert client.get(page).content.decode().count("Policy ") == number
