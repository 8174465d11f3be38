"""Tables of assessments to import, and what became of their rows."""

import csv
import io
from collections.abc import Callable
from typing import Any

from scoring.models import AuditEvent
from scoring.nomogram.eligibility import Criterion, study_answer

Results = list[dict[str, str]]
Importing = Callable[..., Results]
# As a Chinese system writes it: the words of the form, and its dates.
ROW: dict[str, str] = {
    "手术编号": "OP-1",
    "住院号": "H200555",
    "姓名": "王小兰",
    "性别": "女",
    "出生日期": "1944/07/14",
    "手术日期": "2025年3月13日",
    "手术": "已手术",
    "伤椎节段": "L1",
    **{
        criterion.value: "是" if study_answer(criterion) == "yes" else "否"
        for criterion in Criterion
    },
    "T值": "-3.2",
    "dxa_date": "20250301",
    "DXA 测量部位": "腰椎",
    "外伤史": "有",
    "后方筋膜水肿": "有",
    "MRI 日期": "2025-03-10 08:15:00",
    "PDW (fL)": "16.80",
    "PDW 日期": "2025.3.11",
    "血清氯(mmol/L)": "101.5",
    "chloride_date": "2025-3-11",
    "mvh_restored": "尚不清楚",
}
KEY = "手术编号"


def row(**changes: str | None) -> dict[str, str]:
    """The row with other cells; None leaves the column out."""
    changed: dict[str, Any] = ROW | changes
    return {name: cell for name, cell in changed.items() if cell is not None}


def csv_of(*rows: dict[str, str]) -> bytes:
    """The rows as a CSV file in GB18030, as Chinese spreadsheets save it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("gb18030")


def outcomes(results: Results) -> list[str]:
    return [line["result"] for line in results]


def lines(action: AuditEvent.Action) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action).order_by("id"))


def details(action: AuditEvent.Action) -> list[dict[str, object]]:
    return [event.detail for event in AuditEvent.objects.filter(action=action).order_by("id")]


def counted(**changes: int) -> dict[str, int]:
    nothing = dict.fromkeys(("recorded", "already_recorded", "refused", "not_recorded"), 0)
    return {"rows": sum(changes.values()), **nothing, **changes}
