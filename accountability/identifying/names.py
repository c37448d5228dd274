"""Words that may be names: with a capital letter where none is due, and first names wherever they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Final

from accountability.identifying.patterns import TITLED, Span

IsKnown = Callable[[str], bool]
WORD: Final = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# What ends before a word that would be written with a capital letter whatever it means, and what may stand between.
SENTENCE_ENDS: Final = ".!?:;…•–—-*"
MARKS: Final = "\"“”‘’()'"
OPENING: Final = '"“‘('

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
# In whatever is said, also where a partnership's own words are known.
_ALWAYS_CAPITAL: Final = """
    i january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday christmas easter eid ramadan diwali english british england ofsted covid zoom
    teams whatsapp instagram snapchat tiktok facebook youtube
"""
ALWAYS_CAPITAL: Final = frozenset(_ALWAYS_CAPITAL.split())


def find_titled(text: str) -> Iterator[Span]:
    for found in TITLED.finditer(text):
        if not is_common(found["name"]):
            yield found.start(), found.start() + len(_without_owner(found[0]))


def find_names(
    text: str, is_known: IsKnown, *, is_all_known: bool, taken: Collection[Span] = ()
) -> Iterator[Span]:
    """Of words in a row those from the first that may be a name to the last; what is `taken` already parts a row.

    `is_all_known`: of each word that is nobody's name it is known, so one at the beginning of a sentence is a name too
    where another follows.
    """
    for run in _list_runs(text, taken):
        strange = [word for word in run if _is_first_name(word[0]) or not is_known(word[0])]
        may_be_word = strange[:1] == run[:1] and not _is_first_name(run[0][0])
        if may_be_word and not (is_all_known and len(strange) > 1) and _begins_sentence(text, run[0].start()):
            del strange[0]
        if strange:
            start = strange[0].start()
            yield start, start + len(_without_owner(text[start : strange[-1].end()]))


def _list_runs(text: str, taken: Collection[Span]) -> Iterator[list[re.Match[str]]]:
    """Words that are written as names are, with nothing but blanks between."""
    run: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        looks_like_one = (_is_capitalised(word[0]) or _is_first_name(word[0])) and not any(
            word.start() < end and start < word.end() for start, end in taken
        )
        if run and (not looks_like_one or text[run[-1].end() : word.start()].strip(" \u00a0")):
            yield run
            run = []
        if looks_like_one:
            run.append(word)
    if run:
        yield run


def _begins_sentence(text: str, place: int) -> bool:
    """Also a line, and an item of a list: ‘2) Staff’. From behind: a search would go through all before each time."""
    if place and text[place - 1] in OPENING:
        return True
    at = place
    while at and (text[at - 1].isspace() or text[at - 1] in MARKS):
        if text[at - 1] == "\n" or (text[at - 1] == ")" and text[at - 2 : at - 1].isdecimal()):
            return True
        at -= 1
    return not at or text[at - 1] in SENTENCE_ENDS


def _is_capitalised(word: str) -> bool:
    """‘Okafor’, ‘O’Neill’; what is written in capital letters throughout is an abbreviation."""
    return word[0].isupper() and any(letter.islower() for letter in _without_owner(word)[1:])


def _is_first_name(word: str) -> bool:
    plain = _without_owner(word).lower()
    return plain in FIRST_NAMES and (word[0].isupper() or plain not in WORDS_TOO)


def is_common(word: str) -> bool:
    """A word of the work; also each half of one with a dash, and without its plural or genitive."""
    plain = word.lower().replace("’", "'")
    if plain in NO_NAMES:
        return True
    halves = _without_owner(plain).split("-")
    return all(half in NO_NAMES or half.removesuffix("s") in NO_NAMES for half in halves)


def make_is_known(known: Collection[str]) -> IsKnown:
    """By the words that somebody gives."""

    def is_known(word: str) -> bool:
        plain = re.split("[’']", word.casefold())[0]
        return plain in ALWAYS_CAPITAL or all(part in known for part in plain.split("-"))

    return is_known


def _without_owner(words: str) -> str:
    """‘Tom’s’ is Tom."""
    return re.sub(r"[’'][sS]?\Z", "", words)
