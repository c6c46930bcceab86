"""How words are set."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

JOINED_NUMBERS = re.compile(r"(?<!\S)\d+(?:[-–]\d+)+[:;,.?!]?(?!\S)")


@register.filter
def unbroken(text: str) -> SafeString:
    """`text` as HTML in which numbers joined by hyphens (30-60-90) stay on one line. The words are the same."""
    escaped = conditional_escape(text)
    return mark_safe(  # noqa: S308  (escaped above; an entity is never only digits and hyphens)
        JOINED_NUMBERS.sub(lambda found: f'<span class="unbroken">{found[0]}</span>', escaped)
    )
