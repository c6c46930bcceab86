from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from guides.templatetags.typography import unbroken


def test_joined_numbers_stay_on_one_line():
    assert unbroken("The 30-60-90 Day Plan") == 'The <span class="unbroken">30-60-90</span> Day Plan'
    assert unbroken("Days 30–60: the middle") == 'Days <span class="unbroken">30–60:</span> the middle'


def test_other_words_may_break_where_they_like():
    for text in ("A one-to-one", "2026", "covid-19-era", "30-60-90-day"):
        assert unbroken(text) == text


@given(st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"])) | st.just("1-2 <b> 3-4 & 5-6"))
def test_the_words_are_the_same(text):
    assert BeautifulSoup(f"<p>{unbroken(text)}</p>", "html.parser").p.get_text() == text
