"""What search asks of a database, and which back end asks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from guides.search.query import Term

MOST_HITS = 60


@dataclass(frozen=True)
class Hit:
    """A section that matched; `title`, `heading` and `text` carry the marks of `guides.search.marking`."""

    publication_id: int
    position: int
    anchor: str
    title: str
    heading: str
    text: str


def find(terms: Sequence[Term], publications: QuerySet[Any], *, any_term: bool = False) -> list[Hit]:
    """The sections of `publications` that hold every one of `terms` (or, with `any_term`, one of them), best first.

    A guide whose title has them all comes before a section whose heading has, and that before one whose text has;
    among equals the database ranks. At most 60 sections.
    """
    if not terms:
        return []
    hits: list[Hit] = _module().find(terms, publications, any_term=any_term, limit=MOST_HITS)
    return hits


def occurs(words: str, publications: QuerySet[Any]) -> bool:
    """Whether any section of `publications` holds these words in a row."""
    occurs: bool = _module().occurs(words, publications)
    return occurs


def _module() -> ModuleType:
    """The back end for the database in use; both have the functions `find` and `occurs`."""
    if connection.vendor == "postgresql":
        from guides.search import postgres

        return postgres
    from guides.search import sqlite

    return sqlite


def subselect(publications: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """A queryset as the SQL that selects its primary keys, and its parameters."""
    sql, parameters = publications.order_by().values("pk").query.get_compiler(connection=connection).as_sql()
    return sql, tuple(parameters)
