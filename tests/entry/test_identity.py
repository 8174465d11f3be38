"""When two identities may be one person."""

from datetime import date

import pytest

from scoring.entry.identity import Identity, SamePerson, names_of, same_person, zero_variants

BORN = date(1945, 7, 14)
FORMER, ZEROS, NAME, _MERGED = SamePerson


def _who(
    number: str, family: str = "test", given: str = "anna", born: date | None = BORN
) -> Identity:
    return Identity(number, names_of(family, given), born)


@pytest.mark.parametrize(
    ("one", "other", "are_variants"),
    [
        ("0047110", "47110", True),
        ("47110", "0047110", True),
        ("AB-0071", "AB-71", True),
        ("0", "000", True),
        ("47110", "47111", False),
        ("47110", "471100", False),
        ("H1002", "H12", False),
        ("AB-0071", "AC-71", False),
        ("ABC", "AB0C", False),
        ("ABC", "ABC0", False),
    ],
)
def test_numbers_that_differ_by_leading_zeros(one: str, other: str, are_variants: bool) -> None:
    assert (other in zero_variants(one)) is are_variants
    assert one not in zero_variants(one)


def test_no_variant_is_longer_than_a_number_can_be() -> None:
    assert max(map(len, zero_variants("47110"))) == 32
    assert not zero_variants("1" * 33)


@pytest.mark.parametrize(
    ("entered", "now", "before", "why"),
    [
        (_who("47110"), _who("47111"), [], NAME),
        (_who("47110", "anna", "test"), _who("47111"), [], NAME),
        (_who("47110", "王", "秀兰"), _who("47111", "王秀兰", ""), [], NAME),
        (_who("47110", born=date(1945, 7, 15)), _who("47111"), [], None),
        (_who("47110", given="anne"), _who("47111"), [], None),
        (_who("47110", born=None), _who("47111", born=None), [], None),
        (_who("47110", "", ""), _who("47111", "", ""), [], None),
        # Married since.
        (_who("47110"), _who("47111", "moore"), [_who("47111")], NAME),
        # Leading zeros speak for themselves, whatever the name.
        (_who("0047110", "li", "na", None), _who("47110"), [], ZEROS),
        (_who("0047110", "li"), _who("9"), [_who("47110")], ZEROS),
        # The number was somebody's before it was corrected.
        (_who("47110", "li"), _who("9"), [_who("8"), _who("47110")], FORMER),
        (_who("47110"), _who("9"), [_who("47110")], FORMER),
        # It was corrected away and back.
        (_who("9", "li"), _who("9"), [_who("8"), _who("9")], None),
    ],
)
def test_who_may_be_the_same(
    entered: Identity, now: Identity, before: list[Identity], why: SamePerson | None
) -> None:
    assert same_person(entered, now, *before) is why
