"""Proofs over `content/`: what its briefs ask of the guides, held against the files and the pages made from them.

The literals come from the editorial briefs: they are fixed to the letter, so they stand here a second time.
"""

from collections import defaultdict
from itertools import pairwise

import pytest
from django.conf import settings
from django.test import override_settings

from guides.audit.findings import folded
from guides.audit.readability import sentences
from guides.audit.report import Report, SiteAudit, loaded_from
from guides.audit.served_page import HEADINGS as HEADING_TAGS
from guides.audit.served_page import OWN, Part, words_of
from guides.document import parse
from guides.html_text import WORD
from guides.models import CallToAction, SiteProfile
from tests.conftest import CONTENT

MAIN = "how-to-become-an-engineering-manager"
OFFER = "career-os"
KEYWORDS = {
    "engineering-management": "engineering management",
    "engineering-manager-career-path": "engineering manager career path",
    "software-engineer-to-engineering-manager": "software engineer to engineering manager",
    "tech-lead-to-engineering-manager": "tech lead to engineering manager",
    "engineering-manager-interview-questions": "engineering manager interview questions",
    "engineering-manager-resume": "engineering manager resume",
    "staff-engineer-vs-engineering-manager": "staff engineer vs engineering manager",
    "first-time-engineering-manager": "first-time engineering manager",
    "engineering-manager-30-60-90-day-plan": "engineering manager 30-60-90 day plan",
}
RELATED = list(KEYWORDS)
SLUGS = [MAIN, OFFER, *RELATED]
DOCUMENTS = {path.stem: parse(path.read_text(encoding="utf-8")) for path in sorted((CONTENT / "guides").glob("*.md"))}


@pytest.fixture(scope="module")
def reports(django_db_setup, django_db_blocker) -> dict[str, Report]:
    """The audit of `content/`, made once: nothing of the load is kept."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {**settings.STORAGES, "staticfiles": plain}
    with django_db_blocker.unblock(), override_settings(STORAGES=storages), loaded_from(CONTENT):
        audit = SiteAudit()
        return {report.slug: report for report in audit.reports()}


# All guides


def test_the_guides_are_those_of_the_briefs():
    assert sorted(DOCUMENTS) == sorted(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_audit_has_no_finding_of_either_grade(reports, slug):
    assert [str(finding) for finding in reports[slug].findings] == []


@pytest.mark.parametrize("slug", RELATED)
def test_a_related_guide_has_from_1800_to_2800_words(reports, slug):
    assert 1800 <= reports[slug].word_count <= 2800


@pytest.mark.parametrize("slug", [*RELATED, OFFER])
def test_reads_as_plain_english(reports, slug):
    """Flesch reading ease as the audit prints it, a whole number."""
    assert 45 <= round(reports[slug].reading_ease) <= 70


def _sentences(report: Report) -> set[str]:
    """The sentences of eight words or more of a guide's own page, words only; the frame all pages share left out."""
    texts = [text.words for text in report.page.own_texts()]
    texts += [
        words_of(element)
        for element in report.page.root.iter()
        if element.tag in ("figcaption", "caption", "dt") or element.get("class") == "lead"
    ]
    texts += [report.document.summary, report.document.meta_description]
    found = [sentence for text in texts for sentence in sentences(text)]
    return {folded(sentence) for sentence in found if len(WORD.findall(sentence)) >= 8}


def test_no_sentence_of_eight_words_stands_in_two_guides(reports):
    where = defaultdict(set)
    for slug, report in reports.items():
        for sentence in _sentences(report):
            where[sentence].add(slug)
    assert {sentence: slugs for sentence, slugs in where.items() if len(slugs) > 1} == {}
    assert len(where) > 1000


def _links(report: Report) -> list:
    """The links of the guide's own text: the frame, the closing band and the related guides left out."""
    return [link for link in report.page.links if link.position.part in OWN - {Part.OPENING}]


@pytest.fixture(scope="module")
def outgoing(reports) -> dict[str, set[str]]:
    """The guides that each guide's own text links to, as its page is served."""
    return {
        slug: {link.href.split("#")[0].strip("/") for link in _links(report)} & set(SLUGS) - {slug}
        for slug, report in reports.items()
    }


