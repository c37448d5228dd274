"""What is weak in an action before it is saved: no end, no measure, or a task where an outcome should be.

Pure: texts and dates in, plain sentences out. Advice, never a refusal: whoever wrote the action may know better. So a
rule speaks only where it is nearly always right; tests hold it against good actions as well as poor ones.
"""

import re
from datetime import date, timedelta
from typing import Final

Advice = dict[str, list[str]]


def _words(text: str) -> str:
    return "|".join(re.escape(word) for word in text.split())


# An action that says how far it goes has a number, or speaks of everybody.
NUMBERS: Final = "one two three four five six seven eight nine ten half twice once weekly monthly termly"
EXTENT: Final = re.compile(
    rf"\d|\b(?:{_words(NUMBERS)}|all|every|each|no|none|nobody|any|always|never|within)\b", re.IGNORECASE
)
# What follows says what it is for.
PURPOSE: Final = re.compile(
    r"\bso (?:that )?(?:\w+ )?"
    r"(?:children|young people|pupils|families|parents|carers|staff|every|all|each|no|we|they|the)\b"
    r"|\b(?:so that|in order that|which means|with the result|until (?:all|every|each|no))\b",
    re.IGNORECASE,
)
# Words without an end: alone, or at the end of a clause. ‘A child on an ongoing plan’ is no fault.
ENDLESS: Final = re.compile(
    r"\b(?P<words>on-?going|continuous(?:ly)?|as (?:and when )?(?:needed|required|necessary|appropriate)|as and when"
    r"|(?P<condition>if|when|where|wherever|whenever) (?:needed|required|necessary|possible|appropriate)"
    r"|in due course|asap|as soon as possible"
    r"|tbc|tba|to be (?:confirmed|agreed|decided)|business as usual)\b(?=\W*(?:$|[.;,:)\n–—-]))",
    re.IGNORECASE,
)
DIRECTIONS: Final = (
    "improve increase strengthen enhance embed promote raise reduce develop ensure maintain continue support encourage "
    "consider explore work build better further progress address tackle focus prioritise"
)
DIRECTION: Final = re.compile(
    rf"^(?:to |we will |continue to |we need to )?(?P<word>{_words(DIRECTIONS)})\b", re.IGNORECASE
)

TASKS: Final = (
    "attend write draft discuss meet deliver hold arrange organise book circulate distribute send email update create "
    "produce purchase buy undertake conduct schedule contact liaise investigate remind publish print refresh revise "
    "rewrite invite devise design compile prepare"
)
# Also nouns or adjectives: ‘Audit findings reach every team’ is an outcome.
TWO_FACED: Final = "review audit complete share check research monitor train report request"
PHRASES: Final = "carry out|set up|look (?:at|into)|put together|go on|sign up"
TASK: Final = rf"(?P<task>{_words(TASKS)}|{_words(TWO_FACED)}|{PHRASES})"
# ‘We will write …’, ‘DSL to attend …’, ‘Arrange …’; the person who does it may stand before it.
DOER: Final = (
    r"(?:(?!(?:children|child|young|pupils?|students?|families|family|parents?|carers?|everybody|everyone)\b)"
    r"[\w’'/&-]+ ){1,5}?(?:will|to|must|should|needs? to|shall)"
)
TASK_FIRST: Final = re.compile(rf"^(?:to )?{TASK}\b", re.IGNORECASE)
TASK_AFTER_DOER: Final = re.compile(rf"^{DOER} {TASK}\b", re.IGNORECASE)
TASK_AS_NOUN: Final = re.compile(
    r"^(?P<task>attending|attendance at|writing|reviewing|discussing|discussion with|meeting with|training for"
    r"|(?:[\w’'-]+ ){0,3}(?:training|policy|procedure|audit|risk assessment)(?: (?:review|update|refresher))?\W*$)",
    re.IGNORECASE,
)
TASK_PASSIVE: Final = re.compile(
    r"^(?:[\w’'/&-]+ ){1,8}?to be (?P<task>written|drafted|reviewed|updated|discussed|arranged|organised|delivered"
    r"|attended|circulated|completed|booked|shared|developed|produced|created|published|revised|held|undertaken)\b",
    re.IGNORECASE,
)
VERBS: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|show|shows|reach|reaches|know|knows|happens?|leads?|say|says|includes?)\b",
    re.IGNORECASE,
)
RELATIVES: Final = re.compile(r"\b(?:that|which|who|whose|whether|how|what|if|where|when)\b", re.IGNORECASE)
# ‘Staff know how to write …’ is about what they know.
KNOWING: Final = re.compile(
    rf"\b(?:how|able|confident|helped|is|are|has|have|know|knows|can) to {TASK}\b", re.IGNORECASE
)

