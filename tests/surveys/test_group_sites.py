"""A group's sites: who reads what, the table of all of them, and answering chosen indicators for many at once."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import MembershipRole, Variant
from s11.organisations.models import GroupAccess, Organisation, User
from s11.web.errors import NotInThisState
from surveys.enums import AuditEventKind, AuditStatus, CycleKind
from surveys.group_answers import answer_for_site
from surveys.group_sites import make_site_rows
from surveys.group_targets import get_sites, get_targets
from surveys.many_sites import Effect, Words
from surveys.models import Answer, Audit, Cycle, CycleQuestionnaire, Document, EvidenceVersion, Invitee
from surveys.models.actions import Action
from surveys.workflow import save_answers
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.audit_pages import enter, get_indicator

SignIn = Callable[[User], Client]


@dataclass(frozen=True)
class World:
    """Tideway, which Anchor Trust has accepted and Beacon Homes has not; both are asked by a cycle."""

    cast: Cast
    group: Organisation
    lead: User
    access: GroupAccess
    cycle: Cycle
    pin: CycleQuestionnaire

    @property
    def site(self) -> Invitee:
        return self.cycle.invitees.get(organisation=self.cast.organisation)

    def url(self, name: str, **more: int) -> str:
        return reverse(f"surveys:{name}", kwargs={"group": "tideway", **more})

    def read(self, name: str = "audit_read") -> str:
        return reverse(f"surveys:{name}", kwargs=self.site.slugs)

    @property
    def enter_url(self) -> str:
        return self.url("group_answer_enter", pin=self.pin.pk)


@grounded
def world(cast: Cast) -> World:
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    for organisation in (cast.organisation, cast.other_organisation):
        factories.make_invitee(cycle, organisation)
    group = factories.make_organisation("Tideway", slug="tideway", partnership=cast.elsewhere)
    lead = factories.make_member("lead@tideway.example", organisation=group)
    for role in (MembershipRole.CONTRIBUTOR, MembershipRole.SIGNATORY):
        factories.make_member(f"{role}@tideway.example", organisation=group, role=role)
    access = factories.make_access(cast.organisation, group, by=cast.lead)
    cast.other_organisation.parent = group  # which gives nothing
    cast.other_organisation.save()
    return World(cast, group, lead, access, cycle, cycle.cycle_questionnaires.get())


def bring_to(world: World, state: str) -> None:
    match state:
        case "asked":
            GroupAccess.objects.update(started_at=None, accepted_by=None)
        case "ended":
            GroupAccess.objects.update(ended_at=timezone.now())


def ask(client: Client, address: str) -> int:
    """The status; a file is read to its end, so that it is closed."""
    response = client.get(address)
    if response.streaming:
        assert response.getvalue()
    return response.status_code


# Who reads what -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["asked", "accepted", "ended"])
def test_who_reads_a_site(world: World, sign_in: SignIn, state: str) -> None:
    """Person by state by page: a draft, which officers are told they cannot read yet."""
    audit = factories.make_audit(world.cycle, world.cast.organisation, scores={"A1.1": 2})
    evidence = factories.make_evidence(world.cast.organisation)
    audit.answers.get().evidence_links.create(evidence=evidence)
    bring_to(world, state)
    pages = {
        "read": world.read(),
        "history": world.read("audit_history"),
        "on": world.read("audit_on"),
        "file": reverse("surveys:evidence_file", args=["harbour", "anchor", evidence.versions.get().pk]),
        "task list": world.read("audit"),
        "answer": reverse("surveys:audit_standard", kwargs={**world.site.slugs, "code": "A1"}),
        "library": reverse("surveys:evidence_list", args=["harbour", "anchor"]),
        "people": reverse("organisations:members", args=["harbour", "anchor"]),
        "submit": world.read("audit_check"),
    }
    shut = dict.fromkeys(pages, 404)
    reads = shut | dict.fromkeys(("read", "history", "on", "file"), 200)
    officer = shut | dict.fromkeys(("read", "history", "on"), 403)
    expected = {
        "group lead": reads if state == "accepted" else shut,
        "group contributor": shut,
        "group signatory": shut,
        "site lead": dict.fromkeys(pages, 200),
        "other site's lead": shut,
        "officer": officer,
        "officer elsewhere": shut,
        "nobody": shut,
    }
    people = {
        "group lead": world.lead,
        "group contributor": User.objects.get(email="contributor@tideway.example"),
        "group signatory": User.objects.get(email="signatory@tideway.example"),
        "site lead": world.cast.lead,
        "other site's lead": world.cast.stranger,
        "officer": world.cast.administrator,
        "officer elsewhere": world.cast.outsider,
        "nobody": factories.make_user("nobody@nowhere.example"),
    }
    found = {}
    for name, person in people.items():
        client = sign_in(person)
        found[name] = {page: ask(client, address) for page, address in pages.items()}
    assert found == expected


def test_one_accepted_site_opens_no_other(world: World, sign_in: SignIn) -> None:
    theirs = factories.make_audit(world.cycle, world.cast.other_organisation, scores=1)
    client = sign_in(world.lead)
    assert client.get(reverse("surveys:audit_read", kwargs=theirs.slugs)).status_code == 404
    assert "Beacon" not in client.get(world.url("group")).content.decode()
    assert not Audit.objects.visible_to(world.lead).exists()


def test_what_only_lies_in_the_library_stays_there(world: World) -> None:
    audit = factories.make_audit(world.cycle, world.cast.organisation, scores={"A1.1": 2, "A1.2": 2})
    backing, pinned, taken_off, loose = (
        factories.make_evidence(world.cast.organisation, title) for title in ("a", "b", "c", "d")
    )
    answer = audit.answers.get(indicator__code="A1.1")
    now = timezone.now()
    answer.evidence_links.create(evidence=backing)
    answer.evidence_links.create(evidence=pinned, submitted_version=pinned.versions.get(), removed_at=now)
    answer.evidence_links.create(evidence=taken_off, removed_at=now)
    seen = EvidenceVersion.objects.visible_to(world.lead).values_list("evidence__title", flat=True)
    assert sorted(seen) == ["a", "b"]
    assert loose.versions.filter(pk__in=EvidenceVersion.objects.visible_to(world.cast.lead)).exists()


def test_copies_and_actions_are_seen_as_long_as_the_site_lets_it(world: World) -> None:
    audit = factories.make_audit(world.cycle, world.cast.organisation, scores=1)
    Document.objects.create(kind="audit_copy", format="pdf", audit=audit)
    participation = world.cast.organisation.participations.get()
    Document.objects.create(kind="action_plan", format="pdf", participation=participation)
    factories.make_action(world.cast.organisation, world.cast.partnership)
    assert [one.kind for one in Document.objects.visible_to(world.lead)] == ["audit_copy"]
    assert Action.objects.visible_to(world.lead).count() == 1
    bring_to(world, "ended")
    assert not Document.objects.visible_to(world.lead).exists()
    assert not Action.objects.visible_to(world.lead).exists()


def test_a_group_s_reader_does_nothing_but_read(world: World, sign_in: SignIn) -> None:
    factories.make_audit(world.cycle, world.cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    client = sign_in(world.lead)
    page = client.get(world.read()).content.decode()
    assert "Reading the audits of Anchor Trust for Tideway" in page
    assert "Return for correction" not in page
    for name in ("audit_start", "audit_submit", "audit_sign_off_ask", "audit_recall"):
        assert client.post(world.read(name)).status_code == 404, name


# The table ------------------------------------------------------------------------------------------------------------


def test_the_table_says_how_far_each_is(world: World, sign_in: SignIn) -> None:
    factories.make_audit(world.cycle, world.cast.organisation, scores={"A1.1": 2})
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    factories.make_action(world.cast.organisation, world.cast.partnership, due_on=yesterday)
    second = factories.make_organisation("Cove House", partnership=world.cast.partnership)
    factories.make_access(second, world.group, by=world.cast.lead)
    factories.make_audit(world.cycle, second, scores=2, status=AuditStatus.SUBMITTED)
    third = factories.make_organisation("Dune School", partnership=world.cast.partnership)
    factories.make_access(third, world.group, by=world.cast.lead)
    factories.make_invitee(world.cycle, third)
    rows = make_site_rows(get_sites(world.group, world.pin))
    assert [(row.invitee.organisation.name, row.progress, row.grade, row.overdue) for row in rows] == [
        ("Anchor Trust", "1 of 4", None, 1),
        ("Cove House", "4 of 4", 2, 0),
        ("Dune School", None, None, 0),
    ]
    client = sign_in(world.lead)
    page = client.get(world.url("group")).content.decode()
    assert "1 of 3 (33%)" in page
    # Of a site, not of each of its audits; on a phone each row is a block.
    assert "Overdue actions of the site" in page
    assert "app-table--stacks" in page
    found = {
        status: [
            name
            for name in ("Anchor Trust", "Cove House", "Dune School")
            if name in client.get(world.url("group"), {"status": status}).content.decode()
        ]
        for status in ("submitted", "not_submitted", "overdue")
    }
    assert found == {
        "submitted": ["Cove House"],
        "not_submitted": ["Anchor Trust", "Dune School"],
        "overdue": [],
    }
    Cycle.objects.update(closes_on=yesterday)
    late = client.get(world.url("group"), {"status": "overdue", "search": "dune"}).content.decode()
    assert "Dune School" in late
    assert "Anchor Trust" not in late
    Cycle.objects.update(status="closed", closed_at=timezone.now())
    assert "No cycle is open" in client.get(world.url("group")).content.decode()
    assert "Dune School" in client.get(world.url("group"), {"cycle": world.cycle.pk}).content.decode()


def test_the_table_costs_the_same_for_one_and_for_three(
    world: World, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(world.lead)
    factories.make_audit(world.cycle, world.cast.organisation, scores={"A1.1": 2})
    for number in range(3):
        with django_assert_num_queries(15):
            page = client.get(world.url("group"), {"cycle": "all"})
        assert page.status_code == 200
        site = factories.make_organisation("Cove House", partnership=world.cast.elsewhere)
        factories.make_access(site, world.group, by=world.cast.lead)
        cycle = factories.make_cycle(
            world.cast.elsewhere, slug=f"more-{number}", questionnaires=(world.pin.questionnaire,)
        )
        factories.make_audit(cycle, site, scores=1, status=AuditStatus.SUBMITTED)


def test_the_sites_actions_stand_in_one_table(
    world: World, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(world.lead)
    address = world.url("group_actions")
    factories.make_action(world.cast.other_organisation, world.cast.partnership, what="Not to be seen")
    assert "no action that is not finished" in client.get(address).content.decode()
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    factories.make_action(world.cast.organisation, world.cast.partnership, what="Late", due_on=yesterday)
    for what in ("First", "Second"):
        with django_assert_num_queries(5):
            page = client.get(address, {"show": "all"}).content.decode()
        assert "Not to be seen" not in page
        factories.make_action(world.cast.organisation, world.cast.partnership, what=what)
    page = client.get(address, {"show": "overdue", "search": "anchor"}).content.decode()
    assert "Late" in page
    assert "First" not in page
    assert "No action of your sites fits" in client.get(address, {"search": "beacon"}).content.decode()


# Answering for many ---------------------------------------------------------------------------------------------------


def send(
    world: World, *sites: Invitee, step: str, apply: list[str] | None = None, **fields: str
) -> dict[str, object]:
    """A page's post: A1.1 is chosen and answered with a 2."""
    typed = {"A1.1-score": "2", "A1.1-reason": "", "A1.1-commentary": "Our policy."}
    typed |= {name.replace("_", "-").replace("A1-1", "A1.1"): value for name, value in fields.items()}
    return {
        "indicator": ["A1.1"],
        "site": [str(site.pk) for site in sites],
        "step": step,
        "apply": apply or [],
        **typed,
    }


