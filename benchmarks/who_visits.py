"""Adds the demonstration to a country; its last line says who opens which pages there."""

from __future__ import annotations

import json

import django


def main() -> None:
    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from accountability.models import Publication  # noqa: PLC0415
    from accountability.publishing import publish  # noqa: PLC0415
    from s11.demo.build import build_demo  # noqa: PLC0415

    build_demo(timezone.localdate())
    # What a worker does in life. Its other jobs are files, which no page here waits for.
    for publication in Publication.objects.filter(finished_at=None):
        publish.call(publication.pk)
    print(json.dumps(list_pages()))


def list_pages() -> list[tuple[str, str, str]]:
    """Each with its name, its address, and the session of whoever opens it, empty for everybody."""
    from django.conf import settings  # noqa: PLC0415
    from django.db.models import Count, Q  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from benchmarks.country import CYCLE, OFFICER  # noqa: PLC0415
    from s11.organisations.models import User  # noqa: PLC0415
    from surveys.models import Audit  # noqa: PLC0415
    from surveys.models.questionnaires import Standard  # noqa: PLC0415
    from tests.browser.demo_pages import PAGES, get_names  # noqa: PLC0415

    def sign_in(email: str) -> str:
        client = Client()
        person = User.objects.get(email=email)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    names, officer = get_names(), sign_in("administrator@harbourside.example")
    everybody, desk = PAGES[""], PAGES["administrator@harbourside.example"]
    of_large = Q(questionnaire__cycle_questionnaires__cycle__partnership__slug="large")
    longest = (
        Standard.objects.filter(of_large)
        .annotate(size=Count("indicators", distinct=True))
        .order_by("-size")[0]
    )
    drafts = Audit.objects.with_place().filter(invitee__cycle__partnership__slug="large", status="draft")
    draft = drafts.filter(invitee__cycle_questionnaire__questionnaire=longest.questionnaire)[0]
    lead, runs = sign_in(f"lead@{draft.organisation.slug}.example"), sign_in(OFFICER)
    large = {"partnership": "large", "cycle": CYCLE}
    return [
        ("sign-in", everybody["sign-in"], ""),
        ("public page", everybody["published-report"], ""),
        ("task list", reverse("surveys:audit", kwargs=draft.slugs), lead),
        (
            f"a standard’s page of {longest.size}",
            reverse("surveys:audit_standard", kwargs={**draft.slugs, "code": longest.code}),
            lead,
        ),
        ("desk", desk["desk"].format(**names), officer),
        ("pipeline of 600", reverse("surveys:pipeline_cycle", kwargs=large), runs),
        ("moderation queue", reverse("surveys:moderation_queue", kwargs=large), runs),
        ("overview page", desk["overview"].format(**names), officer),
        ("overview page of 600", reverse("surveys:overview", kwargs=large), runs),
        ("a meeting’s page", desk["held-meeting"].format(**names), officer),
    ]


if __name__ == "__main__":
    main()
