"""What is wrong with a question bank: every error names its line and the remedy, and all come at once."""

# ruff: noqa: E501 - a row a case in the tables: what is changed, the line, the whole sentence

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire_files import VARIANTS, QuestionnaireError, read_questionnaire
from surveys.yaml_nodes import MOST_BYTES
from tests.surveys.small_bank import BANK, THEMES, changed, read_text


def errors_of(folder: Path, content: str | bytes) -> list[str]:
    with pytest.raises(QuestionnaireError) as caught:
        read_text(folder, content)
    assert str(caught.value) == "\n".join(caught.value.errors)
    return list(caught.value.errors)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


KEYS_OF_INDICATOR = (
    "code, key, theme, text, guidance, descriptors, evidence, sources, critical, core, not_applicable, "
    "refresh_months, applies_if, in_force, prepare"
)
A_LINE = "write text, in quotation marks if it holds a colon"
OR_LEAVE_OUT = "or leave the line out where the schema lets you"
CODE_LIKE = "write letters, digits, dots and hyphens, such as A1.1"
KEY_LIKE = "write lower-case words joined by hyphens, such as board-lead-named"
FLAG = "write true or false, without quotation marks"
MONTHS = "write a whole number from 1 to 120"
A_DATE = "write a date such as 2026-09-01"
ONE_YEAR = "write a school year such as 2026-27"
QUOTE = "put it in quotation marks"


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        # keys
        ("critical: true", "critcal: true", 48, '"critcal" is not a key of an indicator; write critical'),
        ("core: true", "zzz: 1", 49, f'"zzz" is not a key of an indicator; remove it or write one of {KEYS_OF_INDICATOR}'),
        ("variant: standard", "varint: standard\nvariant: standard", 1, '"varint" is not a key of a question bank; write variant'),
        ("title: A small bank\n", "", 1, 'a question bank here lacks "title"; add it'),
        ("        key: records-kept\n", "", 61, 'an indicator here lacks "key"; add it'),
        ("    text: How large is it?\n", "", 15, 'a profile question here lacks "text"; add it'),
        (", required: false", "", 22, 'a profile question here lacks "required"; add it'),
        ("score: 1, label: Working on it", "score: 1", 8, 'a step of the scale here lacks "label"; add it'),
        ("    guidance: Why it matters.\n", "", 25, 'a standard here lacks "guidance"; add it'),
        ("title: Leadership", "title: Leadership\n    title: Again", 28, '"title" is here twice (first on line 27); remove one'),
        ("{0: None., 1: Some., 2: All.}", "{0: None., 1: Some., 2: All., 0: No.}", 65, '"0" is here twice (first on line 65); remove one'),
        ("applies_if: {P1: ", "applies_if: {[P1]: ", 52, "a key here is a list or a set of keys; write a word"),
        # shapes
        ("  - code: A1\n", "  - A0\n  - code: A1\n", 25, 'an item of "standards" is not a standard; write its keys: code, theme, title, guidance, sources, indicators'),
        ("evidence: [A sample]", "evidence: A sample", 66, '"evidence" is not a list; write each of its items on a line that starts with a dash'),
        ("evidence: [A sample]", "evidence: []", 66, '"evidence" is an empty list; add at least one item'),
        ("evidence: [A sample]", "evidence: [{A: sample}]", 66, f'an item of "evidence" is a set of keys; {A_LINE}'),
        ("evidence: [A sample]", "evidence: [A sample, A sample]", 66, '"evidence" has "A sample" twice; remove one'),
        ("guidance: Read three.", "guidance: [Read three.]", 64, f'"guidance" is a list; {A_LINE}'),
        ("descriptors: {0: None., 1: Some., 2: All.}", "descriptors: [None., Some., All.]", 65, '"descriptors" is not a set of descriptors; write its keys: 0, 1, 2'),
        ('applies_if: {P1: "yes"}', "applies_if: P1", 52, '"applies_if" is not a set of keys; write it like {P12: "yes"}'),
        # text
        ("guidance: Read three.", "guidance:", 64, f'"guidance" is empty; {A_LINE}, {OR_LEAVE_OUT}'),
        ("guidance: Read three.", 'guidance: "  "', 64, f'"guidance" is empty; {A_LINE}, {OR_LEAVE_OUT}'),
        ("guidance: Read three.", "guidance: 3", 64, f'"guidance" is read as a number, not as text; {QUOTE}: "3"'),
        ("guidance: Read three.", "guidance: 2026-09-01", 64, f'"guidance" is read as a date, not as text; {QUOTE}: "2026-09-01"'),
        ("guidance: Read three.", "guidance: =", 64, f'"guidance" is read as a special sign, not as text; {QUOTE}: "="'),
        ("guidance: Read three.", 'guidance: "Read\\0three."', 64, r""""guidance" holds a control character ('\x00'); remove it"""),
        ("choices: [Large, Small]", "choices: [Yes, Small]", 20, f'an item of "choices" is read as yes or no, not as text; {QUOTE}: "Yes"'),
        ("choices: [Large, Small]", "choices: [Large, Large]", 20, '"choices" has "Large" twice; remove one'),
        ("title: A small bank", "title: " + "x" * 201, 3, '"title" has 201 characters; write at most 200'),
        ("title: A small bank", 'title: "A small\\nbank"', 3, '"title" has several lines; write one'),
        ("  - Another reason", "  - Not our work", 12, '"not_applicable_reasons" has "Not our work" twice; remove one'),
        ("not_applicable_reasons:\n  - Not our work\n  - Another reason", "not_applicable_reasons: []", 10, '"not_applicable_reasons" is an empty list; add at least one item'),
        # codes, keys, themes
        ("code: A2.1", "code: A2 1", 61, f'"code" is "A2 1"; {CODE_LIKE}'),
        ("code: A2.1", "code: 2.1", 61, f'"code" is read as a number, not as text; {QUOTE}: "2.1"'),
        ("code: A2.1", "code: A2.123456789", 61, '"code" has 12 characters; write at most 10'),
        ("code: A2.1", "code: A1.1", 61, 'the code "A1.1" is on line 31 already; give each its own'),
        ("code: A2\n", "code: A1\n", 55, 'the code "A1" is on line 25 already; give each its own'),
        ("code: P3", "code: P1", 21, 'the code "P1" is on line 14 already; give each its own'),
        ("code: A2.1", "code: P5", 61, 'the code "P5" is on line 23 already; give each its own'),
        ("key: records-kept", "key: Records kept", 62, f'"key" is "Records kept"; {KEY_LIKE}'),
        ("key: records-kept", "key: " + "k" * 101, 62, '"key" has 101 characters; write at most 100'),
        ("key: records-kept", "key: lead-named", 62, 'the key "lead-named" is on line 32 already; give each its own'),
        ("theme: T1", "theme: T9", 26, '"T9" is not a theme; write one of T1, T2'),
        ("        theme: T2", "        theme: T9", 39, '"T9" is not a theme; write one of T1, T2'),
        # words from a list
        ("variant: standard", "variant: police", 1, '"variant" is "police"; write one of standard, health, care_home, school'),
        ("duty: section_11", "duty: section_17", 2, '"duty" is "section_17"; write one of section_11, section_175'),
        ("code: P3, kind: number", "code: P3, kind: integer", 21, '"kind" is "integer"; write one of text, number, date, yes_no, choice'),
        ('edition: "2026-27"', "edition: 2026", 4, f'"edition" is read as a number, not as text; {QUOTE}: "2026"'),
        ('edition: "2026-27"', "edition: 2026/27", 4, f'"edition" is "2026/27"; {ONE_YEAR}'),
        ('edition: "2026-27"', "edition: 2026-72", 4, f'"edition" is "2026-72", not a year and the next; {ONE_YEAR}'),
        # the scale and descriptors
        ("score: 2, label: Done", "score: 3, label: Done", 9, '"score" is "3"; write a whole number from 0 to 2'),
        ("score: 2, label: Done", "score: 1, label: Done", 7, '"scale" has the scores 0, 1, 1; write three steps, with the scores 0, 1 and 2 in this order'),
        ("  - {score: 0, label: Nothing yet, description: Nothing is in place.}\n", "", 7, '"scale" has the scores 1, 2; write three steps, with the scores 0, 1 and 2 in this order'),
        (", 2: All.", "", 65, 'a set of descriptors here lacks "2"; add it'),
        (", 2: All.", ", 2: All., 3: More.", 65, '"3" is not a key of a set of descriptors; remove it or write one of 0, 1, 2'),
        ("          1: It is in part.", '          1: ""', 44, f'"1" is empty; {A_LINE}, {OR_LEAVE_OUT}'),
        # true or false, numbers, dates
        ("critical: true", 'critical: "true"', 48, f'"critical" is "true"; {FLAG}'),
        ("critical: true", "critical: 1", 48, f'"critical" is "1"; {FLAG}'),
        ("critical: true", "critical:", 48, f'"critical" is empty; {FLAG}, {OR_LEAVE_OUT}'),
        ("critical: true", "critical: [true]", 48, f'"critical" is a list; {FLAG}'),
        ("refresh_months: 12", "refresh_months: 0", 51, f'"refresh_months" is "0"; {MONTHS}'),
        ("refresh_months: 12", "refresh_months: -3", 51, f'"refresh_months" is "-3"; {MONTHS}'),
        ("refresh_months: 12", "refresh_months: 1.5", 51, f'"refresh_months" is "1.5"; {MONTHS}'),
        ("refresh_months: 12", "refresh_months: 010", 51, f'"refresh_months" is "010"; {MONTHS}'),
        ("refresh_months: 12", 'refresh_months: "12"', 51, f'"refresh_months" is "12"; {MONTHS}'),
        ("refresh_months: 12", "refresh_months: yearly", 51, f'"refresh_months" is "yearly"; {MONTHS}'),
        ("in_force: 2026-09-01", "in_force: 1 September 2026", 53, f'"in_force" is "1 September 2026"; {A_DATE}'),
        ("in_force: 2026-09-01", "in_force: 2026-02-30", 53, f'"in_force" is "2026-02-30"; {A_DATE}'),
        ("in_force: 2026-09-01", "in_force: 2026-09-01T10:00:00", 53, f'"in_force" is "2026-09-01T10:00:00"; {A_DATE}'),
        ("in_force: 2026-09-01", "in_force: 20260901", 53, f'"in_force" is "20260901"; {A_DATE}'),
        # choices and conditions
        ("    choices: [Large, Small]\n", "", 15, 'a question of the kind choice lacks "choices"; add the list to choose from'),
        ("    kind: choice", "    kind: text", 20, 'only a question of the kind choice has "choices"; remove them, or change the kind'),
        ('{P1: "yes"}', '{P9: "yes"}', 52, '"applies_if" asks "P9", which is no profile question; write one of P1, P2, P3, P4, P5'),
        ('{P1: "yes"}', "{P1: yes}", 52, f'"P1" is read as yes or no, not as text; {QUOTE}: "yes"'),
        ('{P1: "yes"}', "{P3: 0}", 52, f'"P3" is read as a number, not as text; {QUOTE}: "0"'),
        ('{P1: "yes"}', '{P1: "maybe"}', 52, '"applies_if" waits for "maybe", which P1 cannot have; write "yes" or "no"'),
        ('{P1: "yes"}', '{P2: "Tiny"}', 52, '"applies_if" waits for "Tiny", which P2 cannot have; write one of "Large", "Small"'),
        ('{P1: "yes"}', '{P3: "many"}', 52, '"applies_if" waits for "many", which P3 cannot have; write a whole number'),
        ('{P1: "yes"}', '{P4: "soon"}', 52, f'"applies_if" waits for "soon", which P4 cannot have; {A_DATE}'),
        # YAML itself
        ("title: A small bank", "title: &name A small bank", 3, '"name" is an anchor or alias (& or *); put the text in quotation marks, or write the value out'),
        ("title: A small bank", "title: *name", 3, '"name" is an anchor or alias (& or *); put the text in quotation marks, or write the value out'),
        ("title: A small bank", "title: !!python/name:os.system A", 3, '"tag:yaml.org,2002:python/name:os.system" is a tag (!); put the text in quotation marks, or remove the tag'),
        ("title: A small bank", "title: " + "[" * 9999, 3, "this is nested more than 20 levels deep; use fewer"),
        ("title: A small bank", "title: A\0small bank", 3, r"there is a control character ('\x00'); remove it"),
    ],
)  # fmt: skip
def test_one_error_names_its_line_and_the_remedy(
    tmp_path: Path, old: str, new: str, line: int, sentence: str
) -> None:
    assert errors_of(tmp_path, changed(old, new)) == [f"bank.yaml, line {line}: {sentence}"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("title: A small bank", "title: A small bank: the first", 3),
        ("    title: Records", "   title: Records", 57),
        ("evidence: [A plan]", "evidence: [A plan", 46),
        ("title: A small bank", "title: 'A small bank", 3),
        ("title: A small bank", "title: @ small bank", 3),
        ("standards:\n", "---\nstandards:\n", 24),
        ("duty: section_11", "\tduty: section_11", 2),
    ],
)
def test_what_is_not_yaml_is_told_where_it_begins(tmp_path: Path, old: str, new: str, line: int) -> None:
    (error,) = errors_of(tmp_path, changed(old, new))

    assert error.startswith(f"bank.yaml, line {line}: this is not valid YAML (")
    assert error.endswith("quote text that holds a colon or starts with a sign")


