import pytest

from bookings.origin import Origin
from tests.bookings.conftest import FROM_RESULT, RESULT, RESULT_PATH


def only_the_guide(page, placement):
    return (page, placement) == ("/guide/", "closing")


@pytest.mark.parametrize(
    ("page", "placement"),
    [("/guide", "closing"), ("//evil.example/", "closing"), ("/guide/", "<b>"), ("/Guide/", "closing"),
     ("/guide/?x=1", "closing"), ("/" + "a" * 200 + "/", "closing"), ("/guide/", ""), ("", "closing"),
     ("/guide/", "c" * 61), ("/guide/\n", "closing")],
)  # fmt: skip
def test_what_no_page_or_placement_looks_like_is_dropped(page, placement):
    assert Origin.read({"from": page, "cta": placement}) == Origin()


def test_the_site_says_what_exists(settings):
    settings.BOOKINGS_ORIGIN_IS_KNOWN = f"{__name__}.only_the_guide"
    assert Origin.read({"from": "/guide/", "cta": "closing"}).page == "/guide/"
    assert Origin.read({"from": "/guide/", "cta": "header"}) == Origin()


def test_utm_fields_are_kept_as_one_short_printable_line():
    origin = Origin.read({"utm_source": " a\r\nb\0 ", "utm_campaign": "x" * 500, "utm_other": "no", "utm_term": ""})
    assert origin.utm == {"utm_source": "a b", "utm_campaign": "x" * 100}
    assert origin.fields() == origin.utm


def test_the_front_page_is_a_page():
    assert Origin.read({"from": "/", "cta": "header"}) == Origin("/", "header")


@pytest.mark.parametrize("result", [RESULT, ".00", "z-.zz", "a0" * 38 + ".k7"])
def test_a_scorecard_result_travels_with_the_rest(result):
    assert Origin.read({"result": result}).fields() == {"result": result}


@pytest.mark.parametrize(
    "result",
    ["", "a2b0", "a4.k7", "A2.k7", "a2.K7", "a2.k", "a2.k77", "a2.k7\n", " a2.k7", "a2.k7&x=1", "a2.é7", "a٢.k7",
     "a0" * 39 + ".k7"],
)  # fmt: skip
def test_what_no_scorecard_result_looks_like_is_dropped(result):
    assert Origin.read({"result": result}) == Origin()


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (FROM_RESULT, RESULT_PATH),
        (FROM_RESULT | {"result": "junk"}, "/scorecard/result/"),
        (FROM_RESULT | {"from": "/scorecard/"}, "/scorecard/"),
        ({"result": RESULT}, "/"),
        ({}, "/"),
    ],
)
def test_the_way_back_to_a_result_carries_its_answers(data, path):
    assert Origin.read(data).back_path() == path
