"""Running an agency's practitioner survey: what its own page and the desk's page have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from s11.organisations.requests import UserRequest
from s11.web.errors import reason_why_not
from surveys.forms.practitioners import LastDayForm
from surveys.models import Invitee, PractitionerSurvey, SurveyStatement
from surveys.practitioner_permissions import check_can_move_last_day
from surveys.practitioners import Line, compare_with_leaders, get_asked, get_survey
from surveys.surveying import close_survey, move_last_day, open_survey, replace_link
from surveys.views.running_by_link import Act, do_act, get_link, make_day_form


@dataclass(frozen=True, slots=True)
class Running:
    """One agency's survey for somebody's page: `reason` is why they do not run it, `unread` why they see no results."""

    invitee: Invitee
    survey: PractitionerSurvey | None
    asked: list[SurveyStatement]
    form: LastDayForm
    reason: str
    unread: str = ""
    lines: tuple[Line, ...] = ()

    @property
    def link(self) -> str:
        return get_link("surveys:practitioner_survey", self.survey)

    @property
    def has_results(self) -> bool:
        return any(line.result for line in self.lines)

    @property
    def below(self) -> int:
        return sum(line.is_below for line in self.lines)

    @property
    def may_move(self) -> bool:
        return self.survey is not None and not reason_why_not(check_can_move_last_day, self.survey)


def find_running(
    request: UserRequest, invitee: Invitee, *, reason: str, unread: str = "", is_submitted: bool = False
) -> Running:
    """404 where the cycle has no survey for this agency. `is_submitted` compares with what was submitted."""
    asked = get_asked(invitee)
    survey = get_survey(invitee)
    is_told = survey is not None and survey.is_over and not unread
    return Running(
        invitee,
        survey,
        asked,
        make_day_form(request, survey, invitee.due_on),
        reason,
        unread,
        tuple(compare_with_leaders(invitee, asked, is_submitted=is_submitted)) if is_told else (),
    )


def act(request: UserRequest, running: Running) -> bool:
    """Whether the page is to be opened anew, else its form is wrong."""
    return do_act(
        request,
        running.form,
        ACTS,
        place={"invitee": running.invitee},
        opened={"survey": running.survey} if running.survey else None,
        not_open="The survey is not open yet.",
    )


ACTS: Final = {
    "open": Act(open_survey, "The survey is open until {day}. Pass its link on to all of the staff."),
    "move": Act(move_last_day, "Staff can answer until the end of {day}."),
    "close": Act(close_survey, "The survey is closed."),
    "link": Act(
        replace_link, "The survey has a new link. The one before opens nothing any more: pass on the new one."
    ),
}
