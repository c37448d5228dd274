"""Word documents, read back: outline, lists and tables, what they say of themselves, hostile text in each place."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from s11.web.docx import WordDocument
from s11.web.docx_xml import NOT_OURS, TEXT_WIDTH

MADE_AT = datetime.datetime(2027, 3, 4, 9, 30, 15, 999, tzinfo=datetime.UTC)
HOSTILE = '{ HYPERLINK "https://evil.example" }\x00\x08\x0b\ud800\ufffe<w:t>&amp;</w:t> =1+1'
SHOWN = '{ HYPERLINK "https://evil.example" }<w:t>&amp;</w:t> =1+1'


def begin(**more: Any) -> WordDocument:
    about = {"title": "A title", "author": "Harbour", "subject": "A report", "colour": "#1d5a6e"}
    return WordDocument(**about | more, made_at=MADE_AT)


def reopen(made: WordDocument) -> Any:
    return Document(io.BytesIO(made.read()))


def read_members(made: WordDocument) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(made.read())) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def list_paragraphs(found: Any) -> list[tuple[str, str]]:
    return [(one.style.name, one.text) for one in found.paragraphs]


def make_picture(width: int, height: int, kind: str = "png") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(file, kind)
    return file.getvalue()


def test_it_is_written_in_words_own_styles() -> None:
    made = begin()
    made.add_heading("A title", 1)
    made.add_rich_text(
        "## Any level\n\nText.\n\n> Said.\n\n- a\n    - b\n        - c\n            - d\n\n1. e", 3
    )
    assert list_paragraphs(reopen(made)) == [
        ("Heading 1", "A title"),
        ("Heading 3", "Any level"),
        ("Normal", "Text."),
        ("Quote", "Said."),
        ("List Bullet", "a"),
        ("List Bullet 2", "b"),
        ("List Bullet 3", "c"),
        ("List Bullet 3", "d"),
        ("List Number", "e"),
    ]


def test_who_said_it_stands_on_the_page_of_what_was_said() -> None:
    made = begin()
    made.add_rich_text("Before.\n\n**A parent said:**\n\n> Nobody asked.\n>\n> — A parent\n\nAfter.", 3)
    kept = {one.text: bool(one._p.xpath("w:pPr/w:keepNext")) for one in reopen(made).paragraphs}
    assert kept == {
        "Before.": False,
        "A parent said:": True,
        "Nobody asked.": True,
        "— A parent": False,
        "After.": False,
    }


def test_each_numbered_list_begins_with_one() -> None:
    made = begin()
    made.add_rich_text("1. a\n2. b\n\nThen\n\n1. c", 3)
    made.add_rich_text("1. d", 3)
    found = reopen(made)
    used = [one._p.pPr.numPr.numId.val for one in found.paragraphs if one.style.name == "List Number"]
    assert used[0] == used[1]
    assert len({*used}) == 3
    numbering = found.part.numbering_part.element
    for number in used:
        (start,) = numbering.num_having_numId(number).xpath("w:lvlOverride/w:startOverride/@w:val")
        assert start == "1"


def test_letters_links_and_no_other_address() -> None:
    made = begin()
    long = f"https://a.example/{'x' * 3_000}"
    made.add_rich_text(
        f"**bold** *slanted* [ours](https://a.example/?a=1&b=2) [post](mailto:a@a.example) [long]({long}) "
        "[none](https://) <file:///etc/passwd>",
        3,
    )
    (paragraph,) = reopen(made).paragraphs
    assert [one.text for one in paragraph.hyperlinks] == ["ours"]
    assert paragraph.hyperlinks[0].address == "https://a.example/?a=1&b=2"
    assert [one.text for one in paragraph.runs if one.bold] == ["bold"]
    assert [one.text for one in paragraph.runs if one.italic] == ["slanted"]
    assert "ours" in paragraph.text
    assert "post" in paragraph.text


def test_a_tables_head_is_repeated_and_says_what_it_is() -> None:
    made = begin()
    made.add_table("Key figures", ("What", "Figure"), [("Submitted", "29 of 56 (52%)"), ("On time", "29")])
    found = reopen(made)
    (table,) = found.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["What", "Figure"],
        ["Submitted", "29 of 56 (52%)"],
        ["On time", "29"],
    ]
    assert [len(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows] == [1, 0, 0]
    assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in table.rows)
    assert table._tbl.tblPr.xpath("w:tblDescription/@w:val") == ["Key figures"]
    assert list_paragraphs(found) == [("Caption", "Key figures")]


@pytest.mark.parametrize(
    ("width", "height", "kind"), [(3_000, 300, "png"), (200, 3_000, "jpeg"), (10, 10, "png")]
)
def test_a_picture_says_what_it_shows_and_fits(width: int, height: int, kind: str) -> None:
    made = begin()
    made.add_picture(make_picture(width, height, kind), "Two children at a desk\x00")
    (shape,) = reopen(made).inline_shapes
    assert shape._inline.docPr.get("descr") == "Two children at a desk"
    assert max(shape.width, shape.height) <= TEXT_WIDTH
    assert shape.width / shape.height == pytest.approx(width / height, rel=0.01)


def test_what_is_no_picture_or_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="PNG and JPEG"):
        begin().add_picture(b"<svg/>", "A drawing")
    with pytest.raises(ValueError, match="words"):
        begin().add_picture(make_picture(1, 1), " ")


def test_it_says_whose_it_is_in_which_language_and_when() -> None:
    found = reopen(begin())
    facts = found.core_properties
    assert (facts.title, facts.author, facts.subject, facts.language) == (
        "A title",
        "Harbour",
        "A report",
        "en-GB",
    )
    assert facts.created == facts.modified == MADE_AT.replace(microsecond=0)
    assert facts.last_modified_by == "Harbour"
    assert found.styles.element.xpath("w:docDefaults//w:lang/@w:val") == ["en-GB"]
    foot = found.sections[0].footer.paragraphs[0]
    assert foot._p.xpath("w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]
    assert foot.text.startswith("Harbour\tPage ")


def test_the_colour_stands_in_headings_alone() -> None:
    made = begin(colour="#7a1d5a")
    made.add_rich_text("> a\n\n- b", 3)
    styles = reopen(made).styles
    used = ("Normal", "Quote", "Caption", "Subtitle", "List Bullet", "List Number", "Table Grid", "Footer")
    assert {str(styles[f"Heading {level}"].font.color.rgb) for level in (1, 2, 3)} == {"7A1D5A"}
    colours = {value for name in used for value in styles[name].element.xpath(".//w:color/@w:val")}
    assert colours <= {"000000"}


def test_text_is_text_wherever_it_stands() -> None:
    made = begin(title=HOSTILE, author=HOSTILE, subject=HOSTILE)
    made.add_heading(HOSTILE, 1)
    made.add_text(HOSTILE, "Subtitle")
    made.add_table(HOSTILE, (HOSTILE,), [(HOSTILE,)])
    made.add_picture(make_picture(2, 2), HOSTILE)
    found = reopen(made)
    assert found.core_properties.title == SHOWN
    assert [text for _, text in list_paragraphs(found)] == [SHOWN, SHOWN, SHOWN, ""]
    assert [cell.text for row in found.tables[0].rows for cell in row.cells] == [SHOWN, SHOWN]
    fields = found.element.xpath("//w:instrText | //w:fldSimple | //w:hyperlink | //w:object")
    assert fields == []


def test_nothing_is_loaded_from_elsewhere_and_nothing_of_the_template_is_left() -> None:
    made = begin()
    made.add_rich_text("[a](https://a.example/) <img src=https://b.example/x.png>", 3)
    members = read_members(made)
    outside = [
        target
        for name, content in members.items()
        if name.endswith(".rels")
        for target in re.findall(r'Target="([^"]*)" TargetMode="External"', content)
    ]
    assert outside == ["https://a.example/"]
    assert not [name for name, content in members.items() if "b.example" in content]
    links = "".join(content for name, content in members.items() if name.endswith(".rels"))
    assert not [kind for kind in NOT_OURS if kind in links]
    assert "python-docx" not in members["docProps/core.xml"]
    assert not [name for name in members if name.startswith(("customXml", "docProps/thumb"))]


def test_the_same_document_is_the_same_bytes() -> None:
    def make() -> bytes:
        made = begin()
        made.add_rich_text("# A\n\n1. b\n\n[c](https://a.example/)", 2)
        made.add_picture(make_picture(20, 20), "White")
        return made.read()

    first = make()
    assert first == make()
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_its_zoom_has_the_percentage_that_the_schema_requires() -> None:
    assert reopen(begin()).settings.element.xpath("w:zoom/@w:percent") == ["100"]


def test_each_style_that_is_named_is_there() -> None:
    """Of a name that it does not know, a program would make plain text."""
    found = reopen(begin())
    for name in ("List Continue 3", "List Number 3", "Hyperlink", "Table Grid"):
        assert found.styles[name].element.find(qn("w:name")) is not None
