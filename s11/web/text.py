"""Text that people typed, made safe to show: rich text, plain paragraphs, and counted nouns."""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

import nh3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

BARE_ADDRESS = r"\bhttps?://[^\s<>]*[^\s<>.,;:!?)'\"]"
HEADING = re.compile(r"^h[1-6]$")
SCHOOL_YEAR = re.compile(r"\b(\d{4}-\d{2})\b")
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h2", "h3", "h4", "h5"}
CLASSES = {
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
    "blockquote": "govuk-inset-text",
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "h4": "govuk-heading-s",
    "h5": "govuk-heading-s",
}


class OneHeadingLevel(Treeprocessor):
    """Whatever level was typed, the page decides: a skipped level breaks its outline, and a tagged PDF's."""

    level = 3

    def run(self, root: Element) -> None:
        for element in root.iter():
            if HEADING.match(element.tag):
                element.tag = f"h{self.level}"


class BareAddress(InlineProcessor):
    """An http(s) address that was typed as it is becomes a link; the full stop after it is the sentence's."""

    ANCESTOR_EXCLUDES = ("a",)

    # The base class says str here, for the older kind of pattern.
    def handleMatch(  # type: ignore[override]  # noqa: N802 (its name)
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        link = Element("a", href=m[0])
        link.text = AtomicString(m[0])
        return link, m.start(0), m.end(0)


def markdown(value: str | None, level: int = 3) -> SafeString:
    """Rich text as HTML of a safe subset; its headings are all `level`, one below the page's own."""
    engine = Markdown(extensions=["sane_lists"], output_format="html")
    headings = OneHeadingLevel(engine)
    headings.level = level
    engine.treeprocessors.register(headings, "one-heading-level", 0)
    # After links and HTML (90) have been taken out, before emphasis (60): addresses have underscores.
    engine.inlinePatterns.register(BareAddress(BARE_ADDRESS), "bare-address", 85)
    cleaned = nh3.clean(
        engine.convert(value or ""),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
        set_tag_attribute_values={tag: {"class": name} for tag, name in CLASSES.items()},
    )
    return mark_safe(cleaned)  # noqa: S308 (cleaned on the line above)


def paragraphs(value: str | None) -> SafeString:
    """Plain text as paragraphs: an empty line starts a new one, a line break stays a line break."""
    lines_of = [
        block.splitlines()
        for block in re.split(r"\n\s*\n", (value or "").replace("\r\n", "\n").strip())
        if block
    ]
    parts = [format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines)) for lines in lines_of]
    return format_html_join("\n", '<p class="govuk-body">{}</p>', ((part,) for part in parts))


def plural(count: int, one: str, many: str = "") -> str:
    """‘1 answer’, ‘3 answers’; give `many` where an s is wrong (‘person’, ‘people’)."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def list_words(parts: Sequence[str]) -> str:
    """‘A’, ‘A and B’, ‘A, B and C’."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def read_number(typed: str, most_digits: int = 9) -> int | None:
    """Of an address or a hidden field; None for what is no whole number, or one too long for any of ours."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= most_digits else None


def file_size(size: int) -> str:
    """‘3 KB’, ‘1.5 MB’: as much as one wants to know before a download."""
    if size < 1 << 20:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / (1 << 20):.1f}".removesuffix(".0") + " MB"


def whole_years(value: object) -> SafeString:
    """A text in which ‘2026-27’ is not broken after its hyphen, as browsers would."""
    parts = SCHOOL_YEAR.split(str(value))
    pairs = zip(parts[::2], [*parts[1::2], ""], strict=True)
    return format_html_join("", "{}{}", ((words, keep_whole(year)) for words, year in pairs))


def keep_whole(words: str) -> SafeString | str:
    """Not broken over two lines, as a day would be on a narrow column."""
    return format_html('<span class="app-whole">{}</span>', words) if words else ""
