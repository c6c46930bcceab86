import pytest
from django.db import DatabaseError

from careeros import tool_openings
from readiness.origins import TOOLS, is_page

counted: list[tuple[str, str]] = []


def count(page, placement):
    counted.append((page, placement))


@pytest.fixture(autouse=True)
def _counting(settings, scorecard):
    counted.clear()
    settings.READINESS_COUNT_OPENED = "tests.readiness.test_origins.count"


@pytest.mark.parametrize("placement", TOOLS)
def test_a_tool_opened_from_a_guide_is_counted_once(client, placement):
    response = client.get(TOOLS[placement], {"from": "/a-guide/", "cta": placement})
    assert response.status_code == 200
    assert counted == [("/a-guide/", placement)]
    assert not response.cookies


@pytest.mark.parametrize("placement", TOOLS)
def test_other_openings_are_not_counted(client, placement):
    client.get(TOOLS[placement])
    client.get(TOOLS[placement], {"from": "/a-guide/", "cta": "another"})
    client.get(TOOLS[placement], {"cta": placement})
    client.head(TOOLS[placement], {"from": "/a-guide/", "cta": placement})
    client.get(TOOLS[placement], {"from": "/a-guide/", "cta": placement}, headers={"Sec-Purpose": "prefetch"})
    assert counted == []


def test_the_form_inside_a_guide_counts_too(client):
    client.post("/cv-line-check/", {"line": "Led", "from": "/a-guide/", "cta": "cv-line-check"})
    assert counted == [("/a-guide/", "cv-line-check")]


def test_pages_of_the_tools_are_known():
    assert is_page("/scorecard/")
    assert is_page("/scorecard/result/")
    assert is_page("/evidence-portfolio/")
    assert not is_page("/scorecards/")
    assert not is_page("/")


def test_a_count_that_fails_costs_nobody_the_page(client, settings, monkeypatch, caplog):
    def fail(origin, now):
        raise DatabaseError("locked")

    settings.READINESS_COUNT_OPENED = "careeros.tool_openings.count"
    settings.BOOKINGS_ORIGIN_IS_KNOWN = ""
    monkeypatch.setattr(tool_openings, "count_opened", fail)
    assert client.get("/scorecard/", {"from": "/a-guide/", "cta": "scorecard"}).status_code == 200
    assert "An opened tool was not counted." in caplog.text


def test_the_house_counts_with_the_calls_to_action(client, settings):
    from bookings.models import CallToActionCount

    settings.READINESS_COUNT_OPENED = "careeros.tool_openings.count"
    settings.BOOKINGS_ORIGIN_IS_KNOWN = ""
    for _ in range(2):
        client.get("/scorecard/", {"from": "/a-guide/", "cta": "scorecard"})
    client.get("/scorecard/", {"from": "https://elsewhere", "cta": "scorecard"})
    assert [(row.page, row.placement, row.opened) for row in CallToActionCount.objects.all()] == [
        ("/a-guide/", "scorecard", 2)
    ]
    assert tool_openings.count("/a-guide/", "<script>") is None
    assert CallToActionCount.objects.count() == 1