@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_is_at_most_two_links_away(outgoing, slug):
    near = outgoing[slug] | {far for here in outgoing[slug] for far in outgoing[here]}
    assert set(SLUGS) - near - {slug} == set()


@pytest.mark.parametrize("slug", SLUGS)
def test_every_guide_is_linked_from_at_least_three_others(outgoing, slug):
    assert len([other for other, targets in outgoing.items() if slug in targets]) >= 3


@pytest.mark.parametrize("slug", SLUGS)
def test_no_link_says_here(reports, slug):
    said = [link.words for link in reports[slug].page.links if {"here", "click"} & set(folded(link.words).split())]
    assert said == []
    # A heading's own link shows a sign and is named by its label.
    assert all(len(folded(link.words)) > 3 for link in _links(reports[slug]) if not link.href.startswith("#"))


@pytest.mark.parametrize("slug", SLUGS)
def test_fields_are_complete_and_of_their_length(slug):
    document = DOCUMENTS[slug]
    empty = [
        name
        for name in ("title", "meta_title", "search_intent", "summary", "lead", "hero")
        if not getattr(document, name)
    ]
    assert empty == []
    assert len(document.meta_title) <= 60
    assert 120 <= len(document.meta_description) <= 156


@pytest.mark.parametrize(("slug", "keyword"), KEYWORDS.items())
def test_a_related_guide_has_what_its_brief_asks_for(slug, keyword):
    document = DOCUMENTS[slug]
    assert document.target_keyword == keyword
    assert 4 <= len(document.faq) <= 6
    assert len(document.related) == 3
    assert 3 <= len({link.destination for link in document.links}) <= 6
    assert document.figures
    assert document.body.count("/// call-to-action |") == 1


def test_the_offer_has_what_its_brief_asks_for(reports):
    document = DOCUMENTS[OFFER]
    assert document.kind == "offer"
    assert 5 <= len(document.faq) <= 7
    text = words_of(reports[OFFER].page.root)
    for part in ("Positioning", "Evidence", "Narrative", "Visibility", "Execution"):
        assert part in text
    assert "300+ implementation resources" in text
    assert "49 precision AI tools" in text
    assert "{{ resources }}" in document.body


@pytest.mark.parametrize("slug", SLUGS)
def test_the_figures_of_the_business_stand_in_one_place(slug):
    text = (CONTENT / "guides" / f"{slug}.md").read_text(encoding="utf-8")
    assert "300+" not in text
    assert "49 precision" not in text


# The engineering-manager guide, to the letter

