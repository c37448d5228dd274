"""Which tables there are, in the order in which the page offers them."""

from __future__ import annotations

from typing import Final

from surveys.resources.base import PartnershipResource

_ALL: Final[tuple[type[PartnershipResource], ...]] = ()
TABLES: Final = {table.slug: table for table in _ALL}
