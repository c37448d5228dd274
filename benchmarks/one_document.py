"""The overview's PDF in this process against WeasyPrint alone on the finished HTML; its last line is what they took."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import django

from benchmarks.country import CYCLE


def main(slug: str) -> None:
    django.setup()
    # How long modules take to load is no document's.
    import weasyprint  # noqa: F401, PLC0415
    from django.template import engines  # noqa: PLC0415

    from benchmarks.floors import measure_pairs  # noqa: PLC0415
    from s11.web.pdf import VARIANT, lay_out_html  # noqa: PLC0415
    from surveys.enums import DocumentFormat, Series  # noqa: PLC0415
    from surveys.full_overview import get_full_overview  # noqa: PLC0415
    from surveys.models import Cycle  # noqa: PLC0415
    from surveys.reports import TEMPLATE, export_overview, make_document  # noqa: PLC0415

    cycle = Cycle.objects.select_related("partnership").get(partnership__slug=slug, slug=CYCLE)
    document = make_document(get_full_overview(cycle, Series.SELF))
    html = engines["jinja2"].get_template(TEMPLATE).render(document)
    pages = []

    def draw() -> None:
        laid_out = lay_out_html(html)
        pages.append(len(laid_out.pages))
        laid_out.write_pdf(pdf_variant=VARIANT)

    pair = measure_pairs(
        lambda: export_overview(cycle, Series.SELF, DocumentFormat.PDF), draw, pairs=5, warms_up=False
    )
    print(json.dumps({**asdict(pair), "pages": pages[0]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
