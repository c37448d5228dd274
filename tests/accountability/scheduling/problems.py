"""Problems to try: small ones drawn by hypothesis with every kind of rule in them, and plain ones to change by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
SECTORS = ("health", "police", "council")
GROUPS = (None, None, "g0", "g1")
STARTS = ("2027-03-27T09:00", "2027-03-27T09:15", "2027-03-27T09:30", "2027-03-28T01:00", "2027-03-28T01:30")


def make_slots(*starts: str, minutes: int = 30) -> list[Json]:
    return [{"start": start, "minutes": minutes} for start in starts]


def make_member(number: int, slots: list[int], **changed: Any) -> Json:
    """Members of three sectors in turn, of organisations that are not called."""
    return {
        "id": f"m{number}",
        "organisation": f"elsewhere{number}",
        "group": None,
        "sector": SECTORS[number % 3],
        "chair": True,
        "slots": slots,
        "conflicts": [],
    } | changed


def make_meeting(number: int, slots: list[int], **changed: Any) -> Json:
    return {
        "organisation": f"o{number}",
        "group": None,
        "priority": 1,
        "slots": slots,
        "locked": None,
    } | changed


def make_problem(
    *, slots: int = 4, members: int = 4, meetings: int = 3, tracks: int = 1, **changed: Any
) -> Json:
    """Slots of half an hour one after another; everybody can always come."""
    every = list(range(slots))
    times = [f"2027-03-{3 + index // 8:02}T{9 + index % 8 // 2:02}:{index % 2 * 30:02}" for index in every]
    return {
        "slots": make_slots(*times),
        "tracks": tracks,
        "panel_size": 3,
        "sectors": 2,
        "members": [make_member(number, every) for number in range(members)],
        "meetings": [make_meeting(number, every) for number in range(meetings)],
    } | changed


@st.composite
def draw_problems(draw: st.DrawFn, *, locks: bool = True) -> Json:
    """Slots that overlap in chains, locks, groups, conflicts, attendees, `most`, wishes, and never much of anything."""
    slots = draw(
        st.lists(
            st.fixed_dictionaries(
                {"start": st.sampled_from(STARTS), "minutes": st.sampled_from((15, 30, 45))}
            ),
            min_size=1,
            max_size=4,
        )
    )
    indexes = st.integers(0, len(slots) - 1)
    some = st.one_of(
        st.just(list(range(len(slots)))), st.lists(indexes, unique=True, max_size=len(slots)).map(sorted)
    )
    organisations = [f"o{number}" for number in range(draw(st.integers(1, 4)))]
    members = [
        {
            "id": f"m{number}",
            "organisation": draw(st.sampled_from(("elsewhere", "elsewhere", *organisations))),
            "group": draw(st.sampled_from(GROUPS)),
            "sector": draw(st.sampled_from(SECTORS)),
            "chair": draw(st.booleans()),
            "slots": draw(some),
            "conflicts": draw(st.lists(st.sampled_from(organisations), unique=True, max_size=1)),
            "most": draw(st.sampled_from((None, None, 0, 1, 2))),
        }
        for number in range(draw(st.integers(1, 6)))
    ]
    tracks = draw(st.integers(1, 3))
    places = st.fixed_dictionaries({"slot": indexes, "track": st.integers(0, tracks - 1)})
    people = [one["id"] for one in members]
    meetings: list[Json] = [
        {
            "organisation": name,
            "group": draw(st.sampled_from(GROUPS)),
            "priority": draw(st.integers(0, 4)),
            "slots": draw(some),
            "locked": draw(st.one_of(st.none(), st.none(), places)) if locks else None,
            "preferred": draw(st.lists(indexes, unique=True, max_size=2)),
            "attendees": draw(
                st.one_of(
                    st.just([]), st.lists(st.sampled_from((*people, "visitor")), unique=True, max_size=2)
                )
            ),
            "current": draw(st.one_of(st.none(), places)),
        }
        for name in organisations
    ]
    for meeting in meetings:
        if meeting["current"] is not None:
            panel = draw(st.lists(st.sampled_from(people), unique=True, max_size=2))
            meeting["current"] = {**meeting["current"], "members": panel}
    size = draw(st.integers(1, 3))
    return {
        "slots": slots,
        "tracks": tracks,
        "panel_size": size,
        "sectors": draw(st.integers(0, size)),
        "members": members,
        "people": ["visitor"],
        "meetings": meetings,
    }
