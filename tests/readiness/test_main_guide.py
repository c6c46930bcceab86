"""careeros.main_guide: what the tools need is found in the guides as they are published."""

import pytest
import yaml

from careeros import main_guide
from guides.models import Guide, Publication
from guides.publishing import publish
from readiness.scorecard import AREAS
from tests.readiness.conftest import SCORECARD_FILE


def test_without_a_publication_there_is_an_empty_guide(db):
    assert main_guide.read() == main_guide.MainGuide()


@pytest.fixture
def published(content):
    return main_guide.read()


def test_the_plan_is_the_guides_own(published, django_assert_num_queries):
    document = Publication.objects.live().get(slug=main_guide.SLUG).document
    assert [(phase.when, phase.title) for phase in published.phases] == [
        ("Days 1–7", "Clarify the target"),
        ("Days 8–14", "Audit your evidence"),
        ("Days 15–21", "Close the gaps"),
        ("Days 22–30", "Reposition and prepare"),
    ]
    for phase in published.phases:
        assert len(phase.actions) >= 3
        assert all(f"- {action}" in document for action in phase.actions)
        assert f"You finish with: {phase.outcome}" in document
        assert phase.url.startswith(f"/{main_guide.SLUG}/#days-")
    with django_assert_num_queries(1):
        main_guide.read()


def test_the_plan_follows_an_edit_once_it_is_published(published):
    guide = Guide.objects.get(slug=main_guide.SLUG)
    guide.body = guide.body.replace("- Volunteer for one piece of work", "- **Ask** for one piece of work")
    guide.save()
    assert main_guide.read() == published
    publish(guide)
    assert main_guide.read().phases[2].actions[1].startswith("Ask for one piece of work")


def test_every_evidence_area_has_its_notes(published):
    assert list(published.areas) == list(AREAS.values())
    assert all(notes.capture and notes.example for notes in published.areas.values())


def test_every_section_and_guide_of_the_scorecard_exists(published):
    for question in yaml.safe_load(SCORECARD_FILE.read_text(encoding="utf-8"))["questions"]:
        assert published.section(question["section"]), question["section"]
        assert published.guide(question["guide"]), question["guide"]
    assert published.section("step-2").title == "Step 2: Build Leadership Experience Before You Have the Title"
    assert published.section("right-for-you").title == "Is Engineering Management Right for You?"
    assert published.section("step") is not None
    assert published.section("st") is None
