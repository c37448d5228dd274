"""What a cycle can be planned from: the question banks of each variant, and the organisations there are to invite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from s11.organisations.enums import Variant
from s11.organisations.models import Organisation, Participation, Partnership
from surveys.enums import Obligation
from surveys.models import Cycle, Questionnaire
from surveys.queries import rank_banks


@dataclass(frozen=True, slots=True)
class VariantOptions:
    """One variant's banks, the one that a new cycle takes first, and how many organisations would be asked."""

    variant: Variant
    banks: tuple[Questionnaire, ...]
    statutory: int
    others: int

    @property
    def organisations(self) -> int:
        return self.statutory + self.others


def get_variant_options(partnership: Partnership) -> list[VariantOptions]:
    """The variants that have a bank, in the order of reports. Two queries."""
    banks: dict[str, list[Questionnaire]] = {}
    for bank in get_banks(partnership):
        banks.setdefault(bank.variant, []).append(bank)
    counts = Counter[tuple[str, bool]]()
    rows = get_takers(partnership).order_by().values_list("organisation__variant", "is_statutory")
    for variant, is_statutory, number in rows.annotate(number=Count("pk")):
        counts[variant, is_statutory] = number
    return [
        VariantOptions(variant, tuple(banks[variant]), counts[variant, True], counts[variant, False])
        for variant in Variant
        if variant in banks
    ]


def get_banks(partnership: Partnership) -> list[Questionnaire]:
    """The newest revision of each edition: the partnership's own before the shared, the newest edition first."""
    newest: dict[tuple[int | None, str, str], Questionnaire] = {}
    for bank in rank_banks(partnership):
        newest.setdefault((bank.partnership_id, bank.variant, bank.edition), bank)
    return list(newest.values())


def get_titles(partnership: Partnership, *, but: Cycle | None = None) -> frozenset[str]:
    """Of its cycles, folded: two whose titles differ in capitals alone are told apart by nobody."""
    titles = Cycle.objects.of(partnership).values_list("pk", "title")
    return frozenset(title.casefold() for pk, title in titles if but is None or pk != but.pk)


def get_takers(partnership: Partnership) -> QuerySet[Participation]:
    """Organisations that take part now: active here, and not closed for good."""
    return partnership.participations.active().filter(organisation__closed_on=None)


def get_invitable(cycle: Cycle, search: str = "") -> QuerySet[Participation]:
    """Those that take part, have a variant of this cycle, and are not invited to it yet."""
    found = get_takers(cycle.partnership).filter(
        organisation__variant__in=cycle.cycle_questionnaires.values("variant")
    )
    if search:
        found = found.filter(Q(organisation__name__icontains=search) | Q(local_name__icontains=search))
    return found.exclude(organisation__in=cycle.invitees.values("organisation")).select_related(
        "organisation"
    )


def make_invited(participations: Iterable[Participation]) -> dict[Organisation, Obligation]:
    """Who the law names must take part; the others may."""
    return {
        participation.organisation: Obligation.MUST if participation.is_statutory else Obligation.MAY
        for participation in participations
    }
