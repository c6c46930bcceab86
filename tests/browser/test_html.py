"""Every public page through the Nu HTML checker, as served."""

import os
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.browser.test_pages import PAGES

CHECKER = Path(__file__).resolve().parents[2] / ".venv" / "vnu.jar"


def read(address: str) -> bytes:
    try:
        return urllib.request.urlopen(address, timeout=30).read()
    except urllib.error.HTTPError as error:
        return error.read()


def test_the_html_of_every_public_page_is_right(server, tmp_path):
    if not (shutil.which("java") and CHECKER.exists()):
        if os.environ.get("CI"):
            pytest.fail("CI checks the HTML: run .ci/html-checker first.")
        pytest.skip("The HTML checker needs Java; .ci/html-checker .venv fetches the rest.")
    for number, path in enumerate([*PAGES, "/nothing/"]):
        (tmp_path / f"{number}{path.replace('/', '-')}.html").write_bytes(read(server + path))
    result = subprocess.run(
        ["java", "-jar", str(CHECKER), "--errors-only", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")
