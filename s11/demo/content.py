"""Who takes part in the demonstration. Every name is made up; no organisation or person is meant."""

from __future__ import annotations

from dataclasses import dataclass

from s11.organisations.enums import MembershipRole, OfficerRole, Variant

# Stands on every demo login, so it is no secret and is refused outside DEBUG.
PASSWORD = "harbour-lights-2026"  # noqa: S105

HARBOURSIDE = "harbourside"
FELLSIDE = "fellside"


@dataclass(frozen=True, slots=True)
class DemoPartnership:
    slug: str
    name: str
    colour: str
    contact_text: str


PARTNERSHIPS = (
    DemoPartnership(
        HARBOURSIDE,
        "Harbourside Safeguarding Children Partnership",
        "#1d5a6e",
        "The business team answers e-mails within two working days. For a worry about a child who is in danger now, "
        "ring 999; for advice, ring the council's front door.",
    ),
    DemoPartnership(
        FELLSIDE,
        "Fellside Safeguarding Children Partnership",
        "#5a3d7a",
        "Write to the business team with any question about the audit. They answer within three working days.",
    ),
)


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    name: str
    variant: Variant
    partnerships: tuple[str, ...]
    is_statutory: bool


def _make(
    variant: Variant, partnerships: tuple[str, ...], names: str, *, is_statutory: bool
) -> list[DemoOrganisation]:
    return [
        DemoOrganisation(name.strip(), variant, partnerships, is_statutory)
        for name in names.strip().splitlines()
    ]


BOTH = (HARBOURSIDE, FELLSIDE)

ORGANISATIONS: tuple[DemoOrganisation, ...] = (
    *_make(Variant.STANDARD, BOTH, "Northmoor Constabulary", is_statutory=True),
    *_make(Variant.HEALTH, BOTH, "Estuary and Fells Hospitals Trust", is_statutory=True),
    *_make(Variant.STANDARD, BOTH, "Lanternlight Family Support", is_statutory=False),
    *_make(
        Variant.STANDARD,
        (HARBOURSIDE,),
        """
        Harbourside Council Children's Services
        Harbourside Council Housing
        Harbourside Council Libraries and Leisure
        Harbourside Youth Justice Service
        Harbourside Probation Unit
        Harbourside Fire and Rescue""",
        is_statutory=True,
    ),
    *_make(
        Variant.STANDARD,
        (HARBOURSIDE,),
        """
        Tidewater Housing Association
        Quayside Youth Theatre
        Saltmarsh Sailing Club
        Open Door Young Carers
        St Brannoc's Parish Network
        Harbour Lights Sports Trust""",
        is_statutory=False,
    ),
    *_make(
        Variant.HEALTH,
        (HARBOURSIDE,),
        """
        Harbourside Community Health Trust
        Harbourside Mental Health Trust
        Coastline Ambulance Service
        Dockyard Medical Centre
        Lighthouse Surgery""",
        is_statutory=True,
    ),
    *_make(
        Variant.HEALTH,
        (HARBOURSIDE,),
        """
        Breakwater Out-of-Hours Care
        Marina Dental Practice
        Pebble Bay Hospice""",
        is_statutory=False,
    ),
    *_make(
        Variant.CARE_HOME,
        (HARBOURSIDE,),
        """
        Anchor House
        Beacon Lodge
        Cobble Lane Children's Home
        Driftwood House
        Fernhill Short Breaks
        Gull Cottage
        Oyster Row
        The Old Boathouse""",
        is_statutory=False,
    ),
    *_make(
        Variant.SCHOOL,
        (HARBOURSIDE,),
        """
        Bayview Primary School
        Castle Street Infant School
        Cliffe Road Junior School
        Esplanade Nursery School
        Harbour Academy
        Jubilee Primary School
        Mariners' Church Primary School
        Northshore High School
        Pilot Lane Special School
        Seabank College
        Trinity Quay School
        Westcliff Primary School""",
        is_statutory=True,
    ),
    *_make(
        Variant.STANDARD,
        (FELLSIDE,),
        """
        Fellside Council Children's Services
        Fellside District Housing
        Fellside Youth Offending Team""",
        is_statutory=True,
    ),
    *_make(
        Variant.STANDARD,
        (FELLSIDE,),
        "Dale and Valley Scouting\nHigh Pastures Farm Trust",
        is_statutory=False,
    ),
    *_make(
        Variant.HEALTH,
        (FELLSIDE,),
        "Fellside Primary Care Network\nUplands Community Trust",
        is_statutory=True,
    ),
    *_make(Variant.CARE_HOME, (FELLSIDE,), "Curlew House\nRowan Bank", is_statutory=False),
    *_make(
        Variant.SCHOOL,
        (FELLSIDE,),
        """
        Beckside Primary School
        Fell View School
        Hallgarth High School
        Sheepfold Lane Primary School""",
        is_statutory=True,
    ),
)

