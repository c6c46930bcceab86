"""Search, links to headings, passing a page on, and paper: what readers do to find a page again."""

import pytest
from pypdf import PdfReader

from tests.browser.conftest import DESK, PHONE

GUIDE = "/engineering-management/"


def test_search_needs_no_javascript_and_leads_to_the_section(open_page):
    page = open_page("/guides/", java_script_enabled=False)
    page.get_by_role("searchbox", name="Search the guides").fill("interveiw qestions")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=interveiw+qestions")
    assert page.get_by_text("These are the results for “interview”").is_visible()
    section = page.locator(".results li li a").first
    assert section.locator("mark").count() > 0
    section.click()
    page.wait_for_url("**/*#*")
    assert page.url.partition("#")[0].endswith("/engineering-manager-interview-questions/")
    assert page.locator(f"id={page.url.partition('#')[2]}").is_visible()


@pytest.mark.parametrize("way", ["pointer", "keyboard"])
def test_a_heading_shows_its_link_to_those_who_point_at_it_or_reach_it(open_page, way):
    page = open_page(GUIDE, viewport=DESK)
    heading = page.locator(".prose h2:has(.heading-link)").first
    link = heading.locator(".heading-link")
    assert link.evaluate("link => getComputedStyle(link).opacity") == "0"
    if way == "pointer":
        heading.hover()
    else:
        page.keyboard.press("Tab")  # so that the browser shows the focus
        link.focus()
    assert link.evaluate("link => getComputedStyle(link).opacity") == "1"
    link.click()
    assert page.url.endswith(link.get_attribute("href"))
    assert link.get_attribute("aria-label") == f"Link to “{heading.inner_text()}”"


def test_the_address_is_copied_where_the_browser_does_not_share(open_page):
    page = open_page(f"{GUIDE}?utm_source=mail", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"https://eichdyn.co.uk{GUIDE}"


def test_where_the_browser_shares_the_button_does(open_page):
    page = open_page("/")
    page.add_init_script("navigator.share = async (what) => { window.shared = what; };")
    page.goto(page.url.rstrip("/") + GUIDE)
    assert not page.get_by_role("button", name="Copy link").is_visible()
    page.get_by_role("button", name="Share").click()
    assert page.evaluate("window.shared") == {
        "title": page.title(), "url": f"https://eichdyn.co.uk{GUIDE}",
    }  # fmt: skip


def test_without_javascript_there_is_no_button_that_does_nothing(open_page):
    page = open_page(GUIDE, java_script_enabled=False)
    assert page.locator(".share").count() == 0


def test_numbers_in_a_title_stay_on_one_line(open_page):
    page = open_page("/engineering-manager-30-60-90-day-plan/", viewport=PHONE)
    assert page.locator("h1 .unbroken").evaluate("span => span.getClientRects().length") == 1
    assert page.locator("h1").inner_text().startswith("Engineering Manager 30-60-90 Day Plan:")


def test_on_paper_links_have_their_addresses(open_page, tmp_path):
    page = open_page(GUIDE, viewport=DESK)
    assert not page.locator(".print-only").is_visible()
    page.emulate_media(media="print")
    page.pdf(path=tmp_path / "guide.pdf", format="A4")
    text = "".join(sheet.extract_text() for sheet in PdfReader(tmp_path / "guide.pdf").pages)
    words = "".join(text.split())
    links = page.locator(".prose > section a:is([href^='http'], [href^='/'])").evaluate_all(
        "links => links.filter(link => link.checkVisibility()).map(link => link.getAttribute('href'))"
    )
    printed = [link for link in links if "?" not in link and not link.startswith("/diagnosis/")]
    assert f"https://eichdyn.co.uk{GUIDE}" in words
    assert len(printed) > 2
    assert [link for link in printed if f"({link})" not in words] == []