def name(world: World, site: Invitee, version: int = 0) -> str:
    return f"{site.pk}-{world.pin.questionnaire.indicators.get(code='A1.1').pk}-{version}"


def test_from_choosing_to_saving(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.lead)
    factories.make_audit(world.cycle, world.cast.organisation)
    answering = client.get(world.url("group_answer"), follow=True)
    assert "What will you answer for several sites?" in answering.content.decode()
    chosen = client.get(
        world.url("group_answer_choose", pin=world.pin.pk),
        {"go": "enter", "indicators-A1": "A1.1", "sites": str(world.site.pk)},
        follow=True,
    ).content.decode()
    assert "Your answers for 1 site" in chosen
    empty = client.post(
        world.enter_url, send(world, world.site, step="preview", A1_1_score="")
    ).content.decode()
    assert "A1.1: select the answer for your sites" in empty
    preview = client.post(world.enter_url, send(world, world.site, step="preview")).content.decode()
    assert "Nothing is there yet" in preview
    assert f'value="{name(world, world.site)}"' in preview
    assert not Answer.objects.filter(group=world.group).exists(), "nothing is saved by a preview"
    done = client.post(
        world.enter_url, send(world, world.site, step="apply", apply=[name(world, world.site)]), follow=True
    ).content.decode()
    assert "You have given 1 answer: Anchor Trust (1)." in done
    answer = Answer.objects.get(audit__invitee=world.site)
    assert (answer.score, answer.commentary, answer.updated_by) == (2, "Our policy.", world.lead)
    change = answer.changes.get()
    assert (change.group, change.by, change.score_before, change.score_after) == (
        world.group,
        world.lead,
        None,
        2,
    )
    event = answer.audit.events.get(kind=AuditEventKind.ANSWERED_BY_GROUP)
    assert event.detail == "Tideway: A1.1"


