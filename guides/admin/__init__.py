"""The editors' room.

`guide.py` is the change form; what can be done from it stands in modules of its own: `release.py` (publish,
schedule, unpublish, discard), `history.py` (compare, restore), `previews.py`, `documents.py` (the guide as one
text: download, upload, and two editors' texts against each other). `audited.py` asks the audit.
"""

from guides.admin import addresses, figures, guide, plans, publications, shared
from guides.images import admin as uploaded_pictures
from guides.index_now import admin as index_now

__all__ = ["addresses", "figures", "guide", "index_now", "plans", "publications", "shared", "uploaded_pictures"]
