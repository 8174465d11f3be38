#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

# They do more than the site may, so they connect as the owner of the tables: DATABASE_OWNER_URL.
_OF_THE_OWNER = {"changepassword", "migrate", "pgtrigger", "prepare"}

if __name__ == "__main__":
    if _OF_THE_OWNER.intersection(sys.argv[1:2]):
        os.environ.setdefault("RBP_DATABASE_ROLE", "owner")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as reason:
        # The sentence says what to set; a traceback would only hide it.
        sys.exit(str(reason))
    except OperationalError as reason:
        # It is stopped, full or busy: nothing of that is in the code.
        sys.exit(f"The database does not answer, or refuses: {str(reason).strip()}")
