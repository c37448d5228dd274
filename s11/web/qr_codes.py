"""QR codes of an address, drawn as part of a page: no file, no script, no other website."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe

# Read from a poster with a fold or a coffee ring on it: a seventh of it may be lost. More would make it finer.
RECOVERS = "m"


def make_qr_code(address: str) -> SafeString:
    """An SVG element of black on white, in its own quiet zone of four modules; how wide it is the style says."""
    code = segno.make(address, error=RECOVERS, micro=False)
    drawn: str = code.svg_inline(
        light="#fff", svgclass="app-qr", lineclass=None, title="QR code", omitsize=True
    )
    # Made of nothing but numbers: the address itself is not in it.
    return mark_safe(drawn)  # noqa: S308
