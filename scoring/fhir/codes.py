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
from scoring.nomogram.rong2025.coded import coded_as
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.predictors import words_of
from scoring.words.types import Words

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
# The same at every hospital, so that no address of one stands in them.
SYSTEM = "urn:uuid:1d551ad3-069b-44de-bc92-bf00f3649e33"
ISSUES = "urn:uuid:f9237c20-f919-4b27-a589-b2d26cfab8eb"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
CATEGORY = f"{TERMINOLOGY}/observation-category"
TEST_DATA = {"system": f"{TERMINOLOGY}/v3-ActReason", "code": "HTEST"}

ASSESSMENT = "rbp-after-pkp"
REPORT = "rbp-risk-report"
PERCENT = "%"

# Where the form's sites stand in LOINC's words.
_SITES = {DxaSite.TOTAL_HIP.value: "hip", DxaSite.FEMORAL_NECK.value: "femur"}
# The age follows from the date of birth.
_READ = [one for one in RONG_2025.numeric.values() if one.provenance]

# What is read as a predictor, by LOINC code.
READ_AS: Mapping[str, NumericPredictor] = MappingProxyType(
    {loinc.code: one for one in _READ for loinc in coded_as(one).loinc}
)
# What is told apart from a predictor, by LOINC code; the value is the predictor it is not.
NOT_READ_AS: Mapping[str, NumericPredictor] = MappingProxyType(
    {code: one for one in _READ for code in coded_as(one).mistaken}
)


def predictor_code(predictor: Predictor) -> str:
    """The code of a predictor in our code system."""
    return predictor.key.replace("_", "-")


def predictor_concept(predictor: Predictor, site: str = "") -> Resource:
    """What an observation of the predictor is coded with: LOINC first, then our own."""
    of_site = _SITES.get(site, site)
    codings = [
        {"system": LOINC, "code": loinc.code, "display": loinc.name}
        for loinc in coded_as(predictor).loinc
        if loinc.site == of_site
    ]
    own = coding(predictor_code(predictor), words_of(predictor).input_name)
    return {"coding": [*codings[:1], own], "text": str(words_of(predictor).input_name)}


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


def vas_code(time_point: int) -> str:
    """The VAS of a time point: vas-day-3."""
    return f"vas-day-{time_point}"


def vas_words(time_point: int) -> str:
    """The same in words."""
    return _("Back pain (VAS) on day %(day)s after the operation") % {"day": time_point}


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
