"""The command ``script/seed``: many synthetic assessments, to see how the site bears them."""

import argparse
import os
from collections.abc import Sequence
from datetime import datetime

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError

from script.lib.abort import Abort, run
from script.lib.cluster import Cluster
from script.lib.folders import read_env_file
from script.lib.postgres import say_started


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a database without patients, or with --append one with synthetic patients alone."""
    parser = argparse.ArgumentParser(prog="script/seed", description=main.__doc__)
    parser.add_argument(
        "--assessments", type=int, required=True, help="versions of assessments to add"
    )
    parser.add_argument("--random-seed", type=int, default=20250813)
    parser.add_argument(
        "--now",
        type=datetime.fromisoformat,
        help="the moment the ten years end, with its time zone; default: the present one",
    )
    parser.add_argument(
        "--append", action="store_true", help="add to synthetic patients already there"
    )
    chosen = parser.parse_args(arguments)
    read_env_file()
    if not os.environ.get("DATABASE_URL"):
        say_started(Cluster())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")
    # Indexes and triggers are put aside for the load.
    os.environ["RBP_DATABASE_ROLE"] = "owner"
    try:
        django.setup()
        call_command("prepare", tables=True)
        # Models can be loaded only after django.setup().
        from script.lib.seeding.seed import seed

        print(seed(**vars(chosen)))
    except (ImproperlyConfigured, CommandError) as reason:
        raise Abort(str(reason)) from reason
    except OperationalError as reason:
        raise Abort(f"The database can't be reached. {reason}") from reason
    return 0


if __name__ == "__main__":
    run(main)
