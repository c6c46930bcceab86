"""The site's gunicorn configuration without what it does for the page cache and the mail."""

from careeros.gunicorn import *  # noqa: F403
from careeros.gunicorn import post_worker_init, when_ready

del post_worker_init, when_ready
