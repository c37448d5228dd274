"""Which tables there are, in the order in which the page offers them."""

from __future__ import annotations

from typing import Final

from surveys.resources.actions import ActionTable
from surveys.resources.answers import AnswerTable
from surveys.resources.base import PartnershipResource
from surveys.resources.contacts import ContactTable
from surveys.resources.moderation import ModerationTable
from surveys.resources.organisations import OrganisationTable
from surveys.resources.participation import ParticipationTable

_ALL: Final[tuple[type[PartnershipResource], ...]] = (
    OrganisationTable,
    ContactTable,
    ParticipationTable,
    AnswerTable,
    ActionTable,
    ModerationTable,
)
TABLES: Final = {table.slug: table for table in _ALL}
