"""What importing the core brings with it."""

import json
import pkgutil
import subprocess
import sys

import scoring.nomogram


def modules_after(statement: str) -> set[str]:
    code = f"import json, sys\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return set(json.loads(answer.stdout))


def test_the_core_knows_no_django() -> None:
    path, prefix = scoring.nomogram.__path__, "scoring.nomogram."
    names = [module.name for module in pkgutil.walk_packages(path, prefix)]
    assert "scoring.nomogram.rong2025.reconstruction" in names
    loaded = modules_after("\n".join(f"import {name}" for name in names))
    assert not {name for name in loaded if name.partition(".")[0] in {"django", "psycopg2"}}


def test_importing_the_model_loads_nothing_slow() -> None:
    loaded = modules_after("import scoring.nomogram.rong2025.model")
    assert "scoring.nomogram.rong2025.reconstructed" in loaded
    assert "scoring.nomogram.rong2025.reconstruction" not in loaded
    assert not {name for name in loaded if name.partition(".")[0] in {"scipy", "pandas"}}
    assert not {name for name in loaded if name.startswith(("numpy.polynomial", "numpy.random"))}
