"""Every page in Chinese: no English is left, and the marks are those of Chinese."""

import io
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from scoring import actions
from scoring.nomogram.rong2025.model import RONG_2025
from tests import cast
from tests.languages.full_width import lines_of, wrong_marks
from tests.languages.latin import left_in_latin, texts_of
from tests.web.addresses import address_of, records_of
from tests.web.test_url_roles import WHO, _client
from tests.web.url_roles import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# Those that end the session, or are the switch itself.
_NOT_ASKED = {"sign-out", "language", "session-end"}
# Names of people and words of the paper stay as they are.
QUOTED = (
    *(
        "Dr Alice Moore",
        "Dr Bob Keller",
        "Rita Review",
        "Adam Berg",
        "Nora Lind",
        "Wang, Xiulan",
        "Laboratory",
    ),
    *("alice", "bob", "rita", "adam", "nora", "Wang", "Xiulan"),
    RONG_2025.citation.text,
    *("cut off (0.710, 0.761)", "Specificity", "P-value", "serum chlorine"),
    "meets the diagnostic criteria of RBP",
    "calibration-in-the-large",
    "RBP risk",
)
# What is asked beside the empty forms of the table: values with cautions, errors and namesakes.
_FILLED: list[tuple[str, dict[str, Any]]] = [
    ("assessment-new", {"hospital_number": "H100999", "family_name": "王", "given_name": "秀兰"}),
    ("assessment-new", {"pdw_fl": "30", "chloride_mmol_l": "80", "birth_date": "1930-01-01"}),
    ("assessment-points", {"pdw_fl": "30", "mvh_restored": "not_known_yet", "radiograph_date": ""}),
    ("assessment-points", {"pdw_fl": "十二", "chloride_mmol_l": "999", "t_score": "3.9"}),
    ("calculator", {"age_years": "80", "sent": "1"}),
    ("patient-same-name", {"hospital_number": "H7", "family_name": "王", "given_name": "秀兰"}),
    ("patient-lookup", {"hospital_number": "H100234"}),
]


@pytest.fixture
def records() -> dict[str, UUID | str]:
    """Of 王秀兰."""
    return records_of(cast.recorded(cast.person(family_name="王", given_name="秀兰")))


@pytest.mark.parametrize("who", WHO)
def test_no_page_has_english_left_or_marks_of_english(
    who: str, records: dict[str, UUID | str]
) -> None:
    client, user = _client(who)
    if user is not None:
        actions.choose_language(by=user, language="zh-hans")
    client.cookies["django_language"] = "zh-hans"
    asked: list[tuple[str, str, dict[str, Any]]] = [
        (row.method, row.name, {}) for row in TABLE if row.name not in _NOT_ASKED
    ]
    asked += [("POST", name, cast.form_data(**changes)) for name, changes in _FILLED]
    left: dict[str, str] = {}
    shown = 0
    for method, name, data in asked:
        ask = client.get if method == "GET" else client.post
        answer = ask(address_of(name, records), data)
        kind = answer.headers.get("Content-Type", "")
        if kind == "application/pdf":
            pages = PdfReader(io.BytesIO(answer.content)).pages
            lines = [line for page in pages for line in page.extract_text().splitlines()]
            left |= dict.fromkeys(wrong_marks(lines, of_pdf=True), f"{method} {name}")
        if not kind.startswith("text/html"):
            continue
        shown += 1
        html = answer.content.decode()
        for text in left_in_latin(texts_of(html), quoted=QUOTED) + wrong_marks(lines_of(html)):
            left.setdefault(text, f"{method} {name}")
    assert shown > (1 if user is None else 10)
    assert left == {}
