"""What is left in Latin letters on a page, paper or terminal in Chinese, beside what stays so."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

# Written in Latin letters in Chinese, too.
STAYS = frozenset(
    re.findall(
        r"\S+",
        """
        PKP PVP OVCF MRI DXA PDW VAS CI AUC ROC GSD SD ICI E50 E90 Brier Cobb Logistic logit exp
        Hosmer Lemeshow Bootstrap Youden Poisson Wilson DeLong Garwood CUSUM Riley Vergouwe STIR IQR
        fL mmol L h d mg dL K P50 P Z X T OR O E n p R y N R2 df
        Tab Ctrl Shift Enter Esc Alt Y U D F M YYYY MM DD HH
        PDF CSV XLSX JSON HTML A4 Letter UTF App URL SHA DOI doi ID IP TLS https JavaScript Chromium
        Excel WPS BOM GB18030 LIS HIS HL7 v2 FHIR SMART Launch CDS Hooks PKCE S256
        OpenID OpenAPI Connect
        RBP rong Rong reconstruction et al CC BY Apache Front Surg Stat Med fsurg PLOS
        English S CL kyphoplasty
        """,
    )
)
# A vertebra, a number of a report or a patient, a time zone, a digest, a password that was given,
# an account of an application.
_CODE = re.compile(
    r"\b[TL]\d{1,2}\b|\b\d[A-D](?:～[A-D])?\b|\bRBP-\d[\w-]*|\bH\d{6}\b|\b[A-Z][a-z]+/[\w/+ -]+"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{64}\b|\bassessment\.json\b"
    r"|\b(?:[a-z0-9]{5}-){3}[a-z0-9]{5}\b|\bdev0\b|\bUTC\b|\bapp-[0-9a-f]{8}\b"
)
_SPOKEN = {"alt", "aria-label", "data-label", "data-stale", "placeholder", "title"}
_SILENT = {"script", "style"}
_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9’']*")


class _Text(HTMLParser):
    """The texts that a reader sees or hears, without those that are nobody's to translate."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _is_left_out(self) -> bool:
        return any(left_out for _tag, left_out in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        left_out = tag in _SILENT or attributes.get("translate") == "no" or "lang" in attributes
        left_out = left_out and tag != "html"
        if not (left_out or self._is_left_out):
            spoken = {name for name in attributes if name in _SPOKEN or name.startswith("data-q")}
            if tag == "input" and attributes.get("type") in {"submit", "button"}:
                spoken.add("value")
            self.texts += [attributes[name] or "" for name in sorted(spoken)]
        if tag not in _VOID:
            self._open.append((tag, left_out))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._is_left_out:
            self.texts.append(data)


def texts_of(html: str) -> list[str]:
    """Every text of a page, with those of its attributes that are shown or spoken."""
    parser = _Text()
    parser.feed(html)
    return [" ".join(text.split()) for text in parser.texts if text.strip()]


def left_in_latin(texts: Iterable[str], *, quoted: Iterable[str] = ()) -> list[str]:
    """The texts with a word in Latin letters that has no business there, each once.

    ``quoted`` are names and sentences that stay as they are, wherever they stand.
    """
    return [text for text in dict.fromkeys(texts) if _words_of(text, quoted) - STAYS]


def _words_of(text: str, quoted: Iterable[str]) -> set[str]:
    for quotation in quoted:
        text = text.replace(quotation, "")
    return set(_WORD.findall(_CODE.sub("", text)))
