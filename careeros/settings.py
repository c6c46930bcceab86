"""All settings, from the environment, with defaults that are safe. A wrong value stops the start and names itself."""

import re
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from careeros import secret_key
from careeros.environment import (
    BASE_DIR,
    LOCAL_HOSTS,
    env,
    folder,
    host_names,
    mail_addresses,
    origin,
    origins,
    switch,
    web_address,
    whole_number,
)

SHORTEST_SECRET_KEY = 32


def _database(name: str, default: str) -> dict[str, Any]:
    if "://" not in env.str(name, default=default):
        raise ImproperlyConfigured(f"{name} is not a database address.")
    try:
        database: dict[str, Any] = env.db_url(name, default=default)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not a database address.") from error
    if not database.get("NAME"):
        raise ImproperlyConfigured(f"{name} names no database.")
    if database.get("ENGINE") == "django.db.backends.sqlite3":
        # IMMEDIATE: a transaction that will write queues at its start instead of failing half-way. FULL: an
        # acknowledged booking survives a power cut, which NORMAL under WAL does not promise.
        # Opening takes a millisecond, a tenth of a booking; a database restored in its place is seen after a second.
        database["CONN_MAX_AGE"] = 1
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
    elif database.get("ENGINE") == "django.db.backends.postgresql":
        database["CONN_MAX_AGE"] = 60
        database["CONN_HEALTH_CHECKS"] = True
        # A server that does not even refuse is away, too: seconds until that is said.
        database["OPTIONS"] = {"connect_timeout": 5, **(database.get("OPTIONS") or {})}
    else:
        raise ImproperlyConfigured(f"{name} must name SQLite or PostgreSQL.")
    return database


def _email(name: str, default: str) -> dict[str, Any]:
    try:
        mail = dict(env.email_url(name, default=default))
    except (ImproperlyConfigured, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is not a mail address scheme such as smtp+tls://.") from error
    if mail["EMAIL_BACKEND"].endswith("smtp.EmailBackend") and not mail["EMAIL_HOST"]:
        raise ImproperlyConfigured(f"{name} names no mail server.")
    return mail


VAR_DIR = folder("VAR_DIR", default=BASE_DIR / "var")

DEBUG = switch("DEBUG", default=False)
HTTPS = switch("HTTPS", default=True)
BEHIND_PROXY = switch("BEHIND_PROXY", default=HTTPS)
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key.from_file(VAR_DIR / "secret-key")
if len(SECRET_KEY) < SHORTEST_SECRET_KEY:
    raise ImproperlyConfigured(f"SECRET_KEY must have {SHORTEST_SECRET_KEY} characters or more.")
SITE_ORIGIN = origin("SITE_ORIGIN", default="https://eichdyn.co.uk")
# The machine asks itself whether it lives, whatever names it has. Over plain HTTP it answers nobody else: cookies that
# are not Secure leave it nowhere.
ALLOWED_HOSTS = [
    *host_names("ALLOWED_HOSTS", default=[urlsplit(SITE_ORIGIN).hostname or ""] if HTTPS else LOCAL_HOSTS),
    *LOCAL_HOSTS,
]
if not HTTPS and not set(ALLOWED_HOSTS) <= set(LOCAL_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS may name only this machine while HTTPS is off.")
CSRF_TRUSTED_ORIGINS = origins("CSRF_TRUSTED_ORIGINS", default=[SITE_ORIGIN])

INSTALLED_APPS = [
    "careeros",
    "careeros.apps.HouseAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "markdownify",
    "guides",
    "readiness",
    "bookings",
]

MIDDLEWARE = [
    "careeros.security.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "careeros.security.RequestBounds",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "careeros.compression.CompressPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "careeros.urls"
WSGI_APPLICATION = "careeros.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guides.context_processors.site",
            ],
        },
    },
]

DATABASES = {"default": _database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'careeros.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

# Guesses at passwords and codes: twenty from one client within an hour, whatever names and headers it sends and
# however many at once.
AXES_HANDLER = "careeros.sign_in_throttle.CountedBeforehand"
AXES_FAILURE_LIMIT = 20
AXES_COOLOFF_TIME = timedelta(hours=1)
AXES_LOCKOUT_PARAMETERS = ["ip_address"]
AXES_CLIENT_IP_CALLABLE = "careeros.sign_in_throttle.client_network"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# Staff without an authenticator app are asked to set one up when they sign in; with this on they cannot go on without.
SECOND_FACTOR_REQUIRED = switch("SECOND_FACTOR_REQUIRED", default=False)
OTP_TOTP_ISSUER = "Career OS"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False
FORMAT_MODULE_PATH = ["careeros.formats"]

STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else's page has a use for them
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static", ("figures", BASE_DIR / "content" / "images")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "careeros.static_files.StaticFiles"},
}
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
# Tools that a guide may hold in its text (`/// tool | name`), by the template that draws them for a page.
GUIDE_TOOLS = {"cv-line-check": "readiness/includes/cv_line_form.html"}
SITE_VERSION_ALSO_WATCHES = ("readiness.Track", "readiness.Question", "readiness.Answer", "readiness.Verdict")
# Where links in mails lead: the site itself, unless it is being tried somewhere else (`make run` on localhost).
MAIL_LINK_ORIGIN = origin("MAIL_LINK_ORIGIN", default=SITE_ORIGIN)
# What the business calls itself, asked where no template has it: mails, invitations, sheets and share pictures.
SITE_BRAND = "careeros.brand.read"
READINESS_GUIDE = "careeros.main_guide.read"
READINESS_COUNT_OPENED = "careeros.tool_openings.count"
BOOKINGS_ORIGIN_IS_KNOWN = "careeros.origins.is_known"
BOOKINGS_COUNT_IN_PASSING = "careeros.counting.in_passing"
BOOKINGS_ATTEMPTS_PER_HOUR = whole_number("BOOKINGS_ATTEMPTS_PER_HOUR", default=60, minimum=1)
# How many of our own proxies stand in front; each adds one entry to X-Forwarded-For. Nothing further left is believed.
TRUSTED_PROXIES = whole_number("TRUSTED_PROXIES", default=0)
BOOKINGS_RETENTION_DAYS = whole_number("BOOKINGS_RETENTION_DAYS", default=365, minimum=1)
# Pages of the house that the sitemap lists beside the guides, by the names of their addresses.
SITEMAP_PAGES = (
    "readiness:scorecard",
    "readiness:portfolio",
    "readiness:plan",
    "readiness:cv_line_check",
    "bookings:diagnosis",
    "privacy",
)
# IndexNow: search engines that take part are told of every publication. Off without a key, which is yours to choose.
INDEXNOW_KEY = env.str("INDEXNOW_KEY", default="")
if INDEXNOW_KEY and not re.fullmatch(r"[A-Za-z0-9-]{8,128}", INDEXNOW_KEY):
    raise ImproperlyConfigured("INDEXNOW_KEY must be 8 to 128 letters a to z, digits and hyphens.")
