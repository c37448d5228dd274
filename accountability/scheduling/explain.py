"""Why a meeting is not held, in words: the hard rule that alone prevents it, else who holds its places."""

from __future__ import annotations

from collections.abc import Callable

from accountability.scheduling.board import Board
from accountability.scheduling.problem import Meeting
from accountability.scheduling.rules import Rules
from accountability.scheduling.timetable import Unplaced
from accountability.scheduling.words import join, say_day, say_times

TIMES = "{times}"  # in a reason that holds at some times; those with the same reason are told together


def explain_unplaced(board: Board, left: Callable[[], float]) -> tuple[Unplaced, ...]:
    rules = board.rules
    return tuple(
        Unplaced(
            one.organisation,
            tuple(explain_alone(rules, meeting)) or tuple(explain_held(board, meeting, left)),
        )
        for meeting, one in enumerate(rules.problem.meetings)
        if meeting not in board.seats
    )


def explain_alone(rules: Rules, meeting: int) -> list[str]:
    """Why it could not be held even if it were the only one; nothing if it could."""
    if rules.candidates[meeting]:
        return []
    one = rules.problem.meetings[meeting]
    if rules.problem.sectors > rules.problem.panel_size:
        return [f"A panel of {rules.problem.panel_size} cannot come from {rules.problem.sectors} sectors."]
    if not get_sitting(rules, meeting):
        return ["Nobody is there who could sit on its panel."]
    slots = [slot for slot in one.slots if one.locked is None or one.locked.slot == slot]
    if not slots:
        can = "cannot make that time" if one.locked else "can make none of the times"
        return [f"{one.organisation} {can}."]
    reasons: dict[str, list[int]] = {}
    for slot in sorted(slots, key=lambda slot: (rules.problem.slots[slot].start, slot)):
        reasons.setdefault(explain_slot(rules, meeting, slot), []).append(slot)
    return [
        reason.replace(TIMES, say_times(rules.problem.slots, where, one.slots))
        for reason, where in reasons.items()
    ]


def explain_slot(rules: Rules, meeting: int, slot: int) -> str:
    """The rule that alone prevents it then; all of them where no single one does."""
    away = find_attendees_away(rules, meeting, slot)
    failures = [
        found
        for found in (
            away,
            find_no_chair(rules, meeting, slot),
            find_too_few(rules, meeting, slot),
            find_few_sectors(rules, meeting, slot),
        )
        if found
    ]
    if len(failures) > 1 and not away:
        failures = find_one_cause(rules, meeting, slot) or [*failures, *find_conflicts(rules, meeting, slot)]
    first, *others = failures
    return f"{'; and '.join([first, *(one[0].lower() + one[1:] for one in others)])}."


def find_one_cause(rules: Rules, meeting: int, slot: int) -> list[str]:
    """Where a panel lacks several things at once: conflicts of interest alone, or alone that people are not free."""
    organisation = rules.problem.meetings[meeting].organisation
    free = [one for one in get_sitting(rules, meeting) if slot in rules.free[one]]
    if rules.can_form(free):
        names = say_members(rules, [one for one in free if one not in rules.impartial[meeting]])
        return [f"Conflicts of interest with {organisation} leave no panel of those free {TIMES}: {names}"]
    if rules.can_form([one for one in rules.impartial[meeting] if rules.most[one]]):
        return [f"Those free {TIMES} without a conflict of interest are too few for a panel"]
    return []


def find_conflicts(rules: Rules, meeting: int, slot: int) -> list[str]:
    ids = [
        rules.problem.members[one].id
        for one in get_sitting(rules, meeting)
        if slot in rules.free[one] and one not in rules.impartial[meeting]
    ]
    organisation = rules.problem.meetings[meeting].organisation
    return [f"A conflict of interest with {organisation} keeps away {join(ids)}"] if ids else []


def get_sitting(rules: Rules, meeting: int) -> list[int]:
    """The members who sit at all and do not attend the meeting, with a conflict of interest or without."""
    return [
        one
        for one in range(len(rules.problem.members))
        if rules.most[one] and one not in rules.attendees[meeting]
    ]


