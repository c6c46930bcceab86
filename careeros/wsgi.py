"""The WSGI application that gunicorn serves: public pages from memory, everything else from Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careeros.settings")
django_application = get_wsgi_application()

from careeros.page_cache import PageCache  # noqa: E402  (its models need Django to be set up)
from careeros.request_log import RequestLog  # noqa: E402

# Within the cache: what comes from memory is the proxy's to log (deploy/nginx.conf), with its own cache state.
application = PageCache(RequestLog(django_application))
