"""Counting beside a reader's request: it waits for no other writer, and costs nobody the page.

The rooms count by themselves what is theirs; where a room does not know this module, settings name it.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import Error, connection, transaction

logger = logging.getLogger(__name__)

PATIENCE = 100
"""Milliseconds that a count waits for another writer. A booking waits for twenty seconds, a reader for none."""


def in_passing(what: str, count: Callable[[], object]) -> None:
    """Call `count` in a transaction of its own. When the database is busy or away, the log says `what` was not counted.

    `what` begins a sentence: "An opened tool".
    """
    try:
        with _impatient(), transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE}")
            count()
    except Error as error:
        logger.warning("%s was not counted. %s: %s", what, type(error).__name__, str(error).partition("\n")[0])


@contextmanager
def _impatient() -> Iterator[None]:
    """On SQLite, where it is the connection that waits. What it did before it does again afterwards."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
