"""What the pages about taking part look up: organisations by name, requests on the desk, who may be the same.

The public search shows names and national identifiers of a partnership's own organisations: no person, no lead, and no
name that a partnership keeps to itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from s11.organisations.models import Application, Organisation, Participation, Partnership
from s11.organisations.queries import find_organisations

# Fewer letters than these find a whole name or a whole identifier only, so that nobody reads the list letter by letter.
FEWEST_LETTERS = 4
MOST_FOUND = 10
MOST_SIMILAR = 5
# In so many names that they say nothing of who it is.
_COMMON = """
    school schools academy college primary secondary junior infant nursery trust house home homes care centre council
    service services group limited borough county city united church england community children young people saint
    partnership"""
COMMON_WORDS = frozenset(_COMMON.split())


def find_to_join(partnership: Partnership, words: str) -> list[Organisation]:
    """Up to ten and one more, which says that there are more. One query."""
    code = words.replace(" ", "")
    wanted = Q(name__iexact=words) | Q(urn=code) | Q(ods_code__iexact=code) | Q(ofsted_number__iexact=code)
    starts = [word for word in get_words(words) if len(word) >= FEWEST_LETTERS]
    if starts:
        by_words = Q()
        for start in starts:
            by_words &= Q(name__icontains=start)
        wanted |= by_words
    found = get_joinable(partnership).filter(wanted).order_by("name", "pk")
    known = (words.casefold(), code.casefold())
    return [one for one in found if is_called(one, *known) or has_starts(one.name, starts)][: MOST_FOUND + 1]


def is_called(organisation: Organisation, name: str, code: str) -> bool:
    """By its whole name, or a whole identifier."""
    codes = (organisation.urn, organisation.ods_code, organisation.ofsted_number)
    return organisation.name.casefold() == name or code in {one.casefold() for one in codes if one}


def get_words(text: str) -> list[str]:
    """Folded; St Mary’s holds st, mary and s, however its apostrophe is typed."""
    return re.findall(r"[^\W_]+", text.casefold())


def has_starts(name: str, starts: Collection[str]) -> bool:
    """Whether each begins a word: Mary is not found in primary."""
    words = get_words(name)
    return bool(starts) and all(any(word.startswith(start) for word in words) for start in starts)


def get_joinable(partnership: Partnership) -> QuerySet[Organisation]:
    """Those that take part here now and are not closed."""
    here = Participation.objects.active().filter(partnership=partnership)
    return Organisation.objects.filter(pk__in=here.values("organisation"), closed_on=None)


# The desk -------------------------------------------------------------------------------------------------------------


def get_applications(partnership: Partnership, *, is_decided: bool) -> QuerySet[Application]:
    """Verified ones: those that wait, the oldest first, or those that are decided, the latest first."""
    found = Application.objects.filter(partnership=partnership, verified_at__isnull=False)
    if is_decided:
        found = found.exclude(decision="").order_by("-decided_at", "pk")
    else:
        found = found.filter(decision="").order_by("verified_at", "pk")
    return found.select_related("organisation", "decided_by")


def count_applications(partnership: Partnership) -> int:
    """How many wait. One query."""
    return get_applications(partnership, is_decided=False).count()


def get_application_or_404(partnership: Partnership, application: int) -> Application:
    """Also one that is decided, so that the page can say so; never one whose address nobody has verified."""
    found = (
        Application.objects.filter(partnership=partnership, pk=application, verified_at__isnull=False)
        .select_related("organisation", "decided_by", "partnership")
        .first()
    )
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An organisation that may be the one which somebody entered, and why."""

    organisation: Organisation
    why: str
    takes_part: bool
    # National identifiers are unique, so it can be no other.
    is_identified: bool

    @property
    def hint(self) -> str:
        return f"{self.why}. {'Takes part here.' if self.takes_part else 'Does not take part here.'}"


def get_suggestions(application: Application) -> list[Suggestion]:
    """The one chosen; any with the same identifier; here, those with a similar name. At most four queries."""
    partnership = application.partnership
    here = set(
        Participation.objects.active().filter(partnership=partnership).values_list("organisation", flat=True)
    )
    reasons: dict[Organisation, str] = {}
    if application.organisation is not None:
        reasons[application.organisation] = "Chosen from your list"
    same = find_organisations(application.urn, application.ods_code, application.ofsted_number)
    for organisation in same:
        reasons.setdefault(organisation, "The same identifier")
    for organisation in find_similar(partnership, application.organisation_name):
        reasons.setdefault(organisation, "A similar name")
    return [Suggestion(one, why, one.pk in here, one in same) for one, why in reasons.items()]


def find_similar(partnership: Partnership, name: str) -> list[Organisation]:
    """Here alone: whose name holds a telling word of this one; those that share most of them come first."""
    telling = get_telling_words(name)
    if not telling:
        return []
    some = Q()
    for word in sorted(telling):
        some |= Q(name__icontains=word)
    mine = Participation.objects.filter(partnership=partnership).values("organisation")
    found = Organisation.objects.filter(some, pk__in=mine).order_by("name", "pk")
    shared = {one: sum(has_starts(one.name, [word]) for word in telling) for one in found}
    near = sorted((one for one in shared if shared[one]), key=lambda one: (-shared[one], one.name, one.pk))
    return near[:MOST_SIMILAR]


def get_telling_words(name: str) -> set[str]:
    """Without what half of all names have in common, and without the s of a plural or a saint."""
    words = {word.removesuffix("s") for word in get_words(name) if word not in COMMON_WORDS}
    return {word for word in words if len(word) >= FEWEST_LETTERS}
