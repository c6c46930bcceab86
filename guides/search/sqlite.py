"""Search on SQLite: an FTS5 index over the sections, stemmed by Porter's rules, accents removed by the tokeniser.

https://www.sqlite.org/fts5.html. Every word goes in as a quoted string, so that nothing in it is an operator.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from guides.search.backend import Hit, subselect
from guides.search.marking import END, START
from guides.search.query import Term

RANKED = """
SELECT i.rowid FROM guides_searchindex i JOIN guides_searchsection s ON s.id = i.rowid
WHERE i.guides_searchindex MATCH %s AND s.publication_id IN ({publications})
AND (s.position = 0 OR i.rowid IN (SELECT rowid FROM guides_searchindex WHERE guides_searchindex MATCH %s))
ORDER BY CASE
WHEN s.position = 0 AND i.rowid IN (SELECT rowid FROM guides_searchindex WHERE guides_searchindex MATCH %s) THEN 0
WHEN i.rowid IN (SELECT rowid FROM guides_searchindex WHERE guides_searchindex MATCH %s) THEN 1
ELSE 2 END, bm25(guides_searchindex, 0.5, 4, 1), i.rowid LIMIT %s
"""
MARKED = """
SELECT s.id, s.publication_id, s.position, s.anchor, highlight(guides_searchindex, 0, %s, %s),
highlight(guides_searchindex, 1, %s, %s), highlight(guides_searchindex, 2, %s, %s)
FROM guides_searchindex i JOIN guides_searchsection s ON s.id = i.rowid
WHERE i.guides_searchindex MATCH %s AND i.rowid IN ({rows})
"""
OCCURS = """
SELECT EXISTS (SELECT 1 FROM guides_searchindex i JOIN guides_searchsection s ON s.id = i.rowid
WHERE i.guides_searchindex MATCH %s AND s.publication_id IN ({publications}))
"""


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _all(terms: Sequence[Term], joint: str = "AND") -> str:
    groups = (" OR ".join(_quoted(words) for words in term.alternatives) for term in terms)
    return "(" + f" {joint} ".join(f"({group})" for group in groups) + ")"


def find(terms: Sequence[Term], publications: QuerySet[Any], *, any_term: bool, limit: int) -> list[Hit]:
    one = _all(terms, "OR")
    wanted = one if any_term else _all(terms)
    live, parameters = subselect(publications)
    in_title = f"{{title}} : {wanted}"
    in_heading = f"({{title heading}} : {wanted}) AND ({{heading}} : {one})"
    in_section = f"{wanted} AND ({{heading text}} : {one})"
    with connection.cursor() as cursor:
        cursor.execute(RANKED.format(publications=live), (wanted, *parameters, in_section, in_title, in_heading, limit))
        order = {row[0]: place for place, row in enumerate(cursor.fetchall())}
        cursor.execute(MARKED.format(rows=",".join(["%s"] * len(order))), (*(START, END) * 3, wanted, *order))
        rows = sorted(cursor.fetchall(), key=lambda row: order[row[0]])
    return [Hit(*row[1:]) for row in rows]


def occurs(words: str, publications: QuerySet[Any]) -> bool:
    live, parameters = subselect(publications)
    with connection.cursor() as cursor:
        cursor.execute(OCCURS.format(publications=live), (_quoted(words), *parameters))
        return bool(cursor.fetchone()[0])
