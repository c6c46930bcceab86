"""Django's own per-site cache in a store that all workers share, so that one of them could empty it for all."""

from bench.per_site_cache import *  # noqa: F403

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "bench_cache"}}
