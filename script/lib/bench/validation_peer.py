"""The first local validation against scikit-learn and ADBC: reading and judging, nothing kept.

The peer reads the same rows with ADBC and computes AUC, Brier score and calibration curve alone;
the site's validation has some fifty statistics more.
"""

import statistics
from collections.abc import Callable
from typing import Any

from django.db import connection

from script.lib.bench.measuring import milliseconds

# Neither the site nor its tests need these; 200 MB of libraries.
_PEER = "adbc-driver-postgresql==1.13.0 pyarrow==26.0.1"


def measure_against_peer(repeat: int) -> str:
    """A line in Markdown, or what is missing."""
    from scoring import queries
    from scoring.evaluation.local import judge_cohort
    from scoring.nomogram.rong2025.model import RONG_2025

    chosen = queries.CohortFilter(model=(RONG_2025.identifier, RONG_2025.version), synthetic=True)
    try:
        read_by_peer, judge_by_peer = _peer(chosen)
    except ImportError as missing:
        return (
            f"- No peer for the validation: {missing}. script/bootstrap --tests installs "
            f"scikit-learn; .venv/bin/pip install {_PEER}"
        )

    def ours() -> tuple[float, float]:
        found: list[Any] = []
        read = milliseconds(lambda: found.append(queries.validation_cohort(chosen)))
        return read, read + milliseconds(lambda: judge_cohort(found[0]))

    def peer() -> tuple[float, float]:
        found: list[Any] = []
        read = milliseconds(lambda: found.append(read_by_peer()))
        return read, read + milliseconds(lambda: judge_by_peer(found[0]))

    turns = [(*ours(), *peer()) for _ in range(repeat)]
    our_read, our_all, peer_read, peer_all = (
        statistics.median(column) / 1000 for column in zip(*turns, strict=True)
    )
    return (
        f"- Validation without its page: {our_all:.2f} s, {our_read:.2f} s of it for reading; ADBC "
        f"and scikit-learn {peer_all:.2f} s, {peer_read:.2f} s of it for reading "
        f"({our_all / peer_all:.2f} and {our_read / peer_read:.2f} times)."
    )


def _peer(chosen: Any) -> tuple[Callable[[], list[Any]], Callable[[list[Any]], None]]:
    """How the peer reads the columns, and what it computes of them. Raises ImportError."""
    from adbc_driver_postgresql import dbapi
    from sklearn.calibration import calibration_curve
    from sklearn.metrics import brier_score_loss, roc_auc_score

    from scoring.queries.validation import SETTINGS, values_of
    from scoring.queries.validation_statement import every_chain

    parameters = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    address = " ".join(f"{name}='{parameters[name]}'" for name in names if parameters.get(name))
    with connection.cursor() as cursor:
        statement = cursor.mogrify(every_chain(recalibrated=False), values_of(chosen)).decode()
    connected = dbapi.connect(address)

    def read() -> list[Any]:
        with connected.cursor() as cursor:
            for name, value in SETTINGS.items():
                cursor.execute(f"SET {name} = '{value}'")
            cursor.execute(statement)
            return [column.to_numpy() for column in cursor.fetch_arrow_table().columns]

    def judge(columns: list[Any]) -> None:
        analysed = columns[0] == 0
        risk, event = columns[1][analysed], columns[_event_place()][analysed]
        roc_auc_score(event, risk)
        brier_score_loss(event, risk)
        calibration_curve(event, risk, n_bins=10, strategy="quantile")

    return read, judge


def _event_place() -> int:
    from scoring.queries.validation_statement import NUMBERS

    return 2 + len(NUMBERS)
