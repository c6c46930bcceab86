"""Search on PostgreSQL: a weighted `tsvector` that the database makes of each section, stemmed in English.

https://www.postgresql.org/docs/current/textsearch.html. Title, heading and text carry the weights A, B and D. A term's
words are letters and digits only (see `guides.search.query`) and stand quoted, so that none is an operator.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from guides.search import marking
from guides.search.backend import Hit, subselect
from guides.search.folding import fold
from guides.search.query import Term

MARKS = f"HighlightAll=true, StartSel={marking.START}, StopSel={marking.END}"
RANKED = """
WITH asked AS (SELECT to_tsquery('guides_english', %s) AS wanted, to_tsquery('guides_english', %s) AS in_section,
to_tsquery('guides_english', %s) AS in_title, to_tsquery('guides_english', %s) AS in_heading)
SELECT s.publication_id, s.position, s.anchor, s.title, s.heading, s.text
FROM guides_searchsection s, asked
WHERE s.vector @@ wanted AND (s.position = 0 OR s.vector @@ in_section) AND s.publication_id IN ({publications})
ORDER BY CASE WHEN s.position = 0 AND s.vector @@ in_title THEN 0 WHEN s.vector @@ in_heading THEN 1 ELSE 2 END,
ts_rank('{{0.1, 0, 0.4, 0.05}}', s.vector, wanted, 1) DESC, s.id LIMIT %s
"""
MARKED = """
SELECT ts_headline('guides_english', folded, to_tsquery('guides_english', %s), %s)
FROM unnest(%s::text[]) WITH ORDINALITY AS part(folded, place) ORDER BY place
"""
OCCURS = """
SELECT EXISTS (SELECT 1 FROM guides_searchsection s
WHERE s.vector @@ to_tsquery('guides_english', %s) AND s.publication_id IN ({publications}))
"""


def _phrase(words: str, weights: str = "") -> str:
    label = f":{weights}" if weights else ""
    return "(" + " <-> ".join(f"'{word}'{label}" for word in words.split()) + ")"


def _all(terms: Sequence[Term], weights: str = "", joint: str = " & ") -> str:
    groups = (" | ".join(_phrase(words, weights) for words in term.alternatives) for term in terms)
    return "(" + joint.join(f"({group})" for group in groups) + ")"


def find(terms: Sequence[Term], publications: QuerySet[Any], *, any_term: bool, limit: int) -> list[Hit]:
    joint = " | " if any_term else " & "
    wanted = _all(terms, joint=joint)
    asked = [
        wanted,
        _all(terms, "BD", " | "),
        _all(terms, "A", joint),
        f"{_all(terms, 'AB', joint)} & {_all(terms, 'B', ' | ')}",
    ]
    live, parameters = subselect(publications)
    with connection.cursor() as cursor:
        cursor.execute(RANKED.format(publications=live), (*asked, *parameters, limit))
        rows = cursor.fetchall()
        originals = [text for row in rows for text in row[3:]]
        cursor.execute(MARKED, (wanted, MARKS, [fold(text) for text in originals]))
        marked = [marking.transferred(row[0], text) for row, text in zip(cursor.fetchall(), originals, strict=True)]
    return [Hit(*row[:3], *marked[place * 3 : place * 3 + 3]) for place, row in enumerate(rows)]


def occurs(words: str, publications: QuerySet[Any]) -> bool:
    live, parameters = subselect(publications)
    with connection.cursor() as cursor:
        cursor.execute(OCCURS.format(publications=live), (_phrase(words), *parameters))
        return bool(cursor.fetchone()[0])
