"""Shared by the tests of an audit's pages: its addresses, what a page sends, and audits in every state."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from s11.organisations.models import User
from surveys.enums import AuditStatus, CycleKind, CycleStatus
from surveys.models import Audit, Cycle, Indicator, Invitee, ProfileAnswer, Questionnaire
from surveys.profile_saving import save_profile
from surveys.workflow import AnswerInput, save_answers
from tests import factories
from tests.conftest import Cast

Said = tuple[int, str, str]
SLUGS = {"partnership": "harbour", "organisation": "anchor", "cycle": "2026"}
WITH_NOTES = "Another reason (explain it in the notes)"
PLAIN_REASON = "It does not do this"


def address(name: str, **more: str | int) -> str:
    """Of a page of Anchor Trust's audit."""
    return reverse(f"surveys:{name}", kwargs=SLUGS | more)


def make_place(
    cast: Cast, questionnaire: Questionnaire | None = None, *, kind: CycleKind = CycleKind.FULL
) -> Invitee:
    """Anchor Trust, invited to an open cycle; Beacon Homes has answered it too, so that a leak could happen."""
    bank = questionnaire or factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,), kind=kind)
    theirs = factories.make_audit(cycle, cast.other_organisation, scores=1)
    theirs.answers.update(commentary="Beacon’s own words")
    return factories.make_invitee(cycle, cast.organisation)


def make_draft(cast: Cast, scores: Mapping[str, int | str | None] | int | None = None) -> Audit:
    invitee = make_place(cast)
    return factories.make_audit(invitee.cycle, cast.organisation, scores=scores)


def make_complete(cast: Cast, scores: Mapping[str, int | str | None] | int = 2) -> Audit:
    audit = make_draft(cast, scores)
    ProfileAnswer.objects.create(
        audit=audit, question=audit.questionnaire.profile_questions.get(), value="12", updated_by=cast.lead
    )
    return audit


def make_submitted(cast: Cast, scores: Mapping[str, int | str | None] | int = 2) -> Audit:
    invitee = make_place(cast)
    return factories.make_audit(invitee.cycle, cast.organisation, scores=scores, status=AuditStatus.SUBMITTED)


def bring_to(cast: Cast, state: str) -> None:  # noqa: C901  one case a state
    """Anchor Trust's audit in a named state."""
    name = state.removesuffix(", closed")
    match name:
        case "not started":
            make_place(cast)
        case "draft":
            make_draft(cast, {"A1.1": 2})
        case "complete":
            make_complete(cast)
        case "awaiting sign-off":
            factories.make_sign_off(make_complete(cast))
        case "signed":
            factories.make_sign_off(make_complete(cast), signed_by=cast.signatory)
        case "submitted":
            make_submitted(cast)
        case "returned":
            factories.make_correction(make_submitted(cast), "A1.1", "A1.2")
        case _:
            raise ValueError(state)
    if state != name:
        Cycle.objects.update(status=CycleStatus.CLOSED, closed_at=timezone.now())


def send(**answers: tuple[str | int, ...]) -> dict[str, str]:
    """What a standard's page posts: A1_1=(score, commentary, seen version, reason); the last two may be left out."""
    posted: dict[str, str] = {}
    for name, given in answers.items():
        code = name.replace("_", ".")
        score, commentary, version, reason = map(str, given + (0, "")[len(given) - 2 :])
        posted |= {f"{code}-commentary": commentary, f"{code}-version": version}
        posted |= {
            f"{code}-{field}": value for field, value in (("score", score), ("reason", reason)) if value
        }
    return posted


def field(page: str, id_: str) -> str:
    """The start tag of the element with this id."""
    found = re.search(rf'<[a-z]+[^>]*\bid="{re.escape(id_)}"[^>]*>', page)
    assert found, f"no element has the id {id_}"
    return found[0]


def text_in(page: str, id_: str) -> str:
    """What stands in a text area."""
    found = re.search(rf'id="{re.escape(id_)}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found[1]


def summary_of(page: str) -> list[tuple[str, str]]:
    """The error summary's lines: where each leads, and what it says."""
    box = page.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    return re.findall(r'<li><a href="([^"]*)">([^<]*)</a>', box)


def get_indicator(audit: Audit, code: str) -> Indicator:
    return audit.questionnaire.indicators.get(code=code)


def enter(
    audit: Audit, code: str, score: int | None, *, reason: str = "", commentary: str = "", seen: int = 0
) -> AnswerInput:
    return AnswerInput(get_indicator(audit, code), score, reason, commentary, seen)


def answer_all(audit: Audit, by: User, **scores: int) -> None:
    """A 2 for each, unless said otherwise; and the profile."""
    seen = dict(audit.answers.values_list("indicator__code", "version"))
    entered = [
        enter(audit, code, scores.get(code.replace(".", "_"), 2), seen=seen.get(code, 0))
        for code in audit.questionnaire.indicators.values_list("code", flat=True)
    ]
    assert save_answers(audit=audit, entered=entered, by=by) == []
    save_profile(audit=audit, values={audit.questionnaire.profile_questions.get(): "12"}, by=by)


def save_by_script(client: Client, url: str, posted: Mapping[str, str], **headers: str) -> Said:
    """Status, outcome and fragment, as the script of a page that saves by itself meets them."""
    sent = {"HX-Request": "true"} | {name.replace("_", "-"): value for name, value in headers.items()}
    response = client.post(url, posted, headers=sent)
    return response.status_code, response.headers.get("X-Outcome", ""), response.text
