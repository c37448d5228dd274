"""Components: one vocabulary of tags, lists that keep their filters, nothing unescaped."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.http import QueryDict
from django.test import RequestFactory

from s11.web.pagination import page_links
from s11.web.statuses import COLOURS, WORDS, status_classes
from tests.web.rendering import Tags, render

HOSTILE = '"><script>alert(1)</script>'


def test_a_word_has_one_colour_and_red_is_kept_for_what_is_wrong() -> None:
    listed = [word.strip() for words in WORDS.values() for word in words.split(",")]
    assert len(listed) == len(set(listed)) == len(COLOURS)
    assert not [word for word in listed if word != word.strip() or not word or "\n" in word]
    assert {word for word, colour in COLOURS.items() if colour == "red"} == {
        "critical", "critical 0", "overdue", "late", "refused", "failed", "infected",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("word", "colour"),
    [
        ("Not started", "grey"),
        ("0 of 8 answered", "grey"),
        ("3 of 8 answered", "blue"),
        ("8 of 8 answered", "green"),
        ("Awaiting sign-off", "yellow"),
        ("Returned", "orange"),
    ],
)
def test_a_tag_carries_its_word(word: str, colour: str) -> None:
    shown = render('{% from "components/status.html" import status_tag %}{{ status_tag(word) }}', word=word)
    assert status_classes(word) == f"govuk-tag--{colour}"
    assert shown == f'<strong class="govuk-tag govuk-tag--{colour}">{word}</strong>'


def test_a_tag_starts_with_a_capital_and_a_word_outside_the_vocabulary_is_an_error() -> None:
    source = '{% from "components/status.html" import status_tag %}{{ status_tag(word) }}'
    assert ">Overdue<" in render(source, word="overdue")
    with pytest.raises(KeyError, match="Finished"):
        render(source, word="Finished")


def test_pages_of_a_list_keep_its_filters() -> None:
    page = Paginator(list(range(100)), 10).get_page(5)
    links = page_links(page, QueryDict("q=a%26b&page=5&variant=school&variant=health"))
    assert links["previous"]["href"] == "?q=a%26b&page=4&variant=school&variant=health"
    assert [item.get("number", "…") for item in links["items"]] == [1, "…", 4, 5, 6, "…", 10]
    assert [item["number"] for item in links["items"] if item.get("current")] == [5]


def test_a_list_on_one_page_has_no_links() -> None:
    page = Paginator([1, 2], 10).get_page(1)
    assert page_links(page, QueryDict()) == {}
    source = '{% from "components/pagination.html" import pagination %}{{ pagination(page, request) }}'
    assert render(source, page=page, request=RequestFactory().get("/")).strip() == ""


def test_links_between_pages_are_escaped() -> None:
    page = Paginator(list(range(30)), 10).get_page(2)
    request = RequestFactory().get("/", {"q": HOSTILE})
    shown = render(
        '{% from "components/pagination.html" import pagination %}{{ pagination(page, request) }}',
        page=page,
        request=request,
    )
    assert "<script>" not in shown
    assert "11 to 20 of 30" in Tags(shown).text


# What to draw of each file of components, with `x` in every place that takes text.
CALLS = {
    "table": [
        "{{ c.table(x, [x], [[x, 1]], numeric=[1], foot=[x, 1]) }}",
        "{{ c.table(x, [x, x], [[x, x]], stacks=true) }}",
    ],
    "summary_list": ['{{ c.summary_list([{"key": x, "value": x, "href": x}], title=x, actions=[(x, x)]) }}'],
    "task_list": [
        '{{ c.task_list([{"title": x, "href": x, "hint": x, "status": "draft"}]) }}',
        '{{ c.task_list([{"title": x, "href": "", "status": "planned"}]) }}',
    ],
    "breadcrumbs": ["{{ c.breadcrumbs([(x, x)]) }}", "{{ c.back_link(x, x) }}"],
    "empty_state": ["{{ c.empty_state(x, x, x) }}"],
    "key_figures": ['{{ c.key_figures([{"value": x, "label": x, "note": x, "href": x}]) }}'],
    "panels": [
        "{{ c.success_panel(x) }}",
        "{% call c.details(x) %}{{ x }}{% endcall %}",
        "{% call c.note(x) %}{{ x }}{% endcall %}",
        "{% call c.card(x, id=x) %}{{ x }}{% endcall %}",
        "{% call c.long_box(true, x) %}{{ x }}{% endcall %}",
        "{% call c.foot() %}{{ x }}{% endcall %}",
    ],
    "buttons": [
        "{{ c.submit_button(x, name=x, value=x) }}",
        "{{ c.link_button(x, x) }}",
        '{{ c.action_button("", x, x, fields={x: x}) }}',
        '{{ c.action_button("", x, x, reason=x) }}',
        "{{ c.print_button(x) }}",
    ],
    "lists": [
        "{{ c.data_list([(x, x)]) }}",
        '{{ c.chips([{"text": x, "href": x}]) }}',
        "{{ c.file_link(x, x, x, x) }}",
    ],
    "documents": ["{{ c.facts([(x, x)], x) }}", "{{ c.finding(x) }}", "{{ c.signature(x, x) }}"],
}


def draw(file: str, call: str, **context: object) -> str:
    return render(f'{{% import "components/{file}.html" as c %}}{call}', **context)


@pytest.mark.parametrize(("file", "call"), [(file, call) for file, calls in CALLS.items() for call in calls])
def test_nothing_breaks_out_of_a_component(file: str, call: str) -> None:
    shown = draw(file, call, x=HOSTILE)
    assert "script" not in [tag for tag, _ in Tags(shown).all]
    assert "alert(1)" in shown


def test_every_component_is_tried_above() -> None:
    """Those not in the list are tried by tests of their own: charts, fields, the frame of the page."""
    elsewhere = {
        "anonymous",
        "charts",
        "drawings",
        "error_summary",
        "field_parts",
        "form_errors",
        "messages",
        "other_ways_in",
        "page_footer",
        "page_header",
        "session_end",
    }
    files = {path.stem for path in (settings.BASE_DIR / "templates" / "components").glob("*.html")}
    assert files == set(CALLS) | elsewhere | {"pagination", "status"}


def test_what_a_person_may_not_do_is_a_disabled_button_with_the_reason() -> None:
    call = '{{ c.action_button("", "/submit/", "Submit", reason=why) }}'
    shown = Tags(draw("buttons", call, why="Only the lead may submit."))
    assert not shown.named("form")
    assert "disabled" in shown.named("button")[0]
    assert "Only the lead may submit." in shown.text


def test_what_changes_something_is_a_form_with_its_token() -> None:
    call = '{{ c.action_button(csrf_input, "/remind/", "Remind", fields={"who": 7}) }}'
    shown = Tags(draw("buttons", call, csrf_input="TOKEN"))
    assert shown.named("form")[0]["method"] == "post"
    assert {"type": "hidden", "name": "who", "value": "7"} in shown.named("input")
    assert "TOKEN" in shown.text


def test_numbers_stand_under_their_heading_and_nothing_is_a_dash() -> None:
    rows = [["A", 0], ["B", None]]
    shown = draw("table", '{{ c.table("Returns", ["Who", "Answers"], rows, numeric=[1]) }}', rows=rows)
    assert len(re.findall(r"__(?:cell|header)--numeric", shown)) == 3
    assert Tags(shown).text == "Returns Who Answers A 0 B –"
    assert 'role="region" aria-label="Returns"' in shown


def test_a_table_that_stacks_says_what_its_parts_are_and_names_each_cell() -> None:
    call = '{{ c.table("Returns", ["Who", "Answers"], [["A", 3], ["B", none]], stacks=true) }}'
    shown = Tags(draw("table", call))
    assert [tag["role"] for tag in shown.named("tr")] == ["row", "row", "row"]
    assert [tag["data-label"] for tag in shown.named("td")] == ["Answers", "Answers"]
    assert "app-table__none" in str(shown.named("td")[1]["class"])
