"""The editors' room.

`guide.py` is the change form; what can be done from it stands in modules of its own: `release.py` (publish,
schedule, unpublish, discard), `history.py` (compare, restore), `previews.py`, `documents.py` (the guide as one
text: download, upload, and two editors' texts against each other). `audited.py` asks the audit.
"""

from django.contrib import admin

from guides.admin import addresses, figures, guide, plans, publications, shared

__all__ = ["addresses", "figures", "guide", "plans", "publications", "shared"]

admin.site.site_header = "Career OS™"
admin.site.site_title = "Career OS™"
admin.site.index_title = "Guides, bookings and what every page shares"
