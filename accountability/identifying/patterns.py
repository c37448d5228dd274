"""How numbers, addresses, days and ways to reach somebody are written. Pure.

Lengths are bounded where a text could be gone through again and again: a long one of one letter takes no longer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from surveys.disclosure.rules import FEWEST

Span = tuple[int, int]

# Ways to reach somebody -----------------------------------------------------------------------------------------------

EMAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s?\(at\)\s?|\s?\[at\]\s?)[\w-]{1,60}(?:\.[\w-]{1,60}){1,6}",
    re.IGNORECASE,
)
INTERNET: Final = re.compile(r"(?<!\w)@\w{2,}|\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)
# Letters of no postcode are left out, so that ‘A12 3RD’ of a road is one and ‘Year 10 3pm’ is none.
POSTCODE: Final = re.compile(
    r"\b(?:GIR\s?0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKS-UW]|[A-HK-Y][0-9][ABEHMNPRV-Y])"
    r"\s?[0-9][ABD-HJLNP-UW-Z]{2})\b",
    re.IGNORECASE | re.ASCII,
)
NAME: Final = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ’'\-]+"
# ‘12 Harbour Street’, ‘Flat 3’.
ADDRESS: Final = re.compile(
    rf"\b(?:\d{{1,4}}[A-Za-z]?,?\s+(?:{NAME}\s+){{1,3}}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Close|Drive|Court|"
    r"Crescent|Terrace|Way|Gardens|Grove|Place|Square|Row|Mews|Hill)\b|[Ff]lat\s+\d{1,4}[A-Za-z]?\b)"
)

# Numbers --------------------------------------------------------------------------------------------------------------

DIGITS: Final = re.compile(r"(?<![\w£.,/])\+?\(?\d[\d\s().\-]{3,30}\d(?![\w/])", re.ASCII)
FEWEST_DIGITS: Final = 5
# Whatever figure comes second, and one too few as well.
LIKE_A_PHONE: Final = re.compile(r"(?<!\d)(?:\+44\s?\(?0?\)?\s?|\(?0)\d(?:[\s()-]{0,2}\d){7,9}(?!\d)")
# As NHS numbers are grouped, whether or not the last figure checks the others: one may be mistyped.
TEN_FIGURES: Final = re.compile(r"(?<![\d/.-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d/])")
INSURANCE: Final = re.compile(r"\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b", re.IGNORECASE)
# ‘case number 4711’, ‘LCS ID: 88123’, ‘ref AB/1234’; not ‘case 3 of the audit’, for that is how auditors count.
# ‘NHS 111’ is whom people ring, and ‘NHS 10-year plan’ no number of anybody's.
REFERENCE: Final = re.compile(
    r"\b(?!nhs\s{1,3}\d{1,3}(?![\d\s/-]{0,12}\d))"
    r"(?:(?:case|file|client|person|patient|pupil|child|hospital|crime|incident|custody|nhs|lcs|mosaic|liquidlogic|"
    r"systmone|emis|rio|upn|urn|niche)\s{0,3}(?:number|num|no\.?|id|ref(?:erence)?\.?|#)|(?:our|your)?\s{0,3}ref(?:erence)?\.?"
    r"(?:\s{0,3}(?:number|no\.?))?|upn|nhs)\s{0,3}(?:is|was)?\s{0,3}[:#\-]?\s{0,3}(?=[A-Z/\-]*\d)[A-Z0-9][A-Z0-9/\-]{1,20}\b",
    re.IGNORECASE | re.ASCII,
)
# Three figures at least: a letter and one or two stand for forms, roads and years (‘KS2’, ‘M25’, ‘T3’).
CODED: Final = re.compile(
    r"(?<![\w/\-])(?=(?:[A-Z/\-]{0,12}\d){3})(?=[\d/\-]{0,12}[A-Z])[A-Z0-9]{1,20}(?:[/\-][A-Z0-9]{1,20}){0,4}(?![\w/\-])",
    re.ASCII,
)
RECORD: Final = re.compile(r"\b[A-Z]{1,3}[-/]?\d{4,}\b|(?<!\d)\d{5,}(?!\d)", re.IGNORECASE)


def find_phones(text: str) -> Iterator[Span]:
    return (found.span() for found in DIGITS.finditer(text) if _is_phone(found[0]))


def find_nhs_numbers(text: str) -> Iterator[Span]:
    return (found.span() for found in DIGITS.finditer(text) if is_nhs_number(_get_digits(found[0])))


def find_long_numbers(text: str) -> Iterator[Span]:
    """Long runs of figures, with the spaces and dashes that people put into them."""
    for found in DIGITS.finditer(text):
        words = found[0]
        is_long = len(_get_digits(words)) >= FEWEST_DIGITS
        if is_long and not DATE.fullmatch(words) and not _is_span_of_years(words):
            yield found.span()


def _get_digits(words: str) -> str:
    return re.sub(r"\D", "", words)


def _is_phone(words: str) -> bool:
    """Of the United Kingdom, with 0 or +44 before; ten figures or eleven."""
    digits = _get_digits(words)
    if words.startswith(("+44", "0044")):
        return 11 <= len(digits) <= 14
    return digits.startswith("0") and digits[1:2] in set("123578") and len(digits) in (10, 11)


def _is_span_of_years(words: str) -> bool:
    """‘2024-25’, ‘2024 2025’: a year of work."""
    return re.fullmatch(r"(?:19|20)\d\d\s?[\-–/ ]\s?(?:(?:19|20)\d\d|\d\d)", words) is not None


def is_nhs_number(digits: str) -> bool:
    """Ten figures, the last of which checks the others by modulus 11 (NHS Data Dictionary, NHS NUMBER)."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11 == int(digits[9])


