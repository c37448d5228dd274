"""The addresses of what the board is given about a report."""

from django.urls import path

from accountability.views import board_papers

BOARD = "p/<slug:partnership>/desk/publication/<int:report>/board/"
PAPER = f"{BOARD}<slug:kind>/"

patterns = [
    path(BOARD, board_papers.board_papers, name="board_papers"),
    path(f"{BOARD}draft/", board_papers.board_papers_draft, name="board_papers_draft"),
    path(PAPER, board_papers.board_paper, name="board_paper"),
    path(f"{PAPER}draft/", board_papers.board_paper_draft, name="board_paper_draft"),
    path(f"{PAPER}change/", board_papers.board_paper_change, name="board_paper_change"),
    path(f"{PAPER}take-draft/", board_papers.board_paper_take_draft, name="board_paper_take_draft"),
    path(f"{PAPER}make-pdf/", board_papers.board_paper_pdf, name="board_paper_pdf"),
    path(f"{PAPER}file.<slug:ending>", board_papers.board_paper_file, name="board_paper_file"),
]
