"""The admin's comforts in a browser: rows put in order, saving by keyboard, the second factor, colours and contrast."""

import re
import subprocess
import sys
import time
from base64 import b32decode

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, ROOT
from tests.browser.test_pages import TAGS, violations

PASSWORD = "another long password"
LINKS = "#links-group tr.form-row:not(.empty-form)"


@pytest.fixture(scope="module", autouse=True)
def _people(server_environment) -> None:
    """Nora, who never sets up an app, and Otto, who does."""
    for name in ("nora", "otto"):
        subprocess.run(
            [sys.executable, "manage.py", "createsuperuser", "--no-input", "--username", name, "--email", "x@example.org"],
            cwd=ROOT, env={**server_environment, "DJANGO_SUPERUSER_PASSWORD": PASSWORD}, check=True,
            capture_output=True,
        )  # fmt: skip


def sign_in(page: Page, name: str, code: str = "") -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Log in").click()


def links(page: Page) -> list[tuple[str, str]]:
    """The planned links as they stand: (position, anchor text)."""
    rows = page.locator(LINKS).all()
    field = "[name$=-{}]"
    return [tuple(row.locator(field.format(name)).input_value() for name in ("position", "anchor")) for row in rows]


def test_links_are_put_in_order_by_mouse_by_arrow_keys_and_by_number(open_page):
    page = open_page("/admin/guides/guide/?q=tech-lead-to", viewport=DESK)
    sign_in(page, "nora")
    page.get_by_role("link", name="Not now").click()
    page.locator("#result_list tbody th a").first.click()
    words = [anchor for _, anchor in links(page)]
    numbers = [str(number) for number in range(1, len(words) + 1)]
    first, last = page.locator(f"{LINKS} .reorder-handle").first, page.locator(f"{LINKS} .reorder-handle").last

    last.scroll_into_view_if_needed()
    last.hover()
    page.mouse.down()
    top = page.locator(LINKS).first.bounding_box()
    for y in (top["y"] + top["height"], top["y"] + 6):
        page.mouse.move(top["x"] + 20, y, steps=5)
    page.mouse.up()
    assert links(page) == list(zip(numbers, [words[-1], *words[:-1]], strict=True))

    first.focus()
    page.keyboard.press("ArrowDown")
    assert [anchor for _, anchor in links(page)][:2] == [words[0], words[-1]]
    expect(page.locator("#links-group [role=status]")).to_have_text(f"Moved to place 2 of {len(words)}.")

    page.locator(f"{LINKS} [name$=-position]").first.fill(numbers[-1])
    page.keyboard.press("Tab")
    assert [anchor for _, anchor in links(page)] == [words[-1], *words[1:-1], words[0]]

    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_contain_text("was changed")
    expect(page.locator(LINKS)).to_have_count(len(words))
    assert links(page) == list(zip(numbers, [words[-1], *words[1:-1], words[0]], strict=True))
    page.get_by_role("link", name="Discard changes").click()
    page.get_by_role("button", name="Discard the changes").click()


def test_a_person_sets_up_an_app_and_signs_in_with_its_code(open_page, server):
    page = open_page("/admin/", viewport=DESK)
    sign_in(page, "otto")
    assert page.locator(".qr svg").bounding_box()["width"] >= 200
    totp = TOTP(b32decode(page.locator("code").inner_text().replace(" ", "")))
    totp.time = time.time()
    page.get_by_label("Type the code it shows").fill(f"{totp.token():06d}")
    page.get_by_role("button", name="Switch it on").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Log out").click()
    page.goto(server + "/admin/")
    sign_in(page, "otto")
    expect(page.locator(".errorlist")).to_contain_text("Type the code")
    sign_in(page, "otto", codes[0])
    expect(page.get_by_role("heading", name="What waits")).to_be_visible()
    expect(page.locator("#waiting-audit .count")).to_have_text(re.compile(r"\d+ must, \d+ should"), timeout=120_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_is_ours(open_page, scheme, server):
    page = open_page("/admin/login/", viewport=DESK, color_scheme=scheme)
    assert violations(page) == []
    sign_in(page, "nora")
    for path, ours in (("/admin/", ".waits, .asks"), ("/admin/second-factor/", ".second-factor")):
        page.goto(server + path)
        found = Axe().run(page, context=ours, options={"runOnly": TAGS}).response["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
