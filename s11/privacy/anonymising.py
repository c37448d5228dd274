"""An account loses its name: agreed by each partnership that knows it, after a waiting period, in one transaction.

Who did something is a reference to the account in every trail, so those stay as they are and say ‘a former member of’.
What holds a name or an address as text is named in the map of each app, and is changed here; nothing else is.
"""

from __future__ import annotations

import datetime
import logging
import re
from contextlib import suppress
from typing import Any, Final

from auditlog.context import disable_auditlog
from auditlog.models import LogEntry
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from s11.organisations.enums import AnonymisationReason
from s11.organisations.models import (
    Anonymisation,
    AnonymisationApproval,
    Contact,
    DataExport,
    Membership,
    Partnership,
    Removal,
    User,
)
from s11.privacy import emails
from s11.privacy.exporting import discard_export
from s11.privacy.leaving import (
    acts,
    find_obstacle,
    get_account_subject,
    get_address,
    get_partnerships,
    get_stand_in,
)
from s11.privacy.subjects import Subject, get_target, list_about, list_by
from s11.web.errors import NotInThisState
from s11.web.personal_data import Column, Kept, Leaving, get_map

logger = logging.getLogger(__name__)

BATCH: Final = 500
REMOVED: Final = "removed"
SAID_BACK: Final = "Whoever has a role again keeps their name. Once it has ended this can be asked for anew."
# All that know the account read this; which duty it is, the page says to whom it concerns.
SAID_NEEDED: Final = "The account still has a duty, which must end first."
SAID_NEW_PLACE: Final = "Another partnership has come to know the account since, and must agree first."
# True inside the transaction that takes a name out: a trail that refuses changes asks this in its trigger.
UNDER_WAY: Final = "EXISTS (SELECT 1 FROM organisations_anonymisation WHERE is_under_way)"
# What becomes of a column that the map calls `own`, by its name; others, such as dates and roles, stay.
NAMED: Final = frozenset({"name", "owner", "by_name"})
ADDRESSED: Final = frozenset({"email", "actor_email"})
EMPTIED: Final = frozenset({"job_title", "telephone", "error"})
NONE: Final = frozenset({"remote_addr", "remote_port"})


# Asking, agreeing, stopping -------------------------------------------------------------------------------------------


@transaction.atomic
def request_anonymisation(
    *, user: User, reason: AnonymisationReason, partnership: Partnership | None, by: User
) -> Anonymisation:
    """Ask for it, or agree to what was asked. Without a partnership the person asks for themself."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if obstacle := find_obstacle(user, partnership):
        raise NotInThisState(obstacle)
    found, is_new = Anonymisation.objects.get_or_create(
        user=user, stopped_at=None, defaults={"reason": reason, "asked_by": by}
    )
    if found.done_at is not None:
        raise NotInThisState("The name of this account is removed already. Nothing was changed.")
    if partnership is not None:
        AnonymisationApproval.objects.get_or_create(
            anonymisation=found, partnership=partnership, defaults={"by": by}
        )
    missing = find_missing(found)
    if found.due_at is None and not missing.exists():
        found.due_at = timezone.now() + datetime.timedelta(days=settings.ANONYMISE_AFTER_DAYS)
        found.save(update_fields=["due_at"])
        transaction.on_commit(lambda: emails.send_due(found, partnership), robust=True)
    elif is_new and partnership is None:
        asked = list(missing)
        transaction.on_commit(lambda: emails.send_to_decide(found, asked), robust=True)
    return found


def find_missing(found: Anonymisation) -> QuerySet[Partnership]:
    """Those that know the account and have not agreed."""
    return get_partnerships(found.user).exclude(pk__in=found.approvals.values("partnership"))


@transaction.atomic
def stop_anonymisation(
    *, anonymisation: Anonymisation, why: str, by: User | None, partnership: Partnership | None = None
) -> None:
    """Withdraw it, or decline what a person asked for; until the moment it is done. A partnership tells the person.

    By nobody where the clock stops it.
    """
    found = Anonymisation.objects.select_for_update(no_key=True, of=("self",)).get(pk=anonymisation.pk)
    if not found.is_open:
        word = "done" if found.done_at else "stopped"
        raise NotInThisState(f"It is {word} already. Nothing was changed.")
    found.stopped_by, found.stopped_at, found.why_stopped = by, timezone.now(), why
    found.save(update_fields=["stopped_by", "stopped_at", "why_stopped"])
    if partnership is not None:
        transaction.on_commit(lambda: emails.send_stopped(found, partnership), robust=True)


def anonymise_due(now: datetime.datetime) -> int:
    """By the clock: those whose waiting period is over; how many. One that cannot be done says why, and stays due."""
    done = 0
    for found in Anonymisation.objects.open().filter(due_at__lte=now).select_related("user"):
        try:
            anonymise(found, now)
        except CameBack:
            with suppress(NotInThisState):
                stop_anonymisation(anonymisation=found, why=SAID_BACK, by=None)
            continue
        except NotInThisState as obstacle:
            Anonymisation.objects.open().filter(pk=found.pk).update(obstacle=str(obstacle)[:300])
            continue
        except Exception:
            # One that cannot be done must not keep the others waiting.
            logger.exception("Account %s could not be anonymised", found.user_id)
            continue
        done += 1
        # Also those that were asked for by the address alone: it is this one by now.
        about = Q(user=found.user_id) | Q(email=get_address(found.user))
        for export in DataExport.objects.filter(about, discarded_at=None):
            discard_export(export)
    return done


# Doing it -------------------------------------------------------------------------------------------------------------


class CameBack(Exception):
    """They act somewhere again. What was agreed was agreed of somebody who had left, so it counts no more."""


def anonymise(anonymisation: Anonymisation, now: datetime.datetime) -> None:
    """All of it or nothing. Afterwards nobody can say who it was, but by what people wrote in texts."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=anonymisation.user_id)
        found = Anonymisation.objects.select_for_update(of=("self",)).get(pk=anonymisation.pk)
        if not found.is_open or found.due_at is None or found.due_at > now:
            raise NotInThisState("It was stopped meanwhile. Nothing was changed.")
        if acts(user):
            raise CameBack
        if find_obstacle(user, None):
            raise NotInThisState(SAID_NEEDED)
        if find_missing(found).exists():
            # They acted somewhere else while they waited, and have left there too.
            raise NotInThisState(SAID_NEW_PLACE)
        found.user = user
        with disable_auditlog():
            Anonymisation.objects.filter(pk=found.pk).update(is_under_way=True)
            _Removing(user).run()
            Anonymisation.objects.filter(pk=found.pk).update(is_under_way=False, obstacle="")
        # The trail keeps that it was done, of an account without a name.
        found.user.refresh_from_db()
        found.done_at, found.obstacle = now, ""
        found.save(update_fields=["done_at", "obstacle"])


