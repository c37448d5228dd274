"""Asking to take part as a visitor does it, step by step, and rows that are there already."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.models import Application, Organisation, Partnership
from s11.organisations.models.invitations import hash_token


def run_at_once(run: Callable[[], object], using: str | None = None, robust: bool = False) -> None:
    """In place of `transaction.on_commit`: a test's transaction never commits."""
    run()


LEAD = {"name": "Nora Quay", "job_title": "Head of care", "email": "nora@kelp.example", "note": ""}
PROFILE = {"is_school": "no", "is_health": "no", "is_home": "yes"}


def get_step(partnership: str, step: str) -> str:
    return reverse("organisations:take_part_step", args=[partnership, step])


def start(client: Client, partnership: str = "harbour") -> None:
    client.post(reverse("organisations:take_part", args=[partnership]))


def answer(
    client: Client,
    step: str,
    entered: Mapping[str, str] | None = None,
    *,
    partnership: str = "harbour",
    **more: str,
) -> HttpResponse:
    """Send one step, as its page's form would."""
    prefix = f"take_part_{partnership}"
    data = {f"{step}-{name}": value for name, value in (entered or {}).items()}
    data |= {f"{prefix}-current_step": step, **more}
    return client.post(get_step(partnership, step), data)  # type: ignore[return-value]  # the test client's own subclass


def ask_for_new(
    client: Client, name: str = "Kelp House", *, lead: Mapping[str, str] = LEAD, **numbers: str
) -> HttpResponse:
    """For an organisation that is not found, to the end."""
    start(client)
    answer(client, "find", {"words": name})
    answer(client, "enter", {"name": name, "urn": "", "ods_code": "", "ofsted_number": "", **numbers})
    answer(client, "profile", PROFILE)
    answer(client, "lead", lead)
    return answer(client, "check")


def ask_for_known(
    client: Client, organisation: Organisation, *, lead: Mapping[str, str] = LEAD
) -> HttpResponse:
    start(client)
    answer(client, "find", {"words": organisation.name})
    answer(client, "choose", {"organisation": organisation.slug})
    answer(client, "lead", lead)
    return answer(client, "check")


def find_path() -> str:
    """Of the one link in the newest mail."""
    (path,) = re.findall(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body))
    return str(path)


def make_application(
    partnership: Partnership,
    *,
    name: str = "Kelp House",
    email: str = "nora@kelp.example",
    organisation: Organisation | None = None,
    is_verified: bool = True,
    token: str = "",
    urn: str = "",
) -> Application:
    """A row as it is once somebody has asked and, unless said otherwise, confirmed the address."""
    return Application.objects.create(
        partnership=partnership,
        organisation=organisation,
        organisation_name=organisation.name if organisation else name,
        variant=organisation.variant if organisation else Variant.STANDARD,
        urn=urn,
        name="Nora Quay",
        job_title="Head of care",
        email=email,
        token_hash=hash_token(token or f"{name} {email} {timezone.now().isoformat()}"),
        verified_at=timezone.now() if is_verified else None,
    )
