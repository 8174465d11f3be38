"""Settings of the site, all from the environment; ``.env.example`` lists every one of them.

``RBP_MODE=local`` (the default) serves one ward computer on http://127.0.0.1 and needs no
setting. ``RBP_MODE=production`` serves a hospital behind TLS and refuses to start without its
secrets.
"""

from pathlib import Path
from typing import Any

import bootstrap_wrapper
from django.contrib.messages import constants as message_levels
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from rbpsite import VERSION as VERSION
from rbpsite import database_roles, deployment, environment, logs
from rbpsite.computer import named_time_zones
from rbpsite.data_folder import data_folder, private_database_url

BASE_DIR = Path(__file__).resolve().parent.parent

environment.read_env_file(BASE_DIR)
DATA_DIR = environment.folder("RBP_DATA_DIR", data_folder()).resolve()

PRODUCTION = environment.choice("RBP_MODE", "local", "production") == "production"


def _required_in_production(name: str, line: str, otherwise: str = "") -> str:
    """The variable's value; ``otherwise`` on a ward computer, a clear stop in production.

    ``line`` names a line that works in .env as it stands, or a command that prints one.
    """
    value = environment.text(name)
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(
            f"{name} is not set. In production mode set it in the environment or by a line in "
            f".env that replaces an empty one, {line}"
        )
    return otherwise


def _local_secret_key() -> str:
    """The key that script/server keeps in the data folder; a passing one before its first run."""
    try:
        return (DATA_DIR / "secrets" / "secret_key").read_text().strip()
    except OSError:
        return get_random_secret_key()


DEBUG = environment.switch("RBP_DEBUG")
SECRET_KEY = _required_in_production(
    "RBP_SECRET_KEY",
    # No example: it would be used as it stands.
    "which this command prints: "
    """python3 -c 'import secrets; print("RBP_SECRET_KEY=" + secrets.token_urlsafe(60))'""",
)
SECRET_KEY = SECRET_KEY or _local_secret_key()
_required_in_production("RBP_ALLOWED_HOSTS", "for example RBP_ALLOWED_HOSTS=rbp.hospital.example")
ALLOWED_HOSTS = environment.items(
    "RBP_ALLOWED_HOSTS",
    "127.0.0.1,localhost,[::1]",
    r"\.?[\w-]+(\.[\w-]+)*|\[[\da-f:.]+\]",
    "host names such as rbp.hospital.example",
)
CSRF_TRUSTED_ORIGINS = environment.items(
    "RBP_TRUSTED_ORIGINS",
    pattern=r"https?://[^\s/]+",
    allowed="addresses such as https://rbp.hospital.example",
)

_DATABASE_URL = _required_in_production(
    "DATABASE_URL",
    "for example "
    "DATABASE_URL=postgresql://rbp_site:password@db.hospital.example:5432/rbp?sslmode=verify-full",
    private_database_url(),
)
_DATABASE = database_roles.settings_of_this_process(_DATABASE_URL)
SITE_DATABASE_ROLE = database_roles.role_at(_DATABASE_URL)


def _connected(database: dict[str, Any]) -> dict[str, Any]:
    """How this process connects to a database and how long it keeps the connection."""
    options = {
        "connect_timeout": environment.number("RBP_DB_CONNECT_SECONDS", 5, 1, 600),
        # A server that vanished without a word is noticed within half a minute.
        **{"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 4},
        **database["OPTIONS"],
    }
    return {
        **database,
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": environment.number("RBP_DB_CONN_MAX_AGE_SECONDS", 60, 0, 86_400),
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _connected(_DATABASE)}
# Where validations and exports are read; see scoring/queries/standby.py.
_STANDBY_URL = environment.text("DATABASE_STANDBY_URL")
if _STANDBY_URL:
    _standby = environment.database("DATABASE_STANDBY_URL", _STANDBY_URL, of_several="standby")
    DATABASES["standby"] = _connected(_standby)
STANDBY_LAG_SECONDS = environment.number("RBP_STANDBY_LAG_SECONDS", 60, 0, 86_400)
# How long a page may wait for the database, in seconds; commands such as migrate may take as long
# as they need. See scoring/limits.py and docs/operations.md.
DB_STATEMENT_SECONDS = environment.number("RBP_DB_STATEMENT_SECONDS", 30, 1, 86_400)
DB_LOCK_SECONDS = environment.number("RBP_DB_LOCK_SECONDS", 10, 1, 86_400)
DB_IDLE_SECONDS = environment.number("RBP_DB_IDLE_SECONDS", 60, 1, 86_400)
# The same for what reads a great many rows: exports, checks of the log, evaluations.
DB_LONG_SECONDS = environment.number("RBP_DB_LONG_SECONDS", 600, 1, 86_400)
# A request that waits for longer than this behind others that hang is told to come again.
DB_BUSY_SECONDS = environment.number("RBP_DB_BUSY_SECONDS", 10, 1, 86_400)

# A PDF that takes longer than this is given up, and its process ended.
PDF_SECONDS = environment.number("RBP_PDF_SECONDS", 30, 1, 3_600)

# How many requests a minute the token of an application may send.
API_REQUESTS_A_MINUTE = environment.number("RBP_API_REQUESTS_A_MINUTE", 600, 1, 1_000_000)

# The processes that serve, and how many requests each of them works on at once.
BIND = environment.listener("RBP_BIND", "127.0.0.1:8000")
WORKERS = environment.number("RBP_WORKERS", 2, 1, 64)
THREADS = environment.number("RBP_THREADS", 24, 3, 64)
BACKUP_DIR = environment.folder("RBP_BACKUP_DIR", DATA_DIR / "backups")
# Less room than this on a disk counts as none, in MB.
MIN_FREE_MB = environment.number("RBP_MIN_FREE_MB", 200, 1, 1_000_000)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "pgtrigger",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "scoring",
]
MIDDLEWARE = [
    "rbpsite.middleware.RequestLogMiddleware",
    "rbpsite.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Below WhiteNoise, whose files are compressed already.
    "scoring.web.compression.CompressionMiddleware",
    "scoring.web.access.NoStoreMiddleware",
    "rbpsite.middleware.ReadableMiddleware",
    "scoring.web.language.LanguageCookieMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    # After the check of the form's origin, before anything asks the database.
    "scoring.web.database_slots.DatabaseSlotsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "scoring.web.session_limits.SessionLimitsMiddleware",
    "scoring.web.drafts.DraftsMiddleware",
    "scoring.web.gate.SignInFirstMiddleware",
    "scoring.web.gate.GateMiddleware",
    "scoring.web.ward.WardTimeMiddleware",
    "scoring.web.need_to_know.NeedToKnowMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "scoring.web.error_pages.MethodMiddleware",
]
ROOT_URLCONF = "rbpsite.urls"
WSGI_APPLICATION = "rbpsite.wsgi.application"
TEMPLATES = [
    {
        "NAME": "django",
        "BACKEND": "rbpsite.templates.Templates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "scoring.web.access.site",
            ],
        },
    },
]
FORM_RENDERER = "scoring.forms.renderer.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
# No cookie beside those of session, forms and language.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MESSAGE_TAGS = {message_levels.ERROR: "error", message_levels.WARNING: "caution"}

