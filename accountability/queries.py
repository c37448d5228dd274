"""Where a person is in a round of meetings. The lookup is also the permission check: a stranger gets 404 from here."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from accountability.models import Panel, PanelMember
from s11.organisations.models import Partnership, User
from s11.organisations.queries import Desk
from surveys.models import Cycle


@dataclass(frozen=True, slots=True)
class Round:
    """A cycle's meetings on a desk, and the person's own place on its panel, if they have one."""

    desk: Desk
    panel: Panel
    own: PanelMember | None = None

    @property
    def partnership(self) -> Partnership:
        return self.desk.partnership

    @property
    def cycle(self) -> Cycle:
        return self.panel.cycle

    @property
    def slugs(self) -> dict[str, str]:
        """What the addresses of its pages are made of."""
        return {"partnership": self.partnership.slug, "cycle": self.cycle.slug}


def get_round_or_404(user: User, desk: Desk, cycle: str) -> Round:
    """The meetings of one of the desk's cycles, once its panel is set up. Two queries."""
    panel = (
        Panel.objects.filter(cycle__partnership=desk.partnership, cycle__slug=cycle)
        .select_related("cycle")
        .first()
    )
    if panel is None:
        raise Http404
    panel.cycle.partnership = desk.partnership
    own = PanelMember.objects.of_user(user).filter(panel=panel).with_person().first()
    return Round(desk, panel, own)
