"""Settings for the tests: the site's own, with a fast hasher and unhashed static names."""

from rbpsite.environment import number
from rbpsite.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The live server of the browser tests serves static files by their plain names.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files come from where they lie: nothing is collected for the tests.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
TIME_ZONE = "Asia/Shanghai"

# On a busy machine a report may take long; that fails no test.
PDF_SECONDS = number("RBP_PDF_SECONDS", 600, 1, 3_600)

# Threads of a live server come and go: none keeps a connection for the next request.
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
