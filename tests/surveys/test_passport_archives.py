"""The zip of a passport, read: what is damaged, foreign, hostile or of another version is refused in a sentence."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import passport_archives
from surveys.enums import ActionPriority, ActionStatus, EvidenceKind, Score
from surveys.evidence_limits import LARGEST_FILE
from surveys.passport_archives import (
    ArchiveWriter,
    check_archive,
    open_archive,
    open_file,
    read_passport,
    read_sums,
)
from surveys.passport_fields import Unreadable
from surveys.passports import KINDS, PRIORITIES, SCORES, STATUSES, Passport, make_json, read_json

FILE = "evidence/001-policy.txt"
TEXT = b"Our policy.\n"
Data = dict[str, Any]


def make_data() -> Data:
    """What the smallest passport with one of each says."""
    version = {
        "number": 1,
        "name": "policy.txt",
        "content_type": "text/plain",
        "size": len(TEXT),
        "sha256": hashlib.sha256(TEXT).hexdigest(),
        "file": FILE,
    }
    action = {
        "id": "a1",
        "answer": "key-1",
        "what": "All are seen",
        "due_on": "2027-03-04",
        "first_due_on": "2027-01-04",
        "priority": "high",
        "status": "done",
        "percent": 100,
        "evidence": ["e1"],
    }
    return {
        "format": "s11-passport",
        "version": 1,
        "source": {
            "partnership": "P",
            "organisation": "O",
            "cycle": "C",
            "bank": "B",
            "made_at": "2027-01-01",
        },
        "answers": [{"key": "key-1", "score": 0, "commentary": "Why.", "evidence": ["e1"]}],
        "evidence": [{"id": "e1", "kind": "file", "title": "Policy", "versions": [version]}],
        "actions": [action],
    }


def pack(
    members: Mapping[str, bytes], *, sums: bytes | None = None, way: int = zipfile.ZIP_DEFLATED
) -> io.BytesIO:
    """A zip of these members, with a right list of checksums unless another is given."""
    target = io.BytesIO()
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in members.items()]
    with zipfile.ZipFile(target, "w", way) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr("SHA256SUMS", "".join(lines).encode() if sums is None else sums)
    return target


def make_members(data: Data | None = None, more: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    return {"passport.json": json.dumps(data or make_data()).encode(), FILE: TEXT, **(more or {})}


def check(content: io.BytesIO) -> Passport:
    return check_archive(content, len(content.getvalue()))


def refusal(content: io.BytesIO) -> str:
    with pytest.raises(Unreadable) as caught:
        check(content)
    said = str(caught.value)
    assert re.fullmatch(r".+: .+\.", said), "what is wrong, and what to do"
    return said


# What is written can be read


def write(data: Data) -> io.BytesIO:
    target = io.BytesIO()
    writer = ArchiveWriter(target)
    writer.add_file(FILE, io.BytesIO(TEXT))
    writer.add("passport.json", json.dumps(data).encode())
    writer.finish()
    return target


def test_what_the_writer_makes_can_be_read() -> None:
    content = write(make_data())
    passport = check(content)
    assert (passport.answers[0].score, passport.evidence[0].newest.file) == (0, FILE)
    size = len(content.getvalue())
    assert read_passport(content, size) == passport
    with open_archive(content, size) as archive, open_file(archive, FILE) as member:
        assert member.read() == TEXT
    assert read_sums(content, size)[FILE] == hashlib.sha256(TEXT).hexdigest()


def test_the_usual_tool_checks_the_checksums(tmp_path: Path) -> None:
    zipfile.ZipFile(write(make_data())).extractall(tmp_path)
    done = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], check=True, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == f"{FILE}: OK\npassport.json: OK\n"


def test_the_json_says_what_was_read() -> None:
    passport = read_json(json.dumps(make_data()).encode())
    assert read_json(make_json(passport, profile=[{"code": "P1"}])) == passport


def test_a_zip_packed_again_by_hand_is_taken() -> None:
    """With a line for the folder, stored instead of packed, and the star that marks binary files in the list."""
    members = make_members()
    lines = "".join(f"{hashlib.sha256(one).hexdigest()} *{name}\n" for name, one in members.items())
    content = pack(members, sums=lines.encode(), way=zipfile.ZIP_STORED)
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("evidence/", b"")
    assert check(content).actions[0].percent == 100


def test_the_format_s_words_are_the_platform_s() -> None:
    assert tuple(Score.values) == SCORES
    assert tuple(EvidenceKind.values) == KINDS
    assert tuple(ActionPriority.values) == PRIORITIES
    assert tuple(ActionStatus.values) == STATUSES


# What is no passport


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.7", b"\0" * 1_000, b"PK\3\4" + b"\0" * 100])
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    assert refusal(io.BytesIO(content))


def test_a_zip_cut_off_is_refused() -> None:
    whole = pack(make_members()).getvalue()
    for length in range(10, len(whole), 97):
        assert refusal(io.BytesIO(whole[:length]))


@given(st.data())
def test_a_zip_with_one_wrong_byte_is_refused_or_means_the_same(data: st.DataObject) -> None:
    whole = bytearray(pack(make_members()).getvalue())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    try:
        passport = check(io.BytesIO(bytes(whole)))
    except Unreadable:
        return
    assert passport == read_json(json.dumps(make_data()).encode())


@pytest.mark.parametrize("missing", ["passport.json", "SHA256SUMS"])
def test_a_zip_without_its_core_is_refused(missing: str) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in {"passport.json", "SHA256SUMS"} - {missing}:
            archive.writestr(name, b"{}")
    assert f"has no {missing}" in refusal(target)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "/etc/passwd",
        "evidence/../../evil.txt",
        "evidence/a/b.txt",
        "evidence\\evil.txt",
        "evidence/Évil.txt",
        "evidence/.hidden",
        "evidence/",
        "__MACOSX/passport.json",
        "passport.json/",
        "Passport.json",
        "program.exe",
        "line\nbreak",
        "x" * 200,
    ],
)
def test_a_foreign_member_is_refused(name: str) -> None:
    said = refusal(pack(make_members(more={name: b"x"})))
    assert "\n" not in said
    assert len(said) < 250


def test_evidence_that_the_json_does_not_name_is_refused() -> None:
    assert "says nothing of evidence/002-x.txt" in refusal(
        pack(make_members(more={"evidence/002-x.txt": b"x"}))
    )


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    content = pack(make_members())
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr(FILE, b"other")
    assert "two files of the same name" in refusal(content)


def test_a_changed_member_is_refused() -> None:
    members = make_members()
    lines = "".join(f"{hashlib.sha256(one).hexdigest()}  {name}\n" for name, one in members.items())
    assert "was changed after it was made" in refusal(
        pack(members | {FILE: b"Our PolicY.\n"}, sums=lines.encode())
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: lines[1:], "do not name"),
        (lambda lines: [*lines, "0" * 64 + "  evidence/009-gone.txt"], "lacks evidence/009-gone.txt"),
        (lambda lines: [*lines, lines[0]], "cannot be read"),
        (lambda lines: ["nonsense", *lines], "cannot be read"),
        (lambda lines: [line.upper() for line in lines], "cannot be read"),
        (lambda lines: [*lines, "x" * 2_000_000], "unpacks to far more"),
    ],
)
def test_a_wrong_list_of_checksums_is_refused(change: Callable[[list[str]], list[str]], words: str) -> None:
    members = make_members()
    lines = [f"{hashlib.sha256(one).hexdigest()}  {name}" for name, one in members.items()]
    assert words in refusal(pack(members, sums="\n".join(change(lines)).encode()))


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passport_archives, "MOST_MEMBERS", 10)
    assert "holds more than 10 files" in refusal(
        pack(make_members(more={f"evidence/{one:03}-x.txt": b"x" for one in range(10)}))
    )


def test_a_list_of_members_is_not_even_read_where_it_is_huge() -> None:
    content = pack({f"evidence/{one}": b"" for one in range(10_001)})
    assert "holds more than" in refusal(content)


def test_bombs_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "unpacks to far more" in refusal(pack(make_members(more={FILE: b"\0" * (LARGEST_FILE + 1)})))
    monkeypatch.setattr(passport_archives, "MOST_UNPACKED", 10_000)
    members = make_members(more={f"evidence/{one:03}-x.txt": b"\0" * 1_000 for one in range(10)})
    assert "unpacks to far more" in refusal(pack(members))
    monkeypatch.setattr(passport_archives, "LONGEST_JSON", 100)
    assert "unpacks to far more" in refusal(pack(make_members()))


def test_a_size_that_a_member_lies_about_is_found_out() -> None:
    content = pack(make_members(), way=zipfile.ZIP_STORED).getvalue()
    whole = bytearray(content)
    at = whole.rfind(b"PK\1\2", 0, whole.rfind(FILE.encode()))
    whole[at + 20 : at + 28] = (6).to_bytes(4, "little") * 2
    assert refusal(io.BytesIO(bytes(whole)))


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_is_stored_or_deflated(way: int) -> None:
    assert "packed in an unusual way" in refusal(pack(make_members(), way=way))


def test_a_large_upload_is_refused_unread() -> None:
    with pytest.raises(Unreadable, match="larger than 400 MB"):
        check_archive(io.BytesIO(), (400 << 20) + 1)


def test_a_locked_zip_is_refused() -> None:
    whole = bytearray(pack(make_members()).getvalue())
    for mark, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        whole[whole.find(mark) + offset] |= 1
    assert "password" in refusal(io.BytesIO(bytes(whole)))


# What the JSON may say


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (2, "has version 2"),
        (0, "has version 0"),
        (True, "has version True"),
        ("1", "has version unknown"),
        (None, "has version unknown"),
    ],
)
def test_another_version_is_refused(version: object, words: str) -> None:
    assert words in refusal(pack(make_members(make_data() | {"version": version})))


def test_another_version_is_named_before_its_other_members(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_data() | {"version": 2}
    assert "has version 2" in refusal(pack(make_members(data, {"new-in-2.csv": b"x"})))


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"nonsense", b"\xff\xfe", b"[" * 100_000, b'{"format": "other"}']
)
def test_json_that_is_none_of_ours_is_refused(text: bytes) -> None:
    assert refusal(pack({"passport.json": text}))


def put(*path: str | int, value: object) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        place: Any = data
        for one in path[:-1]:
            place = place[one]
        place[path[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        put("source", value=None),
        put("answers", value={}),
        put("answers", value=[1]),
        put("answers", value=[{}]),
        put("answers", 0, "key", value=""),
        put("answers", 0, "key", value=1),
        put("answers", 0, "score", value=3),
        put("answers", 0, "score", value=1.0),
        put("answers", 0, "score", value=True),
        put("answers", 0, "score", value="2"),
        put("answers", 0, "score", value=[]),
        put("answers", 0, "not_applicable_reason", value="both"),
        put("answers", 0, "commentary", value="x" * 20_001),
        put("answers", 0, "commentary", value="a\0b"),
        put("answers", 0, "commentary", value="\ud800"),
        put("answers", 0, "confirmed", value="yes"),
        put("answers", 0, "evidence", value=["e2"]),
        put("answers", 0, "evidence", value=[[]]),
        put("answers", 0, "evidence", value="e1"),
        put("answers", value=[{"key": "a"}, {"key": "a"}]),
        put("answers", value=[{"key": str(one)} for one in range(5_001)]),
        put("evidence", 0, "kind", value="program"),
        put("evidence", 0, "kind", value=None),
        put("evidence", 0, "title", value=" "),
        put("evidence", 0, "effective_on", value="yesterday"),
        put("evidence", 0, "effective_on", value=20_270_101),
        put("evidence", 0, "versions", value=[]),
        put("evidence", 0, "versions", 0, "number", value=0),
        put("evidence", 0, "versions", 0, "size", value=5),
        put("evidence", 0, "versions", 0, "size", value=-1),
        put("evidence", 0, "versions", 0, "sha256", value="0" * 64),
        put("evidence", 0, "versions", 0, "sha256", value="abc"),
        put("evidence", 0, "versions", 0, "file", value="passport.json"),
        put("evidence", 0, "versions", 0, "file", value="../policy.txt"),
        put("evidence", 0, "versions", 0, "file", value="evidence/002-gone.txt"),
        put("actions", 0, "what", value=""),
        put("actions", 0, "due_on", value=None),
        put("actions", 0, "first_due_on", value="4 March"),
        put("actions", 0, "starts_on", value="2027-03-05"),
        put("actions", 0, "priority", value="urgent"),
        put("actions", 0, "status", value="lost"),
        put("actions", 0, "percent", value=99),
        put("actions", 0, "percent", value=101),
        put("actions", 0, "percent", value=10**400),
        put("actions", 0, "owner", value="x" * 151),
        put("actions", 0, "evidence", value=["none"]),
    ],
)
def test_what_is_not_as_the_format_says_is_refused(change: Callable[[Data], None]) -> None:
    data = make_data()
    assert check(pack(make_members(data))).answers
    change(data)
    assert refusal(pack(make_members(data)))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "https://",
        "ftp://example.org",
        "//example.org",
        "https://a b",
        'https://a/"',
        "https://[a",
    ],
)
def test_a_link_leads_to_the_web_alone(url: str) -> None:
    data = make_data()
    data["evidence"].append(
        {
            "id": "e2",
            "kind": "link",
            "title": "Page",
            "versions": [{"number": 1, "url": "https://example.org/a?b=c"}],
        }
    )
    assert check(pack(make_members(data))).evidence[1].newest.url == "https://example.org/a?b=c"
    data["evidence"][1]["versions"][0]["url"] = url
    assert "‘url’ must be" in refusal(pack(make_members(data)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PLACES = st.sampled_from(
    [
        (section, name)
        for section, row in (("answers", 0), ("evidence", 0), ("actions", 0))
        for name in make_data()[section][row]
    ]
)


@given(PLACES, JSON)
def test_anything_at_all_in_a_field_is_taken_or_refused_in_a_sentence(
    place: tuple[str, str], value: object
) -> None:
    data = make_data()
    data[place[0]][0][place[1]] = value
    content = json.dumps(data).encode()
    try:
        read = read_json(content)
    except Unreadable:
        return
    # What is taken can be written and read again.
    assert read_json(make_json(read)) == read
