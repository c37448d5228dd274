"""A quotation in Markdown, found again in a text, and taken out of it. Pure: texts in, texts out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# A quotation keeps its words; a text may break its lines elsewhere, and straighten or curl its marks.
ALIKE: Final = ("'‘’", '"“”', "-–—")
# One way alone to read each mark: with two, a row of them would be tried in every way there is.
GAP: Final = r"(?:\s|\\?>)+"
# So short a one stands in many a sentence by chance: it is looked for where it stands by itself, as what was taken over
# does: in a quotation, between quotation marks, or as a line behind who said it.
SHORT: Final = 20
OPENING: Final = frozenset("'‘\"“")
AFTER: Final = re.compile(r"[.!?…]?(?:(?P<mark>['’\"”])|[ \t]*(?:\n|\Z))")
LEAD: Final = re.compile(r"\*\*[^*\n]+:\*\*")
LONGEST_LEAD: Final = 100
TAKEN_OUT: Final = "[words taken out: they may not be used any more]"
MARKS: Final = re.compile(r"([\\`*_{}\[\]#>])")
BEGINS_LIST: Final = re.compile(r"^(\d*)([.)])(?=\s)|^([+-])")


def quote(words: str, whose: str) -> str:
    """As a block: each line after its ‘>’, and below it whose words they are."""
    lines = [escape(line.strip()) for line in words.strip().splitlines()]
    return "\n".join([*(f"> {line}".rstrip() for line in lines), ">", f"> — {whose[:1].upper()}{whose[1:]}"])


def escape(line: str) -> str:
    """So that nothing that somebody said becomes a heading, a list, a link or a number token."""
    safe = MARKS.sub(r"\\\1", line).replace("<", "&lt;")
    return BEGINS_LIST.sub(lambda found: f"{found[1] or ''}\\{found[2] or found[3]}", safe)


def is_quoted(text: str, words: str) -> bool:
    return any(True for _ in _find(text, words))


def take_out(text: str, words: str) -> str:
    """Without the block that quotes them; where they stand inside a sentence, with a note in their place."""
    # From the end, so that what is still to go stays where it was found.
    for begin, end, is_block in reversed(list(_find(text, words))):
        if is_block:
            text = f"{text[:begin].rstrip()}\n\n{text[end:].lstrip()}".strip()
        else:
            text = text[:begin] + TAKEN_OUT + text[end:]
    return text


def _find(text: str, words: str) -> Iterator[tuple[int, int, bool]]:
    """Where the words stand: their block from line to line, or they alone; each block once."""
    if not _split(words):
        return
    blocks = list(_list_blocks(text))
    past = 0
    for found in _make_search(words).finditer(text):
        block = next(((begin, end) for begin, end in blocks if begin <= found.start() < end), None)
        if found.start() < past:
            continue
        if block is not None:
            past = block[1]
            yield *block, True
        elif not is_short(words) or _stands_alone(text, *found.span()):
            yield *found.span(), False


def is_short(words: str) -> bool:
    """Then it stays where it is part of a sentence: whoever takes it back has to be told."""
    return 0 < len(words.strip()) < SHORT


def _stands_alone(text: str, begin: int, end: int) -> bool:
    after = AFTER.match(text, end)
    if after is None:
        return False
    if after["mark"]:
        return begin > 0 and text[begin - 1] in OPENING
    # No further back than a lead is long: the same words may stand in one long line a thousand times.
    reach = max(begin - LONGEST_LEAD, 0)
    line = text.rfind("\n", reach, begin) + 1
    if reach and not line:
        return False
    before = text[line:begin].strip()
    return not before or LEAD.fullmatch(before) is not None


def _list_blocks(text: str) -> Iterator[tuple[int, int]]:
    """Lines in a row that begin with ‘>’."""
    at = begin = 0
    is_open = False
    for line in text.splitlines(keepends=True):
        is_quote = line.lstrip().startswith(">")
        if is_quote and not is_open:
            begin = at
        elif is_open and not is_quote:
            yield begin, at
        is_open, at = is_quote, at + len(line)
    if is_open:
        yield begin, at


def _split(words: str) -> list[str]:
    """Without marks that stand alone: in a block each line has one."""
    return [word for word in words.split() if word.strip(">")]


def _make_search(words: str) -> re.Pattern[str]:
    """Markdown may have a backslash before a letter, and marks of one kind stand for each other."""
    alike = {letter: f"[{re.escape(letters)}]" for letters in ALIKE for letter in letters}
    alike["<"] = "(?:<|&lt;)"
    spelled = ("".join(rf"\\?{alike.get(one, re.escape(one))}" for one in word) for word in _split(words))
    return re.compile(rf"(?<!\w){GAP.join(spelled)}(?!\w)", re.IGNORECASE)