# Whose audit the member logins work on.
HOME_ORGANISATION = "Bayview Primary School"

OFFICER_LOGINS: dict[OfficerRole, tuple[str, str]] = {
    OfficerRole.ADMINISTRATOR: ("administrator@harbourside.example", "Alex Marlow"),
    OfficerRole.QUALITY_OFFICER: ("quality@harbourside.example", "Bela Hart"),
    OfficerRole.PANEL_MEMBER: ("panel@harbourside.example", "Chidi Rowe"),
    OfficerRole.PANEL_CHAIR: ("chair@harbourside.example", "Dilys Penn"),
    OfficerRole.SCRUTINEER: ("scrutineer@harbourside.example", "Ewan Frost"),
    OfficerRole.PUBLISHER: ("publisher@harbourside.example", "Farah Wells"),
}
MEMBER_LOGINS: dict[MembershipRole, tuple[str, str]] = {
    MembershipRole.LEAD: ("lead@bayview.example", "Grace Lind"),
    MembershipRole.CONTRIBUTOR: ("contributor@bayview.example", "Hari Moss"),
    MembershipRole.SIGNATORY: ("head@bayview.example", "Imogen Clay"),
    MembershipRole.VIEWER: ("governor@bayview.example", "Jonas Field"),
}
# One person who belongs to two partnerships' audits.
SHARED_LEAD = ("lead@northmoor.example", "Kit Sayer", "Northmoor Constabulary")
# A school’s lead who has chosen Welsh, with an audit nearly done.
WELSH_LEAD = ("lead@northshore.example", "Nia Rees", "Northshore High School")
# A trust whose lead sees three schools: one at work, one that has submitted, one that has not started.
GROUP = "Lanternquay Academy Trust"
GROUP_LOGIN = ("lead@lanternquay.example", "Vera Holm")
GROUP_SITES = ("Castle Street Infant School", "Harbour Academy", "Jubilee Primary School")
# The same roles in the second partnership.
FELLSIDE_OFFICER_LOGINS: dict[OfficerRole, tuple[str, str]] = {
    OfficerRole.ADMINISTRATOR: ("administrator@fellside.example", "Lena Crook"),
    OfficerRole.QUALITY_OFFICER: ("quality@fellside.example", "Mal Ridley"),
    OfficerRole.PANEL_MEMBER: ("panel@fellside.example", "Nora Thwaite"),
    OfficerRole.PANEL_CHAIR: ("chair@fellside.example", "Omar Scarth"),
    OfficerRole.SCRUTINEER: ("scrutineer@fellside.example", "Petra Gill"),
    OfficerRole.PUBLISHER: ("publisher@fellside.example", "Quinn Tarn"),
}
FELLSIDE_HOME_ORGANISATION = "Beckside Primary School"
FELLSIDE_MEMBER_LOGINS: dict[MembershipRole, tuple[str, str]] = {
    MembershipRole.LEAD: ("lead@beckside.example", "Rosa Dale"),
    MembershipRole.CONTRIBUTOR: ("contributor@beckside.example", "Sam Howe"),
    MembershipRole.SIGNATORY: ("head@beckside.example", "Tess Keld"),
    MembershipRole.VIEWER: ("governor@beckside.example", "Uma Syke"),
}

# Nobody there has accepted the invitation, this year or last.
UNREGISTERED = frozenset({"Gull Cottage", "Quayside Youth Theatre", "Sheepfold Lane Primary School"})
# Far behind the others, so that reports have something to say.
STRUGGLING = frozenset(
    {
        "Oyster Row",
        "Saltmarsh Sailing Club",
        "Curlew House",
        "Marina Dental Practice",
        "Pilot Lane Special School",
    }
)
# Given two weeks more this year.
EXTENDED = frozenset({"Open Door Young Carers", "Seabank College"})
