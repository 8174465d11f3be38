"""The process that makes a site ready to serve: tables, static files, accounts, demonstration.

It connects as the owner of the tables and ends before the site starts, which does not.
"""

import argparse
import os
from collections.abc import Sequence

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError

from script.lib.abort import Abort, end_at_signals, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare; the exit code is 0 when the site can be served."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--demo", action="store_true")
    chosen = parser.parse_args(arguments)
    end_at_signals()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")
    os.environ["RBP_DATABASE_ROLE"] = "owner"
    try:
        django.setup()
        # The demonstration brings its own administrator.
        call_command("prepare", administrator=not chosen.demo)
        if chosen.demo:
            # Models can be loaded only after django.setup().
            from script.lib.demonstration.make import demonstrate

            print(demonstrate(), flush=True)
    except (ImproperlyConfigured, CommandError) as reason:
        raise Abort(str(reason)) from reason
    except OperationalError as reason:
        raise Abort(f"The database can't be reached. {reason}") from reason
    return 0


if __name__ == "__main__":
    run(main)