FIELDS = {
    "slug": "how-to-become-an-engineering-manager",
    "meta_title": "How to Become an Engineering Manager: 7-Step Guide",
    "meta_description": (
        "Learn how to become an engineering manager with a practical roadmap covering skills, experience, "
        "CV positioning, interviews and promotion evidence."
    ),
    "title": "How to Become an Engineering Manager: A Practical Guide for Engineers",
    "target_keyword": "how to become an engineering manager",
    "search_intent": "High-intent informational with commercial investigation",
    "eyebrow": "Career OS™ guide",
    "short_title": "How to Become an Engineering Manager",
}
OUTLINE = """\
## Reality Check: Becoming an Engineering Manager Is a Role Change, Not Just a Promotion
### The core mindset shift
## What Does an Engineering Manager Actually Do?
### 1. People leadership
### 2. Delivery and execution
### 3. Technical judgement
### 4. Hiring and team design
### 5. Stakeholder communication
### 6. Strategy and prioritisation
## Is Engineering Management Right for You?
### Good reasons to become an engineering manager
### Warning signs the role may not fit yet
## Why Most Engineers Fail to Make the Transition
### They wait to be chosen
### They confuse technical excellence with leadership readiness
### They become a “shadow manager” without positioning
### They try to stop being technical too quickly
## What Top Performers Do Differently
## The 7-Step Roadmap to Become an Engineering Manager
### Step 1: Define the Engineering Manager Role You Want
#### Practical action
### Step 2: Build Leadership Experience Before You Have the Title
#### Example
### Step 3: Practise Delegation Without Abdicating Responsibility
#### Use this delegation structure
### Step 4: Develop People Leadership Skills
#### Skills to practise
#### Example coaching questions
### Step 5: Build Your Engineering Management Evidence Portfolio
### Step 6: Reposition Your CV and LinkedIn for Management
#### Before and after example
#### LinkedIn positioning shift
### Step 7: Prepare for Engineering Manager Interviews
## Career OS™ Framework: Build Your Engineering Management Promotion Case
### 1. Positioning
### 2. Evidence
### 3. Narrative
### 4. Visibility
### 5. Execution
## 30-Day Action Plan
### Days 1-7: Clarify the target
### Days 8-14: Audit your evidence
### Days 15-21: Close the gaps
### Days 22-30: Reposition and prepare
## Common Mistakes to Avoid
### Waiting until you feel completely ready
### Trying to manage by having all the answers
### Avoiding difficult conversations
### Staying too deep in individual execution
### Failing to document impact
## Conclusion"""
QUESTIONS = [
    "How long does it take to become an engineering manager?",
    "Do I need to be a tech lead before becoming an engineering manager?",
    "Do engineering managers still code?",
    "Can I become an engineering manager without people management experience?",
    "What skills do I need to become an engineering manager?",
    "Is engineering management better than staying technical?",
    "How do I tell my manager I want to become an engineering manager?",
    "What should I put on my CV for engineering manager roles?",
]
# Anchor text, destination, placement, and the headings (or parts of the page) it has to stand under.
LINK_PLAN = [
    (
        "engineering management",
        "/engineering-management/",
        "Introduction and role definition section",
        ["introduction", "What Does an Engineering Manager Actually Do?"],
    ),
    (
        "engineering manager career path",
        "/engineering-manager-career-path/",
        "Reality check and conclusion",
        ["Reality Check: Becoming an Engineering Manager Is a Role Change, Not Just a Promotion", "Conclusion"],
    ),
    (
        "software engineer to engineering manager",
        "/software-engineer-to-engineering-manager/",
        "Step 2",
        ["Step 2: Build Leadership Experience Before You Have the Title"],
    ),
    (
        "tech lead to engineering manager",
        "/tech-lead-to-engineering-manager/",
        "Step 2",
        ["Step 2: Build Leadership Experience Before You Have the Title"],
    ),
    (
        "engineering manager interview questions",
        "/engineering-manager-interview-questions/",
        "Step 7 and CTA",
        ["Step 7: Prepare for Engineering Manager Interviews", "call to action"],
    ),
    (
        "engineering manager resume",
        "/engineering-manager-resume/",
        "Step 6",
        ["Step 6: Reposition Your CV and LinkedIn for Management"],
    ),
    (
        "staff engineer vs engineering manager",
        "/staff-engineer-vs-engineering-manager/",
        "Is engineering management right for you section",
        ["Is Engineering Management Right for You?"],
    ),
    (
        "first-time engineering manager guide",
        "/first-time-engineering-manager/",
        "30-day action plan",
        ["30-Day Action Plan"],
    ),
    (
        "engineering manager 30-60-90 day plan",
        "/engineering-manager-30-60-90-day-plan/",
        "Step 7 and FAQ",
        ["Step 7: Prepare for Engineering Manager Interviews", "faq"],
    ),
    ("Career OS™ coaching for engineers", "/career-os/", "Final CTA", ["call to action"]),
]
# Placement, image type, alternative text, and where the image has to stand.
IMAGE_PLAN = [
    ("Hero", "Career roadmap illustration", "How to become an engineering manager career roadmap", "opening"),
    (
        "Reality Check section",
        "IC-to-manager shift graphic",
        "Engineer moving from individual contributor to engineering manager",
        "Reality Check: Becoming an Engineering Manager Is a Role Change, Not Just a Promotion",
    ),
    (
        "Role definition section",
        "Responsibility wheel",
        "Engineering manager responsibilities wheel",
        "What Does an Engineering Manager Actually Do?",
    ),
    (
        "Evidence Portfolio section",
        "Matrix graphic",
        "Engineering management promotion evidence matrix",
        "Step 5: Build Your Engineering Management Evidence Portfolio",
    ),
    (
        "Career OS™ Framework section",
        "Five-step framework visual",
        "Career OS engineering management promotion framework",
        "Career OS™ Framework: Build Your Engineering Management Promotion Case",
    ),
    ("CTA section", "Scorecard preview", "Engineering management readiness scorecard", "call to action"),
]
EVIDENCE_AREAS = [
    "Team delivery",
    "Mentoring",
    "Stakeholder influence",
    "Technical judgement",
    "Conflict resolution",
    "Hiring/onboarding",
    "Process improvement",
    "Leadership visibility",
]


