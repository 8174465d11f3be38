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
    names = [module.name for module in pkgutil.iter_modules(scoring.nomogram.__path__)]
    assert "reconstruction" in names
    loaded = modules_after("\n".join(f"import scoring.nomogram.{name}" for name in names))
    assert not {name for name in loaded if name.partition(".")[0] in {"django", "psycopg2"}}


def test_importing_the_core_loads_nothing_slow() -> None:
    loaded = modules_after("import scoring.nomogram")
    assert "scoring.nomogram.risk" in loaded
    assert "scoring.nomogram.reconstruction" not in loaded
    assert not {name for name in loaded if name.partition(".")[0] in {"scipy", "pandas"}}
    assert not {name for name in loaded if name.startswith(("numpy.polynomial", "numpy.random"))}


def test_everything_promised_is_there() -> None:
    for name in scoring.nomogram.__all__:
        assert getattr(scoring.nomogram, name) is not None
