"""What may be taken away in cycles, audits and the evidence library, and what is looked at before it is put back."""

from __future__ import annotations

from s11.organisations.models import Participation, Partnership, Removal, User
from s11.organisations.permissions import check_can_organise
from s11.organisations.queries import Agency
from s11.organisations.removals import Kind, get_lifted, get_marked, put_rows_back, register_kind
from s11.web.errors import NotAllowed, NotInThisState
from surveys.enums import CycleStatus
from surveys.evidence_library import erase
from surveys.evidence_links import put_evidence_back, put_link_back
from surveys.models import Cycle, CycleText, Evidence, Invitee, OwnToolReturn
from surveys.own_tools import put_own_tool_back
from surveys.permissions import check_can_keep_evidence, check_can_plan_cycles
from surveys.pipeline_permissions import check_can_read_places
from surveys.workflow import lock_cycle


def check_leads(agency: Agency) -> None:
    if not agency.is_lead:
        raise NotAllowed(f"Only a lead of {agency.organisation} can put this back. Ask your lead.")


def check_writes(agency: Agency) -> None:
    check_can_keep_evidence(agency.roles)


def register_kinds() -> None:
    for kind in (
        Kind("view", None, own_check=check_can_read_places),
        Kind("cycle", check_can_plan_cycles, restore=put_cycle_back),
        Kind("invitee", check_can_plan_cycles, restore=put_invitee_back),
        Kind("cycle_text", check_can_organise, restore=put_text_back),
        Kind("own_audit", check_leads, restore=put_own_tool_back, is_agencys=True),
        Kind("evidence", check_writes, restore=put_evidence_back, destroy=destroy_evidence, is_agencys=True),
        Kind("answer_evidence", check_leads, own_check=check_writes, restore=put_link_back, is_agencys=True),
    ):
        register_kind(kind)


def put_cycle_back(removal: Removal, by: User) -> None:
    """Planned, with whom it invited. No two of a partnership have one title."""
    assert removal.partnership is not None
    Partnership.objects.select_for_update().get(pk=removal.partnership.pk)
    [row] = get_lifted(removal, Cycle)
    title = row["fields"]["title"]
    if title.casefold() in (one.title.casefold() for one in removal.partnership.cycles.all()):
        raise NotInThisState(f"{removal} cannot be put back: there is another cycle named {title} by now.")
    put_rows_back(removal)


def put_invitee_back(removal: Removal, by: User) -> None:
    [row] = get_lifted(removal, Invitee)
    cycle = Cycle.objects.get(pk=row["fields"]["cycle"])
    lock_cycle(cycle, CycleStatus.PLANNED, CycleStatus.OPEN)
    here = Participation.objects.filter(
        partnership=cycle.partnership_id, organisation=row["fields"]["organisation"]
    )
    if not here.filter(is_active=True).exists():
        raise NotInThisState(
            f"{removal} cannot be put back: the organisation no longer takes part. Make it active again first."
        )
    put_rows_back(removal)


def put_text_back(removal: Removal, by: User) -> None:
    [row] = get_lifted(removal, CycleText)
    lock_cycle(Cycle.objects.get(pk=row["fields"]["cycle"]), CycleStatus.PLANNED, CycleStatus.OPEN)
    put_rows_back(removal)


def destroy_evidence(removal: Removal) -> None:
    """The files of an item on which nothing rests any more: no submission, no proof of an action, no return."""
    for item in Evidence.objects.filter(pk__in=get_marked(removal, Evidence), removal_reason=""):
        returned = OwnToolReturn.objects.filter(version__evidence=item)
        if item.answer_links.exists() or item.actions.exists() or returned.exists():
            continue
        assert removal.removed_by is not None  # somebody took it out
        erase(evidence=item, reason="Taken out, and destroyed when its time was over.", by=removal.removed_by)
