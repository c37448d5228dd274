"""Which track each meeting is held on, once its slot is settled."""

from __future__ import annotations

from collections.abc import Mapping

from accountability.scheduling.rules import Rules


def give_tracks(rules: Rules, slots: Mapping[int, int], told: Mapping[int, int]) -> dict[int, int]:
    """`told` are those that the plan says (it tells tracks apart where some are locked and slots overlap in chains).

    The others, in the order of their starts, take any track that is free: where no more than n run at once, n always
    suffice, and the plan has left as many that no lock names.
    """
    tracks: dict[int, int] = {}
    for group in rules.groups:
        here = [meeting for meeting, slot in slots.items() if slot in group]
        locks = {meeting: rules.problem.meetings[meeting].locked for meeting in here}
        fixed = {meeting: lock.track for meeting, lock in locks.items() if lock is not None}
        fixed |= {meeting: told[meeting] for meeting in here if meeting in told}
        tracks |= fixed
        for meeting in sorted(
            (one for one in here if one not in fixed),
            key=lambda one: (
                rules.problem.slots[slots[one]].start,
                get_wanted(rules, one, slots) is None,
                one,
            ),
        ):
            beside = {
                tracks[one] for one in here if one in tracks and slots[one] in rules.overlaps[slots[meeting]]
            }
            tracks[meeting] = take_track(rules, meeting, slots, beside)
    return tracks


def take_track(rules: Rules, meeting: int, slots: Mapping[int, int], taken: set[int]) -> int:
    wanted = get_wanted(rules, meeting, slots)
    if wanted is not None and wanted not in taken:
        return wanted
    return next(track for track in range(rules.problem.tracks) if track not in taken)


def get_wanted(rules: Rules, meeting: int, slots: Mapping[int, int]) -> int | None:
    """The track it is on now, if it stays in its slot."""
    current = rules.problem.meetings[meeting].current
    return current.track if current is not None and current.slot == slots[meeting] else None
