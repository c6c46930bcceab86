"""System checks: what a developer must mend before the site starts."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from guides import drawings


@register()
def shipped_drawings_are_safe(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Every drawing must be one that can stand inside a page."""
    errors = []
    for name in sorted(drawings.drawing_names()):
        try:
            drawings.inline_svg(name, "")
            drawings.size(name)
        except drawings.UnsafeDrawing as error:
            errors.append(
                Error(
                    f"content/figures/{error}.",
                    hint="Draw it with shapes only: no script, style, link, image or animation, and with a viewBox.",
                    id="guides.E001",
                )
            )
    return errors
