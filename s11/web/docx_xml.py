"""What python-docx has no word for, and our look over its template: the parts of a Word document by their XML.

The only module that knows the format's elements; s11/web/docx.py writes documents with it. Most pages and commands
never make one: whoever imports either does it where it is needed, for the library takes a moment to load.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any, Final

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Pt, RGBColor

LANGUAGE: Final = "en-GB"
FONT: Final = "Arial"
LINK_COLOUR: Final = "144E81"
# In English metric units, 36,000 a millimetre: A4 with 25 mm at each side.
MILLIMETRE: Final = 36_000
PAPER: Final = (210 * MILLIMETRE, 297 * MILLIMETRE)
MARGIN: Final = 25 * MILLIMETRE
TEXT_WIDTH: Final = PAPER[0] - 2 * MARGIN
# XML 1.0 has no way to write any other character, not even escaped.
NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# By level: points of its letters, and the space above and below.
HEADINGS: Final = {1: (20, 0, 6), 2: (15, 18, 6), 3: (12, 12, 4)}
# Of the library's template, and no part of ours: a picture of an empty page, a list of sources, styles of Word 2010,
# and that it was written with Word on a Mac.
NOT_OURS: Final = ("/thumbnail", "/customXml", "/stylesWithEffects", "/extended-properties")
LONGEST_FACT: Final = 255
# When a zip's first moment is: the bytes do not tell when they were made.
FIRST_MOMENT: Final = (1980, 1, 1, 0, 0, 0)


def clean(text: str) -> str:
    """Without what XML cannot hold: a program would refuse the whole document."""
    return NOT_IN_XML.sub("", text)


def begin_document() -> Any:
    """Empty, on A4, without what the library's template brings along."""
    document: Any = Document()
    for rels in (document.part.package.rels, document.part.rels):
        for name in [key for key, rel in rels.items() if rel.reltype.endswith(NOT_OURS)]:
            del rels[name]
    section = document.sections[0]
    section.page_width, section.page_height = (Emu(length) for length in PAPER)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Emu(MARGIN))
    return document


# Its look -------------------------------------------------------------------------------------------------------------


def set_look(document: Any, colour: str) -> None:
    """The colour stands in headings alone; everything else is black, whatever the template has."""
    styles = document.styles
    _set_defaults(document)
    for level, (size, above, below) in HEADINGS.items():
        style = styles[f"Heading {level}"]
        style.font.size, style.font.color.rgb = Pt(size), RGBColor.from_string(colour.removeprefix("#"))
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(above), Pt(below)
    for name in ("Subtitle", "Quote", "Caption"):
        style = styles[name]
        style.font.italic, style.font.color.rgb = False, RGBColor(0, 0, 0)
    styles["Subtitle"].font.size, styles["Caption"].font.size = Pt(13), Pt(11)
    styles["Caption"].paragraph_format.keep_with_next = True
    quote = styles["Quote"].paragraph_format
    quote.left_indent = quote.right_indent = Emu(10 * MILLIMETRE)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Subtitle"):
        _inherit_font(styles[name])
    _add_link_style(styles, RGBColor.from_string(LINK_COLOUR))
    for style in styles["Normal"], styles["List Bullet"], styles["List Number"]:
        style.paragraph_format.space_after = Pt(6)


def _set_defaults(document: Any) -> None:
    """Language and letters of all text that says nothing else; no mode for older versions of Word, and a whole zoom."""
    (letters,) = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr")
    fonts, language = letters.find(qn("w:rFonts")), letters.find(qn("w:lang"))
    fonts.attrib.clear()
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), FONT)
    language.set(qn("w:val"), LANGUAGE)
    settings = document.settings.element
    (theme,) = settings.xpath("w:themeFontLang")
    theme.attrib.clear()
    theme.set(qn("w:val"), LANGUAGE)
    (mode,) = settings.xpath("w:compat/w:compatSetting[@w:name='compatibilityMode']")
    mode.set(qn("w:val"), "15")
    # The schema requires it, and the template leaves it out: strict readers refuse the file.
    (zoom,) = settings.xpath("w:zoom")
    zoom.set(qn("w:percent"), "100")


