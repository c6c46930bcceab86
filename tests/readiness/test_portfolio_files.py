import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.portfolio import Entry, portfolio
from readiness.portfolio_files import UnreadableFile, from_csv, from_markdown, read, to_csv, to_markdown
from readiness.scorecard import AREAS

# Text that looks like the formats themselves turns up more often than chance would have it.
TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(["=1+1", "'", "''=x", "## Mentoring", "### Entry 1", "**Result**", "> ", ">", '"', ",", ";", "\n", " ", "-", "@SUM(A1)", "＝1", "\ufeff", "# "]),
        max_size=6,
    ).map("".join),
)  # fmt: skip
PORTFOLIOS = st.dictionaries(
    st.sampled_from(list(AREAS)), st.lists(st.builds(Entry, TEXT, TEXT, TEXT, TEXT), max_size=3).map(tuple)
).map(portfolio)


@given(PORTFOLIOS)
def test_markdown_imports_to_the_same_state(entries):
    assert read(to_markdown(entries)) == entries


@given(PORTFOLIOS)
def test_csv_imports_to_the_same_state(entries):
    assert read(to_csv(entries)) == entries


@given(PORTFOLIOS)
def test_files_survive_windows_line_ends(entries):
    assert from_markdown(to_markdown(entries).replace("\n", "\r\n")) == entries
    assert from_csv(to_csv(entries).replace("\r\n", "\n").replace("\n", "\r\n")) == entries


@given(PORTFOLIOS)
def test_no_cell_of_the_csv_is_a_formula(entries):
    for row in csv.reader(io.StringIO(to_csv(entries).removeprefix("\ufeff"), newline="")):
        assert not [cell for cell in row if cell.startswith(tuple("=+-@\t\r＝＋－＠"))]


def test_a_formula_is_shown_as_text():
    entries = portfolio({"mentoring": (Entry(result='=HYPERLINK("http://x")', did="-1"),)})
    assert "'=HYPERLINK" in to_csv(entries)
    assert "'-1" in to_csv(entries)


def test_the_markdown_reads_well():
    entries = portfolio({"mentoring": (Entry("In May", "I coached Ellie.\nWeekly.", "", "Priya"),)})
    assert (
        "## Mentoring\n\n### Entry 1\n\n**Situation**\n\n> In May\n\n**What I did**\n\n> I coached Ellie.\n> Weekly.\n\n"
        "**Who can confirm**\n\n> Priya\n\n## Stakeholder influence"
    ) in to_markdown(entries)


def test_a_spreadsheet_that_separates_with_semicolons_is_read():
    entries = portfolio({"mentoring": (Entry("In May", "x", "y", "z"),)})
    assert read("Evidence area;Situation;What I did;Result;Who can confirm\r\nMentoring;In May;x;y;z\r\n") == entries


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The first row must be: Evidence area, Situation"),
        ("a,b\r\n", "The first row must be"),
        (to_csv(portfolio()) + "Luck,a,b,c,d\r\n", "Line 2: there is no evidence area “Luck”"),
        (to_csv(portfolio()) + "Mentoring,a\r\n", "Row 2 has 2 cells; it must have 5"),
        (to_csv(portfolio()) + '"Mentoring', "Line 2 cannot be read as CSV"),
        ("# Evidence portfolio\n\n## Luck\n", "Line 3: there is no evidence area “Luck”"),
        ("# Evidence portfolio\n\n> text\n", "Line 3: a quotation stands outside of any entry"),
        ("# Evidence portfolio\n\n## Mentoring\n\n### Entry 1\n\n**Luck**\n", "Line 7: there is no field “Luck”"),
        ("# Evidence portfolio\n\nfree words\n", "Line 3 is not part of an exported portfolio: “free words”"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_words(text, words):
    with pytest.raises(UnreadableFile, match=words):
        read(text)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    with contextlib.suppress(UnreadableFile):
        read(text)
