"""Rows of lists: what was found, in words.

A row is a plain dictionary: templates look there first, and lists have many rows. Words and
addresses that rows share are looked up once a list.
"""

from collections.abc import Callable, Iterable
from uuid import UUID, uuid4

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.entry.rules import PLANNED
from scoring.models import Assessment
from scoring.models.codes import Rbp
from scoring.models.patient import Sex, full_name
from scoring.queries import Due, TaskList
from scoring.report import csv_file, summary_text
from scoring.words.dates import day_text, moment_text
from scoring.words.marks import parts, spaced

Row = dict[str, object]
_ANY = UUID(int=0)


def _addresses(view: str) -> Callable[[UUID], str]:
    """The address of a view by the key of what it shows."""
    before, after = reverse(view, args=[_ANY]).split(str(_ANY))
    return lambda pk: f"{before}{pk}{after}"


def _labels(codes: type[TextChoices]) -> dict[str, str]:
    return {code.value: str(code.label) for code in codes}


def _who() -> Callable[[Assessment], Row]:
    """The patient of a row: name that leads to the assessment, sex, number, birth date."""
    address, sexes, not_known = _addresses("assessment-result"), _labels(Sex), _("not known")

    def who(version: Assessment) -> Row:
        patient = version.patient
        born = patient.birth_date
        return {
            "address": address(version.id),
            "patient": full_name(patient.family_name, patient.given_name),
            "sex": sexes[patient.sex],
            "hospital_number": patient.hospital_number,
            "born": not_known if born is None else day_text(born),
            "synthetic": patient.synthetic,
            "clinician": version.created_by_name,
        }

    return who


def list_rows(versions: Iterable[Assessment]) -> list[Row]:
    """Versions in the history or among the recent ones."""
    who, rbp, not_counted = _who(), _labels(Rbp), _("not counted")

    def row(v: Assessment) -> Row:
        state = csv_file.state(v.state, v.id, v.chain.current_id)
        was_moved = v.chain.was_moved_from(v.patient)
        return who(v) | {
            "moment": moment_text(v.created_at),
            "state": state,
            "state_label": summary_text.state_label(state),
            "total": summary_text.total_text(v.restored_total_points, v.not_restored_total_points),
            "risk": summary_text.risk_text(v.restored_risk, v.not_restored_risk),
            "side": summary_text.side_text(v.bands),
            "model": v.model_version,
            "vas_day_3": _vas_text(None if was_moved else v.chain.vas_day_3),
            "vas_day_30": _vas_text(None if was_moved else v.chain.vas_day_30),
            "rbp": rbp[v.chain.rbp] if v.chain.is_counted and not was_moved else not_counted,
        }

    return [row(version) for version in versions]


# The view that does the next step of a list.
_STEPS = {
    TaskList.PLANNED: "assessment-postpone",
    TaskList.RADIOGRAPHS: "assessment-complete",
    TaskList.DAY_3: "outcome-day-3",
    TaskList.DAY_30: "outcome-day-30",
}


def due_rows(due: Iterable[Due], tasks: TaskList) -> list[Row]:
    """Tasks of a list of the board, each with the address of its next step.

    The risks are of a provisional version.
    """
    who, step_address, sexes = _who(), _addresses(_STEPS[tasks]), _labels(Sex)
    age = _("%(age)s\u00a0y")

    def row(task: Due) -> Row:
        v = task.version
        return who(v) | {
            "id": f"{tasks}-{v.chain_id}",
            "pk": v.id,
            "token": uuid4(),
            "place": (v.operation_date, v.chain_id),
            "step_address": step_address(v.id),
            "has_step": tasks is not TaskList.PLANNED or v.operation_status == PLANNED,
            "about": parts(sexes[v.patient.sex], age % {"age": v.age_years}),
            "level": v.fracture_level,
            "operated": _operated_text(v),
            "due": _due_text(task),
            "late": _late_text(task),
            "vas_day_3": _vas_text(v.chain.vas_day_3),
            "is_due": task.days_late >= 0,
            # What is put in only where it is so; a template looks long for what is missing.
            "is_next": False,
            "form": None,
            "typed": None,
            "fracture": None,
            "risks": [
                summary_text.whole_percent_text(risk)
                for risk in (v.restored_risk, v.not_restored_risk)
                if risk is not None
            ],
        }

    return [row(task) for task in due]


def _vas_text(vas: int | None) -> str:
    return "—" if vas is None else str(vas)


def _operated_text(version: Assessment) -> str:
    """14-Mar-2026, with the time where it is known."""
    at, day = version.operation_time, day_text(version.operation_date)
    return day if at is None else spaced(day, f"{at:%H:%M}")


def _due_text(task: Due) -> str:
    """In some days, tomorrow, today, or the day that has passed, before how long ago that is."""
    if task.days_late < -1:
        return _("in %(days)s days") % {"days": -task.days_late}
    if task.days_late < 0:
        return _("tomorrow")
    if task.days_late == 0:
        return _("today")
    return _("%(day)s,") % {"day": day_text(task.due)}


def _late_text(task: Due) -> str:
    if task.days_late <= 0:
        return ""
    late = ngettext("%(days)s day late", "%(days)s days late", task.days_late)
    return late % {"days": task.days_late}
