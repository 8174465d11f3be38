"""Advisory locks of PostgreSQL: each number is one lock's, so that none waits for another."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from scoring.management.hl7_listener import Keeper
from tests.smart.taken import of_server

_SCORING = Path(__file__).resolve().parent.parent / "scoring"


def test_no_number_stands_for_two_locks() -> None:
    texts = [path.read_text() for path in _SCORING.rglob("*.py")]
    numbers = re.findall(
        r"^_?(?:[A-Z]+_)?LOCK(?:_NUMBER)? = (\d+)$", "\n".join(texts), re.MULTILINE
    )
    assert len(numbers) > 5
    assert sorted(numbers) == sorted(set(numbers))


@pytest.mark.django_db
def test_a_value_of_a_fhir_server_is_kept_while_laboratory_messages_are_taken() -> None:
    with connection.cursor() as cursor:
        # Decides nothing: it ends a run that would wait for ever.
        cursor.execute("SET LOCAL lock_timeout = '10s'")
    keeper = Keeper()
    with ThreadPoolExecutor(1) as pool:
        try:
            assert pool.submit(keeper.show).result()
            assert of_server("E1").sources_by_predictor
        finally:
            pool.submit(keeper.end).result()
