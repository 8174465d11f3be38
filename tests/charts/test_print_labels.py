"""The words beside the printed nomogram."""

import pytest

from scoring.charts import print_labels
from tests import worked_example as worked
from tests.charts.drawings import patient


def test_print_labels_stand_beside_their_axes() -> None:
    labels = print_labels(patient())
    assert [(label.top_px, label.name, label.value, label.right) for label in labels] == [
        (18, "Points", "", ("this patient",)),
        (36.7, "Age", "80 years", ("19.00",)),
        (63.7, "Bone mineral density", "|T| > 3.5: no", ("16.32",)),
        (90.7, "Trauma history", "yes", ("19.58",)),
        (117.7, "Posterior fascia edema", "on MRI: yes", ("44.21",)),
        (144.7, "Platelet distribution width", "12.8 fL", ("23.60",)),
        (171.7, "Serum chloride", "105 mmol/L", ("25.50",)),
        (198.7, "Middle vertebral height", "restored at 24 h: no", ("35.68",)),
        (242.2, "Total points", "", ("183.89",)),
        (276.2, "Risk of residual back pain", "%, at 3 days and 1 month", (worked.RISK,)),
    ]
    assert [label.heading for label in labels] == [True, *[False] * 9]
    assert labels[-1].right_top_px == 280.2


def test_print_labels_of_a_provisional_result_have_both_numbers() -> None:
    *_, mvh, total, risk = print_labels(patient(mvh_restored=None))
    assert (mvh.value, mvh.right) == ("not known yet", ("0 or 35.68",))
    assert total.right == ("148.21", "183.89")
    assert risk.right == (worked.RISK_RESTORED, worked.RISK)
    assert total.right_top_px == pytest.approx(248.2 - 12, abs=0.06)
