"""Printing a kept report against reading the same bytes from PostgreSQL."""

import psycopg2
from django.db import connection
from django.test import Client

from script.lib.abort import Abort
from script.lib.bench.measuring import measure, medians, milliseconds


def measure_kept_report(client: Client, repeat: int) -> str:
    """In turns: the whole request, and its PDF read by a connection of psycopg2's own."""
    from scoring import queries
    from scoring.models import KeptReport, PaperKind
    from scoring.models.codes import PaperSize
    from scoring.report import paper
    from scoring.report.stamp import stamped

    of = queries.assessments()[0]
    address = f"/assessments/{of.pk}/report"
    if client.get(address).status_code != 200:
        raise Abort("The report does not answer.")
    # That of the request: the background process may have made one in another language.
    kept = KeptReport.objects.filter(assessment=of, kind="report").latest("made_at")
    ward, size = queries.ward_settings(), PaperSize(kept.paper)
    parameters = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    plain = psycopg2.connect(**{name: parameters.get(name) for name in names})
    plain.autocommit = True

    def read() -> None:
        with plain.cursor() as cursor:
            cursor.execute("SELECT content FROM scoring_keptreport WHERE id = %s", [kept.pk])
            bytes(cursor.fetchone()[0])

    def paper_alone() -> None:
        version = queries.assessments().get(pk=of.pk)
        foot = paper.foot_text(PaperKind.REPORT, version, "Dr Bench")
        digest = paper.digest(PaperKind.REPORT, version, ward, size)
        found = queries.kept_report(
            version, PaperKind.REPORT, language=kept.language, size=size, digest=digest
        )
        stamped(found or b"", foot)

    actions = (lambda: client.get(address), paper_alone, read)
    whole, alone, bare = medians(actions, milliseconds, 10 * repeat)
    plain.close()
    measured = measure("report", client, address, repeat)
    return (
        f"- Kept report of {len(kept.content):,} bytes: whole request {whole:.2f} ms with bare "
        f"SQL of {measured.sql_ms:.2f} ms ({measured.page_ms / measured.sql_ms:.1f} times); "
        f"version, digest, PDF and foot alone {alone:.2f} ms; the same bytes by psycopg2 "
        f"{bare:.2f} ms ({whole / bare:.1f} and {alone / bare:.1f} times)."
    )
