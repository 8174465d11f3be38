"""Codes of predictors and results: LOINC and UCUM where they have one, else a code system of ours.

The LOINC codes are those of docs/integration.md; what is refused stands here, too, so that the
reason can be told.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.fhir.resource import Resource, without_empty
from scoring.models.codes import DxaSite
from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import NumericPredictor, Predictor
from scoring.nomogram.rong2025.model import AGE, BMD, CHLORIDE, PDW
from scoring.words.predictors import words_of
from scoring.words.types import Words

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
# The same at every hospital, so that no address of one stands in them.
SYSTEM = "urn:uuid:1d551ad3-069b-44de-bc92-bf00f3649e33"
ISSUES = "urn:uuid:f9237c20-f919-4b27-a589-b2d26cfab8eb"
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
CATEGORY = f"{_TERMINOLOGY}/observation-category"
TEST_DATA = {"system": f"{_TERMINOLOGY}/v3-ActReason", "code": "HTEST"}

ASSESSMENT = "rbp-after-pkp"
REPORT = "rbp-risk-report"
PERCENT = "%"

_LOINC_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "30525-0": "Age",
        "32207-3": "Platelet distribution width [Entitic volume] in Blood by Automated count",
        "2075-0": "Chloride [Moles/volume] in Serum or Plasma",
        "38267-1": "DXA Lumbar spine [T-score] Bone density",
        "38264-8": "DXA Hip [T-score] Bone density",
        "38263-0": "DXA Femur [T-score] Bone density",
    }
)
_OF_PREDICTOR = {AGE.key: "30525-0", PDW.key: "32207-3", CHLORIDE.key: "2075-0"}
_OF_SITE = {
    DxaSite.LUMBAR_SPINE.value: "38267-1",
    DxaSite.TOTAL_HIP.value: "38264-8",
    DxaSite.FEMORAL_NECK.value: "38263-0",
}

# What is read as a predictor, by LOINC code.
READ_AS: Mapping[str, NumericPredictor] = MappingProxyType(
    {
        "32207-3": PDW,
        "2075-0": CHLORIDE,
        **dict.fromkeys(
            ("38267-1", "38264-8", "80946-7", "80945-9", "38263-0", "80948-3", "80947-5"), BMD
        ),
    }
)
# What is told apart from a predictor, by LOINC code; the value is the predictor it is not.
NOT_READ_AS: Mapping[str, NumericPredictor] = MappingProxyType(
    {
        # PDW as a ratio; RDW.
        **dict.fromkeys(("51631-0", "788-0", "21000-5"), PDW),
        # Chloride in whole blood.
        "2069-3": CHLORIDE,
        # T-scores of radius and ulna, and of the heel.
        **dict.fromkeys(("38265-5", "38266-3", "80950-9", "80949-1"), BMD),
        # Bone mineral density in g/cm2.
        **dict.fromkeys(("24966-4", "24701-5", "38261-4", "46278-8", "46279-6", "46383-6"), BMD),
        # Z-scores.
        **dict.fromkeys(
            ("85394-5", "80933-5", "80934-3", "80937-6", "80938-4", "80939-2", "80940-0"), BMD
        ),
        **dict.fromkeys(("80932-7", "80941-8"), BMD),
    }
)
# Units by the ways they are coded or written; what is not here is another unit.
UNITS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        AGE.field: frozenset({"a"}),
        BMD.field: frozenset({"", "1", "{T-score}", "{T-Score}", "T-score"}),
        PDW.field: frozenset({"fL", "um3"}),
        # One charge an ion: the numbers are equal. UCUM writes meq/L, laboratories mEq/L.
        CHLORIDE.field: frozenset({"mmol/L", "meq/L", "mEq/L"}),
    }
)


def predictor_code(predictor: Predictor) -> str:
    """The code of a predictor in our code system."""
    return predictor.key.replace("_", "-")


def loinc_of(predictor: Predictor, site: str = "") -> str:
    """The LOINC code of a predictor measured at a site; "" where there is none."""
    return _OF_SITE.get(site, "") if predictor is BMD else _OF_PREDICTOR.get(predictor.key, "")


def predictor_concept(predictor: Predictor, site: str = "") -> Resource:
    """What an observation of the predictor is coded with: LOINC first, then our own."""
    loinc = loinc_of(predictor, site)
    own = coding(predictor_code(predictor), words_of(predictor).input_name)
    codings = [own]
    if loinc:
        codings.insert(0, {"system": LOINC, "code": loinc, "display": _LOINC_NAMES[loinc]})
    return {"coding": codings, "text": str(words_of(predictor).input_name)}


def coding(code: str, display: Words = "") -> Resource:
    """A code of our own system."""
    return without_empty({"system": SYSTEM, "code": code, "display": str(display)})


def concept(code: str, display: Words, text: Words = "") -> Resource:
    """The same as a concept, in words."""
    return {"coding": [coding(code, display)], "text": str(text or display)}


def ucum_of(predictor: NumericPredictor) -> str:
    """The predictor's unit in UCUM; a T-score has the unit 1."""
    return predictor.unit or "1"


def method_code(model: Nomogram) -> str:
    """A model and its version: rong-2025-v2."""
    return f"{model.identifier}-v{model.version}"


# The outcome by the code of a scenario, by the published curve and by the hospital's own.
OUTCOMES: Mapping[str, Words] = MappingProxyType(
    {
        "final": gettext_lazy("Residual back pain after percutaneous kyphoplasty"),
        "if_restored": gettext_lazy(
            "Residual back pain after percutaneous kyphoplasty, if the middle vertebral height is "
            "restored"
        ),
        "if_not_restored": gettext_lazy(
            "Residual back pain after percutaneous kyphoplasty, if the middle vertebral height is "
            "not restored"
        ),
    }
)


def outcome_code(scenario: str, *, adjusted: bool = False) -> str:
    """The code of an outcome: "rbp", "rbp-if-restored", "rbp-adjusted-if-restored"."""
    ends = ["" if scenario == "final" else f"-{scenario.replace('_', '-')}"]
    return "".join(["rbp", "-adjusted" if adjusted else "", *ends])


def outcome_words(scenario: str, *, adjusted: bool = False) -> str:
    """The same in words."""
    words = OUTCOMES[scenario]
    if not adjusted:
        return str(words)
    return _("%(outcome)s, by the curve adjusted to this hospital") % {"outcome": words}


def decimal(value: float) -> Decimal:
    """A limit of the model with the digits it was written with."""
    return Decimal(repr(value))
