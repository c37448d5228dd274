"""Signs the people of `make load` in, in the database of the settings; its last line says what each of them opens."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import django


def main(folder: str, people: str) -> None:
    """Their partnership, first: `people` of them, two an organisation."""
    django.setup()
    from tests.load.world import main as build  # noqa: PLC0415

    build(folder, people)
    print(json.dumps(list_people(Path(folder))))


def list_people(folder: Path) -> list[dict[str, Any]]:
    """Whoever has something to answer: the session, the pages, and the answers with their versions."""
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from s11.organisations.models import User  # noqa: PLC0415
    from surveys.models import Answer  # noqa: PLC0415
    from tests.load.evening import read_evening  # noqa: PLC0415

    evening, found = read_evening(folder), []
    for person in evening.people:
        answers = Answer.objects.filter(
            audit__invitee__cycle__slug=evening.cycle,
            audit__invitee__organisation__slug=person.organisation,
            indicator__standard__code__in=person.standards,
        )
        told = list(
            answers.order_by("indicator__position").values_list(
                "pk", "indicator__standard__code", "indicator__code", "version", "score"
            )
        )
        if not told:
            continue
        client = Client()
        client.force_login(
            User.objects.get(email=person.email), backend="django.contrib.auth.backends.ModelBackend"
        )
        audit = f"/p/{evening.partnership}/o/{person.organisation}/audits/{evening.cycle}/"
        found.append(
            {
                "session": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "pages": [audit, f"{audit}standards/{person.standards[0]}/"],
                "answers": [
                    {
                        "pk": pk,
                        "path": f"{audit}standards/{standard}/answers/{code}/",
                        "code": code,
                        "version": version,
                        "score": "" if score is None else str(score),
                    }
                    for pk, standard, code, version, score in told
                ],
            }
        )
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
