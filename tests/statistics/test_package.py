"""What importing the room brings with it."""

import pkgutil

import scoring.statistics
from tests.nomogram.test_package import modules_after


def test_the_room_knows_no_django_and_of_the_nomogram_the_logistic_function_alone() -> None:
    names = [
        module.name
        for module in pkgutil.walk_packages(scoring.statistics.__path__, "scoring.statistics.")
    ]
    assert {"scoring.statistics.validation", "scoring.statistics.pooling.pool"} <= set(names)
    loaded = modules_after("\n".join(f"import {name}" for name in names))
    assert not {name for name in loaded if name.partition(".")[0] in {"django", "psycopg2"}}
    of_nomogram = {name for name in loaded if name.startswith("scoring.nomogram")}
    assert of_nomogram == {"scoring.nomogram", "scoring.nomogram.logistic"}


def test_importing_the_room_loads_nothing_slow() -> None:
    loaded = modules_after("import scoring.statistics, scoring.statistics.pooling")
    slow = {"scipy", "pandas", "statsmodels", "sklearn"}
    assert not {name for name in loaded if name.partition(".")[0] in slow}


def test_everything_promised_is_there() -> None:
    for name in scoring.statistics.__all__:
        assert getattr(scoring.statistics, name) is not None
