"""Which characters a typed text may hold, and what is said of the others."""

import pytest
from django.core.exceptions import ValidationError

from scoring.entry.characters import Kind, has_letter, refused_character, visible
from scoring.models.typed_text import readable_name, refuse_unreadable

ACCEPTED = [
    "O’Brien-Smith, Đặng (Spine 2)",
    "Nguyễn Thị",
    "王䶮 \U00020bb7 \U0002ebf0 \U00031350",
    "サトウ か\u3099",
    "김철수",
    "علی\u200cرضا",
    "نِعمت\u200cالله",
    "क्\u200dष र्\u200d",
    "ക്\u200d",
    "葛\U000e0100城 辻\ufe00",
    "ᠰᠠᠷᠠ\u180eᠠ ᠨ\u180bᠠ",
    "สมชาย",
    "Wang\u3000Xiulan\u00a0Mei",
    "",
]
REFUSED = [
    ("Wa\tng", Kind.CONTROL, 2),
    ("Wa\x00ng", Kind.CONTROL, 2),
    ("Wa\x85ng", Kind.CONTROL, 2),
    ("gnaW\u202e", Kind.DIRECTION, 4),
    ("\u2066Wang", Kind.DIRECTION, 0),
    ("Wang\u061c", Kind.DIRECTION, 4),
    ("Wang\u200b", Kind.INVISIBLE, 4),
    ("Wa\u00adng", Kind.INVISIBLE, 2),
    ("\ufeffWang", Kind.INVISIBLE, 0),
    ("\u3164", Kind.INVISIBLE, 0),
    ("Wang\u2800", Kind.INVISIBLE, 4),
    ("Wang\u034f", Kind.INVISIBLE, 4),
    # Joiners and selectors that join or choose nothing.
    ("\u200dWang", Kind.INVISIBLE, 0),
    ("Wang\u200c", Kind.INVISIBLE, 4),
    ("a\u200c\u200cb", Kind.INVISIBLE, 1),
    ("Wang \ufe0f", Kind.INVISIBLE, 5),
    ("Wang\u180eXi", Kind.INVISIBLE, 4),
    ("Wang\u180b", Kind.INVISIBLE, 4),
    ("Wa\u2028ng", Kind.LINE, 2),
    ("Wa\u2029ng", Kind.LINE, 2),
    ("王\ue000", Kind.PRIVATE, 1),
    ("王\U000f0000", Kind.PRIVATE, 1),
    ("王\ufdd0", Kind.UNASSIGNED, 1),
    ("王\U0002ffff", Kind.UNASSIGNED, 1),
    ("王\u0378", Kind.UNASSIGNED, 1),
    ("王\ud800", Kind.UNASSIGNED, 1),
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_belongs_to_letters_is_accepted(text: str) -> None:
    assert refused_character(text) is None
    assert visible(text) == text


@pytest.mark.parametrize(("text", "kind", "place"), REFUSED)
def test_what_others_would_not_see_is_refused(text: str, kind: Kind, place: int) -> None:
    refused = refused_character(text)
    assert refused is not None
    assert (refused.kind, refused.place) == (kind, place)
    assert f"[U+{ord(text[place]):04X}]" in visible(text)
    assert refused_character(visible(text)) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "gnaW\u202e",
            "after “gnaW” stands an invisible character that reverses the direction of writing "
            "(U+202E). Delete it there, or type the text again.",
        ),
        (
            "\u200bWang",
            "it begins with an invisible character (U+200B). Delete it, or type the text again.",
        ),
        (
            "王\ue000",
            "after “王” stands a character of a private font, which others can't read (U+E000). "
            "Delete it there, or type the text again.",
        ),
    ],
)
def test_the_message_says_which_and_where(text: str, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        refuse_unreadable(text)
    assert caught.value.messages == [said]


@pytest.mark.parametrize("name", ["-", "123", "???", "🦴", "\u0301", "\u3000"])
def test_a_name_has_a_letter(name: str) -> None:
    assert not has_letter(name)
    with pytest.raises(ValidationError, match="has no letter"):
        readable_name(name)


@pytest.mark.parametrize("name", ["W1", "王", "\U0002ebf0", "İ", "ᠰ"])
def test_one_letter_is_a_name(name: str) -> None:
    readable_name(name)
    assert has_letter(name)
