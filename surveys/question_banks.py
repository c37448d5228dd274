"""Question banks from files into the database: what is new, what changed, and which planned cycles it moves.

All or nothing, and a second run changes nothing. A bank that an opened cycle pins is never touched: what changed
in its file becomes the next revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from s11.organisations.models import Partnership
from s11.web.text import plural
from surveys.enums import CycleStatus
from surveys.models import (
    CycleQuestionnaire,
    Indicator,
    ProfileQuestion,
    Questionnaire,
    Standard,
    Theme,
)
from surveys.questionnaire_files import (
    THEMES_FILE,
    BankFolder,
    IndicatorFile,
    ProfileQuestionFile,
    QuestionnaireError,
    QuestionnaireFile,
    ScaleStep,
    StandardFile,
    ThemeFile,
    diff,
    digest,
    read_folder,
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one bank: one sentence, and a line for each thing that somebody may have to look at."""

    questionnaire: Questionnaire
    sentence: str
    details: tuple[str, ...] = ()
    is_changed: bool = True


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a run did."""

    themes: tuple[str, ...]
    banks: tuple[Loaded, ...]

    @property
    def is_changed(self) -> bool:
        return bool(self.themes) or any(bank.is_changed for bank in self.banks)

    def __str__(self) -> str:
        lines = list(self.themes)
        for bank in self.banks:
            lines += [bank.sentence, *(f"  {detail}" for detail in bank.details)]
        return "\n".join(lines if self.is_changed else [*lines, "Nothing changed."])


@transaction.atomic
def load_folder(folder: Path, *, partnership: Partnership | None = None) -> LoadReport:
    """Read, check and load all banks of the folder; with a partnership, as its own.

    Raises QuestionnaireError, having changed nothing.
    """
    content = read_folder(folder)
    themes = _load_themes(content, may_change=partnership is None, are_own=(folder / THEMES_FILE).exists())
    by_code = {theme.code: theme for theme in Theme.objects.all()}
    banks = [_load_bank(bank, by_code, partnership) for bank in content.questionnaires]
    return LoadReport(tuple(themes), tuple(banks))


def _load_themes(content: BankFolder, *, may_change: bool, are_own: bool) -> list[str]:
    """Themes are everybody's, so that sectors and areas line up: a partnership's folder cannot change them."""
    there = {theme.code: theme for theme in Theme.objects.all()}
    new = [
        Theme(code=theme.code, title=theme.title, position=position)
        for position, theme in enumerate(content.themes, start=1)
        if theme.code not in there
    ]
    Theme.objects.bulk_create(new)
    lines = [f"{plural(len(new), 'theme')} loaded."] if new else []
    if not may_change:
        renamed = [theme for theme in content.themes if there.get(theme.code, theme).title != theme.title]
        if renamed and are_own:
            raise QuestionnaireError(*(_theme_error(theme, there[theme.code].title) for theme in renamed))
        return lines
    # One that is no longer in the file stays: figures of past cycles are grouped by it.
    for position, theme in enumerate(content.themes, start=1):
        row = there.get(theme.code)
        if row and (row.title, row.position) != (theme.title, position):
            Theme.objects.filter(pk=row.pk).update(title=theme.title, position=position)
            lines.append(f"Theme {theme.code} is now number {position}, ‘{theme.title}’.")
    return lines


def _theme_error(theme: ThemeFile, title: str) -> str:
    return (
        f"{THEMES_FILE}: theme {theme.code} is ‘{theme.title}’ here and ‘{title}’ for every partnership; "
        f"use that title, or remove {THEMES_FILE} from the folder"
    )


def _load_bank(
    bank: QuestionnaireFile, themes: Mapping[str, Theme], partnership: Partnership | None
) -> Loaded:
    edition = Questionnaire.objects.filter(
        partnership=partnership, variant=bank.variant, edition=bank.edition
    )
    # Locked, so that no cycle pins it or is opened with it between the question whether it is in use and the answer.
    latest = edition.select_for_update().order_by("-revision").first()
    if latest is None:
        questionnaire = _write(Questionnaire(partnership=partnership), bank, themes)
        return Loaded(questionnaire, f"{_name(questionnaire)}: loaded, {_size(bank)}.")
    latest.partnership = partnership
    if latest.digest == digest(bank):
        return Loaded(latest, f"{_name(latest)}: as it was.", is_changed=False)
    changes = diff(read_rows(latest), bank)
    pins = list(_lock_planned(edition))
    if not edition.in_use().filter(pk=latest.pk).exists():
        notes = _replace(latest, bank, themes, [pin for pin in pins if pin.questionnaire_id == latest.pk])
        sentence = f"{_name(latest)}: changed; no opened cycle uses it, so it was replaced."
        return Loaded(latest, sentence, (*changes, *notes))
    newest = _write(Questionnaire(partnership=partnership, revision=latest.revision + 1), bank, themes)
    sentence = (
        f"{_name(newest)}: changed, so loaded as revision {newest.revision}; opened cycles keep theirs."
    )
    return Loaded(newest, sentence, (*changes, *_move_planned(pins, newest)))


def _name(questionnaire: Questionnaire) -> str:
    owner = f" of {questionnaire.partnership}" if questionnaire.partnership else ""
    return f"{questionnaire.get_variant_display()} {questionnaire.edition}{owner}"


def _size(bank: QuestionnaireFile) -> str:
    indicators = sum(len(standard.indicators) for standard in bank.standards)
    return f"{plural(len(bank.standards), 'standard')} with {plural(indicators, 'indicator')}"


# --- planned cycles ---


def _lock_planned(edition: QuerySet[Questionnaire]) -> QuerySet[CycleQuestionnaire]:
    """What planned cycles pin of this edition, with their cycles locked."""
    return (
        CycleQuestionnaire.objects.select_for_update(of=("self", "cycle"))
        .filter(cycle__status=CycleStatus.PLANNED, questionnaire__in=edition)
        .select_related("cycle__partnership")
        .prefetch_related("standards")
    )


def _replace(
    questionnaire: Questionnaire,
    bank: QuestionnaireFile,
    themes: Mapping[str, Theme],
    pins: Iterable[CycleQuestionnaire],
) -> list[str]:
    chosen = [(pin, _codes(pin)) for pin in pins]
    # Answers and scorecards PROTECT what they are about, so this can take nothing that anybody has answered.
    questionnaire.standards.all().delete()
    questionnaire.profile_questions.all().delete()
    _write(questionnaire, bank, themes)
    return [note for pin, codes in chosen for note in _choose(pin, codes)]


def _move_planned(pins: Iterable[CycleQuestionnaire], questionnaire: Questionnaire) -> Iterator[str]:
    """To the new revision, from any earlier one of the same edition."""
    for pin in pins:
        codes = _codes(pin)
        pin.questionnaire = questionnaire
        pin.save(update_fields=["questionnaire"])
        yield f"{_cycle(pin)} is planned, so it now uses revision {questionnaire.revision}."
        yield from _choose(pin, codes)


def _codes(pin: CycleQuestionnaire) -> list[str]:
    return [standard.code for standard in pin.standards.all()]


def _choose(pin: CycleQuestionnaire, codes: list[str]) -> Iterator[str]:
    """A topic's chosen standards, found again by their codes."""
    if not codes:
        return
    standards = list(Standard.objects.filter(questionnaire=pin.questionnaire_id, code__in=codes))
    pin.standards.set(standards)
    gone = sorted(set(codes) - {standard.code for standard in standards})
    if gone:
        yield f"{_cycle(pin)} had chosen {', '.join(gone)}, no longer in the bank. Look at what it asks."


