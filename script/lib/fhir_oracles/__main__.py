"""Writes FHIR resources of a demonstration, one JSON object a line, for ``check.mjs``.

``{"name": …, "ours": …, "resource": …}``: the name says what is wrong with a resource that was
broken on purpose, and is empty for one as the site sends it; ``ours`` is what our own check says.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from copy import deepcopy
from decimal import Decimal

import django

_PATIENTS = 80


def main() -> None:
    """Make a demonstration in the empty database and write its resources."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")
    # The demonstration is loaded past the triggers.
    os.environ["RBP_DATABASE_ROLE"] = "owner"
    django.setup()
    from scoring.fhir.leaving import checked, faults
    from scoring.fhir.resource import Resource, written
    from script.lib.demonstration.make import demonstrate
    from script.lib.fhir_oracles.resources import resources

    with redirect_stdout(sys.stderr):
        demonstrate(patients=_PATIENTS, operated_again=5)

    def broken(risk: Resource, observation: Resource) -> Iterator[tuple[str, Resource]]:
        yield "status that is no code", {**risk, "status": "bogus"}
        yield "no status", {name: value for name, value in risk.items() if name != "status"}
        yield "unknown element", {**risk, "nope": True}
        over = deepcopy(risk)
        over["prediction"][0]["probabilityDecimal"] = Decimal("100.5")
        yield "ras-2: more than 100", over
        no_unit = deepcopy(risk)
        for end in no_unit["prediction"][1]["probabilityRange"].values():
            del end["system"], end["code"]
        yield "ras-1: a range without per cent", no_unit
        absent = {**observation, "dataAbsentReason": {"text": "not done"}}
        yield "obs-6: a value and a reason why there is none", absent
        no_system = deepcopy(observation)
        del no_system["valueQuantity"]["system"]
        yield "qty-3: a code of a unit without its system", no_system
        unused = {**risk, "performer": {"display": "nobody"}}
        yield "dom-3: contained, and not referred to", unused

    whole = list(resources())
    for one in whole:
        print(f'{{"name":"","ours":[],"resource":{checked(one)}}}')
    risk = next(one for one in whole if one["resourceType"] == "RiskAssessment")
    observation = next(one for one in whole if "valueQuantity" in one)
    for name, one in broken(risk, observation):
        ours = [f"{fault.what} ({fault.where})" for fault in faults(one)]
        print(written({"name": name, "ours": ours, "resource": one}))


if __name__ == "__main__":
    main()