@pytest.fixture
def page(reports):
    """The engineering-manager guide as it is served."""
    return reports[MAIN].page


def _place(position) -> str:
    """The innermost heading above the fourth level, or the part of the page."""
    headings = [heading.title for heading in position.under if heading.level < 4]
    return headings[-1] if headings and position.part == Part.SECTION else str(position.part)


@pytest.mark.parametrize(("name", "value"), FIELDS.items())
def test_main_guide_fields(name, value):
    assert getattr(DOCUMENTS[MAIN], name) == value


def test_main_guide_shows_its_fields(page):
    assert page.title == FIELDS["meta_title"]
    assert page.description == FIELDS["meta_description"]
    assert [heading.title for heading, _ in page.headings if heading.level == 1] == [FIELDS["title"]]
    assert page.canonical == "https://eichdyn.co.uk/how-to-become-an-engineering-manager/"
    assert page.crumbs == ["Home", "Guides", "How to Become an Engineering Manager"]
    breadcrumb = next(nav for nav in page.root.iter("nav") if nav.get("class") == "breadcrumb")
    assert words_of(breadcrumb).endswith("Career OS™ guide How to Become an Engineering Manager")


def test_main_guide_headings(page):
    shown = [
        f"{'#' * heading.level} {heading.title}"
        for heading, position in page.headings
        if position.part == Part.SECTION and heading.level > 1
    ]
    assert "\n".join(shown) == OUTLINE


def test_main_guide_questions(page):
    assert [question for _, question, _ in page.questions] == QUESTIONS
    for _, _, answer in page.questions:
        assert 2 <= len(sentences(answer)) <= 4


def test_main_guide_link_plan():
    plan = [(link.anchor, link.destination, link.placement) for link in DOCUMENTS[MAIN].links]
    assert plan == [entry[:3] for entry in LINK_PLAN]


@pytest.mark.parametrize(("anchor", "destination", "_placement", "wanted"), LINK_PLAN)
def test_main_guide_links_stand_once_in_each_named_place(page, anchor, destination, _placement, wanted):
    standing = [_place(link.position) for link in page.links if (link.words, link.href) == (anchor, destination)]
    assert sorted(standing) == sorted(wanted)


def test_main_guide_image_plan():
    plan = [(figure.placement, figure.kind, figure.alt) for figure in DOCUMENTS[MAIN].figures]
    assert plan == [entry[:3] for entry in IMAGE_PLAN]


@pytest.mark.parametrize(("_placement", "_kind", "alt", "place"), IMAGE_PLAN)
def test_main_guide_images_stand_in_their_places(page, _placement, _kind, alt, place):
    assert [_place(image.position) for image in page.images if image.alt == alt] == [place]


def test_main_guide_evidence_table(page):
    table = next(
        table for table in page.root.iter("table") if "Evidence Area" in [words_of(cell) for cell in table.iter("th")]
    )
    assert [words_of(cell) for cell in table.iterfind("thead/tr/th")] == [
        "Evidence Area",
        "What to Capture",
        "Example Proof",
    ]
    assert [words_of(row[0]) for row in table.iterfind("tbody/tr")] == EVIDENCE_AREAS


def test_main_guide_delegation_structure(page):
    brief = next(terms for terms in page.root.iter("dl") if terms.get("class") == "delegation-brief")
    assert [words_of(term) for term in brief.iter("dt")] == [
        "Outcome", "Context", "Constraints", "Decision rights", "Support", "Feedback loop",
    ]  # fmt: skip


def _list_lengths(page, heading: str) -> list[int]:
    """How many items the lists right below a heading have, up to the next heading."""
    flat = list(page.root.iter())
    start = next(n for n, element in enumerate(flat) if element.tag in HEADING_TAGS and words_of(element) == heading)
    end = next(n for n in range(start + 1, len(flat)) if flat[n].tag in HEADING_TAGS)
    return [len(element.findall("li")) for element in flat[start:end] if element.tag in ("ul", "ol")]


