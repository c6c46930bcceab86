"""Shows the words that were found: from text with control characters around them to HTML with `<mark>`.

The database puts START and END around each word it matched; texts in the index hold no control characters.
"""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

START, END = "\x02", "\x03"
MARKED = re.compile(f"{START}([^{END}]*){END}")
SNIPPET_WORDS = 36


def transferred(marked: str, original: str) -> str:
    """`original` with the marks of `marked`, which is the same text with other letters, character for character."""
    parts, place = [], 0
    for character in marked:
        if character in (START, END):
            parts.append(character)
        elif place < len(original):
            parts.append(original[place])
            place += 1
    return "".join([*parts, original[place:]])


def html(marked: str) -> SafeString:
    """The text as HTML, everything in it escaped, the found words in `<mark>`."""
    return mark_safe(escape(marked).replace(START, "<mark>").replace(END, "</mark>"))  # noqa: S308


def snippet(marked: str, words: int = SNIPPET_WORDS) -> SafeString:
    """Those `words` words in a row that hold the most found ones, as HTML, with an ellipsis where text is left out."""
    all_words = MARKED.sub(_mark_each_word, marked).split()
    weights = [START in word for word in all_words]
    found = sum(weights[:words])
    best, most = 0, found
    for start in range(1, len(all_words) - words + 1):
        found += weights[start + words - 1] - weights[start - 1]
        if found > most:
            best, most = start, found
    if most and best:  # some words before the first found one, for its sense
        best = max(0, min(next(n for n in range(best, len(weights)) if weights[n]) - 6, len(all_words) - words))
    chosen = " ".join(all_words[best : best + words])
    before, after = "… " if best else "", " …" if best + words < len(all_words) else ""
    return html(before + chosen + after)


def _mark_each_word(found: re.Match[str]) -> str:
    """A mark over several words as one over each, so that a snippet may begin between them."""
    return " ".join(f"{START}{word}{END}" for word in found[1].split(" "))
