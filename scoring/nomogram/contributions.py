"""How far each predictor of a patient lies from the study's average, in points and in risk."""

from dataclasses import dataclass

from scoring.nomogram.model import Nomogram, Scenario


@dataclass(frozen=True)
class Contribution:
    """One predictor against the average patient of the study.

    ``difference`` is the patient's points minus those of the average: of the mean of a measured
    predictor, of the share of "yes" otherwise. ``risk_at_average`` is the risk (0 to 1) of somebody
    who differs from this patient in that alone. It compares two patients; it does not say what
    happens to one whose predictor is changed.
    """

    key: str
    difference: float
    risk_at_average: float


def contributions(model: Nomogram, scenario: Scenario) -> tuple[Contribution, ...]:
    """Every predictor, in the order of the model; empty where nothing is published of its study."""
    if model.evidence is None:
        return ()
    found = []
    for key, predictor in model.by_key.items():
        average = predictor.points(model.evidence.case_mix[key].mean)
        difference = scenario.points[key] - average
        risk = float(model.risk(scenario.total_points - difference))
        found.append(Contribution(key, difference, risk))
    return tuple(found)