def find_attendees_away(rules: Rules, meeting: int, slot: int) -> str:
    away = [
        name
        for name in rules.problem.meetings[meeting].attendees
        if slot not in rules.free[rules.persons[name]]
    ]
    return (
        f"{join(away)} must attend and {'is' if len(away) == 1 else 'are'} not free {TIMES}" if away else ""
    )


def find_no_chair(rules: Rules, meeting: int, slot: int) -> str:
    members = rules.problem.members
    chairs = [one for one in get_sitting(rules, meeting) if members[one].chair]
    free = [one for one in chairs if slot in rules.free[one]]
    impartial = [one for one in chairs if one in rules.impartial[meeting]]
    if any(one in impartial for one in free):
        return ""
    organisation = rules.problem.meetings[meeting].organisation
    if not chairs:
        return "No panel member can chair"
    if not impartial:
        return f"Every chair has a conflict of interest with {organisation}: {say_members(rules, chairs)}"
    if free:
        names = say_members(rules, free)
        return f"The only chairs free {TIMES} have a conflict of interest with {organisation}: {names}"
    return f"No chair is free {TIMES}"


def find_too_few(rules: Rules, meeting: int, slot: int) -> str:
    size = rules.problem.panel_size
    number = len(rules.get_eligible(meeting, slot))
    if number >= size:
        return ""
    sitting = len(get_sitting(rules, meeting))
    if sitting < size:
        return f"Only {sitting} panel member{'' if sitting == 1 else 's'} could sit at all, and a panel needs {size}"
    who = f"Only {number} panel member{' is' if number == 1 else 's are'}" if number else "No panel member is"
    return f"{who} free {TIMES} without a conflict of interest, and a panel needs {size}"


def find_few_sectors(rules: Rules, meeting: int, slot: int) -> str:
    eligible = rules.get_eligible(meeting, slot)
    sectors = sorted({rules.problem.members[one].sector for one in eligible})
    if len(sectors) >= rules.problem.sectors or not eligible:
        return ""  # of nobody it is said that they are too few
    return (
        f"The panel members free {TIMES} without a conflict of interest are all from {join(sectors)}, "
        f"and a panel needs {rules.problem.sectors} sectors"
    )


def say_members(rules: Rules, members: list[int]) -> str:
    return join([rules.problem.members[one].id for one in members])


def explain_held(board: Board, meeting: int, left: Callable[[], float]) -> list[str]:
    """Which meetings hold its places: each by itself of no lower priority or locked, or only together so."""
    above: dict[int, set[int]] = {}  # holders by slot
    together: dict[int, set[int]] = {}
    unproven: dict[int, set[int]] = {}
    meetings, weights = board.rules.problem.meetings, board.rules.weights
    for slot in board.rules.candidates[meeting]:
        if left() <= 0:
            return [
                "Its places are held by other meetings; the time ran out before it could be said by which."
            ]
        holders = board.find_holders(meeting, slot, cheapest=False)
        assert holders, "a meeting for which there is a place is placed"
        if all(meetings[one].locked or weights[one] >= weights[meeting] for one in holders):
            above[slot] = set(holders)
        elif (
            any(meetings[one].locked for one in holders)
            or sum(weights[one] for one in holders) >= weights[meeting]
        ):
            together[slot] = set(holders)
        else:
            unproven[slot] = set(holders)
    return [
        f"{sentence}: {say_holders(board.rules, where)}."
        for sentence, where in (
            ("Its places are held by meetings of equal or higher priority, or locked", above),
            (
                "A place would cost several meetings, one of them locked or all together of no lower priority",
                together,
            ),
            (
                "A place is held by meetings of lower priority; the time ran out before a better timetable was found",
                unproven,
            ),
        )
        if where
    ]


def say_holders(rules: Rules, where: dict[int, set[int]]) -> str:
    slots = rules.problem.slots
    with_year = len({slot.start.year for slot in slots}) > 1
    days: dict[str, set[int]] = {}
    for slot in sorted(where, key=lambda slot: (slots[slot].start, slot)):
        days.setdefault(say_day(slots[slot].start.date(), with_year=with_year), set()).update(where[slot])
    return "; ".join(
        f"on {day} {join([say_meeting(rules.problem.meetings[one]) for one in sorted(holders)])}"
        for day, holders in days.items()
    )


def say_meeting(meeting: Meeting) -> str:
    return f"{meeting.organisation} (locked)" if meeting.locked else meeting.organisation
