"""What page and paper are made from."""

from typing import Any

from django.utils import timezone

from scoring.evaluation.local import LocalValidation
from scoring.evaluation.sample_size import precision_of
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.validation.case_mix import case_mix_table, record_cautions
from scoring.report.validation.cohort import Chosen, attrition_table, participant_flow
from scoring.report.validation.drift import latest_signal
from scoring.report.validation.figures import figure_rows
from scoring.report.validation.missing_outcomes import missing_text
from scoring.report.validation.plots import plots_of
from scoring.report.validation.precision import precision_table, too_few_for
from scoring.report.validation.subgroups import subgroups_text
from scoring.statistics import Validation
from scoring.statistics.recalibration import MIN_EVENTS


def page_context(found: LocalValidation, chosen: Chosen, *, fonts: str = "") -> dict[str, Any]:
    """Numbers in words; the sentences around them stand in the templates."""
    judged = found.validation
    precision = (
        precision_of(judged, drift=found.drift, today=timezone.localdate()) if judged else ()
    )
    rows = list(figure_rows(judged, found.counts.patients)) if judged else []
    return {
        "chosen": chosen,
        "counts": found.counts,
        "participant_flow": list(participant_flow(found.counts)),
        "record_cautions": list(record_cautions(found.counts, found.case_mix)),
        "case_mix": case_mix_table(found.case_mix) if found.case_mix else None,
        "missing": missing_text(found),
        "subgroups": subgroups_text(found.subgroups, fonts=fonts),
        "attrition": attrition_table(found),
        "latest_signal": latest_signal(found.drift),
        "judged": judged,
        "can_recalibrate": can_recalibrate(judged, chosen),
        "precision": precision_table(precision) if precision else None,
        "too_few_for": too_few_for(precision),
        "rows": rows,
        "main_rows": [row for row in rows if row.main],
        "further_rows": [row for row in rows if not row.main],
        "plots": plots_of(judged, fonts=fonts) if judged else [],
        "curve": judged and judged.decision_curve,
        "knots": judged and judged.calibration_curve and len(judged.calibration_curve.knots),
        "citation": RONG_2025.citation.text,
        "doi": RONG_2025.citation.doi,
    }


def can_recalibrate(judged: Validation | None, chosen: Chosen) -> bool:
    """Whether these outcomes are enough, and those of real patients judged by today's model."""
    is_todays = chosen.model == (RONG_2025.identifier, RONG_2025.version)
    if judged is None or chosen.synthetic or chosen.recalibration is not None or not is_todays:
        return False
    return min(judged.events, judged.n - judged.events) >= MIN_EVENTS
