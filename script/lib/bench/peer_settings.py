"""The site's settings with Django's admin beside them, for the peer of the lists alone."""

from rbpsite.settings import *  # noqa: F403
from rbpsite.settings import INSTALLED_APPS as _SITES_OWN

INSTALLED_APPS = [*_SITES_OWN, "django.contrib.admin.apps.SimpleAdminConfig"]
# Its tables are not needed for lists, and the site would wait for their migrations.
MIGRATION_MODULES = {"admin": None}
