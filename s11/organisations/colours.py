"""A partnership's colour: whether white text can be read on it (WCAG 2.2, 1.4.3). Pure."""

LEAST_CONTRAST = 4.5


def relative_luminance(colour: str) -> float:
    """Of a colour as #rrggbb; the formula and its constants are WCAG's."""
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_with_white(colour: str) -> float:
    """From 1 (white itself) to 21 (black)."""
    return 1.05 / (relative_luminance(colour) + 0.05)


def is_readable_under_white(colour: str) -> bool:
    return contrast_with_white(colour) >= LEAST_CONTRAST
