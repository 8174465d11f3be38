"""Every code has words: those of the room of messages know no Django."""

from scoring.laboratory.reasons import ERRORS, Refusal, Unusable
from scoring.words.laboratory import REFUSALS, UNUSABLE


def test_every_code_has_its_words_and_its_error() -> None:
    assert set(REFUSALS) == {code.value for code in Refusal}
    assert set(UNUSABLE) == {code.value for code in Unusable}
    assert set(ERRORS) == set(Refusal)
