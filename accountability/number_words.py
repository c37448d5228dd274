"""How numbers, shares and fractions are written in English, as patterns: what poster_numbers.py looks for. Pure."""

from __future__ import annotations

import re
from typing import Final

SMALL: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
VALUES: Final = {
    **{word: value for value, word in enumerate(SMALL)},
    **{word: (place + 2) * 10 for place, word in enumerate(TENS)},
    "none": 0,
}
PARTS: Final = {
    word: value
    for value, word in enumerate(
        ("third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), start=3
    )
}
SIGNS: Final = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"

# Also ‘one-in-four’ and ‘twenty–one’.
GAP: Final = r"[\s‐-―-]+"
NUMBER_WORD: Final = (
    rf"(?:{'|'.join(TENS)})(?:{GAP}(?:{'|'.join(SMALL[1:10])}))?|(?:(?:a|one){GAP})?hundred"
    rf"|{'|'.join(sorted((*SMALL, 'none'), key=len, reverse=True))}"
)
NUMBER: Final = rf"(?:\d+(?:,\d{{3}})*|{NUMBER_WORD})"
PER_CENT: Final = r"(?:%|per\s*cent\b|pct\b)"
# Not in the middle of a word, a decimal or a date.
START: Final = r"(?<!\w)(?<!\d[.,/])"
WORD: Final = r"[^\W\d_]{1,30}"
# ‘the 14’, ‘all of our 14’; and one word more: ‘the remaining 14’.
POINTING: Final = rf"(?:(?:all|the|our|their|these|those|its|your|my|every|each|a|total){GAP}){{0,3}}"
NAMING: Final = rf"(?:(?!(?:{NUMBER_WORD})\b){WORD}{GAP})??"
# ‘homes’, ‘children’s homes’
NOUNS: Final = rf"(?:{GAP}(?!(?:of|in|out|per|among|amongst|{NUMBER_WORD})\b){WORD}(?:['’]\w{{0,2}})?){{0,2}}"
UNIT: Final = r"(?:minute|hour|day|week|month|term|year|decade|centur)"
TAIL: Final = rf"(?!\w)(?!\s*[/⁄∕]\s*\d)(?:\s*\((?P<percent>\d+)\s*{PER_CENT}\))?"


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# ‘10 of 11 (91%)’, and the same without its percentage; ‘3 homes of the 5’; ‘3/5’; ‘3 in 10’, but not ‘3 in 2027’.
SHARE: Final = _compile(
    rf"{START}(?:(?P<lead>all{GAP}but|all{GAP}except|every|not){GAP})?(?P<count>{NUMBER})"
    rf"(?:{NOUNS}(?:{GAP}|(?<=\d))(?:(?:out{GAP})?of(?:{GAP}|(?=\d)){POINTING}{NAMING}"
    rf"|(?:in|per|among|amongst|for{GAP}every)(?:{GAP}|(?=\d)){POINTING}(?!\d{{4}}|{NUMBER}{GAP}{UNIT}))"
    rf"|\s*(?P<slash>[/⁄∕])\s*)(?P<of>{NUMBER}){TAIL}"
)
# ‘half of the homes’, ‘half our homes’, ‘a third of the 12’, ‘two thirds’; not ‘half an hour’, ‘the second half of’.
FRACTION: Final = _compile(
    rf"{START}(?<!first\s)(?<!second\s)"
    rf"(?:(?:(?P<half>half)|(?P<sign>[{SIGNS}])|(?:(?P<one>an?|one|1){GAP}(?P<part>{'|'.join(PARTS)})))"
    rf"(?={GAP}of\b|{GAP}(?:the|our|their|these|those|its|your|all)\b)(?!{GAP}(?:of{GAP})?(?:an?|the){GAP}{UNIT})"
    rf"|(?P<many>\d{{1,2}}|{'|'.join(SMALL[2:10])}){GAP}(?P<parts>{'|'.join(PARTS)})s)"
    rf"(?:(?:{GAP}of)?{GAP}{POINTING}{NAMING}(?P<of>{NUMBER})(?!\w|%)|{GAP}of{GAP}{POINTING}{WORD}|{GAP}{POINTING}{WORD})?"
)
# ‘all nine’, ‘most of the nine’
QUANTITY: Final = _compile(
    rf"{START}(?:(?P<all>all)(?:{GAP}of)?"
    rf"|(?:most|some|many|few|several|any|each|majority|minority|rest){GAP}of)"
    rf"{GAP}{POINTING}(?P<of>{NUMBER})(?!\w|{GAP}{UNIT})"
)
PERCENTAGE: Final = _compile(rf"{START}(?P<number>\d+(?:[.,]\d+)?|{NUMBER_WORD})(?:{GAP})?{PER_CENT}")


def read_number(number: str) -> int:
    """‘1,003’, ‘fourteen’ or ‘twenty-one’."""
    if number[0].isdigit():
        return int(number.replace(",", "")[:9])
    words = re.split(GAP, number.lower())
    return 100 if "hundred" in words else sum(VALUES[word] for word in words)
