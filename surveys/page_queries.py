"""What every page of an audit asks of the database, put into words once (s11/web/prepared.py says why)."""

from __future__ import annotations

from typing import Final

from s11.web.prepared import Later, Prepared
from surveys.models import Answer, Indicator, ProfileAnswer, Standard

ANSWERS: Final = Prepared(
    lambda: Answer.objects.filter(audit=Later("audit")).select_related("updated_by", "group")
)
STANDARDS: Final = Prepared(
    lambda: Standard.objects.filter(questionnaire=Later("questionnaire")).select_related("theme")
)
INDICATORS: Final = Prepared(
    lambda: Indicator.objects.filter(standard__questionnaire=Later("questionnaire")).select_related("theme")
)
PROFILE: Final = Prepared(
    lambda: (
        ProfileAnswer.objects.filter(audit=Later("audit")).order_by().values_list("question__code", "value")
    )
)