def _cycle(pin: CycleQuestionnaire) -> str:
    return f"{pin.cycle} of {pin.cycle.partnership}"


# --- from a file to rows ---


def _write(
    questionnaire: Questionnaire, bank: QuestionnaireFile, themes: Mapping[str, Theme]
) -> Questionnaire:
    """Save the questionnaire with all its rows; it has none yet, or none any more."""
    questionnaire.variant = bank.variant
    questionnaire.duty = bank.duty
    questionnaire.title = bank.title
    questionnaire.edition = bank.edition
    questionnaire.introduction = bank.introduction
    questionnaire.scale = [asdict(step) for step in bank.scale]
    questionnaire.not_applicable_reasons = list(bank.not_applicable_reasons)
    questionnaire.digest = digest(bank)
    # A blank to print that was built before this moment shows what is no longer asked.
    questionnaire.loaded_at = timezone.now()
    questionnaire.save()
    ProfileQuestion.objects.bulk_create(
        _make_question(questionnaire, question, position)
        for position, question in enumerate(bank.profile, start=1)
    )
    standards = Standard.objects.bulk_create(
        _make_standard(questionnaire, standard, themes, position)
        for position, standard in enumerate(bank.standards, start=1)
    )
    listed = [
        (row, indicator)
        for row, standard in zip(standards, bank.standards, strict=True)
        for indicator in standard.indicators
    ]
    Indicator.objects.bulk_create(
        _make_indicator(standard, indicator, themes, position)
        for position, (standard, indicator) in enumerate(listed, start=1)
    )
    return questionnaire


