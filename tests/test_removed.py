"""Whatever people can remove leaves every page, table and figure, and comes back as it was: one walk over all kinds."""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accountability.models import Erratum, Poster, Report
from s11.organisations import removals
from s11.organisations.models import Contact, Removal
from surveys.cycle_texts import save_text
from surveys.enums import MessageKind
from surveys.exports.partnership import export_partnership
from surveys.full_overview import full_as_json, get_full_overview
from surveys.models import Cycle, Evidence, SavedView
from tests import factories
from tests.conftest import Cast
from tests.test_every_address import make_world

AsPerson = Callable[[Any], Client]
# What says that something was done, which is meant to grow.
TOLD = {
    "organisations.removal",
    "auditlog.logentry",
    "organisations.session",
    "organisations.user",
    "surveys.message",
    "accountability.reportevent",
    "surveys.evidencechange",
}


@dataclass(frozen=True)
class Case:
    """Who removes it by which button, and where its word stands."""

    kind: str
    who: str
    button: str
    shown: str
    word: str
    place: str
    sent: str = ""
    # Tables in which a new row takes the place of the one that ended.
    anew: tuple[str, ...] = ()


# Arguments as they stand in addresses; names of the world's rows stand for their keys.
CASES = (
    Case(
        "view",
        "quality_officer",
        "surveys:pipeline_view_delete",
        "surveys:pipeline_cycle cycle",
        "My own view",
        "cycle=draft view=saved_view",
    ),
    Case(
        "cycle", "administrator", "surveys:cycle_delete", "surveys:cycles", "Audit planned", "cycle=planned"
    ),
    Case(
        "invitee",
        "administrator",
        "surveys:cycle_invitee_remove",
        "surveys:cycle_invitee cycle organisation",
        "Wren House",
        "cycle=fresh organisation=wren",
    ),
    Case(
        "cycle_text",
        "administrator",
        "surveys:cycle_text_reset",
        "surveys:cycle_text cycle kind",
        "In our own words",
        "cycle=planned kind=opening",
    ),
    Case(
        "own_audit",
        "lead",
        "surveys:audit_own_tool_withdraw",
        "surveys:audit_own_tool organisation cycle",
        "National self-assessment",
        "organisation=anchor cycle=own-tool",
    ),
    Case(
        "answer_evidence",
        "lead",
        "surveys:audit_evidence_remove",
        "surveys:audit_standard organisation cycle standard",
        "The evidence of it",
        "organisation=anchor cycle=draft code=A1.1 item=evidence",
        anew=("surveys.answerevidence",),
    ),
    Case(
        "evidence",
        "lead",
        "surveys:evidence_remove",
        "surveys:evidence_list organisation",
        "The evidence of it",
        "organisation=anchor item=evidence",
        anew=("surveys.answerevidence",),
    ),
    Case(
        "person",
        "lead",
        "organisations:end_member",
        "organisations:members organisation",
        "viewer@",
        "organisation=anchor person=viewer",
        anew=("organisations.membership",),
    ),
    Case(
        "office",
        "administrator",
        "organisations:end_officer",
        "organisations:officers",
        "publisher@",
        "officer=publisher_office",
        anew=("organisations.officer",),
    ),
    Case(
        "mail_domain",
        "quality_officer",
        "organisations:withdraw_mail_domain",
        "organisations:mail_domains organisation",
        ">anchor.example<",
        "organisation=anchor mail_domain=mail_domain",
    ),
    Case(
        "contact",
        "quality_officer",
        "organisations:contact_end",
        "organisations:organisation organisation",
        "Whom we write to",
        "organisation=anchor contact=desk_contact",
    ),
    Case(
        "meeting_day",
        "quality_officer",
        "accountability:meeting_day_delete",
        "accountability:meeting_days cycle",
        "4 March 2027",
        "cycle=fresh day=empty_meeting_day",
    ),
    Case(
        "interest",
        "quality_officer",
        "accountability:interest_remove",
        "accountability:panel_member cycle member",
        "interests/[0-9]+/remove",
        "cycle=fresh member=panel_spare interest=panel_interest",
    ),
    Case(
        "question",
        "panel_member",
        "accountability:line_drop",
        "accountability:pack cycle organisation",
        "Why\\?",
        "cycle=fresh organisation=dune line=own_question",
    ),
    Case(
        "good_practice",
        "quality_officer",
        "accountability:meeting_practice_drop",
        "accountability:meeting_agreed cycle organisation",
        "A log\\.",
        "cycle=fresh organisation=dune practice=meeting_practice",
    ),
    Case(
        "recommendation",
        "quality_officer",
        "accountability:meeting_recommendation_withdraw",
        "accountability:meeting_agreed cycle organisation",
        "Train the new staff",
        "cycle=fresh organisation=dune number=1",
    ),
    Case(
        "report",
        "administrator",
        "accountability:report_discard",
        "accountability:reports",
        "A report, draft",
        "report=report_draft",
    ),
    Case(
        "erratum",
        "administrator",
        "accountability:report_erratum",
        "accountability:report report",
        "It was 12",
        "report=report_correction erratum=second_erratum",
        "erratum=",
    ),
    Case(
        "finding",
        "administrator",
        "accountability:finding_drop",
        "accountability:findings report",
        "Staff know whom to tell",
        "report=report_published finding=finding",
    ),
    Case(
        "poster",
        "administrator",
        "accountability:poster_discard",
        "accountability:findings report",
        "A poster of ours",
        "report=report_published poster=poster",
        "version=1",
        anew=("accountability.postersheet",),
    ),
    Case(
        "return_picture",
        "lead",
        "accountability:agency_return_picture_take_out",
        "accountability:agency_return organisation year",
        "A pool, draft",
        "organisation=anchor year=2025-26 picture=picture_draft",
    ),
)