def test_the_site_sees_where_it_came_from_and_changes_it(world: World, sign_in: SignIn) -> None:
    audit = factories.make_audit(world.cycle, world.cast.organisation)
    write(world, {"A1.1": Words(2, "", "Our policy.")})
    client = sign_in(world.cast.lead)
    standard = client.get(reverse("surveys:audit_standard", kwargs={**world.site.slugs, "code": "A1"}))
    assert "Answered by lead@tideway.example for Tideway; you can change it" in standard.content.decode()
    assert "From Tideway" in client.get(world.read()).content.decode()
    assert "lead@tideway.example for Tideway" in client.get(world.read("audit_history")).content.decode()
    assert not save_answers(audit=audit, entered=[enter(audit, "A1.1", 1, seen=1)], by=world.cast.lead)
    answer = audit.answers.get()
    assert (answer.score, answer.group) == (1, None)
    assert list(answer.changes.values_list("group", flat=True)) == [world.group.pk, None]
    assert "From Tideway" not in client.get(world.read()).content.decode()


def write(
    world: World, words: dict[str, Words], *, seen: int = 0, site: Invitee | None = None
) -> tuple[str, ...]:
    indicators = {one.code: one for one in world.pin.questionnaire.indicators.all()}
    outcome = answer_for_site(
        group=world.group,
        invitee=site or world.site,
        entered={indicators[code]: one for code, one in words.items()},
        seen={indicators[code].pk: seen for code in words},
        by=world.lead,
    )
    return outcome.answered


