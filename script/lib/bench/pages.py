"""Which pages are measured, and where they are."""

from collections.abc import Iterator
from datetime import timedelta

from django.test import Client

FULLEST_PATIENT = "patient with most assessments"


def addresses(client: Client) -> Iterator[tuple[str, str]]:
    """Names and addresses of the lists, each filter and kind of search, and the fullest patient."""
    from django.db.models import Count

    from scoring.models import Assessment, Patient
    from scoring.queries import Cursor

    newest = Assessment.objects.order_by("-created_at").values_list("created_at", flat=True)[0]
    middle = newest - timedelta(days=5 * 365)
    row = Assessment.objects.filter(created_at__lte=middle).order_by("-created_at", "-id")[0]
    clinician = Assessment.objects.values_list("created_by_id", flat=True)[0]
    busiest = Patient.objects.annotate(n=Count("assessments")).order_by("-n")[0]
    month = f"assessed_from={middle - timedelta(days=30):%Y-%m-%d}&assessed_to={middle:%Y-%m-%d}"
    yield "worklist", "/"
    yield FULLEST_PATIENT, f"/patients/{busiest.pk}"
    yield "history, first page", "/history"
    yield "history, 50 rows", "/history?rows=50"
    cursor = str(Cursor(row.created_at, row.pk)).replace("+", "%2B")
    yield "history, page five years back", f"/history?before={cursor}"
    yield "a month five years back", f"/history?{month}"
    for state in ("current", "provisional", "final", "voided", "superseded"):
        yield f"state: {state}", f"/history?state={state}"
    yield "state: final, five years back", f"/history?state=final&before={cursor}"
    for side in ("at_or_above", "below", "depends"):
        yield f"cut-off: {side}", f"/history?cutoff={side}"
    yield "clinician", f"/history?clinician={clinician}"
    for outcome in ("yes", "no", "pending", "not_evaluable"):
        yield f"outcome: {outcome}", f"/history?outcome={outcome}"
    for population in ("as_study", "not_fully_assessed", "outside"):
        yield f"eligibility: {population}", f"/history?population={population}"
    yield "model", f"/history?model={row.model_identifier}/{row.model_version}"
    combined = f"state=final&cutoff=at_or_above&outcome=yes&clinician={clinician}"
    yield "combined: final, at or above, yes, clinician", f"/history?{combined}"
    number = busiest.hospital_number
    for name, text in (
        ("hospital number, whole", number),
        ("hospital number, prefix", number[:-3]),
        ("date of birth", f"{busiest.birth_date or middle:%Y-%m-%d}"),
        ("report number", busiest.assessments.all()[0].chain.report_number),
        ("Latin, family name", "wang"),
        ("Latin, given name", "xiulan"),
        ("Latin, both", "zhao meihua"),
        ("Latin, one letter", "z"),
        ("Latin with accent", "muller"),
        ("Latin, nobody", "qqq"),
        ("Chinese, one character", "兰"),
        ("Chinese, substring", "王秀"),
        ("Chinese, whole name", "王秀兰"),
        ("Chinese, nobody", "鑫"),
    ):
        yield f"search: {name}", client.post("/history", {"q": text}).headers["Location"]
    searched = client.post("/history", {"q": "wang", "outcome": "yes"}).headers["Location"]
    yield "search and outcome", searched
