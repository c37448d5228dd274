"""Who takes part in a cycle, as a table that comes in: by the verbs of its pages, and as far as the cycle allows."""

from __future__ import annotations

import datetime
from typing import Any

from s11.organisations.enums import Variant
from surveys.enums import AuditStatus, Obligation
from surveys.models import Invitee
from surveys.resources.rows import Kind
from tests import factories
from tests.conftest import Cast
from tests.surveys.table_files import make_rows, make_table, save


def make_cycle(cast: Cast, **more: Any) -> Any:
    bank = factories.make_questionnaire()
    return factories.make_cycle(cast.partnership, slug="now", questionnaires=(bank,), **more)


def test_a_cycles_agreements_come_from_the_file(cast: Cast) -> None:
    cycle = make_cycle(cast)
    day = cycle.closes_on + datetime.timedelta(days=10)
    invitee = factories.make_invitee(cycle, cast.organisation)
    site = factories.make_organisation("Quay School", slug="quay", partnership=cast.partnership)
    exempt = factories.make_invitee(cycle, site)
    table = make_table(cast, "participation", cycle=cycle)
    more_time = {"Own last day": day.strftime("%d/%m/%Y"), "Reason for more time": "Flood"}
    none = {"Own last day": "", "Reason for more time": "", "Exempt because": ""}
    may = {"Must it take part?": "may"}
    save(
        table,
        make_rows(
            {"Key": "anchor", **may, **none, **more_time},
            {"Key": "quay", "Must it take part?": "must", **none, "Exempt because": "Closed"},
            {"Key": "beacon", **may, **none},
        ),
    )
    invitee.refresh_from_db()
    exempt.refresh_from_db()
    assert (invitee.obligation, invitee.extended_to, invitee.extension_reason) == (
        Obligation.MAY,
        day,
        "Flood",
    )
    assert exempt.is_exempt
    assert Invitee.objects.get(organisation=cast.other_organisation).obligation == Obligation.MAY


def test_what_a_cycle_no_longer_allows_is_said(cast: Cast) -> None:
    cycle = make_cycle(cast)
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    factories.make_invitee(cycle, cast.other_organisation)
    factories.make_organisation("Far", slug="far", partnership=cast.elsewhere)
    factories.make_organisation(
        "Quay School", slug="home", partnership=cast.partnership, variant=Variant.CARE_HOME
    )
    table = make_table(cast, "participation", cycle=cycle)
    late = cycle.closes_on + datetime.timedelta(days=3)
    preview = table.preview(make_rows({"Key": "anchor", "Own last day": str(late), "Exempt because": "No"}))
    assert [one.held for one in preview.list(Kind.HELD)[0].changes] == ["it has submitted"] * 2
    rows = make_rows(
        {"Key": "beacon", "Own last day": str(cycle.closes_on), "Reason for more time": "x"},
        {"Key": "far", "Own last day": "", "Reason for more time": ""},
        {"Key": "home", "Own last day": "", "Reason for more time": ""},
        {"Key": "", "Own last day": "", "Reason for more time": ""},
    )
    faults = table.preview(rows).faults
    assert [fault.split(";")[0] for fault in faults] == [
        "line 2, Own last day: it is not after the closing day",
        'line 3, Key: no organisation here has the key "far"',
        f"line 4, Key: Quay School is of the variant {Variant.CARE_HOME.label}, of which {cycle} asks nothing",
        "line 5, Key: it is empty",
    ]