INDEXNOW_ENDPOINT = web_address("INDEXNOW_ENDPOINT", default="https://api.indexnow.org/indexnow")
# Whether a thread of each of gunicorn's workers sends what is due (careeros/gunicorn.py).
SEND_MAIL = switch("SEND_MAIL", default=False)
# What the sender of the mails delivers besides: callables `(now) -> int` of other rooms, by their dotted paths.
OUTBOX_ALSO_DELIVERS = ("guides.index_now.sender.send_due",)
# Asked once a day, with the present instant, after what is past its retention was blanked.
PURGED_ALSO = ("careeros.sign_in_throttle.forget",)
CONTENT_DIR = Path(env.str("CONTENT_DIR", default=str(BASE_DIR / "content")))
if not CONTENT_DIR.is_dir():
    raise ImproperlyConfigured(f"CONTENT_DIR names {CONTENT_DIR}, which is no folder.")

# Secure by default. On plain HTTP (HTTPS=off, as `make run` sets for localhost) prefix and Secure fall away.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
CSRF_FAILURE_VIEW = "careeros.views_operations.csrf_failure"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = [
    "guides.images.quota.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Where mail goes: smtp+tls://user:password@host:587, or a folder (filemail://) when nothing is said.
vars().update(_email("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mail'}"))
EMAIL_TIMEOUT = whole_number("EMAIL_TIMEOUT", default=10, minimum=1)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Career OS <calls@{urlsplit(SITE_ORIGIN).hostname}>")
mail_addresses("DEFAULT_FROM_EMAIL", [DEFAULT_FROM_EMAIL])

# Markdown: the one renderer (guides.markdown) names these. Bleach is unmaintained and stays off; nh3 sanitises.
MARKDOWNIFY = {
    "guide": {
        "BLEACH": False,
        "LINKIFY_TEXT": {"PARSE_URLS": False},
        "MARKDOWN_EXTENSIONS": [
            "markdown.extensions.sane_lists",
            "markdown.extensions.attr_list",
            "markdown.extensions.def_list",
            "markdown.extensions.fenced_code",
            "markdown.extensions.tables",
            "markdown.extensions.toc",
            "pymdownx.mark",
            "guides.blocks:SiteBlocks",
            "guides.markdown_tree:SiteTree",
        ],
        "MARKDOWN_EXTENSION_CONFIGS": {"markdown.extensions.toc": {"toc_depth": "2-4"}},
    },
    "inline": {
        "BLEACH": False,
        "LINKIFY_TEXT": {"PARSE_URLS": False},
        "MARKDOWN_EXTENSIONS": ["pymdownx.mark"],
    },
}

# Whom security.txt (RFC 9116) names: a mailto: or an https: address. Mail about bookings comes from this one anyway.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default=f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}")
if not SECURITY_CONTACT.startswith(("mailto:", "https://")) or any(sign.isspace() for sign in SECURITY_CONTACT):
    raise ImproperlyConfigured("SECURITY_CONTACT must begin with mailto: or https:// and have no space in it.")
# Who is told of errors by mail; nobody unless named. Each process sends at most one mail in five minutes.
ERROR_MAIL_TO = mail_addresses("ERROR_MAIL_TO", env.list("ERROR_MAIL_TO", default=[]))
ADMINS = [("Career OS", address) for address in ERROR_MAIL_TO]
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = "Career OS: "

# A page from memory costs a tenth more with its line in the log. Off only behind a proxy that writes one, as ours does.
LOG_PAGES_FROM_MEMORY = switch("LOG_PAGES_FROM_MEMORY", default=True)
# One JSON object a line on standard error; careeros.logs says what never stands in it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "careeros.logs.JSONLines"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
        "error_mail": {"class": "careeros.logs.ErrorMail", "level": "ERROR"},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "WARNING"},
        "django": {"handlers": ["error_mail"], "level": "INFO"},
        # What a client got wrong stands in the request's own line already.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
