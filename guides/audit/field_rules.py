"""What search engines show of a guide and where its keyword stands. Pure: imports no Django."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guides.audit.findings import PAGE, Finding, Place, folded, must, quoted, should
from guides.audit.readability import sentences
from guides.audit.served_page import Part, ServedPage
from guides.document import GuideDocument
from guides.html_text import WORD

LONGEST_TITLE = 60
LONGEST_DESCRIPTION = 156
ANSWER_WITHIN = 60
SMALL_WORDS = frozenset({"a", "an", "and", "for", "how", "in", "is", "of", "or", "the", "to", "vs", "what", "with"})
ABOUT_THE_PAGE = ("this guide", "this article", "this page", "this post")


@dataclass(frozen=True)
class SearchPreview:
    """A result as a search engine would show it: title and description cut where they are too long."""

    title: str
    address: str
    description: str


def search_preview(page: ServedPage) -> SearchPreview:
    """The page's search result, by the limits most results keep to (60 and 156 characters)."""
    address = page.canonical.removeprefix("https://").removeprefix("http://").strip("/").replace("/", " › ")
    return SearchPreview(cut(page.title, LONGEST_TITLE), address, cut(page.description, LONGEST_DESCRIPTION))


def cut(text: str, longest: int) -> str:
    """`text`, shortened at a word to at most `longest` characters with an ellipsis where it is longer."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rpartition(" ")[0].rstrip(" ,;:–") + " …"


def meta_fields(document: GuideDocument, others: Mapping[str, GuideDocument]) -> Iterator[Finding]:
    """Meta title and description are there, and no other guide has the same; `others` is by slug."""
    for name, what in (("meta_title", "meta title"), ("meta_description", "meta description")):
        value = getattr(document, name)
        if not value.strip():
            yield must(
                name.replace("_", "-"),
                Place(field=name),
                f"The {what} is missing, so search results would show something nobody chose.",
                "Write it for the person who searches, with the answer they get.",
            )
            continue
        same = [slug for slug, other in others.items() if folded(getattr(other, name)) == folded(value)]
        if same:
            yield must(
                name.replace("_", "-"),
                Place(field=name),
                f"The {what} is the same as that of /{same[0]}/, so the two compete for one query.",
                "Say what only this guide gives.",
            )


def shown_lengths(page: ServedPage) -> Iterator[Finding]:
    """Title and description are short enough to be shown whole."""
    shown = search_preview(page)
    for name, text, limit, preview in (
        ("meta_title", page.title, LONGEST_TITLE, shown.title),
        ("meta_description", page.description, LONGEST_DESCRIPTION, shown.description),
    ):
        if len(text) > limit:
            yield should(
                f"{name.replace('_', '-')}-length",
                Place(field=name),
                f"With {len(text)} characters it is cut off: search results would show “{preview}”.",
                f"Bring it down to {limit} characters.",
            )


def keyword(page: ServedPage, document: GuideDocument) -> Iterator[Finding]:
    """The words people search for stand where they look first, as a run of words, in any case.

    In a subheading it is enough that all of them but the small ones stand: a heading is written for people.
    """
    if not document.target_keyword.strip():
        yield should(
            "keyword", Place(field="target_keyword"), "The guide names no target keyword.", "Name the query it answers."
        )
        return
    wanted = f" {folded(document.target_keyword)} "
    h1 = [heading.title for heading, _ in page.headings if heading.level == 1]
    subheadings = [h.title for h, p in page.headings if h.level > 1 and p.part == Part.SECTION]
    for name, field, texts in (
        ("title", "meta_title", [page.title]),
        ("H1", "title", h1),
        ("first paragraph", "body", [first_paragraph(page)]),
        ("description", "meta_description", [page.description]),
        ("slug", "slug", [document.slug]),
    ):
        if not any(wanted in f" {folded(text)} " for text in texts):
            yield _keyword_missing(document, name, Place(line=1) if field == "body" else Place(field=field))
    wanted_words = telling_words(document.target_keyword)
    if not any(wanted_words <= set(folded(title).split()) for title in subheadings):
        yield _keyword_missing(document, "subheadings", PAGE)


def _keyword_missing(document: GuideDocument, name: str, place: Place) -> Finding:
    return should(
        f"keyword-{name.casefold().replace(' ', '-')}",
        place,
        f"The words “{document.target_keyword}” do not stand in the {name}.",
        "Use them there where they read naturally; a reader who searched for them looks for them.",
    )


def telling_words(text: str) -> set[str]:
    """The words of a query that tell it from others: all but the small ones."""
    return set(folded(text).split()) - SMALL_WORDS


def first_paragraph(page: ServedPage) -> str:
    """The first paragraph of the guide's text."""
    return next((text.words for text in page.own_texts() if text.tag == "p"), "")


def introduction(page: ServedPage, document: GuideDocument) -> Iterator[Finding]:
    """The text answers the query at once: within its first 60 words, in a sentence that is not about the page.

    That is judged by the words of the keyword, small ones left out: they must stand in those sentences.
    """
    opening = " ".join(text.words for text in page.own_texts()[:4])
    start = " ".join(opening.split()[:ANSWER_WITHIN])
    answering = [
        sentence
        for sentence in sentences(start)
        if not sentence.endswith("?")
        and len(WORD.findall(sentence)) >= 6
        and not any(f" {phrase} " in f" {folded(sentence)} " for phrase in ABOUT_THE_PAGE)
    ]
    missing = telling_words(document.target_keyword) - set(folded(" ".join(answering)).split())
    if document.target_keyword and (missing or not answering):
        yield should(
            "introduction",
            Place(line=1),
            f"The first {ANSWER_WITHIN} words do not answer “{document.target_keyword}” in a plain statement: "
            f"{quoted(start)}.",
            "Begin with the answer, in the reader's words, and announce the guide afterwards.",
        )
