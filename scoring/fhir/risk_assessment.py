"""A result as RiskAssessment: of an assessment on record, or of values that were sent.

R4 says that a probability is a per cent, and its own example writes 0.02 for 2 %. So each scenario
has two predictions: the risk in per cent as probabilityDecimal, and its approximate 95 % confidence
interval as probabilityRange, where the unit is written; and the rationale says both in words.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from scoring.display import percent_range_text, percent_text, points_text, rounded
from scoring.fhir import codes
from scoring.fhir.identity import Site, meta, observation_id, report_identifier, subject
from scoring.fhir.observation import known_predictors
from scoring.fhir.resource import Resource, day, instant, language, without_empty
from scoring.fhir.status import risk_status
from scoring.models import Assessment, RecalibratedRisk
from scoring.models.codes import State
from scoring.nomogram.eligibility import Population
from scoring.nomogram.logistic import Interval
from scoring.nomogram.model import Result, Scenario
from scoring.words.cautions import caution_text, caution_title
from scoring.words.marks import labelled, sentences, titled
from scoring.words.reasons import reason_text
from scoring.words.risk import cutoff_text

# As many as keep a risk below 100 %: the highest that the model gives is 99.98 %.
_DECIMALS = 2


def stored_risk_assessment(assessment: Assessment, site: Site) -> Resource:
    """A version of an assessment. Its id is that of the chain, its version the ``versionId``."""
    first_day, last_day = assessment.vas_due_dates
    when = {"whenPeriod": {"start": day(first_day), "end": day(last_day)}}
    basis = [
        {"reference": f"Observation/{observation_id(assessment, one)}"}
        for one in known_predictors(assessment)
    ]
    resource = _risk_assessment(
        assessment.result,
        status=risk_status(assessment),
        of=subject(assessment.patient),
        at=instant(assessment.created_at),
        when=when,
        basis=basis,
        is_outside=assessment.population == Population.OUTSIDE,
        adjusted=list(_adjusted(assessment)),
    )
    resource |= {
        "id": str(assessment.chain_id),
        "meta": meta(str(assessment.version), instant(assessment.created_at), assessment.patient),
        "identifier": [report_identifier(assessment, site)],
        "note": [*resource.get("note", []), *_notes(assessment)],
    }
    return without_empty(resource)


def scored_risk_assessment(
    result: Result, *, of: Resource, at: str, when: Resource, basis: list[Resource]
) -> Resource:
    """What the model says of values that were sent; nothing of it is kept, so that it has no id.

    ``of`` is the reference to the patient, ``when`` the time that the prediction is for.
    """
    status = "preliminary" if result.provisional else "final"
    return without_empty(
        _risk_assessment(result, status=status, of=of, at=at, when=when, basis=basis)
    )


def _risk_assessment(
    result: Result,
    *,
    status: str,
    of: Resource,
    at: str,
    when: Resource,
    basis: list[Resource],
    is_outside: bool = False,
    adjusted: Iterable[Resource] = (),
) -> Resource:
    model = result.model
    return {
        "resourceType": "RiskAssessment",
        "language": language(),
        "contained": [_software()],
        "status": status,
        "method": codes.concept(codes.method_code(model), model.name),
        "code": codes.concept(codes.ASSESSMENT, _("Risk of residual back pain after PKP")),
        "subject": of,
        "occurrenceDateTime": at,
        "performer": {"reference": "#software", "type": "Device"},
        "basis": basis,
        "prediction": [
            one | when
            for one in (
                *(p for s in result.scenarios for p in _predictions(s, is_outside=is_outside)),
                *adjusted,
            )
        ],
        "note": [
            {"text": titled(caution_title(model, one), caution_text(one))}
            for one in result.cautions
        ],
    }


def _software() -> Resource:
    return {
        "resourceType": "Device",
        "id": "software",
        "deviceName": [{"name": "RBP risk", "type": "user-friendly-name"}],
        "version": [{"value": settings.VERSION}],
    }


def _predictions(scenario: Scenario, *, is_outside: bool) -> Iterator[Resource]:
    outside = _("The patient is outside the study population.") if is_outside else ""
    told = _(
        "Risk by the published model: %(risk)s, with %(points)s points. Approximate 95 %% "
        "confidence interval, derived from the published tables: %(ci95)s. Range of the "
        "reconstruction: %(band)s."
    ) % {
        "risk": percent_text(scenario.risk),
        "points": points_text(scenario.total_points),
        "ci95": percent_range_text(*scenario.ci95),
        "band": percent_range_text(*scenario.band),
    }
    cutoff = labelled(_("Study cut-off"), cutoff_text(scenario))
    outcome = _outcome(scenario.code)
    yield from _pair(outcome, scenario.risk, scenario.ci95, sentences(told, outside, cutoff))


def _adjusted(assessment: Assessment) -> Iterator[Resource]:
    """The risk by the curve adjusted to this hospital, where the version has one."""
    # Where there is none the reverse one-to-one raises an AttributeError.
    kept: RecalibratedRisk | None = getattr(assessment, "recalibrated", None)
    if kept is None:
        return
    for scenario in assessment.result.scenarios:
        prefix = "restored" if scenario.late_answer else "not_restored"
        risk, *ends = (
            getattr(kept, f"{prefix}_{name}") for name in ("risk", "ci95_low", "ci95_high")
        )
        told = _(
            "Risk by version %(number)s of the curve adjusted to this hospital: %(risk)s. 95 %% "
            "interval of the adjustment alone: %(ci95)s."
        ) % {
            "number": kept.recalibration.number,
            "risk": percent_text(risk),
            "ci95": percent_range_text(*ends),
        }
        yield from _pair(_outcome(scenario.code, adjusted=True), risk, Interval(*ends), told)


def _outcome(scenario: str, *, adjusted: bool = False) -> Resource:
    code = codes.outcome_code(scenario, adjusted=adjusted)
    return codes.concept(code, codes.outcome_words(scenario, adjusted=adjusted))


def _pair(outcome: Resource, risk: float, ci95: Interval, told: str) -> Iterator[Resource]:
    yield {"outcome": outcome, "probabilityDecimal": per_cent(risk), "rationale": told}
    low, high = (
        {"value": per_cent(end), "unit": "%", "system": codes.UCUM, "code": codes.PERCENT}
        for end in ci95
    )
    yield {"outcome": outcome, "probabilityRange": {"low": low, "high": high}, "rationale": told}


def per_cent(risk: float) -> Decimal:
    """A risk (0 to 1) in per cent, with two decimals."""
    return rounded(risk * 100, _DECIMALS)


def _notes(assessment: Assessment) -> Iterator[Resource]:
    """Who recorded the version, and why where a reason was given."""
    text = _("Version %(version)s of %(report)s.") % {
        "version": assessment.version,
        "report": assessment.chain.report_number,
    }
    if assessment.state == State.NO_RADIOGRAPH:
        text = sentences(text, _("No 24-hour radiograph was taken."))
    if assessment.reason:
        text = sentences(text, labelled(_("Reason"), reason_text(assessment.reason)))
    yield {
        "authorString": assessment.created_by_name,
        "time": instant(assessment.created_at),
        "text": text,
    }
