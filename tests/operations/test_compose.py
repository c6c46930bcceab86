"""compose.yaml as text: what showed only when an engine ran it."""

import yaml

from tests.operations.conftest import ROOT

SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


def test_the_database_is_asked_as_the_others_ask_it():
    """By TCP: while it makes a new database, PostgreSQL’s image answers on its own socket and nowhere else."""
    assert SERVICES["database"]["healthcheck"]["test"] == ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", "careeros"]
