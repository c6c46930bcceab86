import pytest

from bookings.origin import Origin


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
