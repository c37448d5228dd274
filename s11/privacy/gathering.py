"""All that is held about one person, as plain data: tables of rows, with other people taken out and texts numbered.

A number names a text in the officer's review; what they keep back is left out of the file by it.
"""

from __future__ import annotations

import datetime
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.db.models.fields.files import FieldFile

from s11.organisations.models import Contact, DataExport, Partnership, User
from s11.privacy.redacting import ANOTHER, Redactor, make_redactor
from s11.privacy.subjects import (
    Subject,
    get_subject,
    list_about,
    list_by,
    list_scope,
    list_words,
    name_table,
    within,
)
from s11.web.personal_data import Column, Kept, get_map

BATCH: Final = 500
# So many texts in which somebody else names the person; beyond that the search is too wide to be read.
MOST_MENTIONS: Final = 300
AROUND: Final = 300
WITH_ORGANISATION: Final = "[an organisation’s own words: ask the organisation]"
WITH_OTHERS: Final = "[others may have changed it since: ask whoever keeps it]"
# Columns that name who wrote the row, or wrote in it last: its words are theirs.
WRITERS: Final = frozenset({"by", "asked_by", "added_by", "updated_by", "edited_by", "changed_by"})
SECRET_SHOWN: Final[dict[str, Callable[[Any], dict[str, str]]]] = {
    # A passkey has a name that its person gave it; what else is in the column opens the account.
    "mfa.Authenticator": lambda row: {"name": str(row.data.get("name", ""))},
}
# The record of changes writes ‘organisations.Session.None’ for each table that refers to a row that is new.
REFERRING: Final = re.compile(r"\w+\.\w+\.None")
Material = dict[str, Any]
Rows = list[dict[str, Any]]


def gather(export: DataExport) -> Material:
    """The whole of it. A person who asks for themself gets no texts of others: those need somebody to read them."""
    subject = get_subject(export)
    found = Gathering(subject, export.partnership)
    tables = {}
    for kept in list_scope(export.partnership):
        # That this export is being made is no news to whoever asked for it.
        without = [export.pk] if kept.model == DataExport._meta.label else []
        if table := found.gather_table(kept, without):
            tables[kept.model] = table
    if trail := found.gather_trail():
        tables.setdefault(trail["model"], trail | {"rows": []})["rows"] += trail["rows"]
    mentions = found.gather_mentions() if export.partnership is not None else []
    return {
        "tables": list(tables.values()),
        "mentions": mentions[:MOST_MENTIONS],
        "more": len(mentions) > MOST_MENTIONS,
    }


