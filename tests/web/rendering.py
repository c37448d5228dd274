"""Renders a scrap of a template as a page would."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.template import engines


def render(source: str, **context: Any) -> str:
    return str(engines["jinja2"].from_string(source).render(context))


class Tags(HTMLParser):
    """The elements of a page as (name, attributes), and its visible text; enough to ask what a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.all if name == tag]

    def with_id(self, wanted: str) -> dict[str, str | None]:
        return next(attrs for _, attrs in self.all if attrs.get("id") == wanted)

    @property
    def ids(self) -> list[str]:
        return [identifier for _, attrs in self.all if (identifier := attrs.get("id"))]