class _Removing:
    """The walk over all tables that the map says hold something of a leaver."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._subject: Subject = get_account_subject(user)
        self._stand_in = get_stand_in(user)
        self._address = get_address(user)
        # In texts a first name alone may be anybody's; what names a row of theirs is theirs, however short.
        self._known = _find(user.email, user.name if " " in user.name.strip() else "")
        self._named = _find(user.email, user.name)

    def run(self) -> None:
        # First which rows are theirs: once the address is gone, nothing finds those that had only that.
        rows = {
            kept.model: list(list_about(kept, self._subject, None).values_list("pk", flat=True))
            for kept in get_map().values()
            if kept.paths and kept.model != LogEntry._meta.label
        }
        self._clean_trail(rows)
        self._clean_removed()
        for kept in get_map().values():
            keys = rows.get(kept.model, [])
            if kept.leaving == Leaving.DELETED:
                apps.get_model(kept.model)._default_manager.filter(pk__in=keys).delete()
            elif kept.leaving == Leaving.CLEARED and kept.model != User._meta.label:
                self._clear(kept, keys)
        self._clear_account()

    def _clear_account(self) -> None:
        user = self._user
        user.name, user.email = self._stand_in, self._address
        user.is_active, user.is_staff, user.is_superuser = False, False, False
        user.deactivated_at = user.deactivated_at or timezone.now()
        user.last_login = None
        user.set_unusable_password()
        user.save()
        user.groups.clear()
        user.user_permissions.clear()

    def _clear(self, kept: Kept, keys: list[Any]) -> None:
        """Name, address and the like; and in texts of the same row their name, where it stands in full."""
        values = {name: self._replace(name) for name in kept.own.split() if self._is_cleared(name)}
        found = apps.get_model(kept.model)._default_manager.filter(pk__in=keys)
        words = [name for name, column in kept.columns.items() if column == Column.WORDS]
        for row in found.iterator(BATCH) if words else ():
            changed = {name: new for name in words if (new := self._rewrite(row, name)) is not None}
            found.filter(pk=row.pk).update(**values, **changed)
        if not words and values:
            found.update(**values)

    def _clean_removed(self) -> None:
        """What was removed where they acted lies there as it was, also what named them."""
        organisations = Membership.objects.filter(user=self._user).values("organisation")
        where = Q(organisation__in=organisations) | Q(partnership__in=get_partnerships(self._user))
        cleaned = []
        for removal in Removal.objects.filter(where).order_by("pk").iterator(BATCH):
            names = ("title", "rows", "links")
            changed = {name: new for name in names if (new := self._rewrite(removal, name)) is not None}
            if changed:
                Removal.objects.filter(pk=removal.pk).update(**changed)
                cleaned.append(removal.pk)
        self._clean_lines(self._list_lines(get_map()[Removal._meta.label], cleaned))

    def _is_cleared(self, name: str) -> bool:
        return name in NAMED | ADDRESSED | EMPTIED | NONE

    def _replace(self, name: str) -> str | None:
        if name in NAMED:
            return self._stand_in
        return self._address if name in ADDRESSED else None if name in NONE else ""

    def _rewrite(self, row: Model, name: str) -> Any:
        """The new value of a text or of JSON; None where the person is not in it."""
        value = getattr(row, name)
        if isinstance(value, dict | list):
            rewritten = self._rewrite_json(value)
            return rewritten if rewritten != value else None
        text = str(value or "")
        new = self._known.sub(lambda _: self._stand_in, text)
        longest = getattr(row._meta.get_field(name), "max_length", None)
        return (new[:longest] if longest else new) if new != text else None

    def _rewrite_json(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._rewrite_json(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._rewrite_json(one) for one in value]
        return self._known.sub(lambda _: self._stand_in, value) if isinstance(value, str) else value

    # The record of changes --------------------------------------------------------------------------------------------

    def _clean_trail(self, rows: dict[str, list[Any]]) -> None:
        """Lines of what they did lose the address; lines about rows of theirs lose what those rows lose."""
        made = LogEntry.objects.filter(actor=self._user)
        made.update(actor_email=self._address, remote_addr=None, remote_port=None)
        for label, keys in rows.items():
            kept = get_map()[label]
            if keys:
                self._clean_lines(self._list_lines(kept, keys), kept)
            if kept.who and (lines := self._list_lines(kept).filter(self._has_name())):
                by = list_by(kept, self._subject, None).filter(
                    pk__in=lines.values_list("object_id", flat=True)
                )
                self._clean_lines(self._list_lines(kept, list(by.values_list("pk", flat=True))))
        if self._is_only_one:
            # Also of rows that are there no more, which nothing else says were theirs. Of tables about people alone:
            # people choose their own name, and one who takes an organisation's changes no line of its trail.
            for kept in get_map().values():
                if names_people(kept):
                    self._clean_lines(self._list_lines(kept).filter(self._has_name()))

    @property
    def _is_only_one(self) -> bool:
        """Nobody else has this name, so wherever it names a row it is theirs."""
        name = self._user.name
        others = User.objects.filter(name__iexact=name).exclude(pk=self._user.pk)
        contacts = Contact.objects.filter(name__iexact=name).exclude(pk__in=self._subject.contacts)
        return " " in name.strip() and not others.exists() and not contacts.exists()

    def _has_name(self) -> Q:
        named = Q(object_repr__icontains=self._user.email)
        return named | Q(object_repr__icontains=self._user.name) if self._user.name else named

    def _list_lines(self, kept: Kept, keys: list[Any] | None = None) -> QuerySet[LogEntry]:
        kind = ContentType.objects.get_for_model(apps.get_model(kept.model))
        lines = LogEntry.objects.filter(content_type=kind)
        return lines if keys is None else lines.filter(object_pk__in=[str(key) for key in keys])

    def _clean_lines(self, lines: QuerySet[LogEntry], kept: Kept | None = None) -> None:
        is_cleared = kept is not None and kept.leaving != Leaving.STAYS
        cleared = (
            {name for name in kept.own.split() if self._is_cleared(name)} if kept and is_cleared else set()
        )
        for line in lines.order_by("pk").iterator(BATCH):
            before: dict[str, Any] = line.changes or {}
            changes = self._rewrite_json(before) | {
                name: [REMOVED, REMOVED] for name in cleared & before.keys()
            }
            label = self._named.sub(lambda _: self._stand_in, line.object_repr)
            if changes != before or label != line.object_repr:
                LogEntry.objects.filter(pk=line.pk).update(object_repr=label, changes=changes)


def names_people(kept: Kept) -> bool:
    """Whether its rows are called by the person whom they are about."""
    model = apps.get_model(kept.model)
    targets = {get_target(model, path) for path in kept.paths}
    return bool(targets & {User, Contact} or (NAMED & set(kept.own.split()) and kept.paths))


def _find(*words: str) -> re.Pattern[str]:
    known = sorted(filter(None, words), key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in known), re.IGNORECASE)
