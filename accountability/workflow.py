"""Verbs that set up a round of meetings: its panel, who sits on it, and what they have an interest in.

Each takes keyword arguments, `by=` last, and is atomic. Whoever changes a panel's plan holds its row first, so that of
two people at once the second sees what the first did. Days are in meeting_days.py, answers in availability.py.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accountability.enums import InterestKind, MeetingStatus, Sector
from accountability.models import Interest, Panel, PanelMember
from accountability.queries import list_planned
from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact, Officer, Organisation, Participation, Removal, User
from s11.organisations.removals import remove
from s11.web.errors import NotInThisState
from s11.web.text import list_words, plural
from surveys.models import Cycle


def set_up_panel(*, cycle: Cycle, seats: int, sectors: int, tracks: int, by: User) -> Panel:
    """A cycle's meetings begin: its panel with its rules, still without people."""
    try:
        with transaction.atomic():
            return Panel.objects.create(
                cycle=cycle, seats=seats, sectors=sectors, tracks=tracks, created_by=by
            )
    except IntegrityError:
        raise NotInThisState(f"The meetings of {cycle} were set up meanwhile. Nothing was changed.") from None


def lock_panel(panel: Panel) -> Panel:
    """Its row as it is now, held until the transaction ends."""
    return Panel.objects.select_for_update().get(pk=panel.pk)


@transaction.atomic
def change_rules(*, panel: Panel, seats: int, sectors: int, tracks: int) -> None:
    """Refused where a planned meeting is in a room that there would be no more."""
    found = lock_panel(panel)
    lost = found.meetings.exclude(status=MeetingStatus.CANCELLED).filter(track__gte=tracks).with_place()
    if lost:
        agencies = list_words([f"{one.organisation} ({one.starts_at:%H:%M})" for one in lost])
        raise NotInThisState(
            f"{agencies} would lose their slot with {plural(tracks, 'panel')} at a time. Move them in the timetable "
            "first. Nothing was changed."
        )
    found.seats, found.sectors, found.tracks = seats, sectors, tracks
    found.save(update_fields=["seats", "sectors", "tracks"])


# Who sits -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_officer_member(*, panel: Panel, officer: Officer, **facts: Any) -> PanelMember:
    """A person sits once, whatever their offices; one who was taken off, or whose office had ended, comes back."""
    lock_panel(panel)
    old = panel.members.filter(officer__user=officer.user_id).select_related("officer").first()
    had_left = old is not None and old.officer is not None and old.officer.ended_at is not None
    return _put_on(panel, old, had_left=had_left, officer=officer, **facts)


@transaction.atomic
def add_contact_member(*, panel: Panel, contact: Contact, **facts: Any) -> PanelMember:
    """Somebody without a login; they belong to the organisation whose contact they are."""
    lock_panel(panel)
    old = panel.members.filter(contact=contact).first()
    return _put_on(
        panel, old, contact=contact, **{"organisation": contact.participation.organisation, **facts}
    )


@transaction.atomic
def add_new_contact_member(
    *,
    panel: Panel,
    participation: Participation,
    name: str,
    job_title: str,
    email: str,
    sector: Sector,
    may_chair: bool,
    most: int | None,
    by: User,
) -> PanelMember:
    """A contact is made of them first, unless there is one with this address."""
    held = Contact.objects.current().filter(participation=participation, email=email).first()
    contact = held or Contact.objects.create(
        participation=participation,
        kind=ContactKind.OTHER,
        name=name,
        job_title=job_title,
        email=email,
        created_by=by,
    )
    return add_contact_member(panel=panel, contact=contact, sector=sector, may_chair=may_chair, most=most)


def _put_on(panel: Panel, old: PanelMember | None, *, had_left: bool = False, **facts: Any) -> PanelMember:
    if old is None:
        return PanelMember.objects.create(panel=panel, **facts)
    if old.is_active and not had_left:
        raise NotInThisState(f"{old} is on the panel already. Nothing was changed.")
    for name, value in {**facts, "is_active": True}.items():
        setattr(old, name, value)
    old.save()
    return old


def change_member(
    *,
    member: PanelMember,
    organisation: Organisation | None,
    sector: Sector,
    may_chair: bool,
    most: int | None,
) -> None:
    member.organisation, member.sector, member.may_chair, member.most = organisation, sector, may_chair, most
    member.save(update_fields=["organisation", "sector", "may_chair", "most"])


@transaction.atomic
def end_member(*, member: PanelMember) -> None:
    """Off the panel: not asked, not seated, and their link opens nothing. Not while they have a planned seat."""
    lock_panel(member.panel)
    if planned := list_planned(member):
        agencies = list_words([meeting.organisation.name for meeting in planned])
        raise NotInThisState(f"{member} was given a seat meanwhile: {agencies}. Nothing was changed.")
    member.is_active = False
    member.save(update_fields=["is_active"])


def bring_member_back(*, member: PanelMember) -> None:
    member.is_active = True
    member.save(update_fields=["is_active"])


@transaction.atomic
def copy_panel(*, panel: Panel, source: Panel) -> int:
    """Those who sat last year and still can, with their interests, which each must confirm. How many came."""
    lock_panel(panel)
    officers = set(panel.members.values_list("officer__user", flat=True)) - {None}
    contacts = set(panel.members.values_list("contact", flat=True)) - {None}
    count = 0
    for old in source.members.reachable().with_person().prefetch_related("interests"):
        if (old.user and old.user.pk in officers) or (old.contact_id and old.contact_id in contacts):
            continue
        new = PanelMember.objects.create(
            panel=panel,
            officer=old.officer,
            contact=old.contact,
            organisation=old.organisation,
            sector=old.sector,
            may_chair=old.may_chair,
            most=old.most,
        )
        for one in old.interests.all():
            Interest.objects.create(
                member=new,
                organisation_id=one.organisation_id,
                kind=one.kind,
                note=one.note,
                declared_by=one.declared_by,
            )
        count += 1
    return count


# What they have an interest in ----------------------------------------------------------------------------------------


def declare_interest(
    *, member: PanelMember, organisation: Organisation, kind: InterestKind, note: str, by: User
) -> Interest:
    """Entered by an officer; a second declaration about the same organisation takes the first one's place."""
    interest, _ = Interest.objects.update_or_create(
        member=member,
        organisation=organisation,
        defaults={"kind": kind, "note": note, "declared_by": by, "declared_at": timezone.now()},
    )
    return interest


def remove_interest(*, interest: Interest, by: User) -> Removal:
    """It was a mistake, or is over: the member may sit for the organisation again."""
    return remove(
        "interest",
        interest,
        title=f"The interest of {interest.member} in {interest.organisation}",
        partnership=interest.member.panel.cycle.partnership,
        by=by,
    )
