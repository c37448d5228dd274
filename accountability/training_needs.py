"""Which agencies need which course, and which need no course answers: from scores of 0 and 1 alone.

Pure: courses and scores in, needs out; no Django, no clock. An agency needs a course if it scored 0 or 1 in an
indicator that the course answers. One more low score never lowers a need: agencies, courses and gaps are ordered by
counts, the zeros before the ones, never by a mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from surveys.scoring import Tally, make_tally

LOW: Final = (0, 1)
# The sector of whoever is in no national register; it stands last, whatever its count.
OTHER_SERVICES: Final = "Council and other services"
# A key means the same in every edition of its variant's question bank.
Question = tuple[str, str]  # variant, key


@dataclass(frozen=True, slots=True)
class Course:
    """What it answers: of a standard all its questions, in that standard's variant."""

    pk: int
    name: str
    answers: frozenset[Question]


@dataclass(frozen=True, slots=True)
class Agency:
    """One that was scored; `scores` are 0, 1 and 2 by key. What is not applicable is no score."""

    pk: int
    name: str
    slug: str
    variant: str
    sector: str
    scores: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question over the variants that ask it: its words, and its code in each of them."""

    key: str
    text: str
    standard: str
    codes: tuple[tuple[str, str], ...]  # variant, code
    position: int = 0

    @property
    def code(self) -> str:
        """‘A4.2’; where variants number it otherwise, each once, in their order."""
        return ", ".join(dict.fromkeys(code for _, code in self.codes))


@dataclass(frozen=True, slots=True)
class AgencyNeed:
    """One agency’s scores in what a course answers."""

    agency: Agency
    tally: Tally
    ones: int

    @property
    def zeros(self) -> int:
        return self.tally.zeros

    @property
    def low(self) -> int:
        return self.zeros + self.ones


@dataclass(frozen=True, slots=True)
class CourseNeed:
    """A course with the agencies that need it, those with most zeros first; nobody is a finding too."""

    course: Course
    agencies: tuple[AgencyNeed, ...]

    @property
    def count(self) -> int:
        return len(self.agencies)

    @property
    def zeros(self) -> int:
        """Scores of 0 over all of them."""
        return sum(one.zeros for one in self.agencies)

    @property
    def ones(self) -> int:
        return sum(one.ones for one in self.agencies)

    @property
    def with_0(self) -> int:
        """Agencies with a 0: most in need."""
        return sum(one.zeros > 0 for one in self.agencies)

    @property
    def with_1(self) -> int:
        """The others: a 1, and no 0."""
        return self.count - self.with_0

    @property
    def by_sector(self) -> tuple[tuple[str, int], ...]:
        """How many agencies of each, the most first."""
        counts = Counter(one.agency.sector for one in self.agencies)
        return tuple(sorted(counts.items(), key=lambda one: (one[0] == OTHER_SERVICES, -one[1], one[0])))


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that agencies scored low and no course answers."""

    asked: Asked
    at_0: tuple[Agency, ...]
    at_1: tuple[Agency, ...]

    @property
    def count(self) -> int:
        return len(self.at_0) + len(self.at_1)


@dataclass(frozen=True, slots=True)
class TrainingNeeds:
    """Of one cycle and series. `agencies` were scored; a course that nobody needs stands last."""

    courses: tuple[CourseNeed, ...]
    gaps: tuple[Gap, ...]
    agencies: int

    @property
    def needed(self) -> tuple[CourseNeed, ...]:
        return tuple(one for one in self.courses if one.count)

    @property
    def in_need(self) -> int:
        """Agencies that some course would help."""
        return len({one.agency.pk for need in self.courses for one in need.agencies})

    @property
    def with_0(self) -> int:
        """Those of them with a 0 in what a course answers: most in need."""
        return len({one.agency.pk for need in self.courses for one in need.agencies if one.zeros})

    @property
    def with_1(self) -> int:
        """The others: a 1, and no 0."""
        return self.in_need - self.with_0

    @property
    def has_other_services(self) -> bool:
        return any(one.agency.sector == OTHER_SERVICES for need in self.courses for one in need.agencies)


def make_needs(
    courses: Iterable[Course], agencies: Iterable[Agency], asked: Iterable[Asked]
) -> TrainingNeeds:
    """`courses` are those that are offered now."""
    agencies, courses = list(agencies), list(courses)
    found = [CourseNeed(course, _list_agencies(course, agencies)) for course in courses]
    answered = frozenset(question for course in courses for question in course.answers)
    return TrainingNeeds(
        courses=tuple(sorted(found, key=get_course_place)),
        gaps=make_gaps(agencies, asked, answered),
        agencies=len(agencies),
    )


def make_need(course: Course, agency: Agency) -> AgencyNeed | None:
    """None where it needs nothing of it."""
    scores = [score for key, score in agency.scores.items() if (agency.variant, key) in course.answers]
    if not any(score in LOW for score in scores):
        return None
    return AgencyNeed(agency, make_tally(scores), scores.count(1))


def make_gaps(
    agencies: Sequence[Agency], asked: Iterable[Asked], answered: frozenset[Question]
) -> tuple[Gap, ...]:
    """The zeros first, then the ones, then the order in which questions are asked."""
    by_score: dict[tuple[str, int], list[Agency]] = {}
    for agency in sorted(agencies, key=_get_name):
        for key, score in agency.scores.items():
            if score in LOW and (agency.variant, key) not in answered:
                by_score.setdefault((key, score), []).append(agency)
    gaps = [
        Gap(one, tuple(by_score.get((one.key, 0), ())), tuple(by_score.get((one.key, 1), ())))
        for one in asked
    ]
    return tuple(sorted((gap for gap in gaps if gap.count), key=get_gap_place))


def get_agency_place(need: AgencyNeed) -> tuple[int, int, str, int]:
    """The smaller, the sooner; the name and the id make the order one."""
    return (-need.zeros, -need.ones, *_get_name(need.agency))


def get_course_place(need: CourseNeed) -> tuple[int, int, int, int, str, int]:
    """Agencies with a 0 first: nearly every agency has a 1 somewhere."""
    return -need.with_0, -need.count, -need.zeros, -need.ones, need.course.name.casefold(), need.course.pk


def get_gap_place(gap: Gap) -> tuple[int, int, int, str]:
    return -len(gap.at_0), -len(gap.at_1), gap.asked.position, gap.asked.key


def say_gap(gap: Gap) -> str:
    """‘4 agencies scored 0 and 2 scored 1 for A4.2, and no course answers it’."""
    parts = [_say_scored(len(gap.at_0), 0, is_first=True)] if gap.at_0 else []
    if gap.at_1:
        parts.append(_say_scored(len(gap.at_1), 1, is_first=not parts))
    return f"{' and '.join(parts)} for {gap.asked.code}, and no course answers it"


def _say_scored(count: int, score: int, *, is_first: bool) -> str:
    noun = (" agency" if count == 1 else " agencies") if is_first else ""
    return f"{count}{noun} scored {score}"


def _list_agencies(course: Course, agencies: Iterable[Agency]) -> tuple[AgencyNeed, ...]:
    found = [need for agency in agencies if (need := make_need(course, agency)) is not None]
    return tuple(sorted(found, key=get_agency_place))


def _get_name(agency: Agency) -> tuple[str, int]:
    return agency.name.casefold(), agency.pk
