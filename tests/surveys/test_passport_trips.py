"""A passport goes out and comes in: exported, brought into an empty audit of the same bank, and exported again."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.core.files.base import File
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s11.organisations.models import Organisation
from surveys.enums import ActionPriority, ActionStatus, EvidenceKind
from surveys.models import Answer, Audit, Evidence, EvidenceVersion, PassportUpload
from surveys.passport_archives import read_passport
from surveys.passport_files import write_zip
from surveys.passport_imports import BroughtIn, Order, bring_in
from surveys.passport_plans import Mode
from surveys.passport_uploads import get_plan, receive_passport
from surveys.passports import Passport
from surveys.reach import EVERYTHING
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import WITH_NOTES, make_draft


@pytest.fixture(autouse=True)
def _no_renderings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies for people take seconds, and have tests of their own."""
    monkeypatch.setattr("surveys.passport_files.render_audit_copy", lambda audit, submission: b"%PDF-1.7")
    monkeypatch.setattr("surveys.passport_files.make_audit_workbook", lambda audit, submission: b"PK")


def export(audit: Audit, submission: int | None = None) -> io.BytesIO:
    target = io.BytesIO()
    write_zip(audit, submission, target)
    return target


def read(content: io.BytesIO) -> Passport:
    return read_passport(content, content.getbuffer().nbytes)


def receive(audit: Audit, content: io.BytesIO, cast: Cast) -> PassportUpload:
    content.seek(0)
    return receive_passport(audit=audit, file=File(content, "Passport.zip"), by=cast.lead)


def bring(audit: Audit, content: io.BytesIO, cast: Cast, mode: Mode = Mode.EMPTY) -> BroughtIn:
    upload = receive(audit, content, cast)
    seen = get_plan(upload, audit, EVERYTHING).fingerprint
    return bring_in(Order(upload, audit, mode, seen, EVERYTHING, cast.lead))


def content_of(passport: Passport) -> dict[str, list[Any]]:
    """What it says, whoever said it where and when: that everything is to be confirmed once more is no difference."""
    evidence = {
        one.id: (
            one.kind,
            one.title,
            one.effective_on,
            one.expires_on,
            one.newest.name,
            one.newest.content_type,
            one.newest.size,
            one.newest.sha256,
            one.newest.url,
            one.newest.reference,
        )
        for one in passport.evidence
    }
    answers = [
        (
            one.key,
            one.score,
            one.not_applicable_reason,
            one.commentary.splitlines(),
            one.no_action_reason.splitlines(),
            sorted(map(repr, (evidence[item] for item in one.evidence))),
        )
        for one in passport.answers
    ]
    actions = [
        (
            one.answer,
            one.what,
            one.measure,
            one.owner,
            one.starts_on,
            one.due_on,
            one.first_due_on,
            one.priority,
            one.status,
            one.percent,
            one.impact,
            sorted(map(repr, (evidence[item] for item in one.evidence))),
        )
        for one in passport.actions
    ]
    return {
        "answers": sorted(answers, key=repr),
        "evidence": sorted(evidence.values(), key=repr),
        "actions": sorted(actions, key=repr),
    }


# An empty place


def make_empty_audit(cast: Cast, like: Audit) -> Audit:
    """Of another organisation, in another partnership, with the same bank: nothing is there already."""
    place: Organisation = factories.make_organisation(
        "Elsewhere", slug="elsewhere", partnership=cast.elsewhere
    )
    cycle = factories.make_cycle(cast.elsewhere, questionnaires=(like.questionnaire,))
    return factories.make_audit(cycle, place)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
