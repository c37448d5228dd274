"""The data feed: which tables there are, and each of them, for programs that show somebody's token.

Read as the person's own pages are: the desk by their offices, each table by its page's check.
"""

from __future__ import annotations

import tempfile
from typing import Any, Final

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse

from s11.organisations.emails import make_link
from s11.organisations.feed_access import FeedRequest, reads_by_token
from s11.organisations.models import Partnership
from s11.organisations.queries import Desk
from s11.organisations.requests import enter_desk
from s11.web.errors import reason_why_not
from surveys.feed.base import Asked, FeedTable, Format
from surveys.feed.files import write
from surveys.feed.tables import find_table, list_tables
from surveys.forms.overview import SeriesForm
from surveys.queries import get_cycle_or_404

# A table up to this size stays in memory and goes out compressed; a larger one lies on the disk and goes as it is.
IN_MEMORY: Final = 4 << 20
CONTENT_TYPES: Final = {Format.CSV: "text/csv; charset=utf-8", Format.JSON: "application/json"}


@reads_by_token
def feed(request: FeedRequest, partnership: str) -> HttpResponseBase:
    desk = enter_desk(request, partnership)
    found = {
        "partnership": {"slug": desk.partnership.slug, "name": desk.partnership.name},
        "token": {"name": request.feed_token.name, "expires_on": request.feed_token.expires_on},
        "tables": [describe(table, desk) for table in list_tables()],
    }
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


def describe(table: FeedTable, desk: Desk) -> dict[str, Any]:
    """In the address of a cycle's table stands `{cycle}` for a slug of the table of cycles."""
    return {
        "name": table.name,
        "holds": table.holds,
        "refused": reason_why_not(table.check, desk) or None,
        **{one.value: make_address(table, desk.partnership, one) for one in table.formats},
    }


def make_address(table: FeedTable, partnership: Partnership, file_format: Format) -> str:
    place = "{cycle}/" if table.of_cycle else ""
    return f"{make_link('surveys:feed', partnership.slug)}{place}{table.name}.{file_format}"


@reads_by_token
def feed_table(request: FeedRequest, partnership: str, table: str, file_format: str) -> HttpResponseBase:
    desk = enter_desk(request, partnership)
    found = find_or_404(table, file_format, of_cycle=False)
    found.check(desk)
    return hand_out(found, Asked(desk, request.user), Format(file_format))


@reads_by_token
def feed_cycle_table(
    request: FeedRequest, partnership: str, cycle: str, table: str, file_format: str
) -> HttpResponseBase:
    """`?series=moderated` and `?compare=2026` choose among figures, as on their page."""
    desk = enter_desk(request, partnership)
    found = find_or_404(table, file_format, of_cycle=True)
    found.check(desk)
    asked = Asked(
        desk,
        request.user,
        get_cycle_or_404(desk.partnership, cycle),
        SeriesForm(request.GET).chosen,
        request.GET.getlist("compare") or None,
    )
    return hand_out(found, asked, Format(file_format))


def find_or_404(name: str, file_format: str, *, of_cycle: bool) -> FeedTable:
    found = find_table(name, of_cycle=of_cycle)
    if found is None or file_format not in found.formats:
        raise Http404
    return found


def hand_out(table: FeedTable, asked: Asked, file_format: Format) -> HttpResponseBase:
    """Written before the first byte goes out: a table that breaks off half-way would be taken for a whole one."""
    content_type = CONTENT_TYPES[file_format]
    slugs = [asked.desk.partnership.slug, *([asked.cycle.slug] if table.of_cycle else []), table.name]
    name = f"{'-'.join(slugs)}.{file_format}"
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  a response closes it once it is sent
    write(table, asked, file_format, file)
    size = file.tell()
    file.seek(0)
    if size > IN_MEMORY:
        return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    with file:
        return HttpResponse(
            file.read(),
            content_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
