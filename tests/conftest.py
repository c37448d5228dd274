"""Settings for tests, and the named cast that every permission test speaks of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Organisation, Partnership, User
from tests import factories


@pytest.fixture(autouse=True)
def _settings(settings: LazySettings, tmp_path: Path) -> None:
    """Files go to a folder of the test's own, jobs run at once, passwords hash fast, mail stays in the outbox."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Tests that move the clock stay signed in; tests/organisations/test_sessions.py has the limits that hold.
    settings.SESSION_IDLE_MINUTES = settings.SESSION_MOST_HOURS = 600_000
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@dataclass(frozen=True)
class Cast:
    """The people. `stranger` leads another organisation in the same partnership; `outsider` is an officer elsewhere."""

    partnership: Partnership
    elsewhere: Partnership
    organisation: Organisation
    other_organisation: Organisation
    lead: User
    contributor: User
    signatory: User
    viewer: User
    stranger: User
    administrator: User
    quality_officer: User
    panel_member: User
    panel_chair: User
    scrutineer: User
    publisher: User
    outsider: User

    @property
    def people(self) -> dict[str, User]:
        return {name: person for name, person in vars(self).items() if isinstance(person, User)}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def make_cast() -> Cast:
    partnership = factories.make_partnership("Harbour", slug="harbour")
    elsewhere = factories.make_partnership("Moorland", slug="moorland")
    organisation = factories.make_organisation("Anchor Trust", slug="anchor", partnership=partnership)
    other_organisation = factories.make_organisation("Beacon Homes", slug="beacon", partnership=partnership)

    offices = [(role, partnership) for role in OfficerRole] + [(OfficerRole.ADMINISTRATOR, elsewhere)]
    memberships = [(role, organisation) for role in MembershipRole] + [
        (MembershipRole.LEAD, other_organisation)
    ]
    # In bulk: nearly every test begins with them.
    people = factories.make_people(offices, memberships)

    def officer(role: OfficerRole, at: Partnership = partnership) -> User:
        return people[role, at.slug]

    def member(role: MembershipRole, of: Organisation = organisation) -> User:
        return people[role, of.slug]

    return Cast(
        partnership=partnership,
        elsewhere=elsewhere,
        organisation=organisation,
        other_organisation=other_organisation,
        lead=member(MembershipRole.LEAD),
        contributor=member(MembershipRole.CONTRIBUTOR),
        signatory=member(MembershipRole.SIGNATORY),
        viewer=member(MembershipRole.VIEWER),
        stranger=member(MembershipRole.LEAD, other_organisation),
        administrator=officer(OfficerRole.ADMINISTRATOR),
        quality_officer=officer(OfficerRole.QUALITY_OFFICER),
        panel_member=officer(OfficerRole.PANEL_MEMBER),
        panel_chair=officer(OfficerRole.PANEL_CHAIR),
        scrutineer=officer(OfficerRole.SCRUTINEER),
        publisher=officer(OfficerRole.PUBLISHER),
        outsider=officer(OfficerRole.ADMINISTRATOR, elsewhere),
    )


@pytest.fixture
def sign_in(client: Client) -> Callable[[User], Client]:
    """`sign_in(person)` gives a client who is signed in as that person."""

    def as_person(user: User) -> Client:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_person
