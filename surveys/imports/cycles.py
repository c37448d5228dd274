"""Where an import goes: its partnership and its cycle, made where they do not exist."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils import timezone

from s11.organisations.models import Partnership
from s11.organisations.workflow import create_partnership
from surveys.figures import LONDON
from surveys.imports.csv_files import Refused
from surveys.models import Cycle, CycleQuestionnaire
from surveys.queries import get_newest_questionnaires
from surveys.workflow import open_cycle
from surveys.yaml_nodes import shown

SLUG_LENGTH = 60
TITLE_LENGTH = 200
# Where /cycles/new/ plans one, no cycle can have its pages.
NEW = "new"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class CycleOptions:
    """What somebody asked for, as typed. `closes` and `title` are needed only where the cycle is new."""

    slug: str
    closes: str = ""
    title: str = ""


def get_or_make_partnership(slug: str) -> Partnership:
    """Locked, so that two imports come one after the other. A new one takes its slug as its name."""
    partnership = Partnership.objects.select_for_update().filter(slug=slug).first()
    if partnership is None:
        check_slug("--partnership", slug)
        partnership = create_partnership(name=slug, slug=slug)
    return partnership


def check_slug(option: str, slug: str) -> None:
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise Refused(
            f"{option} is {shown(slug)}: use letters, digits and hyphens only, such as harbour-2026."
        ) from error
    if len(slug) > SLUG_LENGTH:
        raise Refused(f"{option} has {len(slug)} characters: use at most {SLUG_LENGTH}.")


def find_cycle(partnership: str, options: CycleOptions) -> Cycle | None:
    """Locked, if it is there already."""
    found = Cycle.objects.filter(partnership__slug=partnership, slug=options.slug).select_related(
        "partnership"
    )
    cycle = found.select_for_update(of=("self",)).first()
    if cycle is not None:
        _check_options(cycle, options)
    return cycle


def get_or_make_cycle(partnership: Partnership, options: CycleOptions) -> Cycle:
    """Locked, so that no officer closes it meanwhile. A new one is open at once."""
    cycle = find_cycle(partnership.slug, options)
    if cycle is None:
        closes_on = read_day(options.closes) if options.closes else None
        return _make_cycle(partnership, options.slug, closes_on, options.title.strip())
    cycle.partnership = partnership
    return cycle


def _check_options(cycle: Cycle, options: CycleOptions) -> None:
    """The same value again is accepted, another is refused."""
    title = options.title.strip()
    closes_on = read_day(options.closes) if options.closes else None
    if closes_on not in (None, cycle.closes_on):
        raise Refused(
            f"--closes is {closes_on} and {cycle.slug} closes on {cycle.closes_on}: "
            "leave --closes out, or change the day on the cycle's page."
        )
    if title not in ("", cycle.title):
        raise Refused(
            f"--title is {shown(title)} and {cycle.slug} is called {shown(cycle.title)}: "
            "leave --title out, or change the title on the cycle's page."
        )
    refuse_closed(cycle)


def refuse_closed(cycle: Cycle) -> None:
    if cycle.is_closed:
        raise Refused(f"The cycle {cycle.slug} is closed, so nothing can be imported into it any more.")


def read_day(text: str) -> datetime.date:
    """An ISO date, and not one of the standard's rarer forms."""
    try:
        if DAY.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass  # such as 30 February
    raise Refused(f"--closes is {shown(text)}: write a day as year-month-day, such as 2027-03-31.")


def _make_cycle(partnership: Partnership, slug: str, closes_on: datetime.date | None, title: str) -> Cycle:
    check_slug("--cycle", slug)
    if slug == NEW:
        raise Refused(f"--cycle is {NEW}, which is the address of the page that plans one: choose another.")
    if closes_on is None or not title:
        raise Refused(
            f"There is no cycle {slug} in {partnership.slug} yet: give its --closes DATE and --title TEXT, "
            "and it is made."
        )
    if len(title) > TITLE_LENGTH:
        raise Refused(f"--title has {len(title)} characters: use at most {TITLE_LENGTH}.")
    questionnaires = get_newest_questionnaires(partnership)
    if not questionnaires:
        raise Refused("There are no question banks for a new cycle to ask: run load_questionnaires first.")
    cycle = Cycle.objects.create(
        partnership=partnership,
        slug=slug,
        title=title,
        opens_on=min(timezone.localdate(timezone=LONDON), closes_on),
        closes_on=closes_on,
    )
    for variant, questionnaire in questionnaires.items():
        CycleQuestionnaire.objects.create(cycle=cycle, variant=variant, questionnaire=questionnaire)
    open_cycle(cycle=cycle, by=None)
    return cycle


def open_no_later_than(cycle: Cycle, moment: datetime.datetime) -> bool:
    """Nobody submits before the cycle opens: an earlier submission moves its opening day back."""
    day = moment.astimezone(LONDON).date()
    if day >= cycle.opens_on:
        return False
    cycle.opens_on = day
    return True
