"""The guides that somebody at an address that leads nowhere may have wanted."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import reduce
from operator import add

from django.db.models import Case, Q, When

from guides.models import Publication
from guides.page_parts import Card, card_of

LONGEST = 200  # characters of an address that are looked at
LIKE_ENOUGH = 0.62  # difflib's ratio from which two addresses are one with a slip in it
MOST = 3
MOST_WORDS = 12
MOST_COMPARED = 50
EVERYWHERE = frozenset({"a", "an", "and", "as", "for", "from", "how", "in", "of", "on", "or", "the", "to", "vs"})


def words_of(path: str) -> list[str]:
    """The words in an address, for the search field: `/Guides/EM_resume.html` gives guides, em, resume."""
    path = re.sub(r"\.[a-z]{2,5}/?$", "", path[:LONGEST].lower())
    return re.findall(r"[^\W_]+", path)


def likeness(path: str, slug: str, title: str = "") -> float:
    """How like an address is to a guide's: 0 for nothing in common, 1 for the same.

    The better of two: how many letters of the slug stand in the address in the slug's order, and how many of the
    address's words the slug or the title holds (the common ones of them left out).
    """
    words = words_of(path)
    by_letters = SequenceMatcher(None, "-".join(words), slug, autojunk=False).ratio()
    asked = set(words) - EVERYWHERE
    known = (set(words_of(slug)) | set(words_of(title))) - EVERYWHERE
    shared = len(asked & known)
    by_words = shared / len(asked) * min(1.0, 0.5 + 0.25 * shared) if asked else 0.0
    return max(by_letters if by_letters >= LIKE_ENOUGH else 0.0, by_words)


def ranked(path: str, guides: Iterable[tuple[str, str]]) -> list[str]:
    """The slugs of `guides` (pairs of slug and title) that `path` resembles, the nearest first, at most three."""
    scored = ((likeness(path, slug, title), slug) for slug, title in guides)
    return [slug for score, slug in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score >= 0.3][:MOST]


def nearest_guides(path: str) -> list[Card]:
    """The live guides nearest to an address, by its letters and by its words; in one query."""
    live = {publication.slug: publication for publication in _candidates(path)}
    return [card_of(live[slug]) for slug in ranked(path, ((p.slug, p.fields["title"]) for p in live.values()))]


def _candidates(path: str) -> Iterable[Publication]:
    """The live guides worth comparing: those whose slug or title holds the most pieces of the address's words.

    Comparing letters takes long and 404s are asked for by the thousand, so the database looks over all guides and
    only a few come here. (The title is the working copy's, in a small table; what is named is the live guide's.)
    """
    words = [word for word in words_of(path)[:MOST_WORDS] if word not in EVERYWHERE]
    pieces = {piece for word in words for piece in (word[:3], word[-3:])}
    if not pieces:
        return ()
    held = (When(Q(slug__contains=piece) | Q(guide__title__icontains=piece), then=1) for piece in sorted(pieces))
    likely = Publication.objects.live().annotate(held=reduce(add, (Case(one, default=0) for one in held)))
    return likely.filter(held__gt=0).order_by("-held", "slug").for_cards()[:MOST_COMPARED]