class Gathering:
    """One walk; remembers which rows are the person's own, so that a column that names one can say so."""

    def __init__(self, subject: Subject, partnership: Partnership | None) -> None:
        self._subject = subject
        self._partnership = partnership
        self._redactor: Redactor = make_redactor(subject, partnership)
        self._numbers = itertools.count(1)
        self._seen: dict[str, set[Any]] = defaultdict(set)
        self._labels: dict[tuple[str, Any], str] = {}
        self._mine: dict[str, set[Any]] = {}
        if subject.user is not None:
            self._mine[User._meta.label] = {subject.user.pk}
        self._mine[Contact._meta.label] = set(subject.contacts)

    def gather_table(self, kept: Kept, without: Sequence[int] = ()) -> Material | None:
        """Rows about the person, then rows that name them as who did something."""
        about = list_about(kept, self._subject, self._partnership).exclude(pk__in=without)
        self._mine[kept.model] = set(about.values_list("pk", flat=True))
        by = list_by(kept, self._subject, self._partnership).exclude(
            pk__in=[*self._mine[kept.model], *without]
        )
        rows = [*self._make_rows(kept, about, is_about=True), *self._make_rows(kept, by, is_about=False)]
        return make_table(kept, rows) if rows else None

    def gather_trail(self) -> Material | None:
        """Lines of the record of changes about rows of theirs; for officers also of what the person changed here."""
        kept = get_map()[LogEntry._meta.label]
        condition = Q(pk__in=())
        for label, keys in self._mine.items():
            kind = ContentType.objects.get_for_model(apps.get_model(label))
            if label != LogEntry._meta.label and keys:
                condition |= Q(content_type=kind, object_pk__in=[str(key) for key in keys])
        found = LogEntry.objects.filter(condition).exclude(pk__in=self._seen[kept.model])
        rows = [*self._make_rows(kept, found.order_by("pk"), is_about=False)]
        if self._partnership is not None and self._subject.user is not None:
            made = LogEntry.objects.filter(pk__in=self._find_made_here(self._subject.user, self._partnership))
            rows += self._make_rows(kept, made.order_by("pk"), is_about=True)
        return make_table(kept, rows) if rows else None

    def _find_made_here(self, user: User, partnership: Partnership) -> set[int]:
        """By row id what they changed of this partnership's rows: what they did elsewhere is not its officers'."""
        entries: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        made = LogEntry.objects.filter(actor=user).order_by()
        for pk, kind, row in made.values_list("pk", "content_type", "object_pk").iterator(BATCH):
            entries[kind][row].append(pk)
        found: set[int] = set()
        for kind, rows in entries.items():
            model = ContentType.objects.get_for_id(kind).model_class()
            kept = get_map().get(model._meta.label) if model is not None else None
            if model is None or kept is None or not kept.place:
                continue
            here = model._default_manager.filter(pk__in=list(rows), **{kept.place: partnership.pk})
            for key in here.values_list("pk", flat=True):
                found.update(rows[str(key)])
        return found - self._seen[LogEntry._meta.label]

    # Rows -------------------------------------------------------------------------------------------------------------

    def _make_rows(self, kept: Kept, found: QuerySet[Any], *, is_about: bool) -> Iterator[dict[str, Any]]:
        for row in found.iterator(BATCH):
            self._seen[kept.model].add(row.pk)
            cells, texts = self._make_cells(kept, row, is_about=is_about)
            extra = SECRET_SHOWN.get(kept.model)
            yield {
                "id": str(row.pk),
                "how": "about" if is_about else "by",
                "cells": cells | (extra(row) if extra and is_about else {}),
                "texts": texts,
            }

    def _make_cells(self, kept: Kept, row: Model, *, is_about: bool) -> tuple[dict[str, str], Rows]:
        cells: dict[str, str] = {}
        texts: Rows = []
        for name, column in kept.columns.items():
            field = row._meta.get_field(name)
            if column == Column.KEY or field.many_to_many:
                continue
            if column == Column.WORDS:
                value = getattr(row, name)
                text = _read_changes(value) if name == "changes" and isinstance(value, dict) else _read(value)
                if text:
                    texts.append(self._make_text(kept, name, text, self._find_keeper(kept, row, is_about)))
            elif column == Column.PLAIN and self._is_organisations(kept) and not _is_when_or_where(field):
                # What was scored is no more theirs to read here than what was written.
                continue
            elif column == Column.OWN and not is_about:
                cells[name] = ANOTHER
            else:
                cells[name] = self._show(row, name)
        return {name: value for name, value in cells.items() if value}, texts

    def _is_organisations(self, kept: Kept) -> bool:
        return kept.organisations and self._partnership is not None

    def _find_keeper(self, kept: Kept, row: Model, is_about: bool) -> str:
        """What stands in place of words that are not this export's to show; nothing where they are.

        Of one's own export, words in a row in which others wrote too: nobody reads it first, and whoever left would
        read on.
        """
        if self._is_organisations(kept):
            return WITH_ORGANISATION
        if is_about or self._partnership is not None or self._subject.user is None:
            return ""
        theirs = {
            name for name in kept.who.split() if getattr(row, f"{name}_id", None) == self._subject.user.pk
        }
        return "" if theirs & WRITERS or kept.model == LogEntry._meta.label else WITH_OTHERS

    def _make_text(self, kept: Kept, name: str, text: str, instead: str = "") -> dict[str, Any]:
        title = name_table(kept)
        if instead:
            return {"number": 0, "title": title, "column": name, "text": instead, "is_changed": False}
        shown = self._redactor.redact(text)
        number = next(self._numbers)
        return {
            "number": number,
            "title": title,
            "column": name,
            "text": shown,
            "is_changed": shown != text,
        }

    def _show(self, row: Model, name: str) -> str:
        field = row._meta.get_field(name)
        related = field.related_model
        if not isinstance(related, type):
            return self._redactor.redact(_read(getattr(row, name)))
        key = getattr(row, field.attname)  # type: ignore[union-attr]  # a column, so it has one
        if key is None:
            return ""
        label = related._meta.label
        # Somebody's own row, such as a seat at a panel, names them; whose it is says the map.
        names_people = bool(get_map()[label].about) and label != LogEntry._meta.label
        if names_people and key not in self._mine.get(label, ()):
            return ANOTHER
        if (label, key) not in self._labels:
            self._labels[label, key] = self._redactor.redact(str(getattr(row, name)))
        return self._labels[label, key]

    # Texts of others --------------------------------------------------------------------------------------------------

    def gather_mentions(self) -> Rows:
        """Where somebody else's text holds the person's name or address: an officer reads it first."""
        return list(itertools.islice(self._list_mentions(), MOST_MENTIONS + 1))

    def _list_mentions(self) -> Iterator[dict[str, Any]]:
        for kept in list_scope(self._partnership):
            if kept.organisations or not self._subject.words or not (names := list_words(kept)):
                continue
            condition = Q(pk__in=())
            for name, word in itertools.product(names, sorted(self._subject.words)):
                condition |= Q(**{f"{name}__icontains": word})
            model = apps.get_model(kept.model)
            found = within(kept, model, self._partnership).filter(condition)
            for row in found.exclude(pk__in=self._seen[kept.model]).order_by("pk").iterator(BATCH):
                yield from self._cut(kept, row, names)

    def _cut(self, kept: Kept, row: Model, names: list[str]) -> Iterator[dict[str, Any]]:
        for name in names:
            text = str(getattr(row, name))
            places = [text.lower().find(word.lower()) for word in self._subject.words]
            if (first := min((place for place in places if place >= 0), default=-1)) < 0:
                continue
            piece = text[max(first - AROUND, 0) : first + AROUND]
            yield {
                **self._make_text(kept, name, piece),
                "table": kept.model,
                "id": str(row.pk),
            }


def _is_when_or_where(field: Any) -> bool:
    return bool(field.is_relation) or field.get_internal_type() in {"DateField", "DateTimeField"}


def make_table(kept: Kept, rows: Rows) -> Material:
    purpose = kept.purpose
    return {
        "model": kept.model,
        "title": name_table(kept),
        "purpose": purpose.title,
        "why": purpose.why,
        "basis": purpose.basis.value,
        "source": purpose.source,
        "kept_as": kept.kept_as,
        "rows": rows,
    }


def _read_changes(changes: dict[str, Any]) -> str:
    """A line each, for whoever reads it; without what only names the tables that refer to a new row."""
    lines = []
    for name, change in changes.items():
        if not isinstance(change, list) or len(change) != len(("before", "after")):
            lines.append(f"{name}: {_read(change)}")
        elif not REFERRING.fullmatch(str(change[1])):
            before, after = ("nothing" if one in (None, "None", "") else str(one) for one in change)
            lines.append(f"{name}: {before} → {after}")
    return "\n".join(lines)


def _read(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="seconds")
    if isinstance(value, FieldFile):
        return "a file" if value else ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)
