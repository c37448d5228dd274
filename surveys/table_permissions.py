"""Who takes tables out of a partnership as files, and who brings them in.

Each check raises NotAllowed with one sentence, as those of permissions do.
"""

from s11.organisations.permissions import check_can_administer, check_can_organise
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed
from surveys.models import Cycle
from surveys.models.audits import READERS


def check_can_export_tables(desk: Desk) -> None:
    """They name organisations and people: for those who also read audits."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed("Administrators, quality officers and scrutineers export tables. Ask one of them.")


def check_can_import_table(desk: Desk, cycle: Cycle | None, *, for_administrators: bool) -> None:
    """Whoever may change the same thing on its own page; of a closed cycle nothing changes."""
    if for_administrators:
        check_can_administer(desk)
    else:
        check_can_organise(desk)
    if cycle is not None and cycle.is_closed:
        raise NotAllowed(f"{cycle} is closed, so nothing can be imported into it. You can still export it.")