def test_an_answer_of_its_own_stays_unless_it_is_chosen(world: World, sign_in: SignIn) -> None:
    audit = factories.make_audit(world.cycle, world.cast.organisation, scores={"A1.1": 1})
    client = sign_in(world.lead)
    preview = client.post(world.enter_url, send(world, world.site, step="preview")).content.decode()
    assert "It has its own answer, Working towards (1)" in preview
    assert "checked" not in preview
    none = client.post(world.enter_url, send(world, world.site, step="apply")).content.decode()
    assert "Tick at least one answer to save" in none
    assert audit.answers.get().score == 1
    client.post(
        world.enter_url, send(world, world.site, step="apply", apply=[name(world, world.site, version=1)])
    )
    assert (audit.answers.get().score, audit.answers.get().version) == (2, 2)


def test_what_was_saved_since_the_preview_stays(world: World, sign_in: SignIn) -> None:
    audit = factories.make_audit(world.cycle, world.cast.organisation)
    assert not save_answers(audit=audit, entered=[enter(audit, "A1.1", 0)], by=world.cast.lead)
    page = sign_in(world.lead).post(
        world.enter_url, send(world, world.site, step="apply", apply=[name(world, world.site)]), follow=True
    )
    assert "Anchor Trust: A1.1 changed after you looked, so it stays as it is." in page.content.decode()
    assert audit.answers.get().score == 0


