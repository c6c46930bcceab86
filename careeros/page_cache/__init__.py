"""Public pages as bytes in memory, handed out before Django runs.

`public_pages` says which pages; `layer` is the WSGI application around Django; `rendering` asks Django for a page in a
request that carries nothing of any visitor and judges what comes back; `page` makes bytes and headers of it; `shelf`
bounds the memory; `watch` knows when pages are stale; `compressing` prepares the brotli bodies.
"""

from careeros.page_cache.layer import PageCache

__all__ = ["PageCache"]