AUTH_USER_MODEL = "scoring.User"
# What browsers may load and send, other programs, how people sign in: from the same environment.
from rbpsite.browser_settings import *  # noqa: E402, F403
from rbpsite.cds_settings import *  # noqa: E402, F403
from rbpsite.laboratory_settings import *  # noqa: E402, F403
from rbpsite.sign_in_settings import *  # noqa: E402, F403
from rbpsite.smart_settings import *  # noqa: E402, F403

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "worklist"
LOGOUT_REDIRECT_URL = "sign-in"

# Shared computers: scoring/web/session_limits.py ends a session after this.
IDLE_SECONDS = 60 * environment.number("RBP_IDLE_MINUTES", 15, 2, 1_440)
SESSION_COOKIE_AGE = 60 * 60 * environment.number("RBP_SESSION_HOURS", 12, 1, 168)
if not 2 * 60 <= IDLE_SECONDS <= SESSION_COOKIE_AGE:
    raise ImproperlyConfigured(
        "RBP_IDLE_MINUTES must be 2 or more, and not longer than RBP_SESSION_HOURS."
    )
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "scoring.web.error_pages.csrf_failure"
_HSTS_SECONDS = environment.number("RBP_HSTS_SECONDS", 31_536_000, 0, 63_072_000)
if PRODUCTION:
    # The browser itself refuses a cookie of this name from anything but this host over TLS.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_NAME = "__Host-language"
    LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Health and readiness are asked by machines on the server itself, without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
    SECURE_HSTS_SECONDS = _HSTS_SECONDS
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# For whoever has chosen none and whose browser asks for none of the two; and of commands.
LANGUAGE_CODE = environment.choice("RBP_LANGUAGE", "en", "zh-hans")
# Each by its own name: a reader looks for it in a page of the other language.
LANGUAGES = [("en", "English"), ("zh-hans", "中文")]
# Dates that are shown can be typed: Django's own formats for Chinese can not.
FORMAT_MODULE_PATH = "rbpsite.formats"
LOCALE_PATHS = [BASE_DIR / "scoring" / "locale"]
USE_TZ = True
# Until an administrator chooses the ward's; and where no ward is asked, as in the server's log.
TIME_ZONES_NAMED = named_time_zones(environment.time_zone("RBP_TIME_ZONE"))
TIME_ZONE = next(iter(TIME_ZONES_NAMED.values()), "UTC")
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = environment.folder("RBP_STATIC_DIR", DATA_DIR / "static")
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", bootstrap_wrapper.get_bootstrap_dir()),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "rbpsite.joined_static.JoinedStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Compressing these takes most of the time of collectstatic and gains next to nothing.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "woff", "woff2"]

# Patient data never reach a log: see rbpsite/logs.py.
LOG_FORMAT = environment.choice("RBP_LOG_FORMAT", "line", "json")
LOGGING = logs.logging_settings(
    LOG_FORMAT, environment.choice("RBP_LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR")
)
# Where the access log is sent besides being kept: see docs/access-log.md.
AUDIT_SHIP = environment.matching(
    "RBP_AUDIT_SHIP",
    r"jsonl:/.+|syslog:/.+|syslog:udp://[^/:@]+(:\d+)?",
    "jsonl:/path/of/file, syslog:/dev/log or syslog:udp://log.hospital.example:514",
)
# The ward's name until an administrator saves the ward settings.
WARD_NAME = environment.text("RBP_WARD_NAME")
# How the QR code of a report leads back to its page, e.g. https://rbp.hospital.example
PUBLIC_URL = environment.address("RBP_PUBLIC_URL", "https://rbp.hospital.example")
if PRODUCTION:
    deployment.stop_at_first(globals())
