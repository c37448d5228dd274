"""The addresses of findings and posters: on the desk, and on the public site."""

from django.urls import path

from accountability.views import findings, poster_sheets, posters, published_posters

FINDINGS = "p/<slug:partnership>/desk/publication/<int:report>/findings/"
FINDING = f"{FINDINGS}<int:finding>/"
POSTERS = "p/<slug:partnership>/desk/publication/<int:report>/posters/"
POSTER = f"{POSTERS}<int:poster>/"
PUBLIC = "p/<slug:partnership>/posters/<int:number>/"

patterns = [
    path(FINDINGS, findings.findings, name="findings"),
    path(f"{FINDINGS}suggest/", findings.findings_suggest, name="findings_suggest"),
    path(f"{FINDINGS}carry/", findings.findings_carry, name="findings_carry"),
    path(f"{FINDINGS}add/", findings.finding_add, name="finding_add"),
    path(FINDING, findings.finding, name="finding"),
    path(f"{FINDING}numbers/", findings.finding_numbers, name="finding_numbers"),
    path(f"{FINDING}move/", findings.finding_move, name="finding_move"),
    path(f"{FINDING}drop/", findings.finding_drop, name="finding_drop"),
    path(f"{POSTERS}lay-out/", findings.poster_begin, name="poster_begin"),
    path(POSTER, posters.poster, name="poster"),
    path(f"{POSTER}title/", posters.poster_title, name="poster_title"),
    path(f"{POSTER}boxes/<int:box>/", posters.poster_box, name="poster_box"),
    path(f"{POSTER}sheet/", poster_sheets.poster_sheet, name="poster_sheet"),
    path(f"{POSTER}sheet/make/", poster_sheets.poster_sheet_make, name="poster_sheet_make"),
    path(f"{POSTER}sheet/draft.pdf", poster_sheets.poster_sheet_file, name="poster_sheet_file"),
    path(f"{POSTER}anew/", posters.poster_anew, name="poster_anew"),
    path(f"{POSTER}publish/", posters.poster_publish, name="poster_publish"),
    path(f"{POSTER}discard/", posters.poster_discard, name="poster_discard"),
    path(f"{POSTER}withdraw/", posters.poster_withdraw, name="poster_withdraw"),
    # For everybody
    path("poster-sheet.css", poster_sheets.poster_sheet_style, name="poster_sheet_style"),
    path(PUBLIC, published_posters.published_poster, name="published_poster"),
    path(f"{PUBLIC}<str:file>", published_posters.published_poster_file, name="published_poster_file"),
]