# Days and ages --------------------------------------------------------------------------------------------------------

MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# With a year, two-figured too: a day of a month alone is most often a meeting’s.
A_DATE: Final = (
    r"(?:\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}\.?,?\s+\d{{4}}|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})"
)
DATE: Final = re.compile(rf"(?<![\d/.\-]){A_DATE}(?![\d/])", re.IGNORECASE | re.ASCII)
# Without a year too: whoever told of it knows which it was.
A_DAY: Final = r"(?:[0-2]?\d|3[01])(?:st|nd|rd|th)?"
ANY_DAY: Final = (
    rf"(?:\b{A_DAY}(?:\s+of)?\s+{MONTH}\b(?:,?\s+(?:19|20)\d\d)?|\b{MONTH}\s+{A_DAY}\b(?!\d)(?:,?\s+(?:19|20)\d\d)?"
    r"|\b[0-3]?\d[/.-][01]?\d[/.-](?:19|20)?\d\d\b|\b(?:19|20)\d\d-[01]\d-[0-3]\d\b)"
)
DAY: Final = re.compile(ANY_DAY, re.IGNORECASE)
WAS_BORN: Final = (
    r"\b(?:d\.?o\.?b\.?|date of birth|birthday|born)\s{0,3}(?:is|was|in|on)?\s{0,3}[:\-]?\s{0,3}"
)
BIRTHDAY: Final = rf"{A_DATE}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}\b"
# Only with a day: ‘our garden project was born in 2019’.
BORN_ON: Final = re.compile(rf"{WAS_BORN}(?:{BIRTHDAY})", re.IGNORECASE | re.ASCII)
# ‘born 2014’ too.
BORN: Final = re.compile(rf"{WAS_BORN}(?:{BIRTHDAY}|(?:{MONTH}\s+)?\d{{4}}\b)", re.IGNORECASE | re.ASCII)
BIRTH: Final = r"\b(?:born|birth|birthday|d\.?o\.?b)\b\.?"
BORN_NEAR: Final = re.compile(
    rf"{BIRTH}[^.!?\n]{{0,30}}?{ANY_DAY}|{ANY_DAY}[^.!?\n]{{0,20}}?{BIRTH}", re.IGNORECASE
)
TEENS: Final = r"(?:thir|four|fif|six|seven|eigh)teen"
AGE: Final = rf"(?:\d{{1,2}}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|{TEENS})"
AGED: Final = re.compile(
    rf"\b(?:aged?|age of)\s+{AGE}\b|\b{AGE}(?:\s+and\s+a\s+half)?[\s-]+years?[\s-]+olds?\b|\b\d{{1,2}}\s?y/?o\b",
    re.IGNORECASE,
)

