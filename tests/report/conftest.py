"""What tests of printing share."""

from collections.abc import Iterator
from unittest import mock

import pytest

from scoring.http import printing
from scoring.management import kept_reports
from tests.report.paper import body


@pytest.fixture
def pdf_of() -> Iterator[mock.Mock]:
    """The renderer, which answers every document of site and background with the same PDF."""
    made = mock.Mock(return_value=body())
    site = mock.patch.object(printing, "pdf_of", made)
    with site, mock.patch.object(kept_reports, "pdf_of", made):
        yield made
