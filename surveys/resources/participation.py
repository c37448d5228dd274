"""Who takes part in one cycle: must or may, more time, exemptions, and how far each has come."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from django.db.models import Model, QuerySet
from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.models import Participation
from surveys.cycle_plans import change_exemption, change_extension, change_obligation, invite_to_cycle
from surveys.enums import Obligation
from surveys.imports.csv_files import Wrong
from surveys.invitees import InviteeState, get_invitees
from surveys.models import Invitee
from surveys.permissions import has_submitted
from surveys.resources.base import CellFault, FileRow, PartnershipResource
from surveys.resources.columns import (
    KEY,
    Column,
    read_choice,
    read_date,
    read_text,
    show_choice,
    show_date,
)
from surveys.resources.rows import Change
from surveys.yaml_nodes import shown

OBLIGATIONS: Final = {str(value): str(label) for value, label in Obligation.choices}
VARIANTS: Final = {str(value): str(label) for value, label in Variant.choices}
STATES: Final = {str(value): str(label) for value, label in InviteeState.choices}
MORE_TIME: Final = ("Own last day", "Reason for more time")
EXEMPT: Final = "Exempt because"
OBLIGATION: Final = "Must it take part?"
SUBMITTED: Final = "it has submitted"


class ParticipationTable(PartnershipResource):
    """A row is an Invitee. An organisation that is not invited yet is, once the file names it."""

    slug = "participation"
    title = "Participation"
    hint = "Who is invited to a cycle, who must, more time, exemptions, and how far each has come."
    needs_cycle = True
    for_administrators = True
    can_add = False
    needed: ClassVar[tuple[str, ...]] = (OBLIGATION,)

    key = Column(
        KEY,
        "organisation__slug",
        width=26,
        hint="Of the organisation. To invite one, add a row with its key from the organisations’ file.",
    )
    name = Column("Organisation", "name", readonly=True, width=40)
    variant = Column(
        "Variant", "cycle_questionnaire__variant", show=show_choice(VARIANTS), readonly=True, width=16
    )
    obligation = Column(
        OBLIGATION,
        "obligation",
        read=read_choice(OBLIGATIONS, "must or may"),
        show=show_choice(OBLIGATIONS),
        choices=tuple(OBLIGATIONS.values()),
        width=18,
    )
    extended_to = Column(
        "Own last day",
        "extended_to",
        read=read_date,
        show=show_date,
        width=14,
        hint="More time: a day after the closing day, as 2027-03-31 or 31/03/2027. Empty: as the others.",
    )
    extension_reason = Column("Reason for more time", "extension_reason", read=read_text(500), width=40)
    exempt_reason = Column(
        EXEMPT,
        "exempt_reason",
        read=read_text(500),
        width=40,
        hint="A reason makes it exempt: it is in none of the figures. Empty: it is not exempt.",
    )
    state = Column("State", "state", show=show_choice(STATES), readonly=True, width=14)
    submitted_on = Column(
        "Submitted on",
        "audit__submitted_at",
        show=lambda moment: show_date(timezone.localdate(moment) if moment else None),
        readonly=True,
        width=14,
    )

    class Meta(PartnershipResource.Meta):
        model = Invitee

    # Its rows ---------------------------------------------------------------------------------------------------------

    def get_queryset(self) -> QuerySet[Any]:
        assert self.cycle is not None  # needs_cycle
        return get_invitees(self.cycle)

    def init_instance(self, row: Mapping[str, str] | None = None) -> Any:
        assert row is not None  # the library's own default
        assert self.cycle is not None  # needs_cycle
        place = self.places[row[KEY]]
        made: Any = Invitee(cycle=self.cycle, organisation=place.organisation, obligation="")
        made.name = place.name
        return made

    def get_name(self, instance: Any) -> str:
        return str(instance.name)

    def load(self, rows: Sequence[FileRow]) -> None:
        assert self.cycle is not None  # needs_cycle
        super().load(rows)
        places = self.partnership.participations.select_related("organisation")
        self.places: dict[str, Participation] = {one.organisation.slug: one for one in places}
        self.asked = set(self.cycle.cycle_questionnaires.values_list("variant", flat=True))
        self.invited: dict[str, int] = {}

    def find_by_key(self, key: str) -> Model | None:
        if key in self.known:
            found: Model = self.known[key]
            return found
        place = self.places.get(key)
        if place is None:
            right = "copy it from a fresh export of the organisations"
            raise CellFault(KEY, Wrong(f"no organisation here has the key {shown(key)}", right))
        if not place.is_active:
            right = "let it take part again first, or take the row out"
            raise CellFault(KEY, Wrong(f"{place.name} takes no part here now", right))
        if place.organisation.variant not in self.asked:
            variant = place.organisation.get_variant_display()
            wrong = f"{place.name} is of the variant {variant}, of which {self.cycle} asks nothing"
            raise CellFault(KEY, Wrong(wrong, "take the row out"))
        line = self._rows[self._number - 1].line
        if (first := self.invited.setdefault(key, line)) != line:
            raise CellFault(
                KEY, Wrong(f"it is the same organisation as on line {first}", "keep one of the two")
            )
        return None

    # What a file may change -------------------------------------------------------------------------------------------

    def get_hold(self, instance: Any, column: Column, value: Any, *, is_new: bool) -> str:
        if is_new or not has_submitted(instance):
            return ""
        if column.heading in MORE_TIME:
            return SUBMITTED
        return SUBMITTED if column.heading == EXEMPT and not instance.is_exempt else ""

    def check(self, instance: Any, row: Mapping[str, str], *, is_new: bool) -> Iterator[tuple[str, Wrong]]:
        assert self.cycle is not None  # needs_cycle
        changed = {change.heading for change in self._changes if not change.held}
        until: datetime.date | None = instance.extended_to
        day, reason = MORE_TIME
        if day in changed and until is not None:
            if until <= self.cycle.closes_on:
                yield (
                    day,
                    Wrong("it is not after the closing day", f"write a day after {self.cycle.closes_on}"),
                )
            elif until < timezone.localdate():
                yield day, Wrong("it has gone by", "write today or a later day")
        if changed & set(MORE_TIME):
            if until is not None and not instance.extension_reason:
                yield reason, Wrong("it is empty", "say why it has more time")
            if until is None and instance.extension_reason:
                yield day, Wrong("it is empty", "write its last day, or empty the reason too")

    # Writing ----------------------------------------------------------------------------------------------------------

    def write_row(self, instance: Any, changes: Sequence[Change], *, is_new: bool) -> None:
        made = {change.heading for change in changes}
        invitee = instance
        if is_new:
            obligation = Obligation(instance.obligation)
            invited = {instance.organisation: obligation}
            (invitee,) = invite_to_cycle(cycle=instance.cycle, invited=invited, by=self.by)
        elif OBLIGATION in made:
            change_obligation(invitee=invitee, obligation=instance.obligation, by=self.by)
        if made & set(MORE_TIME):
            change_extension(
                invitee=invitee,
                extended_to=instance.extended_to,
                extension_reason=instance.extension_reason,
                by=self.by,
            )
        if EXEMPT in made:
            change_exemption(invitee=invitee, exempt_reason=instance.exempt_reason, by=self.by)