# People and places ----------------------------------------------------------------------------------------------------

PEOPLE: Final = (
    r"(?:child|children|kids?|boys?|girls?|babies|baby|teenagers?|toddlers?|siblings?|brothers?|sisters?|twins|pupils?"
    r"|students?|young\s+people|young\s+person|parents?|mothers?|mums?|fathers?|dads?|carers?|families|family"
    r"|people|person|care\s+leavers?)"
)
# ‘One’ is how people speak of anybody; from so many on a number tells of a group.
SO_FEW: Final = "|".join(("two", "three", "four", *(str(number) for number in range(2, FEWEST))))
# No number of people: ‘Year 4 pupils’, ‘one in three children’, ‘after two weeks parents said’.
NO_COUNT_BEFORE: Final = r"(?<!year )(?<!years )(?<!in )"
TIME: Final = r"(?:weeks?|days?|months?|years?|times?|hours?|minutes?|sessions?)\b"
FEW: Final = re.compile(
    rf"{NO_COUNT_BEFORE}\b(?:{SO_FEW})\s+(?:of\s+(?:our|the|their|these|those)\s+)?(?!{TIME})(?:[a-z-]+\s+)?{PEOPLE}\b",
    re.IGNORECASE,
)
SCHOOLS: Final = r"School|Primary|Academy|Infants|Juniors?|College|Nursery|Pre-?school|High"
OTHER_PLACES: Final = r"Hospital|Surgery|Children’s Home|Youth Club"
PLACE: Final = re.compile(
    rf"\b(?:{NAME}|St\.)(?:\s+(?:{NAME}|St\.|the|of|and)){{0,4}}\s+(?:{SCHOOLS}|{OTHER_PLACES})\b"
)
# ‘Mrs Okafor’, ‘Dr A. Shah’, ‘DC Patel’.
TITLED: Final = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|PC|DC|DS|Sgt|Rev)\.?\s+(?:[A-Z]\.?\s+)?(?P<name>{NAME})"
)
# As families speak of somebody.
KIN: Final = re.compile(
    r"\b(?:Mrs?|Ms|Miss|Mx|Dr|Sir|Aunt(?:ie|y)?|Uncle|Nan|Nana|Gran|Grandma|Grandad|Baby|Mum|Dad)\.?\s+"
    rf"{NAME}\b"
)
# ‘Child J’, ‘Mother B’: they stand for one family, and a published review may say which.
PSEUDONYM: Final = re.compile(
    r"\b(?:[Cc]hild|[Bb]aby|[Bb]oy|[Gg]irl|[Ff]amily|[Mm]other|[Ff]ather|[Ss]ibling|[Yy]oung [Pp]erson|[Pp]erson|"
    r"[Pp]upil|[Pp]atient)\s+[A-Z](?:[A-Z]|\d)?\b(?![’'])"
)
INITIALS: Final = re.compile(r"\b[A-Z]\.\s?[A-Z]\.?(?![A-Za-z])")
# One alone; ‘I.’ is how a sentence may end.
LETTER: Final = re.compile(r"(?<![\w&.’'])(?!I\.(?!\s?[A-Z]\.))[A-Z]\.(?:\s?[A-Z]\.)*(?![\w’'])")
