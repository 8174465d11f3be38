"""Pages are compressed for browsers that ask for it, each time to another length."""

import gzip

import pytest

from tests import cast
from tests.web.html import signed_in

pytestmark = pytest.mark.django_db
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_page_is_compressed_with_a_random_length() -> None:
    client = signed_in(cast.alice())
    answers = [client.get("/about", headers=GZIP) for _time in range(12)]
    assert {answer["Content-Encoding"] for answer in answers} == {"gzip"}
    assert "Accept-Encoding" in answers[0]["Vary"]
    assert "About the model" in gzip.decompress(answers[0].content).decode()
    # Of what is the same, so that the length tells nothing of what somebody guessed into it.
    static = [client.get("/about/model-card.json", headers=GZIP) for _time in range(12)]
    assert len({gzip.decompress(answer.content) for answer in static}) == 1
    assert len({len(answer.content) for answer in static}) > 3


def test_a_browser_that_does_not_ask_gets_plain_html() -> None:
    answer = signed_in(cast.alice()).get("/about")
    assert "Content-Encoding" not in answer
    assert "About the model" in answer.content.decode()


def test_exports_are_sent_as_they_are_made() -> None:
    client = signed_in(cast.rita())
    answer = client.post("/history/export", {"identifiers": "without"}, headers=GZIP)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer
