"""The organisations of a partnership: their national facts, what this partnership holds of them, and their leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from django.db.models import Prefetch, QuerySet

from s11.organisations.enums import MembershipRole, Variant
from s11.organisations.models import Membership, Organisation, Participation
from s11.organisations.workflow import (
    OrganisationFacts,
    add_member,
    add_organisation,
    can_join_at_once,
    change_facts,
    get_or_make_user,
)
from surveys.imports.csv_files import Wrong
from surveys.imports.organisation_rows import read_emails, read_name
from surveys.resources.base import CellFault, FileRow, PartnershipResource
from surveys.resources.columns import (
    KEY,
    NO,
    YES,
    Column,
    read_choice,
    read_code,
    read_line,
    read_matching,
    read_yes_no,
    show_choice,
    show_date,
    show_yes_no,
)
from surveys.resources.rows import Change
from surveys.yaml_nodes import shown

AT_ONCE: Final = 500
VARIANTS: Final = {str(value): str(label) for value, label in Variant.choices}
IDENTIFIERS: Final = {"URN": "urn", "ODS code": "ods_code", "Ofsted number": "ofsted_number"}
NATIONAL: Final = {"Name": "name", "Variant": "variant", **IDENTIFIERS, "Part of": "parent"}
LOCAL: Final = {"Name here": "local_name", "Statutory": "is_statutory", "Takes part": "is_active"}
LEADS: Final = "Leads"

SHARED: Final = "it takes part in another partnership too, so this is for an operator"
HAS_LEAD: Final = {
    "Name": "it has a lead, who changes its name; write your own name for it under Name here",
    "Part of": "it has a lead, so this comes from the register",
}
BY_REGISTER: Final = "it has a lead, so its identifiers come from the register"
NOT_HERE: Final = "it takes no part here now; let it take part again first"
NOBODY_ENDED: Final = "a file ends nobody; end a lead who has gone on the organisation’s own page"


def get_code(cells: Mapping[str, str], heading: str) -> str:
    """An identifier as it is kept."""
    return cells.get(heading, "").upper()


def show_emails(value: Iterable[str] | None) -> str:
    return "; ".join(value or ())


class OrganisationTable(PartnershipResource):
    """A row is a Participation with its organisation. Tenancy's rule says which facts a file may change."""

    slug = "organisations"
    title = "Organisations"
    hint = "Who takes part: names, variants, identifiers, and the leads’ e-mail addresses."
    needed: ClassVar[tuple[str, ...]] = ("Name", "Variant", "Statutory")

    key = Column(
        KEY,
        "organisation__slug",
        width=26,
        hint="Says which organisation the row is. Leave it as it is; leave it empty to add an organisation.",
    )
    name = Column(
        "Name",
        "organisation__name",
        read=read_name,
        width=40,
        hint="Its own name. Changed only where it has no lead and no other partnership.",
    )
    local_name = Column(
        "Name here",
        "local_name",
        read=read_line(200),
        width=30,
        hint="What you call it, if not by its own name.",
    )
    variant = Column(
        "Variant",
        "organisation__variant",
        read=read_choice(VARIANTS, "a variant"),
        show=show_choice(VARIANTS),
        choices=tuple(VARIANTS.values()),
        hint="Which question bank it answers. Changed only where no other partnership has it.",
    )
    statutory = Column(
        "Statutory",
        "is_statutory",
        read=read_yes_no,
        show=show_yes_no,
        choices=(YES, NO),
        width=10,
        hint="Whether the law names it, so that it must take part.",
    )
    active = Column(
        "Takes part",
        "is_active",
        read=read_yes_no,
        show=show_yes_no,
        choices=(YES, NO),
        width=10,
        hint="Whether it takes part in this partnership now.",
    )
    urn = Column(
        "URN",
        "organisation__urn",
        read=read_matching(r"[0-9]{6}", "a URN", "write its six digits, such as 123456, or leave it empty"),
        width=10,
        hint="Of a school: six digits.",
    )
    ods_code = Column(
        "ODS code", "organisation__ods_code", read=read_code(10), width=10, hint="Of an NHS body."
    )
    ofsted_number = Column(
        "Ofsted number",
        "organisation__ofsted_number",
        read=read_code(20),
        width=14,
        hint="Of a children’s home.",
    )
    parent = Column(
        "Part of",
        "parent_key",
        width=26,
        hint="The key of the group it belongs to, such as an academy trust.",
    )
    parent_name = Column(
        "Name of the group", "organisation__parent__name", readonly=True, width=30, hint="To tell keys apart."
    )
    leads = Column(
        LEADS,
        "lead_emails",
        read=lambda text: tuple(sorted(read_emails(text))),
        show=show_emails,
        width=40,
        hint="E-mail addresses, separated by semicolons. A new one acts for the organisation at once only where it "
        "has no lead and no other partnership; otherwise it waits to be accepted. No e-mail is sent.",
    )
    joined = Column(
        "Here since",
        "joined_at",
        show=lambda value: show_date(value.date() if value else None),
        readonly=True,
    )
    closed = Column(
        "Closed on", "organisation__closed_on", show=show_date, readonly=True, hint="By the register."
    )

    class Meta(PartnershipResource.Meta):
        model = Participation

    # Its rows --------------------------------------------------------------------------------------------------------

    def get_queryset(self) -> QuerySet[Participation]:
        leads = Membership.objects.active().filter(role=MembershipRole.LEAD).select_related("user")
        found = self.partnership.participations.select_related("organisation__parent")
        return found.prefetch_related(Prefetch("organisation__memberships", leads, to_attr="leads"))

    def get_rows(self) -> list[Any]:
        found: list[Any] = list(self.get_queryset())
        for one in found:
            one.parent_key = one.organisation.parent.slug if one.organisation.parent else ""
            one.lead_emails = tuple(sorted(lead.user.email for lead in one.organisation.leads))
        return found

    def init_instance(self, row: Mapping[str, str] | None = None) -> Any:
        made: Any = Participation(partnership=self.partnership, organisation=Organisation())
        made.parent_key, made.lead_emails = "", ()
        return made

    def get_name(self, instance: Any) -> str:
        return str(instance.name)

    def load(self, rows: Sequence[FileRow]) -> None:
        super().load(rows)
        places = self.known.values()
        self.gone = {one.pk for one in places if not one.is_active}
        self.shared = set(
            Participation.objects.filter(organisation__participations__partnership=self.partnership)
            .exclude(partnership=self.partnership)
            .values_list("organisation", flat=True)
        )
        self.ended = set(
            Membership.objects.filter(
                organisation__participations__partnership=self.partnership,
                role=MembershipRole.LEAD,
                ended_at__isnull=False,
            ).values_list("organisation", "user__email")
        )
        self.by_name = {one.organisation.name.casefold(): one for one in places}
        self.by_id = {one.organisation_id: one for one in places}
        self.by_identifier = self._load_identifiers(rows)
        self.taken: dict[tuple[str, str], int] = {}

    def _load_identifiers(self, rows: Sequence[FileRow]) -> dict[tuple[str, str], Organisation]:
        """Of any partnership, for they are unique in all."""
        found: dict[tuple[str, str], Organisation] = {}
        for heading, field in IDENTIFIERS.items():
            listed = sorted({value for row in rows if (value := get_code(row.cells, heading))})
            for start in range(0, len(listed), AT_ONCE):
                part = listed[start : start + AT_ONCE]
                for one in Organisation.objects.filter(**{f"{field}__in": part}):
                    found[heading, getattr(one, field)] = one
        return found

    def find(self, row: Mapping[str, str]) -> Participation | None:
        """By an identifier, as the page that adds one organisation does; a name alone is no proof."""
        matches = {one.pk: one for one in self._list_matches(row)}
        if len(matches) > 1:
            heading = next(heading for heading in IDENTIFIERS if row.get(heading))
            names = " and ".join(shown(one.name) for one in matches.values())
            raise CellFault(heading, Wrong(f"the identifiers are those of {names}", "check each of them"))
        for pk in matches:
            if pk in self.by_id:
                found: Participation = self.by_id[pk]
                return found
        same = self.by_name.get(row.get("Name", "").casefold())
        if same is not None:
            right = f"write its key, {same.organisation.slug}, or add its place to tell the two apart"
            raise CellFault("Name", Wrong("an organisation here has this name", right))
        return None

    def _list_matches(self, row: Mapping[str, str]) -> Iterator[Organisation]:
        for heading in IDENTIFIERS:
            found = self.by_identifier.get((heading, get_code(row, heading)))
            if found is not None:
                yield found

    # What a file may change ------------------------------------------------------------------------------------------

    def get_hold(self, instance: Any, column: Column, value: Any, *, is_new: bool) -> str:
        if is_new:
            return ""
        if instance.pk in self.gone and column.heading not in LOCAL:
            return NOT_HERE
        if column.heading == LEADS:
            return (
                NOBODY_ENDED if set(instance.lead_emails) - set(value) else self._get_ended(instance, value)
            )
        if column.heading not in NATIONAL:
            return ""
        if instance.organisation_id in self.shared:
            return SHARED
        if instance.organisation.leads and column.heading != "Variant":
            return HAS_LEAD.get(column.heading, BY_REGISTER)
        return ""

    def _get_ended(self, instance: Any, emails: Iterable[str]) -> str:
        """An old file must not bring back who has left."""
        ended = [email for email in emails if (instance.organisation_id, email) in self.ended]
        gone = [email for email in ended if email not in instance.lead_emails]
        return f"somebody has ended {gone[0]} as its lead; invite the person again" if gone else ""

    def check(self, instance: Any, row: Mapping[str, str], *, is_new: bool) -> Iterator[tuple[str, Wrong]]:
        line = self._rows[self._number - 1].line
        for heading, field in IDENTIFIERS.items():
            value = getattr(instance.organisation, field)
            other = self.by_identifier.get((heading, value)) if value else None
            if other is not None and not is_new and other.pk != instance.organisation_id:
                yield heading, Wrong(f"it is that of {shown(other.name)}", "check both of them")
            yield from self._check_once(heading, value, line)
        if is_new:
            yield from self._check_once("Name", instance.organisation.name.casefold(), line)
            if not instance.is_active:
                yield (
                    "Takes part",
                    Wrong("a new organisation takes part", f"write {YES}, or take the row out"),
                )
        if instance.parent_key and instance.parent_key not in self.known:
            right = "copy the key of an organisation that takes part here"
            yield "Part of", Wrong(f"nothing here has the key {shown(instance.parent_key)}", right)
        elif instance.parent_key and instance.parent_key == instance.organisation.slug:
            yield "Part of", Wrong("it is its own key", "write that of its group, or leave it empty")

    def _check_once(self, heading: str, value: str, line: int) -> Iterator[tuple[str, Wrong]]:
        first = self.taken.setdefault((heading, value), line) if value else line
        if first != line:
            yield (
                heading,
                Wrong(f"{shown(value)} stands on line {first} already", "keep it on one of the two"),
            )

    def make_notes(self, instance: Any, changes: Sequence[Change], *, is_new: bool) -> Iterator[str]:
        organisation = instance.organisation
        known = next(self._list_matches(self._rows[self._number - 1].cells), None) if is_new else None
        if known is not None:
            yield f"It is known already as {known.name}, and keeps its name, variant and identifiers."
        if any(change.heading == LEADS for change in changes):
            is_alone = known is None and organisation.pk not in self.shared
            has_lead = not is_new and bool(organisation.leads)
            if is_alone and not has_lead:
                yield "The new lead acts for it at once."
            else:
                yield "The new lead waits to be accepted."

    # Writing ---------------------------------------------------------------------------------------------------------

    def write_row(self, instance: Any, changes: Sequence[Change], *, is_new: bool) -> None:
        place = self._add(instance) if is_new else instance
        made = {change.heading for change in changes}
        organisation = place.organisation
        local = [field for heading, field in LOCAL.items() if heading in made and not is_new]
        # Before anything else: making it active again, or a new lead, changes who may do what.
        national = {field: self._get_fact(instance, field) for h, field in NATIONAL.items() if h in made}
        emails = sorted(set(instance.lead_emails) - self._get_leads(organisation))
        at_once = bool(emails) and can_join_at_once(organisation, self.partnership)
        if national and not is_new:
            change_facts(organisation=organisation, partnership=self.partnership, by=self.by, **national)
        if local:
            place.save(update_fields=local)
        for email in emails if LEADS in made else ():
            add_member(
                user=get_or_make_user(email),
                organisation=organisation,
                role=MembershipRole.LEAD,
                at_once=at_once,
                through=self.partnership,
                notify=False,
            )

    def _add(self, instance: Any) -> Participation:
        organisation = instance.organisation
        facts = OrganisationFacts(
            name=organisation.name,
            variant=Variant(organisation.variant),
            urn=organisation.urn,
            ods_code=organisation.ods_code,
            ofsted_number=organisation.ofsted_number,
        )
        place = add_organisation(
            partnership=self.partnership, facts=facts, is_statutory=instance.is_statutory, by=self.by
        )
        if instance.local_name and instance.local_name != place.local_name:
            place.local_name = instance.local_name
            place.save(update_fields=["local_name"])
        parent = self._get_fact(instance, "parent")
        if parent is not None and can_join_at_once(place.organisation, self.partnership):
            change_facts(
                organisation=place.organisation, partnership=self.partnership, by=self.by, parent=parent
            )
        return place

    def _get_fact(self, instance: Any, field: str) -> Any:
        if field != "parent":
            return getattr(instance.organisation, field)
        return self.known[instance.parent_key].organisation if instance.parent_key else None

    def _get_leads(self, organisation: Organisation) -> set[str]:
        leads = organisation.memberships.active().filter(role=MembershipRole.LEAD)
        return set(leads.values_list("user__email", flat=True))
