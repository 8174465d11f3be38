"""Every page in Chinese: no English is left."""

from uuid import UUID

import pytest

from scoring import actions
from scoring.nomogram.rong2025.model import RONG_2025
from tests.languages.latin import left_in_latin, texts_of
from tests.web.addresses import address_of
from tests.web.test_url_roles import WHO, _client
from tests.web.test_url_roles import records as records
from tests.web.url_roles import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# Those that end the session, or are the switch itself.
_NOT_ASKED = {"sign-out", "language", "session-end"}
# Names of people and words of the paper stay as they are.
QUOTED = (
    *("Dr Alice Moore", "Dr Bob Keller", "Rita Review", "Adam Berg", "Nora Lind", "Wang, Xiulan"),
    *("alice", "bob", "rita", "adam", "nora", "Wang", "Xiulan"),
    RONG_2025.citation.text,
    *("cut off (0.710, 0.761)", "Specificity", "P-value", "serum chlorine"),
    "meets the diagnostic criteria of RBP",
    "calibration-in-the-large",
    "RBP risk",
)


@pytest.mark.parametrize("who", WHO)
def test_no_page_has_english_left(who: str, records: dict[str, UUID | str]) -> None:
    client, user = _client(who)
    if user is not None:
        actions.choose_language(by=user, language="zh-hans")
    client.cookies["django_language"] = "zh-hans"
    left: dict[str, str] = {}
    shown = 0
    for row in TABLE:
        if row.name in _NOT_ASKED:
            continue
        ask = client.get if row.method == "GET" else client.post
        answer = ask(address_of(row.name, records))
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        shown += 1
        for text in left_in_latin(texts_of(answer.content.decode()), quoted=QUOTED):
            left.setdefault(text, f"{row.method} {row.name}")
    assert shown > (1 if user is None else 10)
    assert left == {}
