"""A guide's page without what only a browser can show: for feed readers and for the guide as Markdown.

Drawings become their words, calls to action become a sentence and a link, every address becomes absolute.
"""

import re
from urllib.parse import urlencode, urljoin

from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from guides.page_parts import call_to_action_view
from guides.pages import GuidePage

ADDRESS = re.compile(r'(?<=href=")[^"]*')


class FlatPage(GuidePage):
    """The page's own words in the page's own order, in HTML that needs no stylesheet."""

    @cached_property
    def flat_html(self) -> SafeString:
        """The lead, the body and the questions with their answers."""
        questions = format_html_join("", "<h3>{}</h3>{}", ((q.question, q.answer_html) for q in self.faq))
        faq = format_html("<h2>Frequently asked questions</h2>{}", questions) if self.faq else ""
        return self._absolute(format_html("<p>{}</p>{}{}", self.lead, self.body_html, faq))

    def _absolute(self, html: str) -> SafeString:
        return mark_safe(  # noqa: S308  (nothing but addresses is changed in it)
            ADDRESS.sub(lambda found: urljoin(self.canonical_url, found[0]), html)
        )

    def _open_html(self) -> str:
        return self.publication.html

    def _figure_html(self, marker: dict[str, str], _words: str) -> str:
        entry = next((entry for entry in self.fields["figures"] if entry["name"] == marker["name"]), None)
        if entry is None:
            return ""
        title = entry["title"] or entry["alt"]
        key = format_html_join("", "<li><strong>{}.</strong> {}</li>", ((k["term"], k["text"]) for k in entry["key"]))
        return format_html(
            "<p><strong>Figure: {}</strong></p>{}{}",
            title,
            format_html("<p>{}</p>", entry["caption"]) if entry["caption"] else "",
            format_html("<ol>{}</ol>", key) if key else "",
        )

    def _call_to_action_html(self, marker: dict[str, str], words: str) -> str:
        action = self.site.calls_to_action.get(marker["name"])
        if action is None:
            return ""
        view = call_to_action_view(action, self.url, self.site, heading=marker.get("heading", ""), words=words)
        heading = format_html("<p><strong>{}</strong></p>", view.heading) if view.heading else ""
        return format_html('{}{}<p><a href="{}">{}</a></p>', heading, view.body_html, view.url, view.label)

    def _tool_html(self, marker: dict[str, str], _words: str) -> str:
        link = f"/{marker['name']}/?{urlencode({'from': self.url, 'cta': marker['name']}, safe='/')}"
        return format_html('<p><a href="{}">Use the tool that stands here on the page</a></p>', link)
