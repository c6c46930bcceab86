"""A small site: two guides and what they need, without the weight of the real content."""

import pytest

from guides.document import FAQEntry, FigureEntry, GuideDocument, KeyEntry, LinkEntry
from guides.models import CallToAction, Guide, SiteProfile
from guides.publishing import publish
from guides.working_copy import write_rows

BODY = """The first paragraph links to [the other guide](/other-guide/) and names {{ tools }}.

## Reality check {#reality data-toc-label="Reality"}

A paragraph.

/// figure | wheel
///

## The roadmap

//// steps
### Step 1: Begin

- one
- two

/// call-to-action | readiness
Words of **this** guide.
///
////"""


def document(**changes) -> GuideDocument:
    """A whole guide; every field may be given another value."""
    values = {
        "title": "How to begin: a guide",
        "short_title": "How to begin",
        "slug": "how-to-begin",
        "eyebrow": "Career OS™ guide",
        "meta_title": "How to begin",
        "meta_description": "A description.",
        "target_keyword": "how to begin",
        "search_intent": "Informational",
        "summary": "How one begins.",
        "lead": "Begin here.",
        "faq": (
            FAQEntry("Is it hard?", "No, see [the other guide](/other-guide/)."),
            FAQEntry("Is it <long> & hard?", "Yes & no, with {{ resources }}."),
        ),
        "figures": (
            FigureEntry("wheel", "wheel.svg", "Wheel", "Reality check", "A wheel", "Six", "", (KeyEntry("One", "a"),)),
        ),
        "links": (LinkEntry("the other guide", "/other-guide/", "Introduction"),),
        "body": BODY,
    }
    return GuideDocument(**{**values, **changes})


@pytest.fixture
def site(db) -> SiteProfile:
    """The profile and the calls to action that pages look for."""
    for name, style in (("site-header", "link"), ("opening", "link"), ("readiness", "band"), ("closing", "band")):
        CallToAction.objects.create(
            name=name, placement=name, style=style, heading=f"Heading of {name}", text="All of {{ tools }}.",
            label=f"Press {name}",
        )  # fmt: skip
    return SiteProfile.objects.create(resources="300+ resources", tools="49 tools & more", tagline="Tagline")


@pytest.fixture
def make_guide(site):
    """A function that creates a guide from `document(**changes)` and, unless told not to, publishes it."""

    def make(*, published: bool = True, **changes) -> Guide:
        guide = Guide()
        write_rows(guide, document(**changes))
        if published:
            publish(guide)
        return guide

    return make
