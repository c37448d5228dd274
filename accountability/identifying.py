"""What in a text may say whom it is about: names, dates of birth, numbers of cases, ways to reach somebody. Pure.

A text that is written without a name at its head is read by people who might recognise a child in it. What is certain
is refused; what is only possible is shown to its writer, who knows whether it is a name or a word. It finds slips of
the pen, and no more: a story can give a family away without one name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """As a sentence says it: ‘AB1 2CD’ looks like a postcode."""

    EMAIL = "an e-mail address"
    PHONE = "a phone number"
    NHS_NUMBER = "an NHS number"
    POSTCODE = "a postcode"
    ADDRESS = "an address"
    BIRTH = "a date of birth"
    CASE = "a case or reference number"
    NUMBER = "a number that stands for somebody"
    DATE = "a date by which somebody can be recognised"
    NAME = "a name"


@dataclass(frozen=True, slots=True)
class Found:
    """`words` as they stand in the text. Certain: refuse them. Otherwise ask."""

    kind: Kind
    words: str
    is_certain: bool


def find_identifying(text: str) -> tuple[Found, ...]:
    """In the order of the text, each once. What is part of something found already is not found again."""
    taken: list[tuple[int, int, Found]] = []
    for start, end, found in _look(text):
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in taken):
            taken.append((start, end, found))
    ordered = [found for _, _, found in sorted(taken, key=lambda one: one[0])]
    return tuple(dict.fromkeys(ordered))


Place = tuple[int, int, Found]


def _look(text: str) -> Iterator[Place]:
    """The certain first: of two that overlap the first holds."""
    yield from _match(text, EMAIL, Kind.EMAIL, is_certain=True)
    yield from _match(text, POSTCODE, Kind.POSTCODE, is_certain=True)
    yield from _match(text, BORN, Kind.BIRTH, is_certain=True)
    yield from _match(text, REFERENCE, Kind.CASE, is_certain=True)
    yield from _match(text, ADDRESS, Kind.ADDRESS, is_certain=True)
    yield from _match(text, CODED, Kind.CASE, is_certain=False)
    yield from _find_digits(text)
    yield from _match(text, DATE, Kind.DATE, is_certain=False)
    yield from _find_titled(text)
    yield from _match(text, PSEUDONYM, Kind.NAME, is_certain=False)
    yield from _match(text, INITIALS, Kind.NAME, is_certain=False)
    yield from _find_names(text)


def _match(text: str, pattern: re.Pattern[str], kind: Kind, *, is_certain: bool) -> Iterator[Place]:
    for found in pattern.finditer(text):
        yield found.start(), found.end(), Found(kind, found[0], is_certain)


# Numbers --------------------------------------------------------------------------------------------------------------

# Lengths are bounded throughout: a long text of one letter must take no longer than another.
EMAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s?\(at\)\s?|\s?\[at\]\s?)[\w-]{1,60}(?:\.[\w-]{1,60}){1,6}",
    re.IGNORECASE,
)
# Letters of no postcode are left out, so that ‘A12 3RD’ of a road is one and ‘Year 10 3pm’ is none.
POSTCODE: Final = re.compile(
    r"\b(?:GIR\s?0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKS-UW]|[A-HK-Y][0-9][ABEHMNPRV-Y])"
    r"\s?[0-9][ABD-HJLNP-UW-Z]{2})\b",
    re.IGNORECASE | re.ASCII,
)
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
# ‘born 2014’ too.
BORN: Final = re.compile(
    rf"\b(?:d\.?o\.?b\.?|date of birth|birthday|born)\s{{0,3}}(?:is|was|in|on)?\s{{0,3}}[:\-]?\s{{0,3}}"
    rf"(?:{A_DATE}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}\b|(?:{MONTH}\s+)?\d{{4}}\b)",
    re.IGNORECASE | re.ASCII,
)
# ‘case number 4711’, ‘LCS ID: 88123’, ‘ref AB/1234’; not ‘case 3 of the audit’, for that is how auditors count.
REFERENCE: Final = re.compile(
    r"\b(?:(?:case|file|client|person|patient|pupil|child|hospital|crime|incident|custody|nhs|lcs|mosaic|liquidlogic|"
    r"systmone|emis|rio|upn|urn|niche)\s{0,3}(?:number|num|no\.?|id|ref(?:erence)?\.?|#)|(?:our|your)?\s{0,3}ref(?:erence)?\.?"
    r"(?:\s{0,3}(?:number|no\.?))?|upn|nhs)\s{0,3}(?:is|was)?\s{0,3}[:#\-]?\s{0,3}(?=[A-Z/\-]*\d)[A-Z0-9][A-Z0-9/\-]{1,20}\b",
    re.IGNORECASE | re.ASCII,
)
# ‘12 Harbour Street’, ‘Flat 3’.
ADDRESS: Final = re.compile(
    r"\b(?:\d{1,4}[a-z]?,?\s+(?:[A-Z][a-z’'\-]+\s+){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Close|Drive|Court|"
    r"Crescent|Terrace|Way|Gardens|Grove|Place|Square|Row|Mews|Hill)\b|[Ff]lat\s+\d{1,4}[A-Za-z]?\b)"
)
DIGITS: Final = re.compile(r"(?<![\w£.,/])\+?\(?\d[\d\s().\-]{3,30}\d(?![\w/])", re.ASCII)
# Three figures at least: a letter and one or two stand for forms, roads and years (‘KS2’, ‘M25’, ‘T3’).
CODED: Final = re.compile(
    r"(?<![\w/\-])(?=(?:[A-Z/\-]{0,12}\d){3})(?=[\d/\-]{0,12}[A-Z])[A-Z0-9]{1,20}(?:[/\-][A-Z0-9]{1,20}){0,4}(?![\w/\-])",
    re.ASCII,
)
FEWEST_DIGITS: Final = 5


def _find_digits(text: str) -> Iterator[Place]:
    """Long runs of figures, with the spaces and dashes that people put into them."""
    for found in DIGITS.finditer(text):
        words = found[0]
        digits = re.sub(r"\D", "", words)
        if _is_phone(words, digits):
            yield found.start(), found.end(), Found(Kind.PHONE, words, is_certain=True)
        elif is_nhs_number(digits):
            yield found.start(), found.end(), Found(Kind.NHS_NUMBER, words, is_certain=True)
        elif not DATE.fullmatch(words) and len(digits) >= FEWEST_DIGITS and not _is_span_of_years(words):
            yield found.start(), found.end(), Found(Kind.NUMBER, words, is_certain=False)


def _is_phone(words: str, digits: str) -> bool:
    """Of the United Kingdom, with 0 or +44 before; ten figures or eleven."""
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


# Names ----------------------------------------------------------------------------------------------------------------

# ‘Mrs Okafor’, ‘Dr A. Shah’.
TITLED: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|PC|DC|DS|Sgt|Rev)\.?\s+(?:[A-Z]\.?\s+)?(?P<name>[A-Z][a-zà-ÿ’'\-]+)"
)
# ‘Child J’, ‘Mother B’: they stand for one family, and a published review may say which.
PSEUDONYM: Final = re.compile(
    r"\b(?:[Cc]hild|[Bb]aby|[Ff]amily|[Mm]other|[Ff]ather|[Ss]ibling|[Yy]oung [Pp]erson|[Pp]upil|[Pp]atient)\s+"
    r"[A-Z](?:[A-Z]|\d)?\b(?![’'])"
)
INITIALS: Final = re.compile(r"\b[A-Z]\.\s?[A-Z]\.?(?![A-Za-z])")
WORD: Final = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# What ends before a word that would be written with a capital letter whatever it means.
SENTENCE_ENDS: Final = '.!?:;•-–—*"“‘('

# Capital letters that name nobody. In lower case; each word by itself.
_NO_NAMES: Final = """
    i i'm i've i'd i'll monday tuesday wednesday thursday friday saturday sunday january february march april
    may june july august september october november december christmas easter ramadan eid diwali spring summer
    autumn winter english british european welsh scottish irish polish romanian urdu arabic punjabi bengali
    somali kurdish ukrainian afghan france french german spanish makaton england britain uk wales london europe
    act acts adult adults agencies agency assessment audit audits board boards bruise bruising care carer case
    cases chair child children children’s children's clinical college committee conference contextual continuum
    contract core council councils county court crown custody department designated director district early
    education elective emergency escalation executive exploitation family families father forum general
    government graded guidance head health help hospital hospitals hub hubs improvement independent integrated
    intervention iro justice keeping lead learning level local looked mental midwife midwifery mother multi
    multi-agency national needs neglect nhs nurse nursery nursing officer officers ofsted operation outcomes
    panel parent parental partnership partnerships paediatrics plan planning plans police policies policy
    practice pre-birth primary principal probation procedure procedures professional professionals programme
    protection protocol public pupil quality reception record referral referrals review reviewing reviews rota
    safe safeguarding safety school schools secondary secretary section sendco senco senior service services
    sexual signs social standards state statutory step strategic strategy supervision supervisor support teacher
    team teams threshold thresholds together toolkit trust unit universal victim voice working worker workers
    year young youth zoom teams outlook word excel internet graded care profile dash marac mappa mash cafcass
    camhs lado dsl dbs gp gps sen send ehcp cin cp lac