def test_all_errors_of_a_file_come_at_once_in_the_order_of_its_lines(tmp_path: Path) -> None:
    content = BANK.replace("theme: T1", "theme: T9").replace("core: true", "core: maybe")
    content = content.replace("kind: number", "kind: sum").replace("        key: records-kept\n", "")

    assert [error.partition(";")[0] for error in errors_of(tmp_path, content)] == [
        'bank.yaml, line 21: "kind" is "sum"',
        'bank.yaml, line 26: "T9" is not a theme',
        'bank.yaml, line 49: "core" is "maybe"',
        'bank.yaml, line 61: an indicator here lacks "key"',
    ]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "line 1: the file is empty; copy one of the shipped files and change that"),
        (b"# only a comment\n", "line 1: the file is empty; copy one of the shipped files and change that"),
        (b"variant: standard\ntitle: Caf\xe9\n", "line 2: this is not UTF-8; save the file with the encoding UTF-8"),
        (BANK.encode("utf-16"), "line 1: this is not UTF-8; save the file with the encoding UTF-8"),
        (BANK.encode("utf-16-le"), r"line 1: there is a control character ('\x00'); remove it"),
        (b"# " + b"x" * MOST_BYTES, "line 1: the file is larger than 1,000,000 bytes; check that it is the right one"),
        (b"- a list\n", 'line 1: the file is not a question bank; write its keys: variant, duty, title, edition, introduction, scale, not_applicable_reasons, profile, standards'),
    ],
)  # fmt: skip
def test_a_file_that_is_no_bank_at_all(tmp_path: Path, content: bytes, error: str) -> None:
    assert errors_of(tmp_path, content) == [f"bank.yaml, {error}"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(QuestionnaireError) as caught:
        read_questionnaire(tmp_path / "none.yaml", THEMES)

    assert str(caught.value) == (
        "none.yaml, line 1: the file cannot be read (No such file or directory); check its name and permissions"
    )


def test_a_condition_without_a_profile_says_to_add_the_question(tmp_path: Path) -> None:
    start, end = BANK.index("profile:"), BANK.index("standards:")

    (error,) = errors_of(tmp_path, f"{BANK[:start]}profile: []\n{BANK[end:]}")

    assert error.endswith('"applies_if" asks "P1", which is no profile question; add it to the profile')


# --- whatever a person may hand in ---

SNIPPETS = [
    "- ",
    ": ",
    "\n",
    "  ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "!!int ",
    "<<",
    "? ",
    "|",
    ">",
    '"',
    "'",
    "#",
    "---",
]
KEYS = [
    "code",
    "key",
    "profile",
    "standards",
    "indicators",
    "applies_if",
    "descriptors",
    "choices",
    "scale",
    "theme",
]
MESS = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200),
    st.lists(st.sampled_from([*SNIPPETS, *KEYS, "0", "P1", "yes", "\0"]), max_size=60).map("".join),
)


@given(mess=MESS)
def test_no_content_raises_anything_but_its_own_error(scratch: Path, mess: bytes | str) -> None:
    content = mess if isinstance(mess, bytes) else mess.encode("utf-8", "surrogatepass")

    assert all(re.match(r"bank\.yaml, line \d+: .+; .+", error) for error in errors_of(scratch, content))


@given(start=st.integers(0, len(BANK)), length=st.integers(0, 40), mess=MESS)
def test_no_damage_raises_anything_but_its_own_error(
    scratch: Path, start: int, length: int, mess: bytes | str
) -> None:
    text = mess.decode("utf-8", "replace") if isinstance(mess, bytes) else mess
    content = BANK[:start] + text + BANK[start + length :]
    errors: tuple[str, ...] = ()
    try:
        assert read_text(scratch, content.encode("utf-8", "surrogatepass")).variant in VARIANTS
    except QuestionnaireError as error:
        errors = error.errors
    assert all(re.match(r"bank\.yaml, line \d+: .+; .+", error) for error in errors)
