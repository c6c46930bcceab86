"""The site's settings with Django's own per-site cache as its documentation sets it up."""

from careeros.settings import *  # noqa: F403
from careeros.settings import MIDDLEWARE as SITE

MIDDLEWARE = [
    "django.middleware.cache.UpdateCacheMiddleware",
    *SITE,
    "django.middleware.cache.FetchFromCacheMiddleware",
]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CACHE_MIDDLEWARE_SECONDS = 600
