"""The roles of the database: one owns the tables, the site connects as one that owns nothing.

What changes tables, such as ``manage.py migrate``, connects as the owner and is started with
``RBP_DATABASE_ROLE=owner``, or sets that itself.
"""

import os
from typing import Any

from rbpsite import environment
from rbpsite.data_folder import OWNER, private_database_url


def settings_of_this_process(site_url: str) -> dict[str, Any]:
    """Django's settings of the database for the role of this process.

    ``site_url`` is the address with the site's role. The owner's holds a password: whoever does not
    act as the owner forgets it, and so do the processes it starts. Raises ImproperlyConfigured.
    """
    config = environment.database("DATABASE_URL", site_url)
    if environment.choice("RBP_DATABASE_ROLE", "site", "owner") == "site":
        os.environ.pop("DATABASE_OWNER_URL", None)
        return config
    one_role = environment.text("DATABASE_URL", private_database_url(OWNER))
    url = environment.text("DATABASE_OWNER_URL", one_role)
    return environment.database("DATABASE_OWNER_URL", url)


def role_at(url: str) -> str:
    """The role that an address of a PostgreSQL database names, or "". Raises ValueError."""
    return environment.libpq_parameters(url).get("user", "")
