"""The report as a file to keep: PDF/A-3 with tags, the assessment inside, always the same bytes."""

import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import translation
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject
from pytest_django import Settings

from scoring.fhir.resource import read as fhir
from scoring.fhir.risk_assessment import per_cent
from scoring.models import Assessment, PaperKind, Role
from scoring.models.codes import PaperSize
from scoring.report import paper
from scoring.report.renderer import Renderer, pdf_of
from scoring.report.stamp import stamped
from tests import cast
from tests.life import acts
from tests.recalibration.local import approved
from tests.report.paper import LONG_NAME, everything_at_once
from tests.tokens import token_of

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "zh-hans")
WARD = "First People's Hospital 第一人民医院 · Department of Spine Surgery 脊柱外科"
FOOT = "RBP-2026-000001 version 1 · printed 14-Mar-2026 09:42 by 王小明"
POINTS = {PaperSize.A4: (595, 842), PaperSize.LETTER: (612, 792)}
MILLISECOND = timedelta(milliseconds=1)
PDF_A = "{http://www.aiim.org/pdfa/ns/id/}"
PDF_UA = "{http://www.aiim.org/pdfua/ns/id/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"


def html(
    of: Assessment,
    *,
    language: str = "en",
    size: PaperSize = PaperSize.A4,
    kind: PaperKind = PaperKind.REPORT,
) -> str:
    with translation.override(language):
        return paper.HTML[kind](acts.read(of.pk), printed_by=None, ward=WARD, size=size)


def report(of: Assessment, **choice: Any) -> PdfReader:
    """As it leaves the site: with its foot."""
    return PdfReader(io.BytesIO(stamped(pdf_of(html(of, **choice)), FOOT)), strict=True)


def test_it_is_pdf_a_3_and_pdf_ua_with_its_foot() -> None:
    of = cast.recorded()
    read = report(of)
    root: Any = read.root_object
    metadata = root["/Metadata"].get_object().get_data()
    described = list(ElementTree.fromstring(metadata).iter())  # noqa: S314 - written here
    said = {name: value for each in described for name, value in each.attrib.items()}
    assert (said[f"{PDF_A}part"], said[f"{PDF_A}conformance"]) == ("3", "A")
    assert said[f"{PDF_UA}part"] == "1"
    # A property that PDF/A does not know itself has to be described.
    [uri] = [each.text for each in described if each.tag.endswith("namespaceURI")]
    assert f"{{{uri}}}" == PDF_UA
    [intent] = root["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_object()["/N"] == 3
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert str(dict(read.metadata or {})["/Title"]) == f"{of.chain.report_number} version 1"
    dated = {
        each.text for each in described if each.tag in {f"{XMP}CreateDate", f"{XMP}ModifyDate"}
    }
    [moment] = dated
    assert moment == f"{of.created_at:%Y-%m-%dT%H:%M:%SZ}"
    for key in ("/CreationDate", "/ModDate"):
        assert str(dict(read.metadata or {})[key]) == f"D:{of.created_at:%Y%m%d%H%M%SZ}"
    trailer: Any = read.trailer
    original, state = trailer["/ID"]
    assert original != state
    assert "/Encrypt" not in read.trailer


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_font_is_inside_and_says_which_letters_it_draws(language: str) -> None:
    fonts = list(_fonts(report(cast.recorded(), language=language).pages[0]["/Resources"]))
    assert len(fonts) > 2
    for font in fonts:
        assert "/ToUnicode" in font
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & descriptor.keys(), font["/BaseFont"]


def _fonts(resources: Any) -> Iterator[Any]:
    found = resources.get_object()
    yield from (
        font.get_object() for font in found.get("/Font", DictionaryObject()).get_object().values()
    )
    for drawn in found.get("/XObject", DictionaryObject()).get_object().values():
        if "/Resources" in drawn.get_object():
            yield from _fonts(drawn.get_object()["/Resources"])


@pytest.mark.parametrize("kind", PaperKind)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_drawing_has_its_words_in_the_language_of_the_report(
    language: str, kind: PaperKind
) -> None:
    read = report(cast.recorded(), language=language, kind=kind)
    assert str(read.root_object["/Lang"]) == {"en": "en", "zh-hans": "zh-CN"}[language]
    words = [each.get("/Alt", "") for each in _tags(read) if each["/S"] == "/Figure"]
    assert len(words) >= 3
    for text in words:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text) == (language != "en"), text
        assert text


def _tags(read: PdfReader) -> Iterator[Any]:
    def walk(element: Any) -> Iterator[Any]:
        element = element.get_object()
        if isinstance(element, ArrayObject):
            for child in element:
                yield from walk(child)
        elif isinstance(element, DictionaryObject):
            if "/S" in element:
                yield element
            if "/K" in element:
                yield from walk(element["/K"])

    return walk(read.root_object["/StructTreeRoot"])


