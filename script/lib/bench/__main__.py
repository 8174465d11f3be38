"""The command ``script/bench``: each page against the bare SQL it needs, in one run.

The bare SQL of a page are all statements that it sends, with their values, sent once more over
the same connection and read to the end: the SELECTs, and the line of the access log with its
commit, without which no page may be shown. Page and SQL take turns, and medians are compared.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import django
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client, override_settings

from script.lib.abort import Abort, run
from script.lib.bench.core import measure_core
from script.lib.bench.kept_report import measure_kept_report
from script.lib.bench.large import measure_export, measure_validation
from script.lib.bench.measuring import measure
from script.lib.bench.pages import FULLEST_PATIENT, addresses
from script.lib.bench.record import measure_record_check
from script.lib.bench.tables import measure_tables
from script.lib.bench.validation_peer import measure_against_peer

_PLAIN_STATIC = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Seed an empty database, measure, print tables in Markdown."""
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument("--assessments", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=9, help="runs of every page")
    parser.add_argument("--here", action="store_true", help="measure the database as it is")
    parser.add_argument(
        "--record", action="store_true", help="measure the check of the record alone"
    )
    parser.add_argument(
        "--kept", action="store_true", help="measure the print of a kept report alone"
    )
    parser.add_argument(
        "--form", action="store_true", help="measure the form, the result and saving alone"
    )
    parser.add_argument("--api", action="store_true", help="measure the JSON API alone")
    parser.add_argument(
        "--tables", action="store_true", help="measure scoring tables and JSON lines alone"
    )
    parser.add_argument(
        "--core",
        action="store_true",
        help="measure scoring and validating a million patients alone",
    )
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "script.lib.bench.peer_settings")
    django.setup()
    if chosen.tables:
        for line in measure_tables(chosen.repeat):
            print(line, flush=True)
        return 0
    try:
        if not chosen.here:
            call_command("migrate", interactive=False, verbosity=0)
            _seed(chosen.assessments)
        _refuse_real_patients()
        if chosen.kept or chosen.form:
            with override_settings(STORAGES=_PLAIN_STATIC, ALLOWED_HOSTS=["testserver"]):
                client = Client()
                client.force_login(_user())
                if chosen.kept:
                    print(measure_kept_report(client, chosen.repeat))
                else:
                    _print_form_and_result(client, chosen.repeat)
            return 0
        if chosen.core:
            _print_core(chosen.repeat)
            return 0
        if chosen.api:
            _print_api(chosen.repeat)
            return 0
        # First, while little memory was taken.
        for line in measure_record_check(chosen.repeat):
            print(line, flush=True)
        if chosen.record:
            return 0
        with override_settings(STORAGES=_PLAIN_STATIC, ALLOWED_HOSTS=["testserver"]):
            _print_all(chosen.repeat)
    except CommandError as reason:
        raise Abort(str(reason)) from reason
    except OperationalError as reason:
        raise Abort(f"The database can't be reached. {reason}") from reason
    return 0


def _seed(assessments: int) -> None:
    """In a process of its own: the memory that it takes is none of the pages'."""
    program = [sys.executable, "-m", "script.lib.seeding", "--assessments", str(assessments)]
    subprocess.run(program, check=True)


def _refuse_real_patients() -> None:
    # Models can be loaded only after django.setup().
    from scoring.models import Assessment, Patient

    if Patient.objects.filter(synthetic=False).exists():
        raise Abort("This database holds real patients: nothing is measured here.")
    if not Assessment.objects.exists():
        raise Abort("This database is empty. Fill it first: script/seed --assessments 1000000")


def _print_all(repeat: int) -> None:
    from scoring.models import Assessment, AssessmentChain, Outcome, Patient

    # Only the settings of this command have the admin that it needs.
    from script.lib.bench.peer import measure_against_admin

    client, user = Client(), _user()
    client.force_login(user)
    counts = [model.objects.count() for model in (Assessment, AssessmentChain, Outcome, Patient)]
    print("Versions {:,}, assessments {:,}, outcomes {:,}, patients {:,}.\n".format(*counts))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    print(
        f"PostgreSQL {version}, fsync {fsync}, {os.cpu_count()} processors, load "
        f"{os.getloadavg()[0]:.1f} at the start, median of {repeat} runs.\n"
    )
    print(
        "| page | page ms | SQL ms | of it the log ms | page − SQL ms | page / SQL | statements |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    measured = []
    measurable = list(addresses(client))
    for name, address in measurable:
        result = measure(name, client, address, repeat)
        measured.append(result)
        print(
            f"| {name} | {result.page_ms:.1f} | {result.sql_ms:.1f} | {result.line_ms:.1f} "
            f"| {result.page_ms - result.sql_ms:.1f} | {result.page_ms / result.sql_ms:.2f} "
            f"| {result.statements} |",
            flush=True,
        )
    print("\n| page | indexes used | tables read through |\n|---|---|---|")
    for result in measured:
        tables = ", ".join(result.read_through) or "none"
        print(f"| {result.name} | {', '.join(result.indexes)} | {tables} |")
    print()
    for line in measure_against_admin(client, user, dict(measurable)[FULLEST_PATIENT], repeat):
        print(line, flush=True)
    print()
    _print_form_and_result(client, repeat)
    print()
    print(measure_validation(client, repeat), flush=True)
    _print_core(repeat)
    _print_api(repeat)
    for identifiers in ("with", "without"):
        print(measure_export(client, identifiers), flush=True)


def _print_form_and_result(client: Client, repeat: int) -> None:
    # Models can be loaded only after django.setup().
    from script.lib.bench.form_and_result import measure_form_and_result

    for line in measure_form_and_result(client, repeat):
        print(line, flush=True)


def _print_api(repeat: int) -> None:
    # Models can be loaded only after django.setup().
    from script.lib.bench.api import measure_api

    with override_settings(ALLOWED_HOSTS=["testserver"], API_REQUESTS_A_MINUTE=1_000_000):
        print(measure_api(_user(), repeat), flush=True)


def _print_core(repeat: int) -> None:
    for line in measure_core(repeat):
        print(line, flush=True)
    print(measure_against_peer(repeat), flush=True)


def _user() -> Any:
    """Somebody with every right; an earlier run may have made the account."""
    from scoring import actions
    from scoring.models import Role, User

    found = User.objects.filter(username="bench").first()
    return found or actions.create_user(
        by=None, username="bench", display_name="Dr Bench", password=None, roles=list(Role)
    )


if __name__ == "__main__":
    run(main)