@pytest.mark.parametrize("state", ["awaiting_sign_off", "submitted", "returned", "exempt", "own tool"])
def test_what_is_locked_is_skipped_and_said(world: World, sign_in: SignIn, state: str) -> None:
    match state:
        case "exempt":
            Invitee.objects.update(exempt_reason="Closed.")
        case "own tool":
            factories.make_own_tool_return(world.site)
        case "awaiting_sign_off":
            factories.make_sign_off(factories.make_audit(world.cycle, world.cast.organisation))
        case _:
            factories.make_audit(world.cycle, world.cast.organisation, scores=1, status=AuditStatus(state))
    before = list(Answer.objects.values_list("score", "version"))
    page = sign_in(world.lead).get(world.url("group_answer_choose", pin=world.pin.pk)).content.decode()
    assert "Sites that you cannot answer for now" in page
    assert "None of your sites can be answered for" in page
    with pytest.raises(Exception, match="Anchor Trust"):
        write(world, {"A1.1": Words(2)}, seen=1)
    assert list(Answer.objects.values_list("score", "version")) == before


def test_one_that_refuses_does_not_hold_up_the_others(world: World, sign_in: SignIn) -> None:
    second = factories.make_organisation("Cove House", partnership=world.cast.partnership)
    access = factories.make_access(second, world.group, by=world.cast.lead)
    other = factories.make_invitee(world.cycle, second)
    client = sign_in(world.lead)
    both = [name(world, world.site), name(world, other)]
    stranger = Invitee.objects.get(organisation=world.cast.other_organisation)
    posted = send(
        world, world.site, other, stranger, step="apply", apply=[*both, name(world, stranger), "x-1", "1"]
    )
    page = client.post(world.enter_url, posted, follow=True).content.decode()
    assert "You have given 2 answers: Anchor Trust (1) and Cove House (1)." in page
    assert not hasattr(Invitee.objects.get(pk=stranger.pk), "audit"), "a site that has not accepted it"
    access.ended_at = timezone.now()
    access.save()
    with pytest.raises(NotInThisState, match="Cove House no longer lets Tideway answer for it"):
        write(world, {"A1.2": Words(2)}, site=other)


