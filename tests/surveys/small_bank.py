"""A small bank that uses every part of the schema, for tests to read, change and break."""

from pathlib import Path

from surveys.questionnaire_files import QuestionnaireFile, ThemeFile, read_questionnaire

THEMES = (ThemeFile(code="T1", title="Leadership"), ThemeFile(code="T2", title="Records"))
BANK = """\
variant: standard
duty: section_11
title: A small bank
edition: "2026-27"
introduction: Read this first.
scale:
  - {score: 0, label: Nothing yet, description: Nothing is in place.}
  - {score: 1, label: Working on it, description: Some of it is.}
  - {score: 2, label: Done, description: All of it is.}
not_applicable_reasons:
  - Not our work
  - Another reason
profile:
  - {code: P1, kind: yes_no, text: "Do you have a site?", hint: Any building., required: true, personal: false}
  - code: P2
    kind: choice
    text: How large is it?
    required: true
    personal: false
    choices: [Large, Small]
  - {code: P3, kind: number, text: "How many people?", required: true, personal: false}
  - {code: P4, kind: date, text: "Since when?", required: false, personal: false}
  - {code: P5, kind: text, text: "Who leads?", required: true, personal: true}
standards:
  - code: A1
    theme: T1
    title: Leadership
    guidance: Why it matters.
    sources: [An Act, A guide]
    indicators:
      - code: A1.1
        key: lead-named
        text: A lead is named.
        guidance: Look at the minutes.
        descriptors: {0: Nobody., 1: Somebody., 2: Somebody known.}
        evidence: [Minutes, A letter]
      - code: A1.2
        key: site-safe
        theme: T2
        text: The site is safe.
        guidance: Walk round it.
        descriptors:
          0: It is not.
          1: It is in part.
          2: It is.
        evidence: [A plan]
        sources: [A circular]
        critical: true
        core: true
        not_applicable: true
        refresh_months: 12
        applies_if: {P1: "yes"}
        in_force: 2026-09-01
        prepare: true
  - code: A2
    theme: T2
    title: Records
    guidance: Why they matter.
    sources: [Another Act]
    indicators:
      - code: A2.1
        key: records-kept
        text: Records are kept.
        guidance: Read three.
        descriptors: {0: None., 1: Some., 2: All.}
        evidence: [A sample]
"""


def read_text(folder: Path, content: str | bytes) -> QuestionnaireFile:
    path = folder / "bank.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_questionnaire(path, THEMES)


def changed(old: str, new: str) -> str:
    """The bank with one of its passages exchanged."""
    assert BANK.count(old) == 1, f"{old!r} is in the bank {BANK.count(old)} times"
    return BANK.replace(old, new)
