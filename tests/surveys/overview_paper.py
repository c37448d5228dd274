"""What stands on each page that WeasyPrint has laid out."""

from __future__ import annotations

from typing import Any


def list_texts(page: Any) -> list[str]:
    """A line each, as it stands there, in the margins too. No public way leads to what a page holds."""
    boxes = page._page_box.descendants()
    return [box.text.strip() for box in boxes if getattr(box, "text", "").strip()]


def find_page(pages: list[list[str]], text: str) -> int:
    """The first that has it."""
    return next(number for number, texts in enumerate(pages) if text in texts)
