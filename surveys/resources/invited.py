"""Who is invited to a cycle: must or may take part, more time, and exemptions. A new row invites one more."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from s11.organisations.models import Participation
from s11.web.errors import NotAllowed
from surveys.cycle_plans import change_exemption, change_extension, change_obligation, invite_to_cycle
from surveys.enums import Obligation
from surveys.imports.csv_files import Wrong
from surveys.invitees import InviteeState, get_invitees
from surveys.models import Cycle, Invitee
from surveys.permissions import (
    check_can_change_invitee,
    check_can_exempt,
    check_can_extend,
    check_can_invite_to_cycle,
)
from surveys.resources.base import CellFault, FileRow, PartnershipResource
from surveys.resources.columns import (
    KEY,
    Column,
    read_choice,
    read_date,
    read_line,
    read_text,
    show_choice,
    show_date,
)
from surveys.resources.desks import get_desk, refuse
from surveys.resources.rows import Change
from surveys.yaml_nodes import shown

if TYPE_CHECKING:
    from surveys.invitees import ListedInvitee

ORGANISATION: Final = "Organisation"
OBLIGATION: Final = "Must or may"
EXTENDED_TO: Final = "Extended to"
EXTENSION_REASON: Final = "Why it has more time"
EXEMPT_REASON: Final = "Why it is exempt"
EXTENSION: Final = {EXTENDED_TO, EXTENSION_REASON}
OBLIGATIONS: Final = {Obligation.MUST.value: "must", Obligation.MAY.value: "may"}
LENGTH: Final = 500


class InvitedTable(PartnershipResource):
    """A row an organisation in the cycle. What is agreed with it changes by the verbs of its page."""

    slug = "invited"
    title = "Invited to the cycle"
    hint = (
        "Who must and who may take part, with extensions and exemptions. A new row invites an organisation."
    )
    needs_cycle = True
    needed = (ORGANISATION,)

    key = Column(KEY, "pk", readonly=True, width=8, hint="Says which row it is. Leave it empty in a new row.")
    name = Column(
        ORGANISATION,
        "name",
        read=read_line(255, required=True),
        width=44,
        hint="As it is called here, or its URN. Write it in a new row to invite it; else it stays as it is.",
    )
    urn = Column("URN", "organisation__urn", readonly=True, width=10)
    variant = Column(
        "Variant",
        "cycle_questionnaire",
        show=lambda pinned: pinned.get_variant_display() if pinned else "",
        readonly=True,
        width=14,
        hint="Which question bank it answers in this cycle.",
    )
    state = Column(
        "Progress",
        "state",
        show=lambda state: InviteeState(state).label if state else "",
        readonly=True,
        width=12,
    )
    obligation = Column(
        OBLIGATION,
        "obligation",
        read=read_choice(OBLIGATIONS, "must or may"),
        show=show_choice(OBLIGATIONS),
        choices=tuple(OBLIGATIONS.values()),
        width=12,
    )
    extended_to = Column(
        EXTENDED_TO,
        "extended_to",
        read=read_date,
        show=show_date,
        width=14,
        hint="The last day on which its return is on time, such as 2027-03-31. Empty: the closing day.",
    )
    extension_reason = Column(EXTENSION_REASON, "extension_reason", read=read_text(LENGTH), width=40)
    exempt_reason = Column(
        EXEMPT_REASON,
        "exempt_reason",
        read=read_text(LENGTH),
        width=40,
        hint="Write the reason to make it exempt; empty it to end that. It is in no figure then.",
    )

    class Meta(PartnershipResource.Meta):
        model = Invitee

    def get_queryset(self) -> Any:
        return get_invitees(self._get_cycle()).select_related("cycle_questionnaire")

    def get_name(self, instance: ListedInvitee) -> str:
        return instance.name

    def _get_cycle(self) -> Cycle:
        assert self.cycle is not None  # it is the table of one
        return self.cycle

    @cached_property
    def desk(self) -> Any:
        return get_desk(self.partnership, self.by)

    # Whom a row means -------------------------------------------------------------------------------------------------

    def load(self, rows: Sequence[FileRow]) -> None:
        super().load(rows)
        self._invited: dict[int, Invitee] = {one.organisation_id: one for one in self.known.values()}
        for invitee in self.known.values():
            invitee.cycle = self._get_cycle()
        self._new: dict[int, int] = {}
        self._named: dict[str, set[Participation]] = {}
        for here in self.partnership.participations.select_related("organisation"):
            for name in {here.name, here.organisation.name, here.organisation.urn} - {""}:
                self._named.setdefault(name.casefold(), set()).add(here)
        self._variants = set(self._get_cycle().cycle_questionnaires.values_list("variant", flat=True))

    def find(self, row: Mapping[str, str]) -> Invitee | None:
        if not row.get(ORGANISATION):
            return None  # the row's fault is said with the others
        return self._invited.get(self._find_participation(row[ORGANISATION]).organisation_id)

    def _find_participation(self, text: str) -> Participation:
        named = self._named.get(text.casefold(), set())
        if len(named) > 1:
            fault = Wrong(
                f"several organisations are called {shown(text)}", "write the URN of the one you mean"
            )
            raise CellFault(ORGANISATION, fault)
        if not named:
            fault = Wrong(
                f"{shown(text)} is no organisation of {self.partnership}",
                "write its URN or its exact name, or add it to your organisations first",
            )
            raise CellFault(ORGANISATION, fault)
        return next(iter(named))

    def after_init_instance(self, instance: Any, new: bool, row: Mapping[str, str], **kwargs: Any) -> None:
        super().after_init_instance(instance, new, row, **kwargs)
        if new:
            here = self._find_participation(row[ORGANISATION])
            instance.cycle, instance.organisation, instance.state = self.cycle, here.organisation, ""
            instance.obligation = Obligation.MUST if here.is_statutory else Obligation.MAY
            self._here = here
        # The permissions judge what is here, not what the file says.
        self._before = copy(instance)

    def get_hold(self, instance: Any, column: Column, value: Any, *, is_new: bool) -> str:
        if column.heading == ORGANISATION and not is_new:
            return "a row stays with its organisation; invite another one in a row of its own"
        return ""

    # What may be said -------------------------------------------------------------------------------------------------

    def check(self, instance: Any, row: Mapping[str, str], *, is_new: bool) -> Iterator[tuple[str, Wrong]]:
        changed = {change.heading for change in self._changes if not change.held}
        if is_new:
            yield from self._check_new(self._here)
        elif OBLIGATION in changed:
            yield from self._check_allowed(OBLIGATION, check_can_change_invitee)
        if changed & EXTENSION:
            yield from self._check_extension(instance)
        if EXEMPT_REASON in changed:
            yield from self._check_allowed(EXEMPT_REASON, check_can_exempt)

    def _check_new(self, here: Participation) -> Iterator[tuple[str, Wrong]]:
        cycle, line = self._get_cycle(), self._rows[self._number - 1].line
        try:
            check_can_invite_to_cycle(self.desk, cycle)
        except NotAllowed as not_allowed:
            yield ORGANISATION, refuse(not_allowed, "take the row out")
        if not here.is_active:
            yield ORGANISATION, Wrong(f"{here.name} no longer takes part here", "make it active again first")
        elif here.organisation.variant not in self._variants:
            variant = here.organisation.get_variant_display()
            yield ORGANISATION, Wrong(f"{cycle} asks nothing of {variant}", "take the row out")
        first = self._new.setdefault(here.organisation_id, line)
        if first != line:
            yield ORGANISATION, Wrong(f"{here.name} stands on line {first} already", "keep one of the two")

    def _check_allowed(self, heading: str, check: Any) -> Iterator[tuple[str, Wrong]]:
        try:
            check(self.desk, self._before)
        except NotAllowed as not_allowed:
            yield heading, refuse(not_allowed)

    def _check_extension(self, instance: Any) -> Iterator[tuple[str, Wrong]]:
        yield from self._check_allowed(EXTENDED_TO, check_can_extend)
        until: datetime.date | None = instance.extended_to
        if until is None and instance.extension_reason:
            yield EXTENDED_TO, Wrong("there is a reason and no day", "write the last day, or empty both")
        if until is None:
            return
        if not instance.extension_reason:
            yield EXTENSION_REASON, Wrong("it is empty", "write why it has more time")
        closes_on = self._get_cycle().closes_on
        if until <= closes_on:
            yield (
                EXTENDED_TO,
                Wrong(f"{until} is not after the closing day, {closes_on}", "write a later day"),
            )
        elif until < timezone.localdate() and until != self._before.extended_to:
            yield EXTENDED_TO, Wrong(f"{until} is in the past", "write today or a later day")

    # Writing ----------------------------------------------------------------------------------------------------------

    def write_row(self, instance: Any, changes: Sequence[Change], *, is_new: bool) -> None:
        changed = {change.heading for change in changes}
        invitee: Invitee = self._before if not is_new else self._invite(instance)
        if OBLIGATION in changed and not is_new:
            change_obligation(invitee=invitee, obligation=instance.obligation, by=self.by)
        if changed & EXTENSION:
            change_extension(
                invitee=invitee,
                extended_to=instance.extended_to,
                extension_reason=instance.extension_reason,
                by=self.by,
            )
        if EXEMPT_REASON in changed:
            change_exemption(invitee=invitee, exempt_reason=instance.exempt_reason, by=self.by)

    def _invite(self, instance: Any) -> Invitee:
        invited = {instance.organisation: Obligation(instance.obligation)}
        return invite_to_cycle(cycle=self._get_cycle(), invited=invited, by=self.by)[0]
