"""How wide words are, before anybody has drawn them: so that labels are wrapped and never run into each other.

Measured by DejaVu Sans, in which documents are set. It is wider than the fonts of screens, so what has room in it has
room in them.
"""

from __future__ import annotations

# In hundredths of the height of the letters, rounded up. What is not listed is as wide as the widest.
WIDTHS = {
    char: width
    for width, chars in {
        28: "'ijl",
        30: "IJ",
        32: " ,.‘’·",
        34: "/:;\\|",
        36: "f",
        37: "-",
        40: "()[]t",
        41: "!",
        42: "r",
        46: '"',
        50: "*_`–",
        52: "“”",
        53: "sz",
        54: "?",
        55: "c",
        56: "L",
        58: "Fk",
        60: "vxy",
        61: "P",
        62: "TYaeoé",
        64: "$0123456789ESbdghnpqu{}£",
        66: "K",
        69: "ABVXZ",
        70: "CR",
        74: "U",
        75: "N",
        76: "H",
        78: "&DG",
        79: "OQ",
        82: "w",
        84: "#+<=>^~",
        87: "M",
        96: "%",
        98: "m",
        99: "W",
    }.items()
    for char in chars
}
WIDEST = 100
BOLD = 1.18  # how much wider bold letters are
LINE = 1.25  # from line to line
ELLIPSIS = "…"


def measure(text: str, size: float, *, is_bold: bool = False) -> float:
    """How wide one line is, in units of the drawing."""
    width = sum(WIDTHS.get(char, WIDEST) for char in text) * size / 100
    return width * BOLD if is_bold else width


def wrap(text: str, room: float, size: float, *, most: int = 3, is_bold: bool = False) -> tuple[str, ...]:
    """The text in at most so many lines, broken between words; what is left over ends in an ellipsis."""
    lines = [""]
    for word in text.split():
        for piece in split_word(word, room, size, is_bold=is_bold):
            longer = f"{lines[-1]} {piece}".strip()
            if measure(longer, size, is_bold=is_bold) <= room:
                lines[-1] = longer
            else:
                lines.append(piece)
    lines = [line for line in lines if line] or [""]
    if len(lines) <= most:
        return tuple(lines)
    return (*lines[: most - 1], shorten(" ".join(lines[most - 1 :]), room, size, is_bold=is_bold))


def split_word(word: str, room: float, size: float, *, is_bold: bool = False) -> list[str]:
    """The word, in pieces where it alone is wider than a line."""
    # Nearly every word: a page of charts measured each letter of each of them anew, a tenth of its time.
    if measure(word, size, is_bold=is_bold) <= room:
        return [word]
    pieces = [""]
    for char in word:
        if pieces[-1] and measure(pieces[-1] + char, size, is_bold=is_bold) > room:
            pieces.append("")
        pieces[-1] += char
    return pieces


def shorten(text: str, room: float, size: float, *, is_bold: bool = False) -> str:
    """One line, cut where it has no more room."""
    if measure(text, size, is_bold=is_bold) <= room:
        return text
    while text and measure(text + ELLIPSIS, size, is_bold=is_bold) > room:
        text = text[:-1].rstrip()
    return text + ELLIPSIS