def test_it_starts_an_audit_that_nobody_has_started_from_last_year_s(world: World) -> None:
    before = factories.make_cycle(
        world.cast.partnership,
        slug="2025",
        questionnaires=(world.pin.questionnaire,),
        closes_on=timezone.localdate(),
    )
    factories.make_audit(before, world.cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    assert write(world, {"A1.1": Words(2)}) == ("A1.1",)
    audit = Audit.objects.get(invitee=world.site)
    states = dict(audit.answers.values_list("indicator__code", "confirmed"))
    assert states == {"A1.1": True, "A1.2": False, "A2.1": False, "A2.2": False}
    assert audit.answers.get(indicator__code="A1.1").changes.get().score_before == 1


def test_nothing_is_started_where_nothing_is_answered(world: World) -> None:
    assert write(world, {"A1.1": Words(None, "No reason of this bank")}) == ()
    assert not Audit.objects.filter(invitee=world.site).exists()


def test_another_variant_is_answered_by_key_and_its_own_codes(world: World) -> None:
    bank = factories.make_questionnaire(Variant.SCHOOL, standards={"E1": 1})
    indicator = bank.indicators.get()
    indicator.key = "key-a1-1"
    indicator.save()
    pin = CycleQuestionnaire.objects.create(cycle=world.cycle, variant=Variant.SCHOOL, questionnaire=bank)
    school = factories.make_organisation(
        "Dune School", variant=Variant.SCHOOL, partnership=world.cast.partnership
    )
    factories.make_access(school, world.group, by=world.cast.lead)
    place = factories.make_invitee(world.cycle, school)
    assert place.cycle_questionnaire == pin
    assert write(world, {"A1.1": Words(2), "A1.2": Words(2)}, site=place) == ("E1.1",)
    assert Answer.objects.get().indicator == indicator


def test_what_a_topic_or_the_profile_leaves_out_is_not_asked(world: World) -> None:
    audit = factories.make_audit(world.cycle, world.cast.organisation)
    first = get_indicator(audit, "A1.1")
    first.applies_if = {"P1": "yes"}
    first.save()
    (target,) = get_targets(
        world.group, [world.site], {first: Words(2), get_indicator(audit, "A1.2"): Words(2)}
    )
    assert [pair.effect for pair in target.pairs] == [Effect.NOT_ASKED, Effect.NEW]
    world.cycle.kind = CycleKind.TOPIC
    world.cycle.save()
    world.pin.standards.set([get_indicator(audit, "A2.1").standard])
    (target,) = get_targets(world.group, [world.site], {get_indicator(audit, "A1.2"): Words(2)})
    assert [pair.effect for pair in target.pairs] == [Effect.NOT_ASKED]


def test_a_preview_costs_the_same_for_one_and_for_three(
    world: World, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(world.lead)
    factories.make_audit(world.cycle, world.cast.organisation, scores={"A1.1": 1})
    sites = [world.site]
    for _ in range(3):
        with django_assert_num_queries(15):
            page = client.post(world.enter_url, send(world, *sites, step="preview"))
        assert page.status_code == 200
        site = factories.make_organisation("Cove House", partnership=world.cast.partnership)
        factories.make_access(site, world.group, by=world.cast.lead)
        sites.append(factories.make_audit(world.cycle, site, scores={"A1.1": 0}).invitee)


def test_nothing_chosen_leads_back_and_too_much_is_said(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(world.lead)
    choose = world.url("group_answer_choose", pin=world.pin.pk)
    assert client.post(world.enter_url, {"indicator": "A9.9", "site": "x"}).headers["Location"] == choose
    page = client.get(choose, {"go": "enter"}).content.decode()
    assert "Select at least one indicator" in page
    assert "Select at least one site" in page
    monkeypatch.setattr("surveys.forms.group_sites.MOST_ANSWERS", 1)
    much = {"go": "enter", "indicators-A1": ["A1.1", "A1.2"], "sites": str(world.site.pk)}
    assert "That is 2 answers at once" in client.get(choose, much).content.decode()


def test_another_group_s_bank_is_not_there(world: World, sign_in: SignIn) -> None:
    bring_to(world, "ended")
    client = sign_in(world.lead)
    assert client.get(world.url("group_answer_choose", pin=world.pin.pk)).status_code == 404
    assert "No cycle is open for your sites" in client.get(world.url("group_answer")).content.decode()
    assert "No site has accepted Tideway yet" in client.get(world.url("group")).content.decode()
