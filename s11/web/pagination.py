"""Links between the pages of a list, keeping whatever else the address asks for (filters, order)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.http import QueryDict


def page_links(page: Page[Any], query: QueryDict, parameter: str = "page") -> dict[str, Any]:
    """Parameters of the pagination macro; empty where one page holds the whole list."""
    if page.paginator.num_pages < 2:
        return {}

    def href(number: int) -> str:
        kept = query.copy()
        kept[parameter] = str(number)
        return f"?{kept.urlencode()}"

    links: dict[str, Any] = {"landmarkLabel": "Pages", "items": []}
    if page.has_previous():
        links["previous"] = {"href": href(page.previous_page_number())}
    if page.has_next():
        links["next"] = {"href": href(page.next_page_number())}
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if isinstance(number, int):
            links["items"].append({"number": number, "href": href(number), "current": number == page.number})
        else:
            links["items"].append({"ellipsis": True})
    return links
