"""The kinds of file that may be evidence: what they are called, how they are served, and how their names end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OFFICE: Final = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument"


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that may be evidence; the first ending is the usual one."""

    label: str
    content_type: str
    endings: tuple[str, ...]


TYPES: Final[dict[str, FileType]] = {
    "pdf": FileType("PDF", "application/pdf", (".pdf",)),
    "docx": FileType("Word document", f"{OFFICE}.wordprocessingml.document", (".docx",)),
    "doc": FileType("Word document", "application/msword", (".doc",)),
    "xlsx": FileType("Excel workbook", f"{OFFICE}.spreadsheetml.sheet", (".xlsx",)),
    "xls": FileType("Excel workbook", "application/vnd.ms-excel", (".xls",)),
    "pptx": FileType("PowerPoint presentation", f"{OFFICE}.presentationml.presentation", (".pptx", ".ppsx")),
    "ppt": FileType("PowerPoint presentation", "application/vnd.ms-powerpoint", (".ppt", ".pps")),
    "odt": FileType("OpenDocument text", f"{OPEN_DOCUMENT}.text", (".odt",)),
    "ods": FileType("OpenDocument spreadsheet", f"{OPEN_DOCUMENT}.spreadsheet", (".ods",)),
    "odp": FileType("OpenDocument presentation", f"{OPEN_DOCUMENT}.presentation", (".odp",)),
    "jpeg": FileType("JPEG picture", "image/jpeg", (".jpg", ".jpeg")),
    "png": FileType("PNG picture", "image/png", (".png",)),
    "gif": FileType("GIF picture", "image/gif", (".gif",)),
    "heic": FileType("HEIC picture", "image/heic", (".heic", ".heif")),
    "text": FileType("Text", "text/plain", (".txt",)),
    "csv": FileType("CSV", "text/csv", (".csv",)),
    "eml": FileType("E-mail", "message/rfc822", (".eml",)),
    "msg": FileType("Outlook e-mail", "application/vnd.ms-outlook", (".msg",)),
}
LABELS: Final = {one.content_type: one.label for one in TYPES.values()}
ENDINGS: Final = tuple(ending for one in TYPES.values() for ending in one.endings)
# What people are told beforehand.
KINDS_IN_WORDS: Final = "PDF, Word, Excel, PowerPoint, OpenDocument, pictures, text, CSV and e-mail"
