"""The surveys app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

from s11.web.personal_data import register_kept
from surveys.data_map import TABLES

if TYPE_CHECKING:
    from surveys.models import Document


class SurveysConfig(AppConfig):
    name = "surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Here, for models are known only now.
        from s11.organisations.notices import LINKS, SOURCES  # noqa: PLC0415
        from surveys.documents import Builder, register_builder  # noqa: PLC0415
        from surveys.enums import DocumentKind  # noqa: PLC0415
        from surveys.putting_back import register_kinds  # noqa: PLC0415
        from surveys.recipients import get_trail_address, say_refused  # noqa: PLC0415

        if say_refused not in SOURCES:
            SOURCES.append(say_refused)
            LINKS.append(("Timeline: all that passed with it", get_trail_address))
        register_kept(TABLES)
        register_kinds()
        register_builder(DocumentKind.TABLE, Builder(build_table, make_table_name))


def build_table(document: Document) -> bytes:
    # Here, for most processes never build a table.
    from surveys.resources.exports import build_table  # noqa: PLC0415

    return build_table(document)


def make_table_name(document: Document) -> str:
    """Such as `answers-2027-2027-03-04`."""
    from django.utils import timezone  # noqa: PLC0415  settings are read only now

    cycle = f"-{document.cycle.slug}" if document.cycle is not None else ""
    return f"{document.table}{cycle}-{timezone.localdate(document.requested_at)}"
