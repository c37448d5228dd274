"""A document as PDF/UA-1: tagged, with a language, a title and contents, so that a screen reader can read it too.

Takes a third of a second and 150 MB a page: it belongs into a background task, never into a request.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.conf import settings
from django.template import engines


@dataclass(frozen=True, slots=True)
class Cover:
    """What a document says about itself: on its cover, and `title` and `version` on every page."""

    title: str
    partnership: str
    subtitle: str = ""  # the cycle
    version: str = ""
    date: dt.date | None = None  # of the snapshot
    status: str = ""  # ‘Draft’, ‘Published’
    logo: str = ""  # a data: URL of a PNG or JPEG


VARIANT: Final = "pdf/ua-1"


def render_pdf(template_name: str, context: dict[str, Any]) -> bytes:
    """Renders a template that extends documents/base.html."""
    pdf: bytes = lay_out(template_name, context).write_pdf(pdf_variant=VARIANT)
    return pdf


Size = TypeVar("Size")


class TooLongError(Exception):
    """Even in the smallest letters it takes more than one page."""


def fit_sheet(
    template_name: str, make_context: Callable[[Size], dict[str, Any]], sizes: Iterable[Size], too_long: str
) -> tuple[bytes, Size]:
    """On one page in the first of these sizes that fits, and which it is. Raises TooLongError with this sentence."""
    for size in sizes:
        pdf = render_sheet(template_name, make_context(size))
        if pdf is not None:
            return pdf, size
    raise TooLongError(too_long)


def render_sheet(template_name: str, context: dict[str, Any]) -> bytes | None:
    """The same, of what has to stand on one page; None where it takes more."""
    document = lay_out(template_name, context)
    if len(document.pages) != 1:
        return None
    pdf: bytes = document.write_pdf(pdf_variant=VARIANT)
    return pdf


def lay_out(template_name: str, context: dict[str, Any]) -> Any:
    """WeasyPrint's document, with its pages."""
    return lay_out_html(engines["jinja2"].get_template(template_name).render(context))


def lay_out_html(html: str) -> Any:
    """The same of what a template has made already."""
    # Imported here: it takes most of a second and much memory, and most processes never make a document.
    from weasyprint import HTML  # noqa: PLC0415 (the reason stands above)

    from s11.web.pdf_files import OwnFiles  # noqa: PLC0415 (likewise)

    # Links in a document lead to the site, wherever it was made.
    source = HTML(string=html, base_url=f"{settings.SITE_URL}/", url_fetcher=OwnFiles())
    return source.render(pdf_variant=VARIANT)
