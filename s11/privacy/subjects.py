"""Whom an export or an anonymising is about, and which rows of a table are theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from s11.organisations.models import Contact, DataExport, Membership, Officer, Partnership, User
from s11.web.personal_data import Column, Kept, get_map

# Columns of the map's `own` in which a name stands as text.
NAMES = frozenset({"name", "owner", "by_name", "signed_as"})
# Tables that people would not know by what programs call them.
TITLES = {
    "organisations.User": "Account",
    "organisations.Membership": "Role in an organisation",
    "organisations.Officer": "Role in a partnership",
    "organisations.KnownBrowser": "Browser that signed in",
    "organisations.FeedToken": "Token of a data feed",
    "surveys.Message": "E-mail",
    "surveys.MessageAttachment": "File sent with an e-mail",
    "surveys.ProfileAnswer": "Fact about the organisation",
    "surveys.ProfileChange": "Change of a fact",
    "mfa.Authenticator": "Second step",
    "auditlog.LogEntry": "Line of the record of changes",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """One person as the tables know them. Addresses are in lower case."""

    user: User | None = None
    emails: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    contacts: frozenset[int] = field(default=frozenset())
    # Whether rows without an account or address are found by the name that stands in them.
    by_name: bool = True

    @property
    def words(self) -> frozenset[str]:
        """What to look for in texts: whole names and addresses; a first name alone would find half of England."""
        return self.emails | frozenset(name for name in self.names if " " in name.strip())


def is_known_in(user: User, partnership: Partnership) -> bool:
    """Whether somebody acts or acted there: else its officers learn nothing of the account, not even that it is one."""
    return get_people(partnership).filter(pk=user.pk).exists()


def get_people(partnership: Partnership) -> QuerySet[User]:
    """Whoever has, had or asked for a role there."""
    members = Membership.objects.filter(
        user=OuterRef("pk"), organisation__participations__partnership=partnership
    )
    officers = Officer.objects.filter(user=OuterRef("pk"), partnership=partnership)
    return User.objects.filter(Exists(members) | Exists(officers))


def get_subject(export: DataExport) -> Subject:
    """People choose their own name, and would read whatever bears it: of their own export it finds nothing."""
    user = export.user
    emails = {address.lower() for address in (export.email, user.email if user else "") if address}
    names = {name for name in (export.name, user.name if user else "") if name.strip()}
    by_name = export.partnership is not None
    return find_contacts(
        Subject(user, frozenset(emails), frozenset(names), by_name=by_name), export.partnership
    )


def find_contacts(subject: Subject, partnership: Partnership | None) -> Subject:
    """The same person with the entries among contacts that are theirs."""
    condition = _match_addresses("email", subject) | _match_names(Contact, "name", subject)
    found = Contact.objects.filter(condition)
    if partnership is not None:
        found = found.filter(participation__partnership=partnership)
    return replace(subject, contacts=frozenset(found.values_list("pk", flat=True)))


# Which rows -----------------------------------------------------------------------------------------------------------


def list_about(kept: Kept, subject: Subject, partnership: Partnership | None) -> QuerySet[Any]:
    """Rows that are about the person."""
    model = apps.get_model(kept.model)
    condition = _never()
    for path in kept.paths:
        condition |= _match_path(model, path, subject)
    for name in NAMES & set(kept.own.split()):
        condition |= _match_names(model, name, subject)
    return within(kept, model, partnership).filter(condition).order_by("pk").distinct()


def list_by(kept: Kept, subject: Subject, partnership: Partnership | None) -> QuerySet[Any]:
    """Rows that name the person as who did something, and are about something else."""
    model = apps.get_model(kept.model)
    condition = _never()
    for name in kept.who.split():
        if subject.user is not None:
            condition |= Q(**{name: subject.user.pk})
    return within(kept, model, partnership).filter(condition).order_by("pk").distinct()


def list_scope(partnership: Partnership | None) -> Iterator[Kept]:
    """Tables that an export looks into: for officers those alone that belong to a partnership, and the account."""
    for kept in get_map().values():
        if kept.is_personal and (partnership is None or kept.place or kept.model == User._meta.label):
            yield kept


def within(kept: Kept, model: type[Model], partnership: Partnership | None) -> QuerySet[Any]:
    found: QuerySet[Any] = model._default_manager.all()
    if partnership is None:
        return found
    if model is User:
        return get_people(partnership)
    if kept.private:
        found = found.filter(**{kept.private: False})
    if not kept.place:
        return found
    return found.filter(**{kept.place: partnership.pk})


def _match_path(model: type[Model], path: str, subject: Subject) -> Q:
    target = get_target(model, path)
    if target is User:
        return Q(**{path: subject.user.pk}) if subject.user is not None else _never()
    if target is Contact:
        return Q(**{f"{path}__in": subject.contacts})
    return _match_addresses(path, subject)


def get_target(model: type[Model], path: str) -> type[Model] | None:
    """The table that a path of the map ends at: accounts, contacts, or none where it ends at an address."""
    found: type[Model] | None = model
    for name in path.split("__"):
        if name != "pk":
            related = found._meta.get_field(name).related_model if found is not None else None
            found = related if isinstance(related, type) else None
    return found


def _match_addresses(path: str, subject: Subject) -> Q:
    return _any(Q(**{f"{path}__iexact": email}) for email in subject.emails)


def _match_names(model: type[Model], column: str, subject: Subject) -> Q:
    """By name alone only where no address or account says who it is: two people may have one name."""
    if not subject.by_name:
        return _never()
    nobody_else = Q()
    columns = {one.name: one for one in model._meta.concrete_fields}
    if "email" in columns and subject.emails:
        nobody_else &= Q(email="")
    for name in ("user", "owner_user", "by", "signed_by"):
        if name in columns:
            nobody_else &= Q(**{f"{name}__isnull": True})
    return _any(Q(**{f"{column}__iexact": name}) & nobody_else for name in subject.names)


def _any(conditions: Iterable[Q]) -> Q:
    found = _never()
    for condition in conditions:
        found |= condition
    return found


def _never() -> Q:
    return Q(pk__in=())


def list_words(kept: Kept) -> list[str]:
    """Columns of text that may name anybody; what is stored as JSON is not searched."""
    model = apps.get_model(kept.model)
    return [
        name
        for name, column in kept.columns.items()
        if column == Column.WORDS and model._meta.get_field(name).get_internal_type() != "JSONField"
    ]


def name_table(kept: Kept) -> str:
    """Such as ‘Answer change’."""
    return TITLES.get(kept.model) or str(apps.get_model(kept.model)._meta.verbose_name).capitalize()
