"""Whether the site can do its work: the questions behind /readyz, each answered in a word or two."""

from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from bookings.models import OutboxEmail

OK = "ok"
LATE_AFTER = timedelta(minutes=15)
"""A mail still waiting this long after it was due: the sender is not running, or the mail server takes nothing."""


def findings(now: datetime) -> dict[str, str]:
    """`database`, `migrations` and `outbox`, each "ok" or what is wrong, in words without anybody's data."""
    try:
        return {
            "database": OK,
            "migrations": _migrations(),
            "outbox": _outbox(now),
        }
    except DatabaseError as error:
        return {"database": f"does not answer ({type(error).__name__})", "migrations": "unknown", "outbox": "unknown"}


def _migrations() -> str:
    connection.ensure_connection()
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} not applied; run migrate" if missing else OK


def _outbox(now: datetime) -> str:
    if OutboxEmail._meta.db_table not in connection.introspection.table_names():
        return "unknown"
    late = OutboxEmail.objects.using(DEFAULT_DB_ALIAS).unsent().filter(created_at__lte=now - LATE_AFTER)
    oldest = late.order_by("created_at").values_list("created_at", flat=True).first()
    if oldest is None:
        return OK
    return f"a mail has waited for {int((now - oldest).total_seconds() // 60)} minutes"
