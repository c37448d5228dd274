"""The translations themselves: whole, in step with the source, and nothing but words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from jinja2 import nodes

from s11.translating import BANKS, list_bank_texts, list_speaking_templates, list_texts, parse
from s11.web.languages import LANGUAGES
from s11.web.po_files import Entry, holds_the_same, read_entries
from s11.web.statuses import COLOURS

BANK_FILES = sorted(settings.BANK_TRANSLATIONS.glob("*.po"))
FILES = [*sorted(settings.TRANSLATIONS.glob("*.po")), *BANK_FILES]
OTHERS = [language.code for language in LANGUAGES if language.code != "en"]
# What of the school bank is translated: all but the guidance to an indicator and the examples of evidence.
UNTRANSLATED_PARTS = {"school": ("guidance", "evidence"), "themes": ()}
# Parts that translated pages share with others: what they hold beside is on pages that are in English as a whole.
SHARED = {
    "surveys/action_line.html": ("plan_words", "score_note"),
    "surveys/evidence_parts.html": (
        "child_reminder",
        "kept_files",
        "evidence_lines",
        "evidence_on_paper",
        "_facts",
    ),
    "surveys/survey_parts.html": ("pass_on", "day_form", "runs", "results", "said", "staff_lines"),
}
# A mark at the end is the rest of a tag.
NO_WORDS = {"s11", '"'}


def read(path: Path) -> list[Entry]:
    return read_entries(path.read_text(encoding="utf-8"), path.name)


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_of_the_pages_has_a_translation(code: str) -> None:
    done = {entry.text: entry for entry in read(settings.TRANSLATIONS / f"{code}.po") if entry.is_translated}
    texts = list_texts()
    missing = [f"{text.place}: {text.one}" for text in texts.values() if text.one not in done]
    assert not missing, (
        f"Translate these in s11/web/translations/{code}.po, or leave them and say why:\n"
        + "\n".join(missing)
    )
    wrong = [text.one for text in texts.values() if text.many != done[text.one].many]
    assert not wrong, f"Their plurals are not those of the source: {wrong}"


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_of_a_text_that_nobody_says_any_more(code: str) -> None:
    texts = list_texts()
    left = [e.text for e in read(settings.TRANSLATIONS / f"{code}.po") if e.text and e.text not in texts]
    assert not left, (
        "Their English was changed or removed: bring them up to date, or delete them:\n" + "\n".join(left)
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_translation_holds_what_its_source_holds_and_no_html(path: Path) -> None:
    for entry in read(path):
        assert not entry.text or holds_the_same(entry), entry.text
        for translated in entry.translations if entry.text else ():
            assert not re.search(r"<\w|&\w+;", translated), translated
            assert "%{count}" in translated or "%{count}" not in entry.text, translated


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_says_that_a_translator_has_yet_to_check_it(path: Path) -> None:
    header = read(path)[0]
    assert header.text == ""
    assert "X-Status: to be checked by a qualified translator before use" in header.translations[0]


@pytest.mark.parametrize("name", UNTRANSLATED_PARTS)
def test_a_bank_is_translated_whole(name: str) -> None:
    texts = list_bank_texts(name)
    done = {entry.text for entry in read(settings.BANK_TRANSLATIONS / f"{name}.cy.po") if entry.is_translated}
    missing = {one: text for one, text in texts.items() if one not in done}
    parts = {text.place.split()[-1] for text in missing.values()}
    assert parts <= set(UNTRANSLATED_PARTS[name]), [
        text for text in missing.values() if text.place.split()[-1] not in UNTRANSLATED_PARTS[name]
    ]


@pytest.mark.parametrize("path", BANK_FILES, ids=lambda path: path.name)
def test_a_banks_translations_are_of_what_it_says_now(path: Path) -> None:
    """A sentence that was changed falls back to English by itself; here its old translation is named."""
    name = path.name.partition(".")[0]
    assert name in BANKS
    texts = list_bank_texts(name)
    left = [entry.text for entry in read(path) if entry.text and entry.text not in texts]
    assert not left, f"{name}.yaml does not say these any more:\n" + "\n".join(left)


def test_a_translated_page_says_nothing_by_itself() -> None:
    """Words between its tags, in its attributes, or given to its parts as they are would stay English unmarked."""
    folder = settings.BASE_DIR / "templates"
    found = []
    for path in list_speaking_templates():
        name = str(path.relative_to(folder))
        found += [
            f"{name}: {words}" for words in (*find_bare_words(path, name), *find_bare_texts(path, name))
        ]
    assert not found, "\n".join(found)


def find_bare_words(path: Path, name: str) -> list[str]:
    parsed = parse(path)
    shared = {
        id(one)
        for macro in parsed.find_all(nodes.Macro)
        if macro.name in SHARED.get(name, ())
        for one in macro.find_all(nodes.TemplateData)
    }
    source = "§".join(one.data for one in parsed.find_all(nodes.TemplateData) if id(one) not in shared)
    source = re.sub(r"<script.*?</script>|<style.*?</style>", "", source, flags=re.DOTALL)
    attributes = re.findall(
        r'(?:aria-label|title|placeholder|alt|data-failed|data-already)="([^"§]+)"', source
    )
    between = re.split(r"<[^>]*>|§", source)
    words = [text.strip() for text in (*between, *attributes)]
    return [
        text for text in words if re.match(r"[A-Z][a-z]|\w+ \w+ ", text) and not NO_WORDS & {text, text[-1:]}
    ]


def find_bare_texts(path: Path, name: str) -> list[str]:
    """Sentences in expressions; a status is a key that its tag translates."""
    parsed = parse(path)
    kept = {id(macro) for macro in parsed.find_all(nodes.Macro) if macro.name in SHARED.get(name, ())}
    said: set[int] = set()
    for call in parsed.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in {"_", "_n"}:
            said |= {id(one) for one in call.find_all(nodes.Const)}
    for macro in parsed.find_all(nodes.Macro):
        if id(macro) in kept:
            said |= {id(one) for one in macro.find_all(nodes.Const)}
    texts = [one.value for one in parsed.find_all(nodes.Const) if id(one) not in said]
    return [
        text
        for text in texts
        if isinstance(text, str)
        and re.match(r"[A-Z][a-z’]+( |$)", text)
        and text.lower() not in COLOURS
        and text != "Desk"
    ]