@pytest.mark.parametrize(
    ("heading", "count"),
    [
        ("Good reasons to become an engineering manager", 7),
        ("Warning signs the role may not fit yet", 7),
        ("Step 1: Define the Engineering Manager Role You Want", 7),
        ("Step 2: Build Leadership Experience Before You Have the Title", 10),
        ("Skills to practise", 8),
        ("Example coaching questions", 6),
        ("Step 6: Reposition Your CV and LinkedIn for Management", 7),
        ("Step 7: Prepare for Engineering Manager Interviews", 10),
        ("3. Narrative", 6),
        ("6. Strategy and prioritisation", 5),
    ],
)
def test_main_guide_lists_are_whole(page, heading, count):
    assert count in _list_lengths(page, heading)


def test_main_guide_calls_to_action_stand_where_the_brief_wants_them(page):
    order = [heading.title for heading, _ in page.headings]
    steps = [
        "Example coaching questions",
        "Career OS™ readiness",
        "Step 5: Build Your Engineering Management Evidence Portfolio",
    ]
    assert all(before + 1 == after for before, after in pairwise(order.index(title) for title in steps))
    labels = [link.words for link in page.links if link.href.startswith("/diagnosis/")]
    assert labels[0] == "Start Your Career Diagnosis →"
    assert "Build your Engineering Management Promotion Plan" in labels
    assert order.index("Conclusion") < order.index("Book your Career OS™ Diagnosis call.")
    assert "Go deeper on the next decision." in order
    assert all(
        "from=/how-to-become-an-engineering-manager/&cta=" in link.href
        for link in page.links
        if "/diagnosis/" in link.href
    )


def test_main_guide_goes_deeper_into_the_nine(page):
    related = [link.href for link in page.links if link.position.part == Part.RELATED]
    assert related == [f"/{slug}/" for slug in (
        "engineering-management", "engineering-manager-career-path", "software-engineer-to-engineering-manager",
        "tech-lead-to-engineering-manager", "engineering-manager-interview-questions", "engineering-manager-resume",
        "staff-engineer-vs-engineering-manager", "first-time-engineering-manager",
        "engineering-manager-30-60-90-day-plan",
    )]  # fmt: skip


def test_the_shared_calls_to_action_and_the_profile_say_what_the_brief_says(content):
    actions = {action.name: action for action in CallToAction.objects.all()}
    assert actions["site-header"].label == "Start Your Career Diagnosis →"
    assert actions["readiness"].heading == "Career OS™ readiness"
    assert "Career OS™ CTA" in actions["promotion-plan"].placement
    assert actions["promotion-plan"].label == "Build your Engineering Management Promotion Plan"
    assert actions["closing"].heading == "Book your Career OS™ Diagnosis call."
    assert actions["closing"].eyebrow == "Career OS™ next step"
    assert {action.destination for action in actions.values()} == {"/diagnosis/"}
    assert "{{ resources }}" in actions["closing"].text
    assert "{{ tools }}" in actions["closing"].text
    profile = SiteProfile.objects.get()
    assert (profile.brand, profile.coach) == ("Career OS™", "Eich Dyn")
    assert (profile.resources, profile.tools) == ("300+ implementation resources", "49 precision AI tools")


def test_main_guide_structured_data(page):
    by_type = {entry["@type"]: entry for entry in page.structured_data}
    article = by_type["Article"]
    assert article["headline"] == FIELDS["title"]
    assert article["description"] == FIELDS["meta_description"]
    assert article["author"]["@type"] == article["publisher"]["@type"] == "Organization"
    assert article["author"]["name"] == article["publisher"]["name"] == "Career OS™"
    assert article["mainEntityOfPage"] == {
        "@type": "WebPage",
        "@id": "https://eichdyn.co.uk/how-to-become-an-engineering-manager/",
    }
    questions = by_type["FAQPage"]["mainEntity"]
    assert [entry["name"] for entry in questions] == QUESTIONS
    assert all("<" not in entry["acceptedAnswer"]["text"] for entry in questions)


def test_main_guide_has_about_4000_words(reports):
    assert 3600 <= reports[MAIN].word_count <= 4600
