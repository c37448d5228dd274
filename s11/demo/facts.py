"""Believable facts about the demonstration's organisations: the profile of each audit."""

from __future__ import annotations

import datetime
import random

from django.utils.text import slugify

from s11.organisations.models import User
from surveys.enums import ProfileKind
from surveys.models import Audit, ProfileAnswer, ProfileChange, ProfileQuestion

# How large a number may be, by the first of these words that its question holds.
RANGES = {
    "agency staff": (0, 20),
    "percentage": (88, 101),
    "on roll": (95, 480),
    "places": (4, 9),
    "live in the home": (2, 5),
    "staff": (12, 140),
    "volunteers": (0, 60),
    "restraints": (0, 9),
}
OTHER_RANGE = (0, 12)
# Instead of a person's name
ROLES = {"deput": "The deputy lead", "governor": "The link governor"}
# What an organisation's name says about the choice that it makes.
NAMED = {
    "Infant": "Primary",
    "Junior": "Primary",
    "High": "Secondary",
    "Academy": "Secondary",
    "Special": "Special school",
    "College": "16 to 19 or further education",
    "Breaks": "Short breaks",
}


def make_fact(chance: random.Random, audit: Audit, question: ProfileQuestion) -> str:
    """A believable answer, as text; personal questions get a role, not a person."""
    match ProfileKind(question.kind):
        case ProfileKind.NUMBER:
            ranges = (limits for words, limits in RANGES.items() if words in question.text)
            return str(chance.randrange(*next(ranges, OTHER_RANGE)))
        case ProfileKind.DATE:
            return (audit.cycle.opens_on - datetime.timedelta(days=chance.randrange(20, 600))).isoformat()
        case ProfileKind.YES_NO:
            return chance.choice(["yes", "no"])
        case ProfileKind.CHOICE:
            return make_choice(chance, audit.organisation.name, question.choices)
        case ProfileKind.TEXT:
            return make_text(chance, audit, question)


def write_facts(chance: random.Random, audit: Audit, by: User, moment: datetime.datetime) -> None:
    """All facts of an audit, saved at one moment, with the change that its trail tells."""
    facts = [
        ProfileAnswer(
            audit=audit,
            question=question,
            value=make_fact(chance, audit, question),
            updated_by=by,
            updated_at=moment,
        )
        for question in audit.questionnaire.profile_questions.all()
    ]
    ProfileAnswer.objects.bulk_create(facts)
    ProfileChange.objects.bulk_create(
        ProfileChange(answer=fact, version=fact.version, value_after=fact.value, by=by, at=moment)
        for fact in facts
    )


def make_choice(chance: random.Random, name: str, choices: list[str]) -> str:
    """What the name says, if it says anything."""
    said = [choice for choice in choices if choice.split()[0] in name]
    said += [choice for word, choice in NAMED.items() if word in name and choice in choices]
    return chance.choice(said or choices)


def make_text(chance: random.Random, audit: Audit, question: ProfileQuestion) -> str:
    if question.is_personal:
        roles = (role for word, role in ROLES.items() if word in question.text.lower())
        office = slugify(audit.organisation.name.split()[0])
        return f"{next(roles, 'The designated lead')}, safeguarding@{office}.example"
    if "reference number" in question.text:
        return audit.organisation.urn or f"SC{chance.randrange(900_000, 1_000_000)}"
    return audit.partnership.name.split()[0]
