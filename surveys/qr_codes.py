"""QR codes of an address, drawn as part of a page: no file, no script, no other website."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe

# Read from a poster with a fold or a coffee ring on it: a quarter of it may be lost.
RECOVERS = "q"
SCALE = 7  # pixels a module; the style makes it narrower where the screen is


def make_qr_code(address: str) -> SafeString:
    """An SVG element of black on white, in its own quiet zone of four modules."""
    code = segno.make(address, error=RECOVERS, micro=False)
    drawn: str = code.svg_inline(
        scale=SCALE, light="#fff", svgclass="app-qr", lineclass=None, title="QR code"
    )
    # Made of nothing but numbers: the address itself is not in it.
    return mark_safe(drawn)  # noqa: S308
