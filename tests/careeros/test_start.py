"""What the server loads before its first reader: nothing that only one feature needs."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
import careeros.wsgi
from django.urls import resolve
resolve("/how-to-become-an-engineering-manager/")
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory) -> set[str]:
    """The modules that a process has loaded when it can answer a reader."""
    environment = {"VAR_DIR": str(tmp_path_factory.mktemp("var")), "HTTPS": "off", "PATH": ""}
    command = [sys.executable, "-c", PROGRAM]
    return set(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("module", ["fpdf", "fontTools", "hypothesis", "pytest", "playwright"])
def test_nothing_heavy_is_loaded_that_a_readers_request_does_not_need(loaded, module):
    assert module not in loaded
