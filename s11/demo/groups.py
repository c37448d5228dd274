"""The demonstration's group: an academy trust that three schools have accepted, and that one has still to answer."""

from __future__ import annotations

import datetime

from django.utils.text import slugify

from s11.demo import content
from s11.demo.audits import at
from s11.demo.people import join, make_lead, make_login
from s11.organisations.enums import MembershipRole, Variant
from s11.organisations.models import GroupAccess, Organisation, Participation, Partnership, User
from surveys.enums import AuditStatus, CycleStatus
from surveys.group_answers import answer_for_site
from surveys.group_targets import get_targets
from surveys.many_sites import Words
from surveys.models import Invitee

# What the trust says for all of them, by the indicators' keys.
ANSWERED = {
    "filtering-monitoring-roles": Words(
        2,
        "",
        "A governor, the head and the trust’s IT lead are named at every school; they met in the autumn.",
    ),
    "cyber-security-standards": Words(
        1,
        "",
        "The trust’s IT lead has compared every school with the standards; backups are still to be tested.",
    ),
}


def make_group(
    partnership: Partnership, organisations: dict[str, Organisation], today: datetime.date
) -> None:
    """It is in no cycle itself. Its lead has answered for a school that had left something open."""
    email, name = content.GROUP_LOGIN
    long_ago, lately = at(today - datetime.timedelta(days=400), 9), at(today - datetime.timedelta(days=3), 14)
    group = Organisation.objects.create(
        name=content.GROUP, slug=f"{slugify(content.GROUP)}-group2", variant=Variant.SCHOOL
    )
    Participation.objects.create(partnership=partnership, organisation=group, joined_at=long_ago)
    lead = make_login(email, name)
    join(lead, group, MembershipRole.LEAD, long_ago)
    for site in (organisations[name] for name in content.GROUP_SITES):
        make_parent(site, group)
        GroupAccess.objects.create(
            site=site,
            group=group,
            asked_by=lead,
            asked_at=long_ago,
            accepted_by=make_lead(site, long_ago),
            started_at=long_ago + datetime.timedelta(days=2),
        )
    asked = organisations[content.HOME_ORGANISATION]
    make_parent(asked, group)
    GroupAccess.objects.create(site=asked, group=group, asked_by=lead, asked_at=lately)
    answer_where_open(partnership, group, lead)


def make_parent(site: Organisation, group: Organisation) -> None:
    site.parent = group
    site.save(update_fields=["parent"])


def answer_where_open(partnership: Partnership, group: Organisation, lead: User) -> None:
    """In this year's drafts, as its lead would: an own answer of a school stays."""
    drafts = Invitee.objects.filter(
        organisation__name__in=content.GROUP_SITES,
        cycle__partnership=partnership,
        cycle__status=CycleStatus.OPEN,
        audit__status=AuditStatus.DRAFT,
    )
    for invitee in drafts.select_related("organisation", "audit", "cycle_questionnaire__questionnaire"):
        bank = invitee.cycle_questionnaire.questionnaire
        asked = bank.indicators.filter(key__in=ANSWERED)
        entered = {indicator: ANSWERED[indicator.key] for indicator in asked}
        (target,) = get_targets(group, [invitee], entered)
        seen = {pair.asked.pk: pair.version for pair in target.pairs if pair.is_by_default}
        if seen:
            answer_for_site(group=group, invitee=invitee, entered=entered, seen=seen, by=lead)
