"""The overview's PDF in this process, and WeasyPrint's part of the same pass, on the finished HTML, as its floor.

Half a minute each on a slow machine, so WeasyPrint does not do the same once more. The last line is what they took.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any, Final

import django

from benchmarks.country import CYCLE
from benchmarks.measuring import make_pair

PASSES: Final = 5


def main(slug: str) -> None:
    django.setup()
    # How long modules take to load is no document's.
    import weasyprint  # noqa: F401, PLC0415

    from benchmarks.floors import get_clock  # noqa: PLC0415
    from s11.web import pdf  # noqa: PLC0415
    from surveys.enums import DocumentFormat, Series  # noqa: PLC0415
    from surveys.models import Cycle  # noqa: PLC0415
    from surveys.reports import export_overview  # noqa: PLC0415

    cycle = Cycle.objects.select_related("partnership").get(partnership__slug=slug, slug=CYCLE)
    clock, lay_out_html = get_clock(), pdf.lay_out_html
    finished: list[float] = []
    pages: list[int] = []

    def note_and_lay_out(html: str) -> Any:
        """From here on it is WeasyPrint's alone."""
        finished.append(clock())
        laid_out = lay_out_html(html)
        pages.append(len(laid_out.pages))
        return laid_out

    pdf.lay_out_html = note_and_lay_out
    taken = []
    for _ in range(PASSES):
        begin = clock()
        export_overview(cycle, Series.SELF, DocumentFormat.PDF)
        end = clock()
        taken.append((end - begin, end - finished[-1]))
    print(json.dumps({**asdict(make_pair(taken)), "pages": pages[0], "audits": cycle.invitees.count()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
