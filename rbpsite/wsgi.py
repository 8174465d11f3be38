"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")

application = get_wsgi_application()

# Actions can't be loaded before Django is set up.
from scoring.actions.log_keeper import start_keeping  # noqa: E402

start_keeping()