def _make_standard(
    questionnaire: Questionnaire, standard: StandardFile, themes: Mapping[str, Theme], position: int
) -> Standard:
    return Standard(
        questionnaire=questionnaire,
        code=standard.code,
        theme=themes[standard.theme],
        title=standard.title,
        guidance=standard.guidance,
        sources=list(standard.sources),
        position=position,
    )


def _make_question(
    questionnaire: Questionnaire, question: ProfileQuestionFile, position: int
) -> ProfileQuestion:
    return ProfileQuestion(
        questionnaire=questionnaire,
        code=question.code,
        kind=question.kind,
        text=question.text,
        hint=question.hint,
        is_required=question.required,
        is_personal=question.personal,
        choices=list(question.choices),
        position=position,
    )


def _make_indicator(
    standard: Standard, indicator: IndicatorFile, themes: Mapping[str, Theme], position: int
) -> Indicator:
    return Indicator(
        questionnaire=standard.questionnaire,
        standard=standard,
        code=indicator.code,
        key=indicator.key,
        theme=themes[indicator.theme] if indicator.theme else standard.theme,
        text=indicator.text,
        guidance=indicator.guidance,
        descriptor_0=indicator.descriptors[0],
        descriptor_1=indicator.descriptors[1],
        descriptor_2=indicator.descriptors[2],
        evidence=list(indicator.evidence),
        sources=list(indicator.sources),
        is_critical=indicator.critical,
        is_core=indicator.core,
        may_be_not_applicable=indicator.not_applicable,
        refresh_months=indicator.refresh_months,
        applies_if=dict(indicator.applies_if),
        in_force=indicator.in_force,
        is_prepare=indicator.prepare,
        position=position,
    )


# --- and back ---


def read_rows(questionnaire: Questionnaire) -> QuestionnaireFile:
    """The bank as its file said it: the digest of this is the questionnaire's own."""
    standards = questionnaire.standards.select_related("theme").prefetch_related("indicators__theme")
    return QuestionnaireFile(
        variant=questionnaire.variant,
        duty=questionnaire.duty,
        title=questionnaire.title,
        edition=questionnaire.edition,
        introduction=questionnaire.introduction,
        scale=tuple(ScaleStep(**step) for step in questionnaire.scale),
        not_applicable_reasons=tuple(questionnaire.not_applicable_reasons),
        profile=tuple(_read_question(row) for row in questionnaire.profile_questions.all()),
        standards=tuple(_read_standard(row) for row in standards),
    )


def _read_question(row: ProfileQuestion) -> ProfileQuestionFile:
    return ProfileQuestionFile(
        code=row.code,
        kind=row.kind,
        text=row.text,
        hint=row.hint,
        required=row.is_required,
        personal=row.is_personal,
        choices=tuple(row.choices),
    )


def _read_standard(row: Standard) -> StandardFile:
    return StandardFile(
        code=row.code,
        theme=row.theme.code,
        title=row.title,
        guidance=row.guidance,
        sources=tuple(row.sources),
        indicators=tuple(_read_indicator(indicator, row) for indicator in row.indicators.all()),
    )


def _read_indicator(row: Indicator, standard: Standard) -> IndicatorFile:
    return IndicatorFile(
        code=row.code,
        key=row.key,
        theme=None if row.theme_id == standard.theme_id else row.theme.code,
        text=row.text,
        guidance=row.guidance,
        descriptors=row.descriptors,
        evidence=tuple(row.evidence),
        sources=tuple(row.sources),
        critical=row.is_critical,
        core=row.is_core,
        not_applicable=row.may_be_not_applicable,
        refresh_months=row.refresh_months,
        applies_if=dict(row.applies_if),
        in_force=row.in_force,
        prepare=row.is_prepare,
    )
