#!/usr/bin/env python3
"""A second implementation of the model, as small as it can be:  python3 example.py < inputs

It shows how a program is connected to check.py. It reads model.json beside it, and needs nothing
but Python 3.11. It does not give intervals.
"""

import json
import math
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

MODEL = json.loads(Path(__file__).with_name("model.json").read_text(encoding="utf-8"))
Plain = dict[str, Any]


def refusal(predictor: Plain, given: Plain) -> str:
    """Why an input is refused; "" if it is not."""
    value, field = given.get(predictor["field"]), predictor["field"]
    if value is None:
        return "" if field in given and predictor.get("unknown_as") else "missing"
    if predictor["kind"] == "yes_no":
        return "" if isinstance(value, bool) else "not_yes_or_no"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "not_a_number"
    if not predictor["low"] <= value <= predictor["high"]:
        return "out_of_range"
    return "not_whole" if predictor["whole"] and value != int(value) else ""


def points(predictor: Plain, value: Any) -> float:
    """The points of one input."""
    if predictor["kind"] == "measured":
        return float(predictor["points_per_unit"] * (value - predictor["zero_at"]))
    yes = value < predictor["below"] if predictor["kind"] == "threshold" else value
    return float(predictor["points"]["yes" if yes else "no"])


def caution(predictor: Plain, value: Any) -> str:
    """The code of a caution about an input; "" if there is none."""
    if usual := predictor.get("usual"):
        return "" if usual[0] <= value <= usual[1] else "outside_central_95"
    limit = predictor.get("study_limit")
    return str(limit["caution"]) if limit and value > limit["at_most"] else ""


def rounded(value: float, decimals: int) -> Decimal:
    """Half up, after the noise of binary fractions is removed."""
    clean = Decimal(repr(round(value, 9)))
    return clean.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def scored(by_key: Plain) -> Plain:
    """Total, risk and the texts that are shown."""
    total, line = math.fsum(by_key.values()), MODEL["line"]
    risk = 1.0 / (1.0 + math.exp((line["p50_points"] - total) / line["k_points_per_logit"]))
    text = f"{rounded(risk * 100.0, 0)} %"
    shown = "< 1 %" if risk < 0.01 else "> 99 %" if risk > 0.99 else text
    return {
        "total_points": total,
        "risk": risk,
        "at_or_above_cutoff": risk >= MODEL["cutoff"],
        "shown": {"total_points": str(rounded(total, 2)), "risk": shown},
    }


def answer(given: Any) -> Plain:
    """The answer to one line."""
    if not isinstance(given, dict):
        return {"error": {"predictor": None, "code": "not_an_object"}}
    predictors = MODEL["predictors"]
    for field in given:
        if field not in {predictor["field"] for predictor in predictors}:
            return {"error": {"predictor": field, "code": "unknown_field"}}
    for predictor in predictors:
        if code := refusal(predictor, given):
            return {"error": {"predictor": predictor["field"], "code": code}}
    known = [(p, given[p["field"]]) for p in predictors if given[p["field"]] is not None]
    by_key = {predictor["key"]: points(predictor, value) for predictor, value in known}
    cautions = [
        {"predictor": predictor["field"], "code": code}
        for predictor, value in known
        if (code := caution(predictor, value))
    ]
    (late,) = [p for p in predictors if p["key"] not in by_key] or [None]
    if late is None:
        return {"points": by_key, "cautions": cautions, **scored(by_key)}
    names, key = late["unknown_as"], late["key"]
    both = {
        f"if_{names[word]}": {f"points_{key}": n, **scored({**by_key, key: n})}
        for word, n in late["points"].items()
    }
    return {"points": {**by_key, key: None}, "cautions": cautions, "scenarios": both}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))))
