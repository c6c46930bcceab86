"""Markdown to HTML: the one function that renders a guide's body, and the one for a line or two of text.

django-markdownify does the rendering with the settings named `guide` and `inline`; its bleach step is off
because bleach is no longer maintained, and nh3 (ammonia) decides last what HTML passes.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

import nh3
from django.conf import settings
from markdownify.templatetags.markdownify import markdownify

from guides import html_text, markdown_limits
from guides.block_scan import BlockScan, Problem, prepared, repeated, unknown_names, unknown_tokens
from guides.blocks import RULES, BlockError
from guides.claims import TOKENS
from guides.html_text import Heading
from guides.raw_html import problems_of_html

INLINE_TAGS = {"a", "abbr", "br", "code", "em", "mark", "p", "strong"}
TAGS = INLINE_TAGS | {
    "aside", "blockquote", "caption", "dd", "div", "dl", "dt", "h2", "h3", "h4", "hr", "li", "ol", "pre", "section",
    "site-call-to-action", "site-figure", "site-tool", "span", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "ol": {"start"},
    "section": {"id", "aria-labelledby", "data-label"},
    "site-call-to-action": {"name", "heading", "figure"},
    "site-figure": {"name", "flip"},
    "site-tool": {"name"},
    "td": {"data-label"},
    "th": {"scope"},
}
CLASSES: dict[str, set[str]] = {
    "a": {"download"},
    "aside": {"note"},
    "div": {
        "compare",
        "question",
        "signs",
        "stronger",
        "table",
        "template",
        "template-text",
        "try-this",
        "weaker",
    },
    "dl": {"delegation-brief"},
    "li": {f"days-{length}" for length in range(1, 32)},
    "ol": {"day-plan", "steps"},
    "p": {"label", "outcome", "template-actions", "why"},
    "span": {"when"},
    "table": {"stack"},
    "ul": {"coaching-questions", "mistakes", "signs-go", "signs-wait"},
}
ID = re.compile(r'<[^>]*?\sid="([^"]*)"')
FRAME_IDS = frozenset({"main", "contents", "faq", "h-faq", "related", "h-related", "changes", "share", "toc"})
URL_SCHEMES = {"https", "http", "mailto"}


class MarkdownError(ValueError):
    """A text that must not be published: the problems found in it, in the order of their lines."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"line {problem.line}: {problem.reason}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Body:
    """A rendered body: sanitised HTML with markers still in it, its contents list and its words."""

    html: str
    contents: list[Heading]
    text: str
    templates: dict[str, str]


def render_body(source: str, figures: Collection[str], calls_to_action: Collection[str]) -> Body:
    """Render a guide's body.

    `figures` and `calls_to_action` are the names a block may use. Raises MarkdownError, with every problem and
    its line within `source`, for an unknown block, figure, call to action, tool or token, for a block that is
    not closed or does not hold what it should, for raw HTML that keeps from readers what follows it or a block
    within it, and for a text too long or too deep to be rendered in time.
    """
    if too_much := markdown_limits.problems_of_size(source):
        raise MarkdownError(too_much)
    scan = BlockScan(source, RULES)
    problems = [
        *scan.problems,
        *unknown_names(scan.blocks, "figure", figures),
        *unknown_names(scan.blocks, "call-to-action", calls_to_action),
        *unknown_names(scan.blocks, "tool", settings.GUIDE_TOOLS),
        *unknown_tokens(source, TOKENS),
        *problems_of_html(source),
        *repeated(scan.blocks, "call-to-action"),
        *repeated(scan.blocks, "template", "file"),
        *(
            Problem(block.line, f"there is no figure “{block.options['figure']}”")
            for block in scan.blocks
            if block.options.get("figure") and block.options["figure"] not in figures
        ),
    ]
    if problems:
        raise MarkdownError(sorted(problems, key=lambda problem: problem.line))
    try:
        html = _rendered(prepared(source, scan.blocks), "guide")
    except BlockError as error:
        raise MarkdownError([Problem(error.line, error.reason)]) from error
    html = _sanitised(html)
    _refuse_taken_ids(source, html)
    templates = {block.options["file"]: _template(block.content) for block in scan.blocks if block.name == "template"}
    return Body(html, html_text.contents(html), html_text.plain_text(html), templates)


def render_inline(source: str) -> str:
    """Render a short text (an answer, the words of a call to action): paragraphs, emphasis and links only.

    Raises MarkdownError for an unknown token, and for a text too long or too deep to be rendered in time.
    """
    if too_much := markdown_limits.problems_of_size(source, markdown_limits.TEXT_LENGTH):
        raise MarkdownError(too_much)
    if problems := unknown_tokens(source, TOKENS):
        raise MarkdownError(problems)
    html = _rendered(source, "inline")
    return nh3.clean(
        html, tags=INLINE_TAGS, attributes=_attributes("a", "abbr"), url_schemes=URL_SCHEMES, link_rel=None
    )


def _rendered(source: str, settings_name: str) -> str:
    """The library's HTML. Raises MarkdownError when it goes too deep."""
    try:
        return str(markdownify(source, custom_settings=settings_name))  # type: ignore[no-untyped-call]
    except RecursionError as error:
        raise MarkdownError(
            [Problem(1, "the text is too tangled to be rendered: look for lists within lists")]
        ) from error


def _refuse_taken_ids(source: str, html: str) -> None:
    """An id stands once on a page, and those of the page's frame are taken."""
    taken = set(FRAME_IDS)
    for identifier in ID.findall(html):
        if identifier in taken or identifier.startswith(("cta-", "faq-", "figure-")):
            line = next((n for n, text in enumerate(source.split("\n"), 1) if identifier.removeprefix("h-") in text), 0)
            raise MarkdownError(
                [Problem(line, f"the id “{identifier}” is taken; give the heading another: {{#other}}")]
            )
        taken.add(identifier)


def _template(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n") + "\n"


def _attributes(*tags: str) -> dict[str, set[str]]:
    return {tag: ATTRIBUTES[tag] for tag in tags}


def _sanitised(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes=URL_SCHEMES,
        link_rel=None,
    )
