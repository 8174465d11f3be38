"""The catalog of Chinese: that of the code, whole, and with the same placeholders."""

import re
import subprocess
from pathlib import Path

import pytest

from scoring.catalogs import missing_catalogs
from script.lib import messages
from tests.languages.full_width import wrong_marks
from tests.scripts.conftest import CHECKOUT

CATALOG = messages.CATALOGS / "zh_Hans" / "LC_MESSAGES" / "django.po"
_STRING = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$|^"(.*)"$')
_PLACEHOLDER = re.compile(r"%\(\w+\)[.\w]|%[sd%]|</?[a-z]\w*|&\w+;")


def entries(catalog: Path) -> list[dict[str, str]]:
    """The texts of each entry by their keyword; the head of the catalog is left out."""
    found = []
    for block in catalog.read_text("utf-8").split("\n\n")[1:]:
        entry: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            if match := _STRING.match(line):
                keyword = match[1] or keyword
                entry[keyword] = entry.get(keyword, "") + (match[2] or match[3] or "")
        assert not any(line.startswith("#~") for line in block.splitlines()), "obsolete"
        found.append(entry)
    return found


def _translated(entry: dict[str, str]) -> str:
    return entry.get("msgstr", entry.get("msgstr[0]", ""))


@pytest.mark.slow
def test_the_catalog_is_that_of_the_code_and_complete() -> None:
    checked = subprocess.run(
        ["script/messages", "--check"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr[-3000:]


def test_nothing_is_left_out_guessed_or_half_a_plural() -> None:
    found = entries(CATALOG)
    assert len(found) > 2000
    assert messages.unfinished(CATALOG) == ""
    assert [entry["msgid"] for entry in found if not _translated(entry)] == []
    # Chinese has one form: a second one would never be used.
    assert [entry["msgid"] for entry in found if "msgstr[1]" in entry] == []


def test_placeholders_and_markup_are_those_of_the_english() -> None:
    differ = []
    for entry in entries(CATALOG):
        english = entry.get("msgid_plural", entry["msgid"])
        chinese = _translated(entry)
        wanted, there = (
            # A blank that does not break is of no use before a Chinese unit or mark.
            sorted(set(_PLACEHOLDER.findall(text)) - {"&nbsp;"})
            for text in (english, chinese)
        )
        if wanted != there:
            differ.append((english, chinese))
    assert differ == []


def test_chinese_has_its_own_marks() -> None:
    """No half-width mark after a Chinese character, no "12 %", no dash of English."""
    wrong = re.compile(r"[一-鿿][,;:?!](?!\d)|[一-鿿]\.(?:\s|$)|\d[  ]%(?!\()|\)s[  ]%%|％|\)s–%\(")
    texts = [_translated(entry) for entry in entries(CATALOG)]
    assert [text for text in texts if wrong.search(text)] == []
    # What is typed as it stands here: codes of a cohort file, a part of an address.
    typed = re.compile(r"1=是,0=否|\?sslmode|%\(\w+\)[.\w]?|&nbsp;")
    assert (
        wrong_marks(
            re.sub("<[^>]*>", "", line)
            for text in texts
            for line in typed.sub("A", text).split("\n")
        )
        == []
    )


def test_a_name_in_latin_letters_does_not_touch_the_next_word() -> None:
    touching = re.compile(r"%\((?:by|clinician|name|user|who)\)s于")
    assert [text for e in entries(CATALOG) if touching.search(text := _translated(e))] == []


def test_nothing_stands_between_a_date_and_the_next_chinese_word() -> None:
    """2026年3月14日起, not 2026年3月14日 起; the number in 第 3 天 is no date."""
    date = r"(?<!第 )%\((?:day|operation)\)s|手术日期 %\(first\)s|应在 %\((?:first|last)\)s"
    apart = re.compile(rf"(?:{date}) [一-鿿]")
    assert [text for e in entries(CATALOG) if apart.search(text := _translated(e))] == []


def test_chinese_names_the_documents_that_stand_in_chinese() -> None:
    named = re.compile(r"docs/[\w-]+(?<!zh-CN)\.md")
    english = [
        path
        for entry in entries(CATALOG)
        for path in named.findall(_translated(entry))
        if (CHECKOUT / path.replace(".md", ".zh-CN.md")).exists()
    ]
    assert english == []


def test_the_words_of_the_glossary_are_used() -> None:
    """What Taiwan or older software writes, and what means something else in a hospital."""
    never = re.compile(
        "登入|登出|登陆|帐号|使用者|存取|稽核|資|預設|儲存|匯出|列印|搜尋|檔案|品質|机率|几率|信赖区间|"
        "可信区间|病患|危险因素|审核者|封存|其它|核磁共振|诺莫图|再发骨折|无法评分|不能评分|历史记录"
    )
    assert [text for entry in entries(CATALOG) if never.search(text := _translated(entry))] == []


def test_the_compiled_catalog_is_that_of_the_text(tmp_path: Path) -> None:
    assert missing_catalogs() == []
    compiled = tmp_path / "django.mo"
    subprocess.run(["msgfmt", f"--output-file={compiled}", str(CATALOG)], check=True)
    assert compiled.read_bytes() == CATALOG.with_suffix(".mo").read_bytes()


def test_a_language_without_its_catalog_is_told(tmp_path: Path, settings: object) -> None:
    folder = tmp_path / "scoring/locale/zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text("x")
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    assert missing_catalogs() == [folder / "django.po"]
    (folder / "django.mo").write_text("x")
    (folder / "django.mo.sha256").write_text("of an earlier text")
    assert missing_catalogs() == [folder / "django.po"]
