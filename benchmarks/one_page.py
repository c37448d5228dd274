"""Pages of the large partnership in this process, each against its floor; its last line is what they took."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Final

import django

from benchmarks.measuring import take_pairs

SITE: Final = "s11.example"


def main() -> None:
    django.setup()
    from django.conf import settings  # noqa: PLC0415

    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "benchmarks.floors.FloorMiddleware"]
    print(json.dumps(measure_pages() | measure_saving()))


def measure_pages() -> dict[str, Any]:
    """By the page's name: seconds, the floor's, the ratio, queries and bytes."""
    from benchmarks.country import CYCLE, OFFICER  # noqa: PLC0415
    from surveys.models import Audit  # noqa: PLC0415

    draft = Audit.objects.with_place().filter(status="draft", invitee__cycle__partnership__slug="large")[0]
    lead = f"lead@{draft.organisation.slug}.example"
    standard = draft.questionnaire.standards.all()[0].code
    desk = {"partnership": "large"}
    pages: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
        "task list": (lead, "surveys:audit", draft.slugs),
        "a standard’s page": (lead, "surveys:audit_standard", {**draft.slugs, "code": standard}),
        "overview page": (OFFICER, "surveys:overview", {**desk, "cycle": CYCLE}),
        "pipeline of 600": (OFFICER, "surveys:pipeline_cycle", {**desk, "cycle": CYCLE}),
        "moderation queue": (OFFICER, "surveys:moderation_queue", {**desk, "cycle": CYCLE}),
    }
    return {page: measure_page(*where) for page, where in pages.items()}


@dataclass(slots=True)
class Counted:
    """A wrapper of queries that counts them, the opening and closing of savepoints too."""

    number: int = 0
    said: list[str] = field(default_factory=list)

    def __call__(
        self, execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any
    ) -> Any:
        self.number += 1
        self.said.append(sql)
        return execute(sql, parameters, many, context)


def measure_page(person: str, name: str, arguments: Mapping[str, str]) -> dict[str, Any]:
    from django.core.cache import cache  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from benchmarks.floors import RECORDED, Mode, measure_pairs  # noqa: PLC0415

    client = sign_in(person)
    address = reverse(name, kwargs=dict(arguments))

    def visit(mode: Mode) -> None:
        RECORDED.mode = mode
        response = client.get(address, secure=True)
        assert response.status_code == 200, (address, response.status_code)

    def visit_cold() -> None:
        cache.clear()
        visit(Mode.SERVE)

    visit(Mode.RECORD)
    cache.clear()
    with connection.execute_wrapper(queries := Counted()):
        visit(Mode.SERVE)
    pair = measure_pairs(visit_cold, partial(visit, Mode.REPLAY))
    return {**asdict(pair), "queries": queries.number, "bytes": len(RECORDED.body)}


def sign_in(person: str) -> Any:
    from django.test import Client  # noqa: PLC0415

    from s11.organisations.models import User  # noqa: PLC0415

    client = Client(headers={"host": SITE})
    client.force_login(User.objects.get(email=person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def measure_saving() -> dict[str, Any]:
    """One answer of one audit, saved as its page saves it; each time another score and commentary."""
    from django.db import connection  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from benchmarks.floors import RECORDED, Mode, get_clock  # noqa: PLC0415
    from surveys.models import Answer  # noqa: PLC0415

    answer = (
        Answer.objects.filter(audit__status="draft", audit__invitee__cycle__partnership__slug="large")
        .select_related(
            "audit__invitee__cycle__partnership", "audit__invitee__organisation", "indicator__standard"
        )
        .order_by("pk")[1]
    )
    indicator = answer.indicator
    client = sign_in(f"lead@{answer.audit.organisation.slug}.example")
    where = {"code": indicator.standard.code, "indicator": indicator.code}
    address = reverse("surveys:audit_answer", kwargs={**answer.audit.slugs, **where})
    said = iter(range(1_000_000))

    def save(mode: Mode) -> float:
        """Seconds. The version that a page would hold is read beforehand: that query is the client’s."""
        RECORDED.mode = mode
        answer.refresh_from_db(fields=["version"])
        number = next(said)
        entered = {
            "score": number % 3,
            "commentary": f"Said {answer.version} times.",
            "version": answer.version,
        }
        posted = {f"{indicator.code}-{name}": value for name, value in entered.items()}
        clock = get_clock()
        begin = clock()
        response = client.post(address, posted, secure=True)
        taken = clock() - begin
        # No other outcome has this status.
        assert response.status_code == 200, response.content
        if mode is not Mode.UPDATE:
            RECORDED.body = response.content
        return taken

    RECORDED.answer = answer.pk
    with connection.execute_wrapper(queries := Counted()):
        save(Mode.SERVE)
    save(Mode.UPDATE)
    pair = take_pairs(partial(save, Mode.SERVE), partial(save, Mode.UPDATE), pairs=51)
    # Without the client’s.
    return {"saving one answer": {**asdict(pair), "queries": queries.number - 1, "bytes": len(RECORDED.body)}}


if __name__ == "__main__":
    main()
