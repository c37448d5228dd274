"""Who sits and when: panels, their members and interests, the days, and who can come. No link that opens anything."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.exports.columns import keep, name_people
from accountability.models import Availability, DayBreak, Interest, MeetingDay, Panel, PanelMember, Place
from s11.organisations.models import Partnership
from surveys.exports.tables import Table, make_table


def list_panel_tables(partnership: Partnership) -> Iterator[Table]:
    yield make_table(
        "panels",
        "the panel of each cycle’s accountability meetings, and its rules",
        Panel.objects.filter(cycle__partnership=partnership),
        {"cycle": "cycle__slug"}
        | keep("seats", "sectors", "tracks")
        | name_people("created_by")
        | keep("created_at"),
    )
    yield _list_members(partnership)
    yield make_table(
        "interests",
        "what members declared: for this organisation they never sit; member is an id in panel-members",
        Interest.objects.filter(member__panel__cycle__partnership=partnership),
        {"cycle": "member__panel__cycle__slug", "member": "member_id", "organisation": "organisation__slug"}
        | keep("kind", "note", "declared_at")
        | name_people("declared_by"),
    )
    yield from _list_days(partnership)


def _list_members(partnership: Partnership) -> Table:
    return make_table(
        "panel-members",
        "who may sit: officers, and contacts without a login",
        PanelMember.objects.filter(panel__cycle__partnership=partnership),
        {"id": "pk", "cycle": "panel__cycle__slug"}
        | {"officer": "officer__user__email", "officer_name": "officer__user__name"}
        | {"contact": "contact__email", "contact_name": "contact__name", "organisation": "organisation__slug"}
        | keep("sector", "may_chair", "most", "is_active", "asked_at", "answered_at", "declared_at", "note"),
    )


def _list_days(partnership: Partnership) -> Iterator[Table]:
    of_day = {"cycle": "day__panel__cycle__slug", "date": "day__date"}
    here = {"day__panel__cycle__partnership": partnership}
    yield make_table(
        "meeting-days",
        "the days of the meetings, in local time; minutes is how long a meeting lasts",
        MeetingDay.objects.filter(panel__cycle__partnership=partnership),
        {"cycle": "panel__cycle__slug"} | keep("date", "starts_at", "ends_at", "minutes"),
    )
    yield make_table(
        "meeting-breaks",
        "when nobody meets on a day",
        DayBreak.objects.filter(**here),
        of_day | keep("name", "starts_at", "ends_at"),
    )
    yield make_table(
        "meeting-places",
        "where each panel at a time meets on a day; track counts them from 0",
        Place.objects.filter(**here),
        of_day | keep("track", "kind", "name", "link", "joining"),
    )
    yield make_table(
        "availability",
        "who can come in which half of a day: a member by id, or an agency that is called; no row, no answer",
        Availability.objects.filter(**here),
        of_day
        | {"half": "half", "member": "member_id", "organisation": "meeting__invitee__organisation__slug"}
        | keep("answer", "at")
        | name_people("by"),
    )
