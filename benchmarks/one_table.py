"""One table of the desk in this process, out to a file or back in as a preview; its last line is what it took."""

from __future__ import annotations

import sys
from pathlib import Path

import django

from benchmarks.large_partnership import CYCLE, SLUG
from benchmarks.one_command import Watch


def main(slug: str, file_format: str, way: str, path: str) -> None:
    django.setup()
    # Settings are needed first; and what modules weigh is part of the idle process.
    import openpyxl  # noqa: F401, PLC0415
    import tablib  # noqa: F401, PLC0415
    import xlsxwriter  # noqa: F401, PLC0415

    from s11.organisations.enums import OfficerRole  # noqa: PLC0415
    from s11.organisations.models import Officer, User  # noqa: PLC0415
    from surveys.enums import DocumentFormat  # noqa: PLC0415
    from surveys.models import Cycle  # noqa: PLC0415
    from surveys.resources.files import read_table, write_table  # noqa: PLC0415
    from surveys.resources.tables import TABLES  # noqa: PLC0415

    cycle = Cycle.objects.select_related("partnership").get(partnership__slug=SLUG, slug=CYCLE)
    by = User.objects.get_or_create(email="officer@large.example")[0]
    Officer.objects.get_or_create(user=by, partnership=cycle.partnership, role=OfficerRole.ADMINISTRATOR)
    table = TABLES[slug](partnership=cycle.partnership, by=by, cycle=cycle)
    file = Path(path)
    watch = Watch()
    if way == "out":
        file.write_bytes(write_table(table, DocumentFormat(file_format)))
    else:
        with file.open("rb") as content:
            table.preview(read_table(content, file.stat().st_size, file.name, table.headings))
    watch.tell()


if __name__ == "__main__":
    main(*sys.argv[1:])
