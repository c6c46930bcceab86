"""Writes structured data into a page so that no text in it can end the script or open another."""

import json
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# As JSON escapes, these survive both the HTML parser and the JSON parser (HTML Living Standard, 4.12.1.3).
ESCAPES = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@register.simple_tag
def json_ld(objects: Iterable[dict[str, Any]]) -> SafeString:
    """One `<script type="application/ld+json">` for each of `objects`."""
    return format_html_join(
        "\n",
        '<script type="application/ld+json">{}</script>',
        ((mark_safe(_escaped(json.dumps(data, ensure_ascii=False))),) for data in objects),  # noqa: S308
    )


def _escaped(text: str) -> str:
    for sign, escape in ESCAPES.items():  # str.translate takes far longer where one is not ASCII
        text = text.replace(sign, escape)
    return text
