"""A browser reads the same rules from a style sheet as it is served and as it is written."""

import re
from pathlib import Path

import pytest

from careeros.static_files import without_comments

pytestmark = pytest.mark.browser
SHEETS = sorted((Path(__file__).parents[2] / "static" / "css").glob("*.css"))
RULES = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return Array.from(sheet.cssRules, rule => rule.cssText).join("\\n");
}"""


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_without_its_comments_a_sheet_says_the_same(browser, sheet):
    page = browser.new_page()
    written = sheet.read_text("utf-8")
    ours, served = (re.sub(r"\s+", " ", page.evaluate(RULES, css)) for css in (written, without_comments(written)))
    assert len(ours) > 1000
    assert served == ours
    page.close()
