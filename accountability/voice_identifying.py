"""What in a text could say who a child, a family or a worker is. Pure: a text in, what to take out of it.

Nothing finds every name: this finds what looks like one. What is certain to be somebody's (an address, a number, a day
of birth) is refused; of the rest a person can say that nobody can be recognised by it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from surveys.disclosure.rules import FEWEST

MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
DAY: Final = r"(?:[0-2]?\d|3[01])(?:st|nd|rd|th)?"
DATE: Final = (
    rf"(?:\b{DAY}(?:\s+of)?\s+{MONTH}\b(?:,?\s+(?:19|20)\d\d)?|\b{MONTH}\s+{DAY}\b(?!\d)(?:,?\s+(?:19|20)\d\d)?"
    r"|\b[0-3]?\d[/.-][01]?\d[/.-](?:19|20)?\d\d\b|\b(?:19|20)\d\d-[01]\d-[0-3]\d\b)"
)
BIRTH: Final = r"\b(?:born|birth|birthday|d\.?o\.?b)\b\.?"
PEOPLE: Final = (
    r"(?:child|children|kids?|boys?|girls?|babies|baby|teenagers?|toddlers?|siblings?|brothers?|sisters?|twins|pupils?"
    r"|students?|young\s+people|young\s+person|parents?|mothers?|mums?|fathers?|dads?|carers?|families|family"
    r"|people|person|care\s+leavers?)"
)
# ‘One’ is how people speak of anybody; from so many on a number tells of a group.
FEW: Final = "|".join(("two", "three", "four", *(str(number) for number in range(2, FEWEST))))
STREET: Final = r"(?:Street|St|Road|Rd|Lane|Avenue|Ave|Close|Drive|Court|Crescent|Gardens|Terrace|Way|Place)"
SCHOOLS: Final = r"School|Primary|Academy|Infants|Juniors?|College|Nursery|Pre-?school|High"
OTHER_PLACES: Final = r"Hospital|Surgery|Children’s Home|Youth Club"
TEENS: Final = r"(?:thir|four|fif|six|seven|eigh)teen"
AGE: Final = rf"(?:\d{{1,2}}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|{TEENS})"
NAME: Final = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ’'-]+"
# No number of people: ‘Year 4 pupils’, ‘one in three children’, ‘after two weeks parents said’.
NO_COUNT_BEFORE: Final = r"(?<!year )(?<!years )(?<!in )"
TIME: Final = r"(?:weeks?|days?|months?|years?|times?|hours?|minutes?|sessions?)\b"


@dataclass(frozen=True, slots=True)
class Finding:
    """`words` as they stand in the text; `advice` says what to do about them. A certain one is refused."""

    words: str
    advice: str
    is_certain: bool = False

    @property
    def sentence(self) -> str:
        return f"‘{self.words}’ {self.advice}"


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked for, and what is said of it."""

    pattern: re.Pattern[str]
    advice: str
    is_certain: bool = False


def _make(pattern: str, advice: str, *, is_certain: bool = False, any_case: bool = True) -> Look:
    return Look(re.compile(pattern, re.IGNORECASE if any_case else 0), advice, is_certain)