def _inherit_font(style: Any) -> None:
    """From the document: the template's heading styles name fonts of its theme."""
    for fonts in style.element.xpath("w:rPr/w:rFonts"):
        fonts.getparent().remove(fonts)


def _add_link_style(styles: Any, colour: Any) -> None:
    style = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
    style.font.underline, style.font.color.rgb = True, colour


# What it says about itself --------------------------------------------------------------------------------------------


def set_facts(document: Any, title: str, author: str, subject: str, made_at: datetime.datetime) -> None:
    """What readers and their programs see of it before they open it."""
    facts = document.core_properties
    facts.title, facts.subject = title[:LONGEST_FACT], subject[:LONGEST_FACT]
    facts.author = facts.last_modified_by = author[:LONGEST_FACT]
    facts.language, facts.comments, facts.revision = LANGUAGE, "", 1
    # Without an offset it is UTC, as the format has it; the library writes whole seconds.
    facts.created = facts.modified = made_at.astimezone(datetime.UTC).replace(tzinfo=None)


def add_page_numbers(document: Any, left: str) -> None:
    """At the foot of each page, ‘Page 1 of 3’, and at its left whose document it is."""
    stops = document.styles["Footer"].paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Emu(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    foot = document.sections[0].footer.paragraphs[0]
    foot.add_run(left)
    foot.add_run("\tPage ")
    _add_field(foot, "PAGE")
    foot.add_run(" of ")
    _add_field(foot, "NUMPAGES")


def _add_field(paragraph: Any, code: str) -> None:
    """A number that the program fills in. Only codes that stand here: never one from a text."""
    field: Any = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    paragraph._p.append(field)
    field.append(run._r)


# Parts of its text ----------------------------------------------------------------------------------------------------


def make_link(paragraph: Any, run: Any, address: str) -> None:
    """The run, which stands last, becomes the words of a link."""
    found: Any = OxmlElement("w:hyperlink")
    found.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    paragraph._p.append(found)
    found.append(run._r)


def number_anew(document: Any, paragraph: Any, begun: int | None) -> int:
    """Counts with the list that was begun, else from 1: the style alone would count through the document."""
    if begun is None:
        numbering = document.part.numbering_part.element
        of_style = numbering.num_having_numId(paragraph.style.element.pPr.numPr.numId.val)
        made = numbering.add_num(of_style.abstractNumId.val)
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        begun = made.numId
    numbered = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    numbered.get_or_add_ilvl().val = 0
    numbered.get_or_add_numId().val = begun
    return begun


def describe_table(table: Any, title: str) -> None:
    """What a screen reader says of it before its cells; the format has these two last."""
    for name in ("w:tblCaption", "w:tblDescription"):
        words: Any = OxmlElement(name)
        words.set(qn("w:val"), title)
        table._tbl.tblPr.append(words)


def keep_whole(row: Any, *, is_head: bool) -> None:
    """A row is on one page; a head on each."""
    facts = row._tr.get_or_add_trPr()
    facts.append(OxmlElement("w:cantSplit"))
    if is_head:
        facts.append(OxmlElement("w:tblHeader"))


def describe_picture(shape: Any, alternative: str) -> None:
    shape._inline.docPr.set("descr", alternative)


# Its file -------------------------------------------------------------------------------------------------------------


def write_archive(document: Any) -> bytes:
    """The same document is the same bytes, whenever it is written."""
    saved, written = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as archive, zipfile.ZipFile(written, "w") as renewed:
        for name in archive.namelist():
            member = zipfile.ZipInfo(name, FIRST_MOMENT)
            member.compress_type = zipfile.ZIP_DEFLATED
            renewed.writestr(member, archive.read(name))
    return written.getvalue()
