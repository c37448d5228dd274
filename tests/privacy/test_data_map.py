"""Every table and column is declared: whose it is, what for, and what becomes of it. A new one fails here first."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client

from s11.organisations.models import Contact, Partnership, User
from s11.privacy.data_map_page import write_page
from s11.retention.enums import Kind
from s11.retention.schedule_defaults import BY_CLOCK, FOR_GOOD
from s11.web.personal_data import Basis, Column, Kept, Leaving, get_map, list_purposes

PEOPLE = (User, Contact)
# What docs/privacy.md has no period for.
WITHOUT_PERIOD = {"No period of its own: with the partnership’s records", "Destruction lists and their log"}


def list_columns(model: type[models.Model]) -> Iterator[str]:
    """All but the key that a database numbers by itself."""
    fields = (*model._meta.concrete_fields, *model._meta.many_to_many)
    numbers = ("BigAutoField", "AutoField", "UUIDField")
    return (
        field.name for field in fields if not field.primary_key or field.get_internal_type() not in numbers
    )


def follow(model: type[models.Model], path: str) -> models.Field:  # type: ignore[type-arg]
    """The last column of a path such as `audit__invitee__cycle`; `pk` is the row itself."""
    names = path.split("__")
    for name in names[:-1]:
        found = model._meta.get_field(name).related_model
        assert isinstance(found, type), (model, path)
        model = found
    last = model._meta.pk if names[-1] == "pk" else model._meta.get_field(names[-1])
    assert isinstance(last, models.Field)
    return last


def describe_columns(kept: Kept) -> Iterator[str]:
    """What is wrong with the columns of one declaration."""
    model = apps.get_model(kept.model)
    named = f"{kept.own} {kept.who} {kept.words} {kept.keys} {kept.plain}".split()
    declared = set(list_columns(model)) ^ set(named)
    if declared:
        yield f"{kept.model}: declare these in its data_map, or take them out: {sorted(declared)}"
    if len(named) != len(set(named)):
        yield f"{kept.model}: a column is declared twice"
    for name, column in kept.columns.items():
        field = model._meta.get_field(name)
        names_somebody = field.related_model in PEOPLE or isinstance(field, models.EmailField)
        if column == Column.PLAIN and names_somebody:
            yield f"{kept.model}.{name} names a person"
        if column == Column.WHO and field.related_model is not User:
            yield f"{kept.model}.{name} names no account"


def describe_paths(kept: Kept) -> Iterator[str]:
    """What is wrong with whom its rows are said to be about, and where they belong."""
    model = apps.get_model(kept.model)
    for path in kept.paths:
        last = follow(model, path)
        is_person = last.related_model in PEOPLE or (last.primary_key and model in PEOPLE)
        if not is_person and not isinstance(last, models.EmailField):
            yield f"{kept.model}: {path} leads to no person"
    if kept.place and kept.place != "pk" and follow(model, kept.place).related_model is not Partnership:
        yield f"{kept.model}: {kept.place} leads to no partnership"
    if kept.leaving != Leaving.STAYS and not kept.paths:
        yield f"{kept.model}: says what becomes of a leaver's rows, but not which they are"
    if kept.purpose.basis == Basis.NOBODY and kept.is_personal:
        yield f"{kept.model} is about people, and its purpose says it is not"


def test_every_table_and_column_is_declared() -> None:
    declared = get_map()
    existing = {model._meta.label for model in apps.get_models()}
    assert existing == declared.keys(), "declare new tables in data_map of their app, and take gone ones out"
    faults = [[*describe_columns(kept), *describe_paths(kept)] for kept in declared.values()]
    assert [fault for found in faults for fault in found] == []


def test_the_page_is_as_the_map() -> None:
    page = (Path(settings.BASE_DIR) / "docs" / "data-map.md").read_text(encoding="utf-8")
    assert page == write_page(), "run `manage.py draw_data_map`"
    assert "| `accountability_representative` | `name`, `job_title`, `email`, `user`" in page


def test_every_kind_has_a_period_or_a_reason() -> None:
    """What docs/privacy.md calls a kind of record, so that one can be looked up in the other."""
    kinds = {str(kind.label) for kind in Kind} | {fixed.what for fixed in (*BY_CLOCK, *FOR_GOOD)}
    assert {kept.kept_as for kept in get_map().values() if kept.is_personal} - kinds - WITHOUT_PERIOD == set()


@pytest.mark.django_db
def test_the_privacy_page_says_what_is_held(client: Client) -> None:
    page = unescape(client.get("/privacy/").content.decode())
    told = [purpose.told for purpose in list_purposes() if purpose.told]
    assert len(told) > 10
    assert [one for one in told if one not in page] == []
