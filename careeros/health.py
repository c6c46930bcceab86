"""Whether the site can do its work: the questions behind /readyz, each answered in a word or two."""

from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min

from bookings.models import OutboxEmail

OK = "ok"


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
    """Whether no sender runs, or the mail server takes nothing. One address refused is told in the admin."""
    if OutboxEmail._meta.db_table not in connection.introspection.table_names():
        return "unknown"
    mails = OutboxEmail.objects.using(DEFAULT_DB_ALIAS)
    if oldest := mails.overdue(now).aggregate(due_at=Min("due_at"))["due_at"]:
        return f"a mail has waited for {_minutes(now - oldest)} minutes"
    stranded = mails.stranded(now).aggregate(addresses=Count("to", distinct=True), since=Min("created_at"))
    if stranded["addresses"] > 1:
        return f"no mail was accepted for {_minutes(now - stranded['since'])} minutes"
    return OK


def _minutes(time: timedelta) -> int:
    return int(time.total_seconds() // 60)
