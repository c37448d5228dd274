"""Which elements axe still has to look at for the contrast of their colours: half of its time, on pages much alike."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

MARK = "data-contrast"

# An element's look is what it and all around it are and are coloured like: what is the same has the same contrast. How
# much it says belongs to it: axe passes over what has no letters or one, and over a select without options.
MARK_NEW = """([mark, known]) => {
    const found = new Set(known), marked = []
    const properties = ['color', 'backgroundColor', 'backgroundImage', 'fontSize', 'fontWeight', 'opacity',
        'textShadow']
    const hash = text => {
        let value = 0
        for (let index = 0; index < text.length; index++) value = (value * 31 + text.charCodeAt(index)) | 0
        return value
    }
    const few = text => Math.min(text.length, 2)
    const weigh = element => {
        const own = [...element.childNodes].map(one => one.nodeType === Node.TEXT_NODE ? one.data.trim() : '').join('')
        const letters = own.replace(/[^\\p{L}\\p{N}]/gu, '')
        return [few(own), few(letters), Boolean(element.options?.length)].join('|')
    }
    const walk = (element, above) => {
        const style = getComputedStyle(element)
        const states = ['disabled', 'aria-disabled', 'style', 'fill', 'type'].map(name => element.getAttribute(name))
        const off = element.matches(':disabled') || element.control?.matches(':disabled')
        const look = hash([above, element.tagName, element.getAttribute('class'), off, ...states,
            ...properties.map(name => style[name])].join('|'))
        const judged = hash(`${look}|${weigh(element)}`)
        if (!found.has(judged) && element.checkVisibility({visibilityProperty: true})) {
            found.add(judged)
            marked.push(judged)
            element.setAttribute(mark, '')
        }
        for (const child of element.children) walk(child, look)
    }
    walk(document.body, 0)
    axe.configure({rules: [{id: 'color-contrast', selector: `[${mark}]`}]})
    return marked
}"""
UNMARK = "mark => document.querySelectorAll(`[${mark}]`).forEach(one => one.removeAttribute(mark))"
# What axe found in order is hundreds of kilobytes on a long page: it stays in the browser.
RUN = f"""async ([options, mark, known]) => {{
    const markNew = {MARK_NEW}
    const unmark = {UNMARK}
    const marked = markNew([mark, known])
    const result = await axe.run(options)
    unmark(mark)
    return [result.violations, marked]
}}"""


class Looks:
    """What has passed in this process."""

    def __init__(self) -> None:
        self.passed: set[int] = set()

    def run_axe(self, page: Page, options: dict[str, Any]) -> list[dict[str, Any]]:
        """What axe, which must be there already, finds wrong; once that is nothing, what was new has passed."""
        found: list[dict[str, Any]]
        found, new = page.evaluate(RUN, [options, MARK, list(self.passed)])
        if not found:
            self.passed.update(new)
        return found
