"""Reads model.pmml and rows.json in the working folder, writes risks; see pmml_readers.py."""

import json
import math
import sys
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def check_schema() -> None:
    """Check the file against the schema that JPMML brings."""
    package = Path(import_module("jpmml_evaluator").__file__ or "").parent
    (archive,) = (package / "dependencies").glob("pmml-model-[0-9]*.jar")
    with zipfile.ZipFile(archive) as jar:
        schema = jar.read("pmml.xsd").decode()
    import_module("xmlschema").XMLSchema(schema).validate("model.pmml")


def jpmml() -> Callable[[Row], float | None]:
    """JPMML raises an error for an input that is missing or invalid."""
    package = import_module("jpmml_evaluator")
    evaluator = package.make_evaluator("model.pmml").verify()

    def risk(row: Row) -> float | None:
        try:
            # Without a result where an age is not whole.
            found: float | None = evaluator.evaluate(row).get("predicted_risk")
        except package.JavaError as error:
            if "ValueCheckException" not in str(error):
                raise
            return None
        return found

    return risk


def pmml4s() -> Callable[[Row], float | None]:
    """PMML4S answers NaN."""
    model = import_module("pypmml").Model.load("model.pmml")

    def risk(row: Row) -> float | None:
        found = float(model.predict(row)["predicted_risk"])
        return None if math.isnan(found) else found

    return risk


if __name__ == "__main__":
    check_schema()
    read = {"jpmml": jpmml, "pmml4s": pmml4s}[sys.argv[1]]()
    rows = json.loads(Path("rows.json").read_text())
    risks = {name: read(row) for name, row in rows.items()}
    sys.stdout.write(json.dumps(risks, allow_nan=False))
