"""What staff of a pack's agency say: no to A1.1, less than leaders of A1.2, yes to A2.1."""

from __future__ import annotations

from surveys.models import PractitionerSurvey
from surveys.surveying import close_survey
from tests.accountability.pack_world import PackWorld
from tests.conftest import Cast
from tests.surveys.practitioners import KEYS, NO, PARTLY, YES, add_answers, make_cycle_survey, make_survey


def ask_staff(
    world: PackWorld, cast: Cast, *, is_over: bool = True, statements: int = 3
) -> PractitionerSurvey:
    """Six people of Anchor Trust."""
    make_cycle_survey(world.cycle, by=cast.administrator, keys=KEYS[:statements])
    survey = make_survey(world.audit.invitee, by=cast.lead)
    for people, said in ((3, PARTLY), (2, NO), (1, YES)):
        add_answers(survey, people, (NO, said, YES))
    if is_over:
        close_survey(survey=survey, by=cast.lead)
    return survey
