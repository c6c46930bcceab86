"""compose.yaml as text: what showed only when an engine ran it."""

import re
from fnmatch import fnmatch

import yaml

from tests.operations.conftest import ROOT

SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


def test_the_database_is_asked_as_the_others_ask_it():
    """By TCP: while it makes a new database, PostgreSQL’s image answers on its own socket and nowhere else."""
    assert SERVICES["database"]["healthcheck"]["test"] == ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", "careeros"]


def test_one_service_builds_what_three_run():
    """Each build gives the image another identity, and containers whose image is another are replaced."""
    runs = {name for name, service in SERVICES.items() if service["image"] == "careeros"}
    assert runs == {"prepare", "site", "sender"}
    assert [name for name, service in SERVICES.items() if "build" in service] == ["prepare"]
    assert {SERVICES[name]["pull_policy"] for name in runs} == {"never"}


def test_a_backup_that_lies_beside_the_code_comes_into_no_image():
    """README has the copies written there, and the image is made of that folder."""
    left_out = (ROOT / ".dockerignore").read_text().split()
    written = re.findall(r"^docker compose exec .* > (\S+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert written == ["careeros.dump", "media.tar"]
    assert [name for name in written if not any(fnmatch(name, pattern) for pattern in left_out)] == []


def test_who_comes_by_ipv6_is_told_from_others():
    """Without it Docker’s own address stands for all of them, and they share what is allowed to one."""
    composed = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert composed["networks"]["outside"] == {"enable_ipv6": True}
