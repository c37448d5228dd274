"""Multi-agency audits and what practitioners say after one, a table at a time."""

from accountability.data_map.purposes import MULTI_AGENCY, REFLECTIONS
from s11.web.personal_data import Kept

TABLES = (
    Kept(
        "accountability.MultiAgencyAudit",
        MULTI_AGENCY,
        who="changed_by",
        words="about key_messages strengths weaknesses cancelled",
        plain=(
            "partnership title theme month begins_on ends_on reported_on again_on repeats committee method "
            "taking_part actions version changed_at"
        ),
        place="partnership",
    ),
    Kept(
        "accountability.Reflection",
        REFLECTIONS,
        who="opened_by closed_by",
        # How many have answered is told to nobody while others still can.
        keys="link_nonce responses",
        plain="audit closes_on opened_at closed_at forgotten_on",
        place="audit__partnership",
        retention="No period of its own: with the partnership’s records",
    ),
    Kept(
        "accountability.ReflectionAnswer",
        REFLECTIONS,
        words="text",
        plain="reflection question themes",
        place="reflection__audit__partnership",
        note="Whose words they are is known to nobody; what looks like a name or a number was refused or asked about.",
    ),
    Kept(
        "accountability.ReflectionTheme",
        REFLECTIONS,
        words="name",
        plain="reflection",
        place="reflection__audit__partnership",
    ),
    Kept(
        "accountability.ReflectionSummary",
        MULTI_AGENCY,
        who="changed_by",
        words="text",
        plain="reflection question version changed_at",
        place="reflection__audit__partnership",
    ),
)
