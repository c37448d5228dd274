"""For the few pages written in Django's own template language (sign-in): the parts of our pages, not copies of them."""

from typing import Any

from django import template
from django.template import Context, engines
from django.utils.safestring import SafeString, mark_safe

from s11.web.languages import get_language, show

register = template.Library()


@register.simple_tag
def say(text: str, **values: object) -> str:
    """{% say "Closes on {day}" day=day %}: `_()` of our other templates (s11/web/messages.py)."""
    return show(text, **values)


@register.simple_tag
def page_language() -> str:
    return get_language().tag


@register.simple_tag(takes_context=True)
def component(context: Context, name: str) -> SafeString:
    """{% component "page_header" %}: renders templates/components/NAME.html with the page's own variables."""
    shown = engines["jinja2"].get_template(f"components/{name}.html")
    variables: dict[str, Any] = {str(name): value for name, value in context.flatten().items()}
    return mark_safe(shown.render(variables, request=context.get("request")))  # noqa: S308 (rendered with escaping on)
