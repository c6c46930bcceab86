"""The WSGI application that gunicorn serves: public pages from memory, all else from Django, and all of it logged."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careeros.settings")
django_application = get_wsgi_application()

from careeros.page_cache import PageCache  # noqa: E402  (its models need Django to be set up)
from careeros.page_cache.rendering import WSGIApplication  # noqa: E402
from careeros.request_log import RequestLog  # noqa: E402

if settings.LOG_PAGES_FROM_MEMORY:
    page_cache = PageCache(django_application)
    application: WSGIApplication = RequestLog(page_cache)
else:
    application = page_cache = PageCache(RequestLog(django_application))
