"""The kit of the published model, and the cases of a made-up one, made once."""

from pathlib import Path
from typing import NamedTuple

import pytest

from scoring.nomogram.model import Nomogram
from scoring.nomogram.rong2025.model import RONG_2025
from script.lib.conformance.cases import Case, make_cases
from script.lib.conformance.kit import write_kit
from tests.nomogram.made_up import MADE_UP


class Cases(NamedTuple):
    """A model and its cases."""

    model: Nomogram
    cases: list[Case]


@pytest.fixture(scope="session")
def published() -> Cases:
    return Cases(RONG_2025, make_cases(RONG_2025))


@pytest.fixture(scope="session")
def made_up() -> Cases:
    return Cases(MADE_UP, make_cases(MADE_UP))


@pytest.fixture(params=["published", "made_up"])
def either(request: pytest.FixtureRequest) -> Cases:
    found: Cases = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def kit(published: Cases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kit") / "rong"
    write_kit(published.model, published.cases, folder)
    return folder