"""
NO_NAMES: Final = frozenset(_NO_NAMES.split())
# Common first names in England and Wales (Office for National Statistics, lists of several decades), without those that
# are words too: a sentence may begin with Grace, Will or Mark.
_FIRST_NAMES: Final = """
    aaliyah aaron abdul abdullah abigail adam adrian ahmed aisha alan albert alex alexander alexandra alfie
    alice alison amanda amelia amina amir amy andrea andrew angela anna anne annie anthony archie arthur ava
    barbara beatrice becky ben benjamin beth bethany bradley brandon brian callum cameron carl caroline
    catherine charles charlie charlotte chelsea chloe chris christine christopher claire clare clara connor
    craig daniel danielle darren dave david deborah debbie declan demi denise dennis diane dominic donna doris
    dylan ebony eden edward eileen elaine eleanor elena elizabeth ella ellen ellie elsie emily emma eric erin
    ethan eva evan evelyn evie fatima fiona florence francesca freddie frederick freya gareth gary gavin gemma
    geoff george georgia georgina gillian graham greg hannah harriet harry harvey hassan heather helen henry
    hollie hussain ian ibrahim imogen isaac isabel isabella isabelle isla jack jackie jacob jacqueline jake
    james jamie jan jane janet janice jasmine jason jayden jean jeff jennifer jenny jessica jill joan joanna
    joanne joe joel john jonathan jordan joseph josh joshua joyce judith julia julian julie kai karen kate
    katherine kathleen kathryn katie kayleigh keith kelly kenneth kevin kieran kim kirsty kyle laura lauren leah
    leanne lee leo leon lesley lewis liam lily linda lisa logan lola louis louise luca lucas lucy luke lynn
    madison maisie malcolm margaret maria marie marion martin mary maryam mason matilda matthew maureen max
    megan melanie melissa mia michael michelle miles millie mohamed mohammad mohammed molly muhammad nadia naomi
    natalie natasha nathan neil niall nicholas nicola nigel noah norman oliver olivia omar oscar owen pamela
    patricia patrick paul paula pauline peter phil philip phoebe phyllis poppy priya rachel rebecca reece rhys
    richard riley robert robin roger ronald rory rosie roy russell ruth ryan sally sam samantha samuel sandra
    sarah scarlett scott sean sebastian shannon sharon shaun sheila shirley simon sofia sophia sophie stacey
    stanley stephanie stephen steven stuart susan suzanne sylvia tara teddy teresa terry thea theo theodore
    theresa thomas tia tina toby tom tommy tony tracey tracy tyler valerie vanessa veronica victor victoria
    vincent wayne wendy william yasmin yusuf yvonne zachary zainab zara zoe
