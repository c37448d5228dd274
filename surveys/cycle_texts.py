"""The words of what a cycle's agencies are sent: shipped with the product, or the cycle's own; filled for one address.

The shipped ones stand in templates/emails/surveys/words/, a file a kind, their first line the subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from s11.organisations.emails import make_link
from s11.organisations.models import Partnership, Removal, User
from s11.organisations.removals import remove
from s11.web.dates import date as in_words
from surveys.enums import MessageKind
from surveys.models import Cycle, CycleText
from surveys.placeholders import Words, split_words
from surveys.recipients import Addressee, Recipient

# What a cycle may put into its own words, in the order in which it is sent.
KINDS = (
    MessageKind.INVITATION,
    MessageKind.OPENING,
    MessageKind.FOUR_WEEKS,
    MessageKind.ONE_WEEK,
    MessageKind.TWO_DAYS,
    MessageKind.OVERDUE,
    MessageKind.REMINDER,
    MessageKind.ESCALATION,
)
SUBJECT_LENGTH = 200


@lru_cache
def get_shipped(name: str) -> Words:
    """Of a kind, or ‘partners’ for the letter to the safeguarding partners."""
    return split_words(render_to_string(f"emails/surveys/words/{name}.txt", {}, using="jinja2"))


def get_own_words(cycles: Iterable[Cycle]) -> dict[tuple[int, str], Words]:
    """By cycle and kind. One query."""
    texts = CycleText.objects.filter(cycle__in=list(cycles))
    return {(one.cycle_id, one.kind): Words(one.subject, one.body, is_own=True) for one in texts}


def get_words(cycle: Cycle, kind: MessageKind) -> Words:
    return get_own_words([cycle]).get((cycle.pk, kind)) or get_shipped(kind)


@transaction.atomic
def save_text(*, cycle: Cycle, kind: MessageKind, subject: str, body: str, by: User) -> None:
    """The cycle's own words from now on. What waits in the outbox already keeps its own."""
    values = {"subject": subject, "body": body, "updated_by": by, "updated_at": timezone.now()}
    CycleText.objects.update_or_create(cycle=cycle, kind=kind, defaults=values)


@transaction.atomic
def reset_text(*, cycle: Cycle, kind: MessageKind, by: User) -> Removal | None:
    """Back to the shipped words; None where they were so already."""
    text = CycleText.objects.select_for_update().filter(cycle=cycle, kind=kind).first()
    if text is None:
        return None
    title = f"Your words of ‘{kind.label}’ for {cycle}"
    return remove("cycle_text", text, title=title, partnership=cycle.partnership, by=by)


def make_contact(partnership: Partnership) -> str:
    return f"{partnership} ({partnership.contact_email})" if partnership.contact_email else str(partnership)


def make_values(addressee: Addressee, to: Recipient | None = None) -> Mapping[str, str]:
    """What the placeholders stand for, for one address."""
    invitee, cycle = addressee.invitee, addressee.invitee.cycle
    has_account = to is None or to.user is not None
    return {
        "name": (to.name if to else "") or "colleague",
        "organisation": addressee.name,
        "partnership": str(cycle.partnership),
        "cycle": cycle.title,
        "opens": in_words(cycle.opens_on),
        "closes": in_words(invitee.due_on),
        "link": make_link("surveys:audit", *invitee.slugs.values())
        if has_account
        else make_link("partnership", cycle.partnership.slug),
        "contact": make_contact(cycle.partnership),
    }


def fill_words(words: Words, addressee: Addressee, to: Recipient | None = None) -> Words:
    """As it will be sent. A subject holds as much as its column does."""
    filled = words.fill(make_values(addressee, to))
    subject = " ".join(filled.subject.split())
    if len(subject) > SUBJECT_LENGTH:
        subject = f"{subject[: SUBJECT_LENGTH - 1].rstrip()}…"
    return Words(subject, filled.body, words.is_own)
