"""One folding of names and of numbers, over names in ten scripts and PostgreSQL's own list."""

import unicodedata
from pathlib import Path

import pytest

from scoring.entry.folding import (
    cjk_characters,
    folded_number,
    joined,
    normalised_hospital_number,
    search_text,
    searchable,
)

# What is shown as one name, and how else people type it.
NAMES = {
    "O'Brien": ["O’Brien", "O´Brien", "oʼbrien", "OBRIEN", "O`Brien", "Ｏ＇Brien"],
    "Đặng Thị Hoa": ["dang thi hoa", "DANG THI HOA", "Dang Thi-Hoa", "Đặng Thị Hoa"],
    "Łukasz Żółć": ["lukasz zolc", "ŁUKASZ ŻÓŁĆ"],
    "Işıl İnönü": ["isil inonu", "IŞIL İNÖNÜ", "ışıl inönü"],
    "Müller-Lüdenscheidt": [
        "muller ludenscheidt",
        "Mu\u0308ller‐Lüdenscheidt",
        "MÜLLER–LÜDENSCHEIDT",
    ],
    "Groß": ["GROSS", "GROẞ", "gross"],
    "Œuvrard Lætitia": ["oeuvrard laetitia", "ŒUVRARD LÆTITIA"],
    "Þórðr Guðjónsson": ["thordr gudjonsson", "ÞÓRÐR GUÐJÓNSSON"],
    "Sørensen": ["sorensen", "SØRENSEN"],
    "Dufﬁeld": ["Duffield", "DUFFIELD"],
    "Gal·la": ["gal la", "Gal•la", "GAL‧LA"],
    "阿卜杜拉·买买提": ["阿卜杜拉・买买提", "阿卜杜拉•买买提"],
    "王秀兰": ["王 秀兰", "王秀兰\ufe00"],
    "龍": ["\uf9c4"],
    "㐂\U00020bb7": ["㐂 \U00020bb7"],
    "サトウ": ["ｻﾄｳ"],
    "がとう": ["か\u3099とう"],
    "葛城": ["葛\U000e0100城"],
    "김철수": ["김철수", "김 철수"],
    "Ёлкин Андрей": ["ЕЛКИН АНДРЕЙ", "елкин андреи"],
    "Παπαδόπουλος": ["ΠΑΠΑΔΟΠΟΥΛΟΣ", "παπαδοπουλοσ"],
    "علی‌رضا": ["علیرضا", "علی رضا", "\u0639\u0644\u064a\u0631\u0636\u0627"],
    "\u06a9\u0631\u06cc\u0645": ["\u0643\u0631\u064a\u0645", "\u0643\u0640\u0631\u0649\u0645"],
    "מֹשֶׁה כהן": ["משה כהן", "משה כהנ"],
    "फ़ातिमा": ["फातिमा", "\u095e\u093e\u0924\u093f\u092e\u093e"],
    "क्‍षमा": ["क्षमा"],
    "สมชาย": ["สม ชาย"],
    "ᠰᠠᠷᠠ\u180eᠠ": ["ᠰᠠᠷᠠᠠ", "ᠰᠠ\u180bᠷᠠᠠ"],
}
DIFFERENT = [
    ("Wang", "Wáng Li"),
    ("कि", "कु"),
    ("がとう", "かとう"),
    ("บุญ", "บิญ"),
    ("王秀兰", "王秀蘭"),
    ("Ann", "Anna"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_the_same_in_every_spelling(name: str) -> None:
    found = {joined(spelling) for spelling in (name, *NAMES[name])}
    assert len(found) == 1, found
    assert found != {""}


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_differ_stay_different(one: str, other: str) -> None:
    assert joined(one) != joined(other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Müller, José", "muller jose"),
        ("ØRSTED", "orsted"),
        ("WANG  Xiulan ", "wang xiulan"),
        ("Smith-Jones", "smith jones"),
        ("王, 秀兰", "王 秀兰"),
        ("St. John", "st john"),
        ("%_\\ \u202e\u200b", ""),
        ("㐂〇々", "㐂〇々"),
    ],
)
def test_words_as_they_are_compared(text: str, words: str) -> None:
    assert searchable(text) == words
    assert searchable(words) == words


# The Chinese zero is a Chinese character; and PostgreSQL takes the black-letter H for an x.
_OTHERWISE = {"〇", "ℌ"}


def _unaccent_rules() -> list[tuple[str, str]]:
    files = sorted(Path("/usr/share/postgresql").glob("*/tsearch_data/unaccent.rules"))
    if not files:
        pytest.skip("Debian's PostgreSQL, which brings the list, is not installed")
    lines = files[-1].read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("\t") for line in lines]
    return [(letter, plain.strip('"')) for letter, _, plain in pairs]


def test_letters_fold_as_postgresql_unaccents_them() -> None:
    rules = [
        (letter, plain)
        for letter, plain in _unaccent_rules()
        if unicodedata.category(letter[0])[0] in "LN" and letter not in _OTHERWISE
    ]
    assert len(rules) > 1000
    differ = [(a, b) for a, b in rules if joined(a) != joined(b)]
    assert differ == []


def test_what_a_patient_is_found_by() -> None:
    assert search_text("Wang", "Xiu-lan") == "wang xiu lan xiulan wangxiulan"
    assert search_text("王", "秀兰") == "王 秀兰 王秀兰"
    assert search_text("Wang", "") == "wang"
    assert search_text("", "") == ""
    assert search_text("-", "--") == ""
    assert cjk_characters(search_text("王", "秀兰 Anna")) == sorted("王秀兰")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        *((f"{dash}2,8", "-2,8") for dash in "-‐‑‒–—―−﹣－ー₋˗"),
        ("１２．８", "12.8"),
        (" ＋1 ", "+1"),
        ("\u30001\u3000", "1"),
        # Not digits that may mean something else.
        ("10²", "10²"),
        ("\u0663", "\u0663"),
        ("①", "①"),
    ],
)
def test_numbers_as_typed(typed: str, read: str) -> None:
    assert folded_number(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "H100-234",
        "h100-234",
        " H100 -234 ",
        "Ｈ１００－２３４",
        "ｈ１００\u3000–２３４",
        "H100−234",
        "H100‑234\u00a0\t",
    ],
)
def test_one_spelling_for_one_hospital_number(typed: str) -> None:
    assert normalised_hospital_number(typed) == "H100-234"


@pytest.mark.parametrize("typed", ["ı12345", "ſ12345", "ß12345"])
def test_a_letter_that_is_none_of_a_number_does_not_become_one(typed: str) -> None:
    assert normalised_hospital_number(typed) == typed
    assert normalised_hospital_number(f"é{typed}") == f"É{typed}"