"""
FIRST_NAMES: Final = frozenset(_FIRST_NAMES.split())
# Written small they are words: only with a capital letter they are asked about.
_WORDS_TOO: Final = """
    jack jan jean joe kelly kim lee max miles mason robin rosie sally scott tara tom tia eden
"""
WORDS_TOO: Final = frozenset(_WORDS_TOO.split())


def _find_titled(text: str) -> Iterator[Place]:
    for found in TITLED.finditer(text):
        if not _is_known(found["name"]):
            yield found.start(), found.end(), Found(Kind.NAME, _without_owner(found[0]), is_certain=True)


def _find_names(text: str) -> Iterator[Place]:
    """Words with a capital letter where none is due, and first names wherever they stand; neighbours as one."""
    words = list(WORD.finditer(text))
    at = 0
    while at < len(words):
        if not _may_be_name(text, words[at]):
            at += 1
            continue
        last = at
        while last + 1 < len(words) and _goes_on(text, words[last], words[last + 1]):
            last += 1
        start, end = words[at].start(), words[last].end()
        yield start, end, Found(Kind.NAME, _without_owner(text[start:end]), is_certain=False)
        at = last + 1


def _goes_on(text: str, word: re.Match[str], after: re.Match[str]) -> bool:
    between = text[word.end() : after.start()]
    return between in (" ", "\u00a0") and _is_capitalised(after[0]) and not _is_known(after[0])


def _may_be_name(text: str, word: re.Match[str]) -> bool:
    plain = _without_owner(word[0]).lower()
    if plain in FIRST_NAMES:
        return word[0][0].isupper() or plain not in WORDS_TOO
    if not _is_capitalised(word[0]) or _is_known(word[0]):
        return False
    return not _begins_sentence(text, word.start())


def _begins_sentence(text: str, place: int) -> bool:
    """Also a line, and an item of a list: ‘2) Staff’. From behind: a search would go through all before each time."""
    at = place
    while at and text[at - 1].isspace():
        at -= 1
    if not at or "\n" in text[at:place]:
        return True
    return text[at - 1] in SENTENCE_ENDS or (text[at - 1] == ")" and text[at - 2 : at - 1].isdecimal())


def _is_capitalised(word: str) -> bool:
    """‘Okafor’, ‘O’Neill’; what is written in capital letters throughout is an abbreviation."""
    return word[0].isupper() and any(letter.islower() for letter in _without_owner(word)[1:])


def _is_known(word: str) -> bool:
    """Also each half of a word with a dash, and the word without its plural or genitive."""
    plain = word.lower().replace("’", "'")
    if plain in NO_NAMES:
        return True
    halves = _without_owner(plain).split("-")
    return all(half in NO_NAMES or half.removesuffix("s") in NO_NAMES for half in halves)


def _without_owner(words: str) -> str:
    """‘Tom’s’ is Tom."""
    return re.sub(r"[’'][sS]?\Z", "", words)
