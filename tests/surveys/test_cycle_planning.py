"""Planning a cycle step by step: the way through, what each step refuses, and what a change asks again."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.models import Participation, User
from surveys.enums import CycleKind, CycleStatus, Obligation
from surveys.models import Cycle, Questionnaire
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded

START = "/p/harbour/desk/cycles/new/"
TOMORROW = timezone.localdate() + datetime.timedelta(days=1)
IN_MARCH = datetime.date(TOMORROW.year + 1, 3, 31)
SignIn = Callable[[User], Client]


def parts(name: str, day: datetime.date | None) -> dict[str, str]:
    values = (day.day, day.month, day.year) if day else ("", "", "")
    return {
        f"{name}_{part}": str(value) for part, value in zip(("day", "month", "year"), values, strict=True)
    }


STEPS: dict[str, dict[str, Any]] = {
    "title": {"title": "Section 11 audit", "kind": "full", "asks_sign_off": "no"},
    "dates": parts("opens_on", TOMORROW) | parts("closes_on", IN_MARCH),
    "banks": {"variants": ["standard", "health"]},
    "invitees": {"invite_standard": "all", "invite_health": "all"},
    "check": {},
}


@grounded
def bank(cast: Cast) -> Questionnaire:
    return factories.make_questionnaire()


@grounded
def health(cast: Cast) -> Questionnaire:
    return factories.make_questionnaire(Variant.HEALTH)


@pytest.fixture
def administrator(cast: Cast, bank: Questionnaire, health: Questionnaire, sign_in: SignIn) -> Client:
    factories.make_organisation(
        "Cove Clinic", variant=Variant.HEALTH, partnership=cast.partnership, is_statutory=False
    )
    factories.make_organisation("Far Clinic", variant=Variant.HEALTH, partnership=cast.elsewhere)
    return sign_in(cast.administrator)


def post(client: Client, step: str, **changed: object) -> Any:
    data = {f"{step}-{name}": value for name, value in {**STEPS.get(step, {}), **changed}.items()}
    return client.post(f"{START}{step}/", {"cycle_harbour-current_step": step, **data})


def walk(client: Client, *steps: str) -> None:
    for step in steps:
        response = post(client, step)
        assert response.status_code == 302, response.content.decode()


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_way_through_makes_a_planned_cycle(
    cast: Cast, administrator: Client, bank: Questionnaire, health: Questionnaire
) -> None:
    assert administrator.get(START).headers["Location"] == f"{START}title/"
    for step, following in zip(STEPS, [*list(STEPS)[1:], ""], strict=True):
        assert administrator.get(f"{START}{step}/").status_code == 200
        response = post(administrator, step)
        where = f"{START}{following}/" if following else "/p/harbour/desk/cycles/section-11-audit/"
        assert response.headers["Location"] == where, text(response)

    cycle = Cycle.objects.get()
    assert (cycle.title, cycle.kind, cycle.status) == (
        "Section 11 audit",
        CycleKind.FULL,
        CycleStatus.PLANNED,
    )
    assert not cycle.asks_sign_off
    assert (cycle.partnership, cycle.opens_on, cycle.closes_on) == (cast.partnership, TOMORROW, IN_MARCH)
    assert {pin.questionnaire for pin in cycle.cycle_questionnaires.all()} == {bank, health}
    assert list(cycle.invitees.values_list("organisation__name", "obligation")) == [
        ("Anchor Trust", Obligation.MUST),
        ("Beacon Homes", Obligation.MUST),
        ("Cove Clinic", Obligation.MAY),
    ]


def test_nothing_is_made_before_the_last_step(administrator: Client) -> None:
    walk(administrator, *list(STEPS)[:-1])

    assert not Cycle.objects.exists()
    assert "Plan the cycle" in text(administrator.get(f"{START}check/"))


def test_after_planning_the_steps_are_empty_again(administrator: Client) -> None:
    walk(administrator, *STEPS)
    response = administrator.get(f"{START}check/")

    assert response.headers["Location"] == f"{START}title/"
    assert Cycle.objects.count() == 1


def test_a_topic_chooses_its_standards(administrator: Client, bank: Questionnaire) -> None:
    post(administrator, "title", kind="topic")
    walk(administrator, "dates")
    post(administrator, "banks", variants=["standard"])
    assert "A2 Standard A2" in text(administrator.get(f"{START}standards/"))
    assert "Select at least one standard for standard" in text(post(administrator, "standards"))
    post(administrator, "standards", standards_standard=["A2"])
    walk(administrator, "invitees", "check")

    pin = Cycle.objects.get(kind=CycleKind.TOPIC).cycle_questionnaires.get()
    assert [standard.code for standard in pin.standards.all()] == ["A2"]


def test_a_full_cycle_has_no_step_for_standards(administrator: Client) -> None:
    walk(administrator, "title", "dates", "banks")

    assert administrator.get(f"{START}standards/").headers["Location"] == f"{START}invitees/"


@pytest.mark.parametrize(
    ("step", "changed", "sentence"),
    [
        ("title", {"title": " "}, "Enter the title"),
        ("title", {"title": "x" * 201}, "Title must be 200 characters or fewer"),
        ("title", {"kind": "other"}, "Select one of the choices"),
        ("title", {"asks_sign_off": ""}, "Select yes if a signatory must sign off each audit"),
        ("dates", parts("opens_on", None), "Enter the opening day"),
        ("dates", {"closes_on_day": "31", "closes_on_month": "2"}, "Closing day must be a real date"),
        ("dates", parts("closes_on", TOMORROW), "Closing day must be after the opening day"),
        (
            "dates",
            parts("closes_on", TOMORROW - datetime.timedelta(days=2)),
            "Closing day must be today or in the future",
        ),
        ("banks", {"variants": []}, "Select at least one variant"),
        ("banks", {"variants": ["school"]}, "Select one of the choices"),
        ("invitees", {"invite_health": "everybody"}, "Select one of the choices"),
        ("invitees", {"invite_standard": ""}, "Select who is invited of standard"),
    ],
)
def test_bad_input_is_told_and_kept(
    administrator: Client, step: str, changed: dict[str, object], sentence: str
) -> None:
    walk(administrator, *list(STEPS)[: list(STEPS).index(step)])
    response = post(administrator, step, **changed)

    assert response.status_code == 200
    assert sentence in text(response)
    assert "There is a problem" in text(response)


def test_a_step_before_its_turn_leads_to_the_first_open_one(administrator: Client) -> None:
    for step in ("banks", "standards", "invitees", "check", "done", "nonsense"):
        assert administrator.get(f"{START}{step}/").headers["Location"] == f"{START}title/"
        assert post(administrator, step).headers["Location"] == f"{START}title/"


def test_a_form_of_another_step_is_not_taken_for_this_one(administrator: Client) -> None:
    walk(administrator, "title")
    response = administrator.post(f"{START}dates/", {"cycle_harbour-current_step": "banks"})

    assert response.headers["Location"] == f"{START}dates/"


def test_change_goes_back_to_checking(administrator: Client) -> None:
    walk(administrator, *list(STEPS)[:-1])
    response = post(administrator, "title", title="Another title")

    assert response.headers["Location"] == f"{START}check/"
    assert "Another title" in text(administrator.get(f"{START}check/"))


def test_change_asks_again_only_what_no_longer_fits(administrator: Client) -> None:
    post(administrator, "title")
    walk(administrator, "dates")
    post(administrator, "banks", variants=["standard"])
    post(administrator, "invitees", invite_health="")

    assert post(administrator, "title", kind="topic").headers["Location"] == f"{START}standards/"
    assert post(administrator, "title", kind="full").headers["Location"] == f"{START}check/"
    assert post(administrator, "banks").headers["Location"] == f"{START}invitees/"


def test_own_bank_is_first_and_another_can_be_chosen(
    cast: Cast, administrator: Client, bank: Questionnaire
) -> None:
    own = factories.make_questionnaire(edition="2025-26", partnership=cast.partnership)
    factories.make_questionnaire(edition="2027-28", partnership=cast.elsewhere)
    walk(administrator, "title", "dates")
    page = text(administrator.get(f"{START}banks/"))
    walk(administrator, *list(STEPS)[2:])

    assert f'<option value="{own.pk}" selected>' in page
    assert "2027-28" not in page
    assert Cycle.objects.get().cycle_questionnaires.get(variant="standard").questionnaire == own

    post(administrator, "title", title="Another audit")
    walk(administrator, "dates")
    post(administrator, "banks", bank_standard=str(bank.pk))
    walk(administrator, "invitees", "check")
    assert Cycle.objects.latest("pk").cycle_questionnaires.get(variant="standard").questionnaire == bank


@pytest.mark.parametrize(
    ("who", "names"), [("all", ["Anchor Trust", "Cabin"]), ("statutory", ["Anchor Trust"]), ("none", [])]
)
def test_who_is_invited(cast: Cast, administrator: Client, who: str, names: list[str]) -> None:
    Participation.objects.filter(organisation=cast.other_organisation).update(is_active=False)
    factories.make_organisation("Cabin", partnership=cast.partnership, is_statutory=False)
    gone = factories.make_organisation("Gone", partnership=cast.partnership)
    gone.closed_on = TOMORROW
    gone.save()
    walk(administrator, "title", "dates", "banks")
    post(administrator, "invitees", invite_standard=who, invite_health="none")
    walk(administrator, "check")

    assert list(Cycle.objects.get().invitees.values_list("organisation__name", flat=True)) == names


def test_two_partnerships_are_planned_apart(cast: Cast, administrator: Client) -> None:
    factories.make_officer(cast.administrator.email, partnership=cast.elsewhere)
    walk(administrator, "title")

    assert administrator.get("/p/moorland/desk/cycles/new/dates/").headers["Location"] == (
        "/p/moorland/desk/cycles/new/title/"
    )


def test_a_bank_that_goes_meanwhile_is_asked_again(administrator: Client, health: Questionnaire) -> None:
    walk(administrator, *list(STEPS)[:-1])
    health.delete()

    assert post(administrator, "check").headers["Location"] == f"{START}banks/"
    assert not Cycle.objects.exists()


def test_without_banks_the_page_says_who_loads_them(cast: Cast, sign_in: SignIn) -> None:
    page = text(sign_in(cast.administrator).get(f"{START}title/"))

    assert "load_questionnaires" in page
    assert "Continue" not in page


def test_titles_alike_have_addresses_apart(cast: Cast, administrator: Client) -> None:
    for title in ("Section 11 audit", "Section 11 audit!", "Section 11: audit", "New", "–"):
        post(administrator, "title", title=title)
        walk(administrator, *list(STEPS)[1:])

    slugs = set(Cycle.objects.values_list("slug", flat=True))
    assert slugs == {"section-11-audit", "section-11-audit-2", "section-11-audit-3", "new-2", "cycle"}


def test_a_title_is_taken_once(cast: Cast, administrator: Client, bank: Questionnaire) -> None:
    factories.make_cycle(cast.elsewhere, questionnaires=(bank,))
    Cycle.objects.update(title="Spring audit")
    walk(administrator, *STEPS)
    refused = post(administrator, "title", title=" section 11 AUDIT ")
    assert "Your partnership has a cycle of this title already; choose another" in text(refused)

    assert post(administrator, "title", title="Spring audit").status_code == 302


def test_of_one_title_one_is_made_and_what_was_answered_stays(
    cast: Cast, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_cycle(cast.partnership)
    Cycle.objects.update(title="SECTION 11 audit")
    # As for a second press in the same moment, which sees no cycle of the title yet.
    with monkeypatch.context() as at_once:
        at_once.setattr("surveys.views.cycle_planning.get_titles", lambda partnership: frozenset())
        walk(administrator, *STEPS)
    assert Cycle.objects.count() == 1
    assert "planned already, so no second cycle" in text(administrator.get("/p/harbour/desk/cycles/"))
    post(administrator, "title", title="Another")
    assert administrator.get(f"{START}check/").status_code == 200


def test_the_lists_button_begins_afresh(administrator: Client) -> None:
    walk(administrator, "title", "dates")
    assert 'value="Section 11 audit"' in text(administrator.get(f"{START}title/"))
    administrator.get(START)

    assert administrator.get(f"{START}banks/").headers["Location"] == f"{START}title/"
    assert 'value="Section 11 audit"' not in text(administrator.get(f"{START}title/"))


def test_only_administrators_plan(cast: Cast, sign_in: SignIn) -> None:
    codes = {name: sign_in(person).get(f"{START}title/").status_code for name, person in cast.people.items()}

    officers = ("quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")
    assert codes == {
        **dict.fromkeys(cast.people, 404),
        **dict.fromkeys(officers, 403),
        "administrator": 200,
    }


def test_anonymous_signs_in_first(client: Client, cast: Cast) -> None:
    assert client.get(START).headers["Location"].startswith("/accounts/login/")