def make_url(name: str, case: Case, world: dict[str, int], names: list[str] | None = None) -> str:
    """With the case's arguments, or those of them that are named."""
    given = dict(one.split("=", 1) for one in case.place.split())
    if names is not None:
        given = {one: given["code"][:2] if one == "standard" else given[one] for one in names}
        given = {"code" if one == "standard" else one: value for one, value in given.items()}
    return reverse(
        name,
        kwargs={"partnership": "harbour", **{one: world.get(value, value) for one, value in given.items()}},
    )


def read(client: Client, url: str) -> str:
    """What the page says; nothing where there is no such page."""
    response = client.get(url)
    assert response.status_code in {200, 404}
    return html.unescape(response.content.decode()) if response.status_code == 200 else ""


def list_tables() -> dict[str, list[dict[str, Any]]]:
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return {
        model._meta.label_lower: list(model._base_manager.order_by("pk").values())
        for model in found
        if model._meta.label_lower not in TOLD
    }


def get_figures(slug: str) -> str:
    """The overview's JSON, to the letter."""
    return json.dumps(
        full_as_json(get_full_overview(Cycle.objects.get(slug=slug, partnership__slug="harbour"))),
        default=str,
    )


def export(cast: Cast, folder: Path) -> str:
    path = folder / "harbour.zip"
    export_partnership(cast.partnership, path)
    with zipfile.ZipFile(path) as archive:
        words = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".json"))
    path.unlink()
    return words


@pytest.fixture
def world(cast: Cast) -> dict[str, int]:
    made = make_world(cast)
    Evidence.objects.filter(pk=made["evidence"]).update(title="The evidence of it")
    SavedView.objects.filter(pk=made["saved_view"]).update(name="My own view")
    Contact.objects.filter(pk=made["desk_contact"]).update(name="Whom we write to")
    Poster.objects.filter(pk=made["poster"]).update(title="A poster of ours")
    cycle = Cycle.objects.get(slug="planned", partnership=cast.partnership)
    save_text(
        cycle=cycle, kind=MessageKind.OPENING, subject="In our own words", body="x", by=cast.administrator
    )
    correction = Report.objects.get(pk=made["report_correction"])
    second = Erratum.objects.create(report=correction, text="It was 12.", by=cast.administrator)
    newcomer = factories.make_organisation("Wren House", slug="wren", partnership=cast.partnership)
    factories.make_invitee(Cycle.objects.get(slug="fresh"), newcomer)
    return {**made, "second_erratum": second.pk}


def test_what_is_removed_is_nowhere_and_comes_back_as_it_was(
    cast: Cast, world: dict[str, int], sign_in: AsPerson, tmp_path: Path
) -> None:
    assert {case.kind for case in CASES} == {kind.key for kind in removals.list_kinds()}
    looks: dict[str, Callable[[], object]] = {
        "invitee": lambda: get_figures("fresh"),
        "finding": lambda: export(cast, tmp_path).count("Staff know whom to tell"),
    }
    # As each case finds them, and so as the one before has left them.
    before = list_tables()
    for case in CASES:
        look = looks.get(case.kind, lambda: None)
        shown = look()
        with removed(case, cast, world, sign_in):
            assert look() != shown or shown is None
        assert look() == shown
        after = list_tables()
        assert {label for label in before if after[label] != before[label]} <= {*case.anew}, case.kind
        before = after


@contextmanager
def removed(case: Case, cast: Cast, world: dict[str, int], sign_in: AsPerson) -> Iterator[None]:
    """Removed by its button, looked for everywhere, and put back by Undo."""
    client = sign_in(cast.people[case.who])
    name, *arguments = case.shown.split()
    shown, word = make_url(name, case, world, arguments), re.compile(case.word)
    assert word.search(read(client, shown)), case.kind

    response = client.post(
        make_url(case.button, case, world), dict(one.split("=") for one in case.sent.split()), follow=True
    )
    removal = Removal.objects.removed().exclude(removed_by=None).get()
    assert (removal.kind, removal.removed_by) == (case.kind, cast.people[case.who])
    undo = re.search(r'action="([^"]*/removed/[0-9]+/put-back/)"', response.content.decode())
    assert undo, case.kind
    assert not word.search(read(client, shown)), case.kind
    for row in removal.rows:
        left = apps.get_model(row["model"])._base_manager.filter(pk=row["pk"])
        assert left.exists() == ("fields" not in row), (case.kind, row["model"])
    room = undo[1].rsplit("/", 3)[0] + "/"
    assert str(removal) in read(client, room), case.kind

    strangers = (cast.stranger, cast.outsider)
    assert {sign_in(person).post(undo[1]).status_code for person in strangers} == {404}
    yield
    client = sign_in(cast.people[case.who])
    back = client.post(undo[1], {"next": shown})
    assert (back.status_code, back["Location"]) == (302, shown), case.kind
    assert f"{removal} is back." in read(client, reverse("organisations:own_details")), case.kind
    assert word.search(read(client, shown)), case.kind
    assert "no longer kept" in client.post(undo[1], follow=True).content.decode()
