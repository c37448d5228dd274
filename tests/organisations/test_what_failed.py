"""What a person is told of an act whose mail did not go, and of one whose files could not be written."""

from __future__ import annotations

import errno
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from s11.organisations.requests import tell_outcome
from s11.web.outages import StoreDown


def fail_with(error: Exception) -> Any:
    def verb() -> None:
        raise error

    return verb


@pytest.fixture
def request_() -> Any:
    request = RequestFactory().post("/")
    vars(request)["_messages"] = CookieStorage(request)
    return request


def test_a_mail_that_did_not_go_is_told_for_the_act_is_done(request_: Any) -> None:
    assert tell_outcome(request_, "Done.", fail_with(SMTPServerDisconnected("gone")))
    [said] = get_messages(request_)
    assert "It is saved, but the e-mail could not be sent" in str(said)


@pytest.mark.parametrize("error", [OSError(errno.EROFS, "Read-only"), StoreDown(errno.EIO, "no answer")])
def test_where_files_cannot_be_written_nothing_is_called_saved(request_: Any, error: OSError) -> None:
    with pytest.raises(OSError, match=str(error.strerror)):
        tell_outcome(request_, "Done.", fail_with(error))
    assert not list(get_messages(request_))
