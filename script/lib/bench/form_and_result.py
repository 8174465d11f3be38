"""The pages of the main job against an empty page, and saving against its bare SQL."""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from uuid import uuid4

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from rbpsite.urls import urlpatterns as site_urlpatterns
from scoring.nomogram.eligibility import Criterion, study_answer
from scoring.web.gate import for_everybody
from script.lib.abort import Abort
from script.lib.bench.measuring import medians, milliseconds

FORM = "/assessments/new"
_SENT = ("SELECT", "WITH", "(", "INSERT", "UPDATE", "DELETE", "SAVEPOINT", "RELEASE")


@for_everybody
def empty(request: HttpRequest) -> HttpResponse:
    """What every page of a signed-in user has around it, and nothing inside."""
    return render(request, "base.html")


urlpatterns = [*site_urlpatterns, path("empty", empty)]


def measure_form_and_result(client: Client, repeat: int) -> Iterator[str]:
    """In turns, medians: a table's lines in Markdown."""
    with override_settings(ROOT_URLCONF=__name__):
        pages = _pages(client)
        for page in pages.values():
            page()
        turns = [[_taken(page) for page in pages.values()] for _ in range(repeat)]
    yield "| page | processor ms | of the empty page's | ms | of the empty page's |"
    yield "|---|---:|---:|---:|---:|"
    medians = [_medians(column) for column in zip(*turns, strict=True)]
    for name, (processor, clock) in zip(pages, medians, strict=True):
        yield (
            f"| {name} | {processor:.1f} | {processor / medians[0][0]:.2f} "
            f"| {clock:.1f} | {clock / medians[0][1]:.2f} |"
        )
    yield ""
    yield _measure_saving(client, repeat)


def _pages(client: Client) -> dict[str, Callable[[], object]]:
    from scoring import queries
    from scoring.models.codes import State

    typed = {**_typed(), "kept_for": _kept_for(client)}
    pages: dict[str, Callable[[], object]] = {
        "empty page": partial(_get, client, "/empty"),
        "account": partial(_get, client, "/account"),
        "empty form": partial(_get, client, FORM),
        "form, refused": partial(_post, client, FORM, {**typed, "t_score": "-28"}, 422),
        "live points": partial(_post, client, f"{FORM.rpartition('/')[0]}/points", typed, 200),
    }
    for state in (State.PROVISIONAL, State.FINAL, State.VOIDED):
        found = queries.assessments().filter(state=state, current_of__isnull=False).first()
        if found is not None:
            pages[f"result, {state}"] = partial(_get, client, f"/assessments/{found.pk}")
    return pages


def _measure_saving(client: Client, repeat: int) -> str:
    """The request that saves, and its statements alone: each time in a transaction that is undone.

    So neither waits for the disk, and the statements can be sent again with the same keys.
    """
    form = {**_typed(), "kept_for": _kept_for(client)}

    def saved() -> None:
        _post(client, FORM, form, 302)

    def bare(statements: list[str]) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    with CaptureQueriesContext(connection) as captured:
        _undone(saved)
    statements = [q["sql"] for q in captured if q["sql"].lstrip().startswith(_SENT)]
    actions = (partial(_undone, saved), partial(_undone, partial(bare, statements[1:])))
    for action in actions:
        action()
    whole, alone = medians(actions, milliseconds, repeat)
    return (
        f"- Save of a new patient's assessment, to the redirect: {whole:.1f} ms; its "
        f"{len(statements) - 1} statements alone {alone:.1f} ms ({whole / alone:.2f} times)."
    )


def _undone(action: Callable[[], object]) -> None:
    with transaction.atomic():
        action()
        transaction.set_rollback(True)


def _taken(action: Callable[[], object]) -> tuple[float, float]:
    """Processor time of this process, and by the clock, in ms."""
    processor, clock = time.process_time(), time.perf_counter()
    action()
    return (time.process_time() - processor) * 1000, (time.perf_counter() - clock) * 1000


def _medians(taken: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    return statistics.median(p for p, _ in taken), statistics.median(c for _, c in taken)


def _get(client: Client, address: str) -> str:
    response = client.get(address)
    if response.status_code != 200:
        raise Abort(f"{address}: status {response.status_code}")
    return response.content.decode()


def _post(client: Client, address: str, form: dict[str, str], status: int) -> None:
    response = client.post(address, form)
    if response.status_code != status:
        raise Abort(f"{address}: status {response.status_code} instead of {status}")


def _kept_for(client: Client) -> str:
    return _get(client, FORM).split('name="kept_for" value="')[1].split('"')[0]


def _typed() -> dict[str, str]:
    """The worked example of the paper, of somebody who is new, operated on two days ago."""
    operated_on = timezone.localdate() - timedelta(days=2)
    before, after = operated_on - timedelta(days=1), operated_on + timedelta(days=1)
    return {
        "form_token": str(uuid4()),
        "hospital_number": "BENCH-NEW-1",
        "family_name": "Bench",
        "given_name": "New",
        "birth_date": f"{operated_on.year - 80}-01-01",
        "sex": "female",
        "operation_status": "done",
        "operation_date": f"{operated_on}",
        "fracture_level": "L1",
        "t_score": "-2.0",
        "dxa_date": f"{before}",
        "trauma_history": "yes",
        "posterior_fascia_edema": "yes",
        "mri_date": f"{before}",
        "pdw_fl": "12.8",
        "pdw_unit": "fL",
        "pdw_date": f"{before}",
        "chloride_mmol_l": "105",
        "chloride_date": f"{before}",
        "mvh_restored": "no",
        "radiograph_date": f"{after}",
        **{criterion.value: study_answer(criterion).value for criterion in Criterion},
    }
