"""Files whose rows were refused go; where nobody knows whether they were, they stay."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, OperationalError, connection

from s11.web.undone_files import take_back
from surveys.evidence_library import add_files
from surveys.models import EvidenceVersion
from tests.conftest import Cast


@pytest.mark.parametrize(("raised", "stays"), [(DatabaseError(), False), (SystemExit(), True)])
def test_a_file_goes_with_what_was_refused(raised: BaseException, stays: bool) -> None:
    name = default_storage.save("one.txt", ContentFile(b"one"))
    take_back([name], raised)
    assert default_storage.exists(name) == stays


@pytest.mark.parametrize(("vendor", "stays"), [("sqlite", False), ("postgresql", True)])
def test_it_stays_where_the_connection_may_have_broken(vendor: str, stays: bool) -> None:
    name = default_storage.save("one.txt", ContentFile(b"one"))
    with patch.object(connection, "vendor", vendor):
        take_back([name], OperationalError())
    assert default_storage.exists(name) == stays


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="a file cannot go away from under its connection"
)
@pytest.mark.django_db(transaction=True)
def test_the_answer_to_a_commit_is_lost(cast: Cast) -> None:
    """The row is there, and names a file that is there."""
    commit: Callable[[], None] = connection.commit

    def commit_and_break() -> None:
        commit()
        connection.connection.close()
        raise OperationalError("server closed the connection unexpectedly")

    with patch.object(connection, "commit", commit_and_break), pytest.raises(DatabaseError):
        add_files(
            organisation=cast.organisation, files=[ContentFile(b"%PDF-1.7 one", "one.pdf")], by=cast.lead
        )
    version = EvidenceVersion.objects.get()
    assert default_storage.exists(str(version.file.name))
