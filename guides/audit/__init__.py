"""The audit of guides, on the page as it will be served.

`report.py` puts it together and is what others call: `SiteAudit().report(guide)`. The page is that of
`guides.draft_page`; the rest is pure: `served_page.py` reads the HTML back, the `*_rules.py` and `link_graph.py` find,
`placements.py` and `readability.py` help them, `findings.py` says what a finding is.
"""
