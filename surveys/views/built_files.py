"""What a worker has built, to be downloaded."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase

from s11.web.downloads import hand_out
from surveys.documents import make_file_name
from surveys.models import Document


def hand_out_built(document: Document) -> HttpResponseBase:
    """As a download that no cache keeps, once it is made."""
    if not document.is_built:
        raise Http404
    return hand_out(document.file, name=make_file_name(document))
