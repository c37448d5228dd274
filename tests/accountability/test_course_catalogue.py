"""What a course can answer is named from the banks that the partnership's audits ask from."""

from __future__ import annotations

from accountability.course_catalogue import get_catalogue
from s11.organisations.enums import Variant
from surveys.models import Standard
from tests import factories
from tests.conftest import Cast


def test_a_partnerships_own_bank_outranks_the_shared_one_of_the_same_edition(cast: Cast) -> None:
    shared = factories.make_questionnaire()
    own = factories.make_questionnaire(partnership=cast.partnership)
    assert (own.variant, own.edition) == (shared.variant, shared.edition)
    Standard.objects.filter(questionnaire=own, code="A1").update(title="Our own words")
    here, elsewhere = get_catalogue(cast.partnership), get_catalogue(cast.elsewhere)
    assert ("A1", "A1 Our own words") in here.standards[Variant(own.variant)]
    assert "A1 Our own words" not in dict(elsewhere.standards[Variant(own.variant)]).values()
