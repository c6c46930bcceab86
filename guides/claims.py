"""The two claims of the business, which stand in the site profile and nowhere else.

Texts name them by token; the words are put in when a page is put together, so that a change shows everywhere.
Pure: imports no Django.
"""

import re
from collections.abc import Mapping

TOKENS = ("resources", "tools")
TOKEN = re.compile(r"\{\{\s*(resources|tools)\s*\}\}")


def fill(text: str, claims: Mapping[str, str]) -> str:
    """`text` with `{{ resources }}` and `{{ tools }}` replaced by the words of `claims`, taken as they are."""
    return TOKEN.sub(lambda found: claims[found.group(1)], text)
