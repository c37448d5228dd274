"""A timetable made at once, without a solver: the start that the solver may only better."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from accountability.scheduling.board import Board, Seats
from accountability.scheduling.rules import Rules

Clock = Callable[[], float]  # the seconds that are left
# A second or two of work: beyond it the solver does better
TRIES = 2_000


def construct(rules: Rules, locked: Seats, left: Clock) -> Seats:
    """The greatest priority first, each where it fits best; then what is out against what weighs less."""
    board = Board(rules, locked)
    for meeting in sorted(
        (one for one in range(len(rules.weights)) if one not in locked),
        key=lambda one: (-rules.weights[one], len(rules.candidates[one]), one),
    ):
        put_in(board, meeting)
    tries = iter(range(TRIES))
    while sum(repair(board, meeting, locked, tries, left) for meeting in get_unplaced(board)):
        pass
    return board.seats


def get_unplaced(board: Board) -> list[int]:
    weights = board.rules.weights
    return sorted(
        (one for one in range(len(weights)) if one not in board.seats), key=lambda one: -weights[one]
    )


def put_in(board: Board, meeting: int) -> bool:
    one = board.rules.problem.meetings[meeting]
    for slot in sorted(
        board.rules.candidates[meeting],
        key=lambda slot: (slot not in one.preferred, one.current is None or one.current.slot != slot, slot),
    ):
        seat = board.find_seat(meeting, slot)
        if seat is not None:
            board.place(meeting, seat)
            return True
    return False


def repair(board: Board, meeting: int, locked: Seats, tries: Iterator[int], left: Clock) -> bool:
    """Put in one that is out, if what must go for it can be held elsewhere or weighs less. The sum only grows."""
    if put_in(board, meeting):
        return True
    weights = board.rules.weights
    for slot in board.rules.candidates[meeting]:
        if next(tries, None) is None or left() <= 0:
            return False
        holders = board.find_holders(meeting, slot, cheapest=True)
        if holders is None or any(one in locked for one in holders):
            continue
        was = {one: board.remove(one) for one in holders}
        seat = board.find_seat(meeting, slot)
        assert seat is not None
        board.place(meeting, seat)
        moved = [one for one in sorted(holders, key=lambda one: -weights[one]) if put_in(board, one)]
        if weights[meeting] + sum(weights[one] for one in moved) > sum(weights[one] for one in holders):
            return True
        for one in (meeting, *moved):
            board.remove(one)
        for one, old in was.items():
            board.place(one, old)
    return False
