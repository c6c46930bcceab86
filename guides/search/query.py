"""What a reader typed, as words and phrases to look for. Pure; any text is good input."""

import re
from dataclasses import dataclass, replace

from guides.search.folding import composed, fold

LONGEST = 200  # characters read of what was typed
MOST_TERMS = 12
QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„«»", '"'))
PHRASE = re.compile(r'"([^"]*)"')
# Letters and digits; what a hyphen, colon, point or apostrophe joins stays together: 30-60-90, 1:1s, Node.js.
WORD = re.compile(r"[^\W_]+(?:[-:.'’&+][^\W_]+)*")
# English words that say nothing of what is looked for.
_COMMON = (
    "a about am an and any are as at be been but by can could did do does for from had has have he her his how i if in "
    "is it its me my no not of on or our she should so than that the their them then there these they this to too "
    "was we were what when where which while who why will with would you your"
)
STOP_WORDS = frozenset(_COMMON.split())


@dataclass(frozen=True)
class Term:
    """One thing to look for: any of `alternatives`, each a word or several in a row. `typed` is what stood there."""

    typed: str
    alternatives: tuple[str, ...]
    is_phrase: bool = False

    def meaning(self, words: tuple[str, ...]) -> "Term":
        """The term, looking for `words` instead."""
        return replace(self, alternatives=words)


def parse(text: str) -> tuple[Term, ...]:
    """The terms of `text`, of which the first 200 characters are read: at most twelve, none of them twice.

    Words in quotation marks are a phrase. Common words (“how”, “the”) are left out of the rest. Nothing in the
    text is an operator.
    """
    text = composed(text[:LONGEST]).translate(QUOTATION_MARKS)
    terms = [Term(phrase.strip(), (words,), True) for phrase in PHRASE.findall(text) if (words := _words(phrase))]
    loose = (word for word in WORD.findall(PHRASE.sub(" ", text)) if word.lower() not in STOP_WORDS)
    terms += [Term(word, (words,)) for word in loose if (words := _words(word))]
    return tuple({term.alternatives: term for term in reversed(terms)}.values())[::-1][:MOST_TERMS]


def _words(text: str) -> str:
    """The words of `text`, folded, in small letters, with single spaces between them."""
    return " ".join(re.findall(r"[^\W_]+", fold(text).lower()))