# In the order in which they are looked for; what one has found the next ones pass over.
LOOKS: Final = (
    _make(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "is an e-mail address. Take it out.", is_certain=True),
    _make(
        r"(?<!\w)@\w{2,}|\bhttps?://\S+|\bwww\.\S+",
        "is an address on the internet. Take it out.",
        is_certain=True,
    ),
    _make(
        rf"{BIRTH}[^.!?\n]{{0,30}}?{DATE}|{DATE}[^.!?\n]{{0,20}}?{BIRTH}",
        "is a day of birth. Take it out.",
        is_certain=True,
    ),
    _make(
        r"(?<![\d/.-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d/])",
        "looks like an NHS or telephone number. Take it out.",
        is_certain=True,
    ),
    _make(
        r"(?<!\d)(?:\+44\s?\(?0?\)?\s?|\(?0)\d(?:[\s()-]{0,2}\d){7,9}(?!\d)",
        "looks like a telephone number. Take it out.",
        is_certain=True,
    ),
    _make(
        r"\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b",
        "looks like a National Insurance number. Take it out.",
        is_certain=True,
    ),
    _make(
        r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b",
        "looks like a postcode. Take it out.",
        is_certain=True,
    ),
    _make(
        rf"\b\d{{1,4}}[A-Za-z]?,?\s+(?:{NAME}\s+){{1,3}}{STREET}\b",
        "looks like somebody’s address. Take it out.",
        is_certain=True,
        any_case=False,
    ),
    _make(
        rf"{NO_COUNT_BEFORE}\b(?:{FEW})\s+(?:of\s+(?:our|the|their|these|those)\s+)?(?!{TIME})(?:[a-z-]+\s+)?{PEOPLE}\b",
        "counts fewer than five people, who may be recognised. Leave the number out: say ‘some’.",
        is_certain=True,
    ),
    _make(DATE, "is a day on which something happened. Say the month, or the time of year."),
    _make(
        rf"\b(?:aged?|age of)\s+{AGE}\b|\b{AGE}(?:\s+and\s+a\s+half)?[\s-]+years?[\s-]+olds?\b|\b\d{{1,2}}\s?y/?o\b",
        "is somebody’s age. Say ‘of primary-school age’, or leave it out.",
    ),
    _make(
        r"\b[A-Z]{1,3}[-/]?\d{4,}\b|(?<!\d)\d{5,}(?!\d)",
        "looks like the number of a case, a pupil or a record. Take it out.",
    ),
    _make(
        rf"\b(?:{NAME}|St\.)(?:\s+(?:{NAME}|St\.|the|of|and)){{0,4}}\s+(?:{SCHOOLS}|{OTHER_PLACES})\b",
        "names a school or another place. Say ‘their school’.",
        any_case=False,
    ),
    _make(
        rf"\b(?:Mrs?|Ms|Miss|Mx|Dr|Sir|Aunt(?:ie|y)?|Uncle|Nan|Nana|Gran|Grandma|Grandad|Baby|Mum|Dad)\.?\s+{NAME}\b",
        "names somebody. Say who they are to the child, not their name.",
        any_case=False,
    ),
    _make(
        r"(?<![\w&.’'])(?!I\.(?!\s?[A-Z]\.))[A-Z]\.(?:\s?[A-Z]\.)*(?![\w’'])"
        r"|\b(?:[Cc]hild|[Pp]upil|[Bb]oy|[Gg]irl|[Pp]erson) [A-Z]\b",
        "looks like somebody’s initials. Take them out.",
        any_case=False,
    ),
)
WORD: Final = re.compile(r"[^\W\d_][\w’'-]*")
# Before the first word of a sentence, quotation marks and brackets passed over.
ENDINGS: Final = ".!?:;…\n–—-•*"
MARKS: Final = " \t\"“”‘’()'"
ALWAYS_CAPITAL: Final = frozenset(
    re.findall(
        r"\w+",
        """i january february march april may june july august september october november december monday tuesday
        wednesday thursday friday saturday sunday christmas easter eid ramadan diwali english british england ofsted
        covid zoom teams whatsapp instagram snapchat tiktok facebook youtube""",
    )
)
LOOKS_LIKE_A_NAME: Final = (
    "looks like a name. Take it out, or say who it is in general: ‘her brother’, ‘a teacher’."
)


def find_identifying(text: str, known: Collection[str] = frozenset()) -> list[Finding]:
    """In the order of the text, each once. `known` are words in small letters that are nobody's name here."""
    found: dict[tuple[int, int], Finding] = {}
    for look in LOOKS:
        for match in look.pattern.finditer(text):
            if not any(match.start() < end and begin < match.end() for begin, end in found):
                words = " ".join(match[0].split())
                found[match.span()] = Finding(words, look.advice, look.is_certain)
    for begin, end in list_names(text, known):
        if not any(begin < other_end and other_begin < end for other_begin, other_end in found):
            found[begin, end] = Finding(" ".join(text[begin:end].split()), LOOKS_LIKE_A_NAME)
    return list(dict.fromkeys(found[span] for span in sorted(found)))


def list_names(text: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where words with a capital stand that nobody knows: two in a row anywhere, one alone inside a sentence."""
    run: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        if not run or not _has_capital(word[0]) or text[run[-1].end() : word.start()].strip(" "):
            yield from _judge(text, run, known)
            run = []
        if _has_capital(word[0]):
            run.append(word)
    yield from _judge(text, run, known)


def _has_capital(word: str) -> bool:
    """As a name has: ‘Jamie’, ‘O’Brien’. What is written in capitals alone is an abbreviation."""
    return word[0].isupper() and any(letter.islower() for letter in word)


def _judge(text: str, run: list[re.Match[str]], known: Collection[str]) -> Iterator[tuple[int, int]]:
    """The words of a run that may be a name: from the first that nobody knows to the last."""
    strange = [word for word in run if not _is_known(word[0], known)]
    # The first word of a sentence has its capital anyway.
    is_first_alone = len(strange) == 1 and strange == run[:1]
    if strange and not (is_first_alone and _begins(text, run[0].start())):
        yield strange[0].start(), strange[-1].end()


def _begins(text: str, place: int) -> bool:
    before = text[:place].rstrip(MARKS)
    return not before or before[-1] in ENDINGS or text[place - 1] in '“‘("'


def _is_known(word: str, known: Collection[str]) -> bool:
    plain = re.split("[’']", word.casefold())[0]
    return plain in ALWAYS_CAPITAL or all(part in known for part in plain.split("-"))


def list_refused(findings: Collection[Finding]) -> list[Finding]:
    return [one for one in findings if one.is_certain]


def list_doubtful(findings: Collection[Finding]) -> list[Finding]:
    """Those of which a person can say that nobody can be recognised."""
    return [one for one in findings if not one.is_certain]
