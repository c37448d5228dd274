"""Damaged and made-up files for whatever reads one: each is read, or refused in a sentence."""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from s11.organisations.registers.files import RegisterFile
from s11.organisations.registers.refusals import Refused as NoRegister
from surveys.answer_sheet_files import read_sheet
from surveys.evidence_containers import Unfit
from surveys.evidence_files import Refused as NoEvidence
from surveys.evidence_files import receive_file
from surveys.imports.csv_files import Refused as NoTable
from surveys.passport_archives import read_passport
from surveys.passport_fields import Unreadable
from surveys.questionnaire_files import QuestionnaireError, read_folder
from surveys.resources.files import read_table
from tests.faults.harness import ROOT, SEED, SIZE, report
from tests.surveys.import_files import (
    get_everything,
    make_answers,
    make_import_cycle,
    make_organisations,
    rows,
    run,
)
from tests.surveys.test_answer_sheet_files import FIRST
from tests.surveys.test_answer_sheet_files import make as make_sheet
from tests.surveys.test_import_garbage import try_to_import
from tests.surveys.test_passport_archives import make_data, write

HEADINGS = ("Key", "Name", "Statutory")
TABLE = b"Key,Name,Statutory\nanchor,Anchor Trust,yes\n,Beacon Homes,no\n"
REGISTER = "URN,EstablishmentName,Postcode\n100000,École à côté,BH1 1AA\n100001,Beacon,BH1 2AA\n".encode()
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PIECES = (
    b"",
    b"\0",
    b'"',
    b",",
    b"\r\n",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"PK\x03\x04",
    b"<!ENTITY x '&x;'>",
    b"=1+1",
)
REFUSALS = (NoTable, NoRegister, NoEvidence, Unfit, Unreadable)

READERS: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "table": (TABLE, lambda content: read_table(io.BytesIO(content), len(content), "a.csv", HEADINGS)),
    "answer sheet": (make_sheet(FIRST), lambda content: read_sheet(io.BytesIO(content))),
    "passport": (
        write(make_data()).getvalue(),
        lambda content: read_passport(io.BytesIO(content), len(content)),
    ),
    "register": (REGISTER, lambda content: list(RegisterFile(io.BytesIO(content), "gias.csv").rows())),
    "evidence": (PDF, lambda content: receive_file("minutes.pdf", io.BytesIO(content))),
}


def damage(content: bytes, chance: random.Random) -> bytes:
    """Bytes turned over, cut off, doubled, put in, or altogether made up."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.choice((0, 1, 3, 40, 4_000)))
    broken = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(broken) + 1)
        match chance.randrange(5):
            case 0 if place < len(broken):
                broken[place] = chance.randrange(256)
            case 1:
                broken[place:place] = chance.choice(PIECES)
            case 2:
                del broken[place : place + chance.choice((1, 10, 1_000))]
            case 3:
                end = place + chance.choice((1, 10, 1_000))
                broken[place:place] = broken[place:end]
            case _:
                broken[place:place] = chance.randbytes(chance.choice((1, 4)))
    return bytes(broken)


@pytest.mark.parametrize("name", READERS)
def test_whatever_the_file_it_is_read_or_refused(name: str) -> None:
    content, read = READERS[name]
    chance, refused, silent = random.Random(SEED), 0, 0
    read(content)
    for _ in range(SIZE):
        broken = damage(content, chance)
        try:
            read(broken)
        except REFUSALS as refusal:
            refused += 1
            silent += not str(refusal).strip()
    assert not silent, "Refused without a word"
    report("garbage files", reader=name, files=SIZE, refused=refused, read=SIZE - refused)


def test_whatever_the_question_bank(tmp_path: Path) -> None:
    """One file of the folder is damaged; loading says where, or it is still a bank."""
    shutil.copytree(ROOT / "surveys/questionnaires", tmp_path / "banks")
    chance, refused, silent = random.Random(SEED), 0, 0
    tries = max(10, SIZE // 100)  # a whole folder is read each time
    files = sorted((tmp_path / "banks").glob("*.yaml"))
    for _ in range(tries):
        file = chance.choice(files)
        content = file.read_bytes()
        file.write_bytes(damage(content, chance))
        try:
            read_folder(tmp_path / "banks")
        except QuestionnaireError as refusal:
            refused += 1
            silent += not str(refusal).strip()
        file.write_bytes(content)
    assert not silent, "Refused without a word"
    report("garbage files", reader="question banks", files=tries, refused=refused, read=tries - refused)


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["import_organisations", "import_answers"])
def test_a_command_imports_all_of_a_file_or_nothing(command: str, tmp_path: Path) -> None:
    make_import_cycle()
    before = get_everything()
    good = (
        make_answers(tmp_path, *rows())
        if command == "import_answers"
        else make_organisations(tmp_path, "Cove,standard,yes,,a@b.example")
    )
    content, chance, refused = good.read_bytes(), random.Random(SEED), 0
    tries = max(30, SIZE // 10)
    with transaction.atomic():
        run(command, good, cycle="2026")
        transaction.set_rollback(True)
    for _ in range(tries):
        refused += not try_to_import(command, damage(content, chance), before)
    report("garbage files", reader=command, files=tries, refused=refused, read=tries - refused)
