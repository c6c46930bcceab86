"""The way from SQLite to PostgreSQL, with data on it."""

import json
from pathlib import Path

from tests.operations.conftest import COUNT

DIGEST = """
import hashlib, json
from django.apps import apps
for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label):
    rows = json.dumps(list(model._base_manager.order_by("pk").values_list()), default=str, sort_keys=True)
    print(model._meta.label, hashlib.sha256(rows.encode()).hexdigest())
"""


def test_everything_arrives_and_new_rows_get_new_numbers(filled_site, postgresql_site, manage):
    database = Path(filled_site["VAR_DIR"]) / "careeros.sqlite3"
    manage(postgresql_site, "migrate", "-v0")
    assert "compared value by value" in manage(postgresql_site, "copy_from_sqlite", database).stdout
    before, after = (
        json.loads(manage(site, "shell", "-v0", "-c", COUNT).stdout) for site in (filled_site, postgresql_site)
    )
    assert after == before
    assert before["bookings.Booking"] == before["auth.User_groups"] == 1
    assert (
        manage(postgresql_site, "shell", "-v0", "-c", DIGEST).stdout
        == manage(filled_site, "shell", "-v0", "-c", DIGEST).stdout
    )
    more = "from django.contrib.auth.models import User; print(User.objects.create_user('new').pk)"
    assert int(manage(postgresql_site, "shell", "-v0", "-c", more).stdout) == 2


def test_a_database_that_holds_something_is_left_alone(filled_site, postgresql_site, manage):
    manage(postgresql_site, "migrate", "-v0")
    manage(postgresql_site, "load_bookings_defaults")
    refused = manage(postgresql_site, "copy_from_sqlite", Path(filled_site["VAR_DIR"]) / "careeros.sqlite3", ok=False)
    assert "already holds" in refused.stderr
    assert json.loads(manage(postgresql_site, "shell", "-v0", "-c", COUNT).stdout)["bookings.Booking"] == 0


def test_it_is_said_when_the_target_is_no_postgresql(site, manage, tmp_path):
    manage(site, "migrate", "-v0")
    refused = manage(site, "copy_from_sqlite", tmp_path / "x.sqlite3", ok=False)
    assert "DATABASE_URL names SQLite" in refused.stderr
