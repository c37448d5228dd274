"""Private files on their way to somebody who may have them: the one place that hands them out.

Whoever calls has checked that they may. From the disk the file comes with the answer; from an object store it comes by
a link that is signed for a minute, so that each download passes that check.
"""

from __future__ import annotations

import logging
import mimetypes
from pathlib import PurePath
from typing import Final
from urllib.parse import quote

from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponseBase, HttpResponseRedirect
from django.utils.http import content_disposition_header

from s11.web.outages import StoreDown

logger = logging.getLogger(__name__)

ANY_TYPE: Final = "application/octet-stream"
# Of a name as it stands in a link, twice encoded: stores and proxies refuse addresses and headers of many thousands.
LONGEST_NAME: Final = 900


class ToStore(HttpResponseRedirect):
    """A link with a signature, and with the token of a machine's role, is longer than Django lets others be."""

    max_length = 8_000


def hand_out(file: FieldFile, *, name: str, content_type: str = "") -> HttpResponseBase:
    """To keep under this name, never to be opened in the browser; no cache keeps it. 404 where it is not there."""
    content_type = content_type or mimetypes.guess_type(name)[0] or ANY_TYPE
    try:
        response = _respond(file, name, content_type)
    except FileNotFoundError:
        logger.exception("The file of %s %s is not there", file.instance._meta.label, file.instance.pk)
        raise Http404 from None
    except StoreDown:
        raise
    except OSError as error:
        raise StoreDown(error.errno, error.strerror, str(file.name)) from error
    response["Cache-Control"] = "private, no-store"
    return response


def _respond(file: FieldFile, name: str, content_type: str) -> HttpResponseBase:
    storage: Storage = file.storage
    sign = getattr(storage, "sign_link", None)
    if sign is None:
        return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    disposition = content_disposition_header(as_attachment=True, filename=fit_name(name))
    return ToStore(sign(str(file.name), disposition=disposition, content_type=content_type))


def fit_name(name: str) -> str:
    """As much of it as a link can carry, with its ending."""
    path = PurePath(name)
    stem, ending = path.stem, path.suffix
    while len(quote(quote(stem + ending))) > LONGEST_NAME and stem:
        stem = stem[:-1]
    return stem + ending
