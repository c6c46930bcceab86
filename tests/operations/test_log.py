"""The log of a site that runs, written by its workers beside their answers."""

import json
from pathlib import Path

from tests.operations.live_site import get, running


def test_every_page_from_memory_is_in_the_log_when_the_site_is_told_to_end_right_after(filled_site, manage):
    manage(filled_site, "collectstatic", "--no-input", "-v0")
    with running(filled_site) as (_, address):
        for _ in range(200):
            assert get(f"{address}/guides/")[0] == 200
    log = Path(filled_site["VAR_DIR"]) / "log"
    lines = [json.loads(line) for line in log.read_text().splitlines() if '"careeros.requests"' in line]
    pages = [line for line in lines if line["path"] == "/guides/"]
    assert [(line["status"], line["cache"]) for line in pages] == [(200, "hit")] * 200
    assert len({line["id"] for line in pages}) == 200
