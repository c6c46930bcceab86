"""What the audit says, in the words of the change form and with the part of it to go to."""

import pytest
from django.urls import reverse

from guides.admin.audited import told
from guides.audit.findings import PAGE, Place, must
from guides.document import LinkEntry
from tests.guides.editors import SOUND, page


@pytest.mark.parametrize(
    ("place", "where", "anchor"),
    [
        (Place(field="meta_description"), "Meta description", "id_meta_description"),
        (Place(line=7), "Line 7 of the body", "id_body"),
        (Place(faq=2), "FAQ 2", "faq-1"),
        (Place(field="figures, wheel"), "Figures, wheel", "figures-group"),
        (Place(field="links, entry 3"), "Links, entry 3", "links-2"),
        (PAGE, "The page", ""),
    ],
)
def test_a_finding_says_where_in_the_form_it_is(place, where, anchor):
    finding = told(must("rule", place, "A reason.", "A remedy."))
    assert (finding.where, finding.anchor) == (where, anchor)
    assert str(finding) == f"{where}: A reason. A remedy."


def test_every_place_that_the_form_leads_to_is_there(admin_client, make_guide):
    text = SOUND["body"].replace("## Reality", "#### Too deep\n\nx\n\n## Reality")
    links = (LinkEntry("nowhere", "/nowhere/", "Introduction"),)
    guide = make_guide(published=False, **{**SOUND, "body": text, "links": links, "meta_description": ""})
    form = page(admin_client.get(reverse("admin:guides_guide_change", args=[guide.pk])))
    leading = form.select("#audit a[href^='#']")
    assert {link.get_text() for link in leading} >= {"Meta description", "Links, entry 1"}
    assert [link["href"] for link in leading if not form.select_one(link["href"])] == []
    assert any(link.get("data-line") for link in leading)
