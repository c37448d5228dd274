"""How large and how many: what uploads are held to, and what people are told beforehand. The one place that says it."""

from __future__ import annotations

from typing import Final

MEGABYTE: Final = 1 << 20
LARGEST_FILE: Final = 20 * MEGABYTE
MOST_FILES_AT_ONCE: Final = 20
MOST_ITEMS: Final = 2_000
LIMITS_IN_WORDS: Final = (
    f"Up to {LARGEST_FILE // MEGABYTE} MB a file and {MOST_FILES_AT_ONCE} files at once; "
    f"the library holds {MOST_ITEMS:,} items"
)