def test_the_assessment_is_inside_as_json() -> None:
    """What is on record, under the keys of a patient's copy; nothing of who prints, or when."""
    approved()
    of = cast.recorded()
    read = report(of, language="zh-hans", size=PaperSize.LETTER)
    root: Any = read.root_object
    [file] = root["/AF"]
    described = file.get_object()
    assert (described["/UF"], described["/AFRelationship"]) == ("assessment.json", "/Data")
    assert described["/F"] == "assessment.json"
    embedded = described["/EF"]["/F"].get_object()
    assert embedded["/Subtype"] == "/application/json"
    assert embedded["/Params"]["/ModDate"] == f"D:{of.created_at:%Y%m%d%H%M%SZ}"
    [content] = read.attachments["assessment.json"]
    told = json.loads(content)
    assert list(told) == ["format", "format_version", "ward", "report_number", "patient", "version"]
    assert (told["format"], told["format_version"]) == ("rbp-risk-assessment", 1)
    assert (told["ward"], told["report_number"]) == (WARD, of.chain.report_number)
    patient, version = told["patient"], told["version"]
    names = ("hospital_number", "family_name", "given_name", "birth_date", "sex")
    assert [patient[name] for name in names] == [
        "H100234",
        "Wang",
        "Xiulan",
        "1944-07-14",
        "female",
    ]
    for name in ("t_score", "pdw_fl", "chloride_mmol_l", "restored_risk", "points_pdw"):
        stored = getattr(of, name)
        assert version[name] == (None if stored is None else float(stored)), name
    for name in ("not_restored_total_points", "not_restored_risk", "not_restored_ci95_high"):
        assert version[name] == float(getattr(of, name)) > 0
    adjusted = of.recalibrated.not_restored_risk
    assert version["recalibrated"]["not_restored_risk"] == adjusted
    assert version["created_by_name"] == "Dr Alice Moore"
    assert "created_by" not in version
    assert "王小明" not in content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_assessment_is_inside_as_fhir(settings: Settings, language: str) -> None:
    """Each resource as the FHIR server gives it of this version, and nothing of who prints."""
    settings.PUBLIC_URL = "https://rbp.hospital.example"
    approved()
    of = acts.completed(cast.recorded(entry=cast.before_the_radiograph()))
    read = report(of, language=language)
    root: Any = read.root_object
    _json, described = [each.get_object() for each in root["/AF"]]
    assert described["/UF"] == described["/F"] == "assessment.fhir.json"
    # The same as the pages say, in a form that others read more easily.
    assert described["/AFRelationship"] == "/Supplement"
    embedded = described["/EF"]["/F"].get_object()
    assert embedded["/Subtype"] == "/application/fhir+json"
    assert embedded["/Params"]["/ModDate"] == f"D:{of.created_at:%Y%m%d%H%M%SZ}"
    [content] = read.attachments["assessment.fhir.json"]
    bundle = fhir(content)
    assert bundle["type"] == "collection"
    assert abs(datetime.fromisoformat(bundle["timestamp"]) - of.created_at) < MILLISECOND
    kinds = Counter(entry["resource"]["resourceType"] for entry in bundle["entry"])
    assert kinds == {"RiskAssessment": 1, "Patient": 1, "Observation": 7}
    _token, text = token_of("EHR", Role.CLINICIAN)
    client = Client(headers={"Authorization": f"Bearer {text}", "Accept-Language": language})
    for entry in bundle["entry"]:
        path = entry["fullUrl"].removeprefix(settings.PUBLIC_URL)
        assert fhir(client.get(path).content) == entry["resource"]
    risk = bundle["entry"][0]["resource"]
    adjusted = risk["prediction"][-2]["probabilityDecimal"]
    stored = of.recalibrated.not_restored_risk
    assert stored is not None
    assert adjusted == per_cent(stored)
    assert "王小明" not in content.decode()


def test_without_an_address_of_the_site_there_is_no_fhir(settings: Settings) -> None:
    """Whose number it is, and where a resource is, could not be told."""
    settings.PUBLIC_URL = ""
    assert list(report(cast.recorded()).attachments) == ["assessment.json"]


def test_a_fault_in_fhir_does_not_keep_the_paper(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PUBLIC_URL = "https://rbp.hospital.example"
    monkeypatch.setattr("scoring.report.enclosed.version_bundle", lambda *_: {"resourceType": "No"})
    assert list(report(cast.recorded()).attachments) == ["assessment.json"]
    assert "without its FHIR resources" in caplog.text


@pytest.mark.slow
def test_two_processes_make_the_same_bytes(settings: Settings) -> None:
    """For the same assessment, language, paper and foot; another of them, and others."""
    settings.PUBLIC_URL = "https://rbp.hospital.example"
    of = cast.recorded()
    made: list[list[bytes]] = []
    for _ in range(2):
        renderer = Renderer()
        made.append(
            [
                stamped(renderer.pdf_of(html(of, language=language, size=size)), FOOT)
                for language, size in product(LANGUAGES, PaperSize)
            ]
        )
        renderer.end()
    assert made[0] == made[1]
    assert len(set(made[0])) == 4


@pytest.mark.slow
@pytest.mark.parametrize("size", PaperSize)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("waits", [False, True], ids=["final", "provisional"])
def test_all_that_a_report_can_say_fits_one_page(
    language: str, size: PaperSize, *, waits: bool
) -> None:
    """All cautions, outside the study, the adjusted risk, and a long name."""
    approved()
    changes = {"mvh_restored": None, "radiograph_date": None} if waits else {}
    read = report(everything_at_once(**changes), language=language, size=size)
    [page] = read.pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == POINTS[size]
    said = "".join(page.extract_text().split())
    assert LONG_NAME in said
    assert "FirstPeople'sHospital第一人民医院" in said
    assert said.count({"en": "Caution:", "zh-hans": "注意："}[language]) == 4


@pytest.mark.slow
@pytest.mark.parametrize("size", PaperSize)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_for_the_patient_fits_one_page(language: str, size: PaperSize) -> None:
    approved()
    for of in (cast.recorded(), cast.recorded(cast.person("H2"), cast.before_the_radiograph())):
        read = report(of, language=language, size=size, kind=PaperKind.PATIENT_SHEET)
        [page] = read.pages
        assert (round(page.mediabox.width), round(page.mediabox.height)) == POINTS[size]
        assert "/AF" not in read.root_object
