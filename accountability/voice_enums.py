"""Choices about what children and families said. Groups are broad on purpose: a narrow one could be one child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices


class VoiceGroup(TextChoices):
    CHILDREN = "children", "Children"
    YOUNG_PEOPLE = "young_people", "Young people"
    CARE_EXPERIENCED = "care_experienced", "Care-experienced children and young people"
    PARENTS = "parents", "Parents and carers"
    FAMILIES = "families", "Families"


class VoiceSource(TextChoices):
    """How it was heard."""

    SURVEY = "survey", "A survey"
    CONVERSATION = "conversation", "A conversation"
    GROUP = "group", "A group or forum"
    COMPLAINT = "complaint", "A complaint or compliment"
    ADVOCATE = "advocate", "An advocate"
    OTHER = "other", "Another way"


class ConsentGiver(TextChoices):
    """Who agreed that a quotation may stand in reports."""

    PERSON = "person", "The person themself"
    CARER = "carer", "The person, with a parent’s or carer’s agreement"
    GROUP = "group", "The group, agreed together"


class ConsentKind(TextChoices):
    """A line in the trail of a quotation's consent."""

    GIVEN = "given", "Consent recorded"
    WITHDRAWN = "withdrawn", "Consent withdrawn"
    # What was agreed to were those words and no others.
    CHANGED = "changed", "Consent ended: the words were changed"
    REMOVED = "removed", "Consent ended: the entry was removed"


# In the middle of a sentence: ‘heard in a conversation’.
HEARD: Final[Mapping[VoiceSource, str]] = {
    VoiceSource.SURVEY: "in a survey",
    VoiceSource.CONVERSATION: "in a conversation",
    VoiceSource.GROUP: "in a group or forum",
    VoiceSource.COMPLAINT: "by a complaint or compliment",
    VoiceSource.ADVOCATE: "from an advocate",
    VoiceSource.OTHER: "in another way",
}
# Whose words a quotation is, in a report: one of a group, or the group that agreed on it together.
ONE_OF: Final[Mapping[VoiceGroup, str]] = {
    VoiceGroup.CHILDREN: "a child",
    VoiceGroup.YOUNG_PEOPLE: "a young person",
    VoiceGroup.CARE_EXPERIENCED: "a care-experienced young person",
    VoiceGroup.PARENTS: "a parent or carer",
    VoiceGroup.FAMILIES: "a family",
}


def attribute(group: VoiceGroup, giver: ConsentGiver) -> str:
    """‘a young person’, ‘parents and carers’: the broad group, and nothing more."""
    return group.label.lower() if giver == ConsentGiver.GROUP else ONE_OF[group]
