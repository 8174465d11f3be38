"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")

application = get_wsgi_application()

# It can't be loaded before Django is set up.
from scoring.limits import limit_waiting  # noqa: E402

limit_waiting()
