"""Evidence is removed for good in the very moment in which a passport that uses it is brought in.

Needs a server that serves both at once; SQLite's tests hold one connection in memory, and its writers queue anyway.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection

from surveys import evidence_library
from surveys.evidence_library import erase
from surveys.models import AnswerEvidence, Evidence, PassportUpload
from surveys.passports import PassportAnswer
from surveys.workflow import NotInThisState
from tests import factories
from tests.conftest import Cast
from tests.surveys.at_once import is_anybody_waiting
from tests.surveys.audit_pages import make_draft
from tests.surveys.evidence_samples import PDF
from tests.surveys.test_passport_imports import bring, make_upload, plan_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _needs_a_server(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")


def test_erased_while_a_passport_is_brought_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The erasing holds the item and comes to the upload; the other holds the upload and comes to the item."""
    audit = make_draft(cast)
    evidence = factories.make_evidence(cast.organisation, content=PDF)
    said = PassportAnswer("key-a1-1", score=2, evidence=("e1",))
    upload = make_upload(audit, cast, said, files={"a.pdf": PDF})
    seen = plan_of(upload).fingerprint
    take_off: Callable[..., None] = evidence_library._take_off_all
    told = []

    def bring_late() -> None:
        try:
            with pytest.raises(NotInThisState) as late:
                bring(upload, cast, seen=seen)
            told.append(str(late.value))
        finally:
            connection.close()

    thread = threading.Thread(target=bring_late)

    def take_off_meanwhile(*given: object) -> None:
        take_off(*given)
        thread.start()
        while thread.is_alive() and not is_anybody_waiting():
            time.sleep(0.01)

    monkeypatch.setattr(evidence_library, "_take_off_all", take_off_meanwhile)
    erase(evidence=evidence, reason="A face", by=cast.lead)
    thread.join()
    assert Evidence.objects.get().is_erased
    assert "removed from your library for good meanwhile" in told[0]
    assert not AnswerEvidence.objects.exists()
    assert not PassportUpload.objects.exists()