WORDS = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=20)
DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31))
CODES = ("A1.1", "A1.2", "A2.1", "A2.2")
ANSWERS = st.fixed_dictionaries(
    {
        "score": st.sampled_from([None, 0, 1, 2, "reason"]),
        "commentary": TEXTS,
        "no_action": TEXTS,
        "evidence": st.sets(st.integers(0, 3)),
    }
)
ITEMS = st.tuples(st.sampled_from(EvidenceKind), WORDS, st.one_of(st.none(), DAYS), st.booleans())
ACTIONS = st.fixed_dictionaries(
    {
        "code": st.sampled_from(CODES),
        "what": WORDS,
        "measure": TEXTS,
        "owner": WORDS,
        "due_on": DAYS,
        "starts_after": st.one_of(st.none(), st.integers(0, 400)),
        "first_due_on": DAYS,
        "priority": st.sampled_from(ActionPriority),
        "status": st.sampled_from(ActionStatus),
        "percent": st.integers(0, 100),
        "impact": TEXTS,
        "evidence": st.sets(st.integers(0, 3)),
    }
)
WORLDS = st.fixed_dictionaries(
    {
        "answers": st.dictionaries(st.sampled_from(CODES), ANSWERS),
        "items": st.lists(ITEMS, min_size=4, max_size=4),
        "actions": st.lists(ACTIONS, max_size=4),
    }
)


def make_items(
    organisation: Organisation, items: list[tuple[EvidenceKind, str, datetime.date | None, bool]]
) -> list[Evidence]:
    made = []
    for number, (kind, title, day, has_versions) in enumerate(items):
        evidence = factories.make_evidence(
            organisation, f"{title} {number}", kind=kind, content=f"{title} and {number}".encode()
        )
        evidence.effective_on = day
        evidence.save()
        version: EvidenceVersion = evidence.versions.get()
        if kind == EvidenceKind.FILE:
            version.name = f"file {number}.txt"
            version.save()
        if has_versions and kind == EvidenceKind.LINK:
            evidence.versions.create(number=2, url=f"https://example.org/{number}")
        made.append(evidence)
    return made


def fill(audit: Audit, world: dict[str, Any]) -> None:
    items = make_items(audit.organisation, world["items"])
    indicators = {one.code: one for one in audit.questionnaire.indicators.all()}
    answers: dict[str, Answer] = {}
    for code, said in world["answers"].items():
        score = said["score"]
        answers[code] = Answer.objects.create(
            audit=audit,
            indicator=indicators[code],
            score=score if isinstance(score, int) else None,
            not_applicable_reason=WITH_NOTES if score == "reason" else "",
            commentary=said["commentary"],
            no_action_reason=said["no_action"],
        )
        for number in said["evidence"]:
            answers[code].evidence_links.create(evidence=items[number])
    held = {number for said in world["answers"].values() for number in said["evidence"]}
    for planned in world["actions"]:
        if planned["code"] in answers:
            make_action(audit, answers[planned["code"]], planned, items, held)


def make_action(
    audit: Audit, answer: Answer, planned: dict[str, Any], items: list[Evidence], held: set[int]
) -> None:
    """`held` are the items that back an answer: a passport holds those alone."""
    given = {
        name: planned[name]
        for name in ("what", "measure", "owner", "due_on", "first_due_on", "priority", "impact")
    }
    if (
        planned["status"] == ActionStatus.DONE
        and not planned["evidence"] & held
        and not given["impact"].strip()
    ):
        # Nothing is done that nothing shows: such a plan is brought in as nearly done.
        given["impact"] = "Everybody is trained."
    after = planned["starts_after"]
    action = factories.make_action(
        audit.organisation,
        audit.partnership,
        answer=answer,
        starts_on=None if after is None else planned["due_on"] - datetime.timedelta(days=after),
        status=planned["status"],
        percent=100 if planned["status"] == ActionStatus.DONE else planned["percent"],
        **given,
    )
    action.evidence.set(items[number] for number in planned["evidence"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORLDS)
def test_export_then_import_then_export_is_the_same(cast: Cast, world: dict[str, Any]) -> None:
    with transaction.atomic():
        audit = make_draft(cast)
        fill(audit, world)
        content = export(audit)
        empty = make_empty_audit(cast, audit)
        bring(empty, content, cast)
        assert content_of(read(export(empty))) == content_of(read(content))
        # And nothing of it is new a second time.
        assert bring(empty, content, cast) == BroughtIn(0, 0, 0)
        transaction.set_rollback(True)
