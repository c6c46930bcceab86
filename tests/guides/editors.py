"""What the tests of the editors' room share: a guide that the audit lets pass, and forms as a browser sends them."""

from bs4 import BeautifulSoup
from django.urls import reverse

SOUND = {
    "title": "How to begin",
    "short_title": "Beginning",
    "meta_title": "How to begin",
    "meta_description": "How to begin, step by step.",
    "faq": (),
    "links": (),
    "body": """How to begin is a question of size: choose one small task, agree on its end and start on it today.

## Reality check: how to begin

A paragraph that says {{ tools }}.

/// figure | wheel
///

/// call-to-action | readiness
Words of **this** guide.
///""",
}


def address(guide, name: str) -> str:
    return reverse(f"admin:guides_guide_{name}", args=[guide.pk])


def change(guide) -> str:
    return address(guide, "change")


def publish(client, guide, **data):
    return client.post(address(guide, "publish"), data, follow=True)


def messages(response) -> str:
    return " ".join(item.get_text() for item in page(response).select(".messagelist li"))


def form_data(response) -> dict[str, str]:
    """What a browser would send back of the change form, untouched."""
    data = {}
    forms = [
        response.context["adminform"].form,
        *(inline.formset for inline in response.context["inline_admin_formsets"]),
    ]
    for form in [forms[0], *(form for formset in forms[1:] for form in (formset.management_form, *formset.forms))]:
        for field in form:
            value = field.value()
            data[field.html_name] = "" if value is None else value
    return {name: value for name, value in data.items() if value is not False}


def opened(client, guide) -> dict[str, str]:
    """The change form as `client` has it open."""
    return form_data(client.get(change(guide)))


def page(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words(response) -> str:
    """The text of a page, spaces folded."""
    return " ".join(page(response).get_text(" ").split())
