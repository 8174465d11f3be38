"""Rows of lists: what was found, in words.

A row is a plain dictionary: templates look there first, and lists have many rows.
"""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.models.codes import Rbp, State
from scoring.models.patient import Sex, full_name
from scoring.queries import Due, ListedVersion
from scoring.report import csv_file, glance
from scoring.report.rows import day_text, moment_text


def who(version: ListedVersion) -> dict[str, object]:
    """The patient of a row: name that leads to the assessment, sex, number, birth date."""
    birth_date = version.birth_date
    return {
        "pk": version.id,
        "address": reverse("assessment-result", args=[version.id]),
        "patient": full_name(version.family_name, version.given_name),
        "sex": Sex(version.sex).label,
        "hospital_number": version.hospital_number,
        "born": _("not known") if birth_date is None else day_text(birth_date),
        "synthetic": version.synthetic,
        "clinician": version.created_by_name,
    }


def list_row(version: ListedVersion) -> dict[str, object]:
    """A version in the history or among the recent ones."""
    v = version
    state = csv_file.state(v.state, v.id, v.current_id)
    is_counted = v.chain_state != State.VOIDED
    return who(v) | {
        "moment": moment_text(v.created_at),
        "state": state,
        "state_label": glance.state_label(state),
        "total": glance.total_text(v.restored_total_points, v.not_restored_total_points),
        "risk": glance.risk_text(v.restored_risk, v.not_restored_risk),
        "side": glance.side_text(v.restored_risk, v.not_restored_risk),
        "vas_day_3": "—" if v.vas_day_3 is None else v.vas_day_3,
        "vas_day_30": "—" if v.vas_day_30 is None else v.vas_day_30,
        "rbp": str(Rbp(v.rbp).label) if is_counted else _("not counted"),
    }


def due_row(task: Due) -> dict[str, object]:
    """A task of the worklist; the risks are of a provisional version."""
    v = task.version
    return who(v) | {
        "age": _("%(age)s y") % {"age": v.age_years},
        "level": v.fracture_level,
        "operated": day_text(v.operation_date),
        "due": _due_text(task),
        "is_due": task.days_late >= 0,
        "risks": [
            glance.whole_percent_text(risk)
            for risk in (v.restored_risk, v.not_restored_risk)
            if risk is not None
        ],
    }


def _due_text(task: Due) -> str:
    """Tomorrow, today, or the day that has passed and how long ago."""
    if task.days_late < 0:
        return _("tomorrow")
    if task.days_late == 0:
        return _("today")
    late = ngettext("%(days)s day late", "%(days)s days late", task.days_late)
    return f"{day_text(task.due)}, {late % {'days': task.days_late}}"