NOTHING_SAID: Final = re.compile(
    r"^(?:n/?a|none|nil|tbc|tba|as above|see above|same|ongoing|on-going|unknown|[-–—.?]+)\W*$", re.IGNORECASE
)
TASK_WAS_DONE: Final = re.compile(
    r"\b(?:is|are|has been|have been|will be|was)?\s*"
    r"(?:written|completed?|done|in place|attended|delivered|updated|reviewed"
    r"|circulated|held|booked|published|developed|produced|finished|signed off)\W*$",
    re.IGNORECASE,
)
MORE_OR_LESS: Final = re.compile(
    r"^(?:improve[ds]?|increased?|better|more|fewer|less|reduced?|greater|higher|raised?)\b", re.IGNORECASE
)
NOBODY: Final = re.compile(
    r"^(?:all(?: staff)?|every(?:one|body)|staff|team|the team|tbc|tba|n/?a|various|management|us|we)\W*$",
    re.IGNORECASE,
)

FEW_WORDS: Final = 3
LONG_SENTENCE: Final = 12
FAR_AWAY: Final = timedelta(days=2 * 366)


def make_advice(*, what: str, measure: str, owner: str, due_on: date | None, today: date) -> Advice:
    """Sentences by field; only fields about which there is something to say."""
    found = {
        "what": advise_what(what),
        "measure": advise_measure(measure),
        "owner": advise_owner(owner),
        "due_on": [] if due_on is None else advise_due(due_on, today),
    }
    return {field: sentences for field, sentences in found.items() if sentences}


def advise_what(text: str) -> list[str]:
    """Too short, without an end, a direction alone, or a task."""
    text = _clean(text)
    if not text:
        return []
    return _some(_find_endless(text), _find_direction(text), _find_task(text)) or _some(_find_short(text))


def advise_measure(text: str) -> list[str]:
    text = _clean(text)
    if not text:
        return []
    if NOTHING_SAID.match(text):
        return [
            f"‘{text}’ measures nothing. Say what you will count, see or hear when the action has worked."
        ]
    if MORE_OR_LESS.match(text) and not EXTENT.search(text):
        return ["This says a direction. From how much to how much, or how will you see the difference?"]
    if TASK_WAS_DONE.search(text) and len(text.split()) <= LONG_SENTENCE and not EXTENT.search(text):
        return [
            (
                "This shows that a task was done. What will show that it made a difference: in records, in what staff "
                "do, in what children say?"
            )
        ]
    return _some(_find_endless(text))


def advise_owner(text: str) -> list[str]:
    if NOBODY.match(_clean(text)):
        return [
            "An action that belongs to everybody is nobody’s. Name one person or post that will see to it."
        ]
    return []


def advise_due(due_on: date, today: date) -> list[str]:
    if due_on < today:
        return ["This date has passed, so the action is overdue from the start. Is it the right one?"]
    if due_on > today + FAR_AWAY:
        return [
            "This is more than two years away. Choose the date on which a first result can be seen; it can be revised."
        ]
    return []


def _clean(text: str) -> str:
    return " ".join(text.split())


def _some(*found: str) -> list[str]:
    return [sentence for sentence in found if sentence]


def _find_endless(text: str) -> str:
    match = ENDLESS.search(text)
    # ‘Each plan was checked, and changed where needed’ says how far it goes.
    if match and not (match["condition"] and EXTENT.search(text)):
        return f"‘{match['words']}’ has no end, so nobody can say when it is done. Say what will be true by the date."
    return ""


def _find_direction(text: str) -> str:
    match = DIRECTION.match(text)
    if match is None or EXTENT.search(text) or PURPOSE.search(text) or len(text.split()) > LONG_SENTENCE:
        return ""
    return f"‘{match['word']}’ says a direction, not how far. What will be true when it is done, and for how many?"


def _find_task(text: str) -> str:
    for pattern in (TASK_PASSIVE, TASK_FIRST, TASK_AFTER_DOER, TASK_AS_NOUN):
        if (match := pattern.match(text)) and not _is_outcome_after_all(text, match, pattern):
            return (
                f"‘{match['task'].strip()}’ is a task. What will be different for children when it is done? Say that "
                "here, or add it: ‘… so that …’."
            )
    return ""


def _is_outcome_after_all(text: str, match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    if PURPOSE.search(text) or KNOWING.search(text[: match.end()]):
        return True
    is_two_faced = pattern is TASK_FIRST and match["task"].lower() in TWO_FACED.split()
    return is_two_faced and _has_verb_of_its_own(text[match.end() :])


def _has_verb_of_its_own(rest: str) -> bool:
    """Then the first word was no verb: ‘Review dates are kept’; but ‘Review the policy that is old’."""
    verb, relative = VERBS.search(rest), RELATIVES.search(rest)
    return verb is not None and (relative is None or verb.start() < relative.start())


def _find_short(text: str) -> str:
    if len(text.split()) > FEW_WORDS:
        return ""
    return "So few words rarely say what will be different. Who or what changes, and how far?"
