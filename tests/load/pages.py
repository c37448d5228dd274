"""What a browser and its scripts read from our pages, as far as the load generator needs it. Standard library only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import re
import secrets
import struct
import time
from typing import Final

TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CARD: Final = re.compile(r'<section class="app-card app-answer" id="([^"]+)"')
INPUT: Final = re.compile(r"<input\b[^>]*>")
TEXT: Final = re.compile(r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>\n?(.*?)</textarea>', re.DOTALL)
ATTRIBUTE: Final = re.compile(r'\b(name|value|type)="([^"]*)"')
CHECKED: Final = re.compile(r"\bchecked\b")


def find_words(page: str | None) -> str:
    """What it says, to be read in a report."""
    words = re.sub(r"<[^>]*>", " ", (page or "").partition("<main")[2] or (page or ""))
    return " ".join(html.unescape(words).split())[:500]


def find_token(page: str) -> str:
    """The form's own; a page without one has no form."""
    found = TOKEN.search(page)
    return found.group(1) if found else ""


def find_cards(page: str) -> list[str]:
    """The codes of the indicators that can be answered here."""
    return CARD.findall(page)


def read_fields(page: str) -> dict[str, str]:
    """What the page's forms would send, by name, as they stand: of radios the one that is chosen."""
    fields = {}
    for tag in INPUT.findall(page):
        given = {name: html.unescape(value) for name, value in ATTRIBUTE.findall(tag)}
        is_choice = given.get("type") in {"radio", "checkbox"}
        if "name" in given and (not is_choice or CHECKED.search(tag)):
            fields[given["name"]] = given.get("value", "")
    for name, text in TEXT.findall(page):
        fields[name] = html.unescape(text)
    return fields


def read_card(fields: dict[str, str], code: str) -> dict[str, str]:
    """The fields of one card, as autosave.js sends them: a choice that was not made is empty."""
    names = ("score", "reason", "version", "commentary")
    return {f"{code}-{name}": fields.get(f"{code}-{name}", "") for name in names}


def find_reasons(page: str, code: str) -> list[str]:
    """Why the indicator may not apply, where it may be set aside."""
    tags = (tag for tag in INPUT.findall(page) if f'name="{code}-reason"' in tag)
    found = (dict(ATTRIBUTE.findall(tag)).get("value", "") for tag in tags)
    return [html.unescape(value) for value in found if value]


def find_version(fragment: str, code: str) -> int:
    """That a saved card is told."""
    found = re.search(rf'name="{re.escape(code)}-version" value="(\d+)"', fragment)
    return int(found.group(1)) if found else 0


def make_upload(token: str, field: str, name: str, content_type: str, content: bytes) -> tuple[str, bytes]:
    """A form with one file: its content type, and its body."""
    boundary = secrets.token_hex(16)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        f"Content-Type: {content_type}\r\n\r\n"
    )
    return f"multipart/form-data; boundary={boundary}", b"".join(
        (head.encode(), content, f"\r\n--{boundary}--\r\n".encode())
    )


def make_code(secret: str, now: float | None = None) -> str:
    """What an app shows for this secret: RFC 6238 with its defaults."""
    moment = int((time.time() if now is None else now) // 30)
    padded = secret.upper() + "=" * (-len(secret) % 8)
    digest = hmac.new(base64.b32decode(padded), struct.pack(">Q", moment), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
