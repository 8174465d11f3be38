"""The WSGI application that gunicorn serves."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")

application = get_wsgi_application()

# These can't be loaded before Django is set up. The pages are loaded here, not with a worker's
# first request: workers share them, and one that replaces another later runs the same version.
import_module(settings.ROOT_URLCONF)
from scoring.limits import limit_waiting  # noqa: E402

limit_waiting()
