"""Plain text of a result, to paste into the patient's chart."""

from django.utils.translation import gettext as _

from scoring.display import plain
from scoring.report.recalibrated import RecalibratedText
from scoring.report.scenarios import ScenarioText
from scoring.report.sheet import Sheet
from scoring.words.dates import moment_text
from scoring.words.eligibility import criteria_text
from scoring.words.marks import clauses, spaced, titled
from scoring.words.study import study_numbers


def _both_risks(text: ScenarioText, adjusted: RecalibratedText, label: str) -> str:
    """The published and the adjusted risk side by side."""
    return _(
        "%(heading)s: published model %(published)s %% · adjusted to this hospital %(adjusted)s "
        "(%(label)s; 95 %% CI of the adjustment %(ci)s)."
    ) % {
        "heading": text.heading,
        "published": text.risk,
        "adjusted": adjusted.percent,
        "label": label,
        "ci": adjusted.ci95,
    }


def chart_note(sheet: Sheet) -> str:
    """A few lines that are complete outside this application: patient, risk, uncertainty."""
    assessment, patient = sheet.assessment, sheet.patient
    lines = [
        _(
            "RBP risk (%(model)s), %(state)s, %(moment)s, %(clinician)s, "
            "%(number)s version %(version)s"
        )
        % {
            "model": sheet.result.model.name,
            "state": sheet.state_label,
            "moment": moment_text(assessment.created_at),
            "clinician": assessment.created_by_name,
            "number": assessment.chain.report_number,
            "version": assessment.version,
        },
        _("%(name)s, %(born)s (%(age)s y at operation), %(sex)s, hospital no. %(number)s")
        % {
            "name": patient,
            "born": sheet.born_text,
            "age": assessment.age_years,
            "sex": patient.get_sex_display(),
            "number": patient.hospital_number,
        },
        _("%(text)s.") % {"text": sheet.operation_text},
        *([titled(*sheet.ended_texts)] if sheet.ended_texts else []),
        _("Risk of residual back pain (VAS 4 or more at 3 days and at 1 month after PKP):"),
    ]
    for text in sheet.scenarios:
        heading = str(text.heading)
        if text.adjusted and sheet.recalibrated:
            lines.append(_both_risks(text, text.adjusted, sheet.recalibrated.label))
            heading = _("%(heading)s, published model") % {"heading": text.heading}
        lines.append(
            _(
                "%(heading)s: %(risk)s %% (approx. 95 %% CI %(ci)s; range of the "
                "reconstruction %(band)s), %(points)s points. %(hundred)s. %(cutoff)s "
                "(the study's cut-off)."
            )
            % {
                "heading": heading,
                "risk": text.risk,
                "ci": text.ci95,
                "band": text.band,
                "points": text.total,
                "hundred": text.hundred_text,
                "cutoff": text.cutoff,
            }
        )
    points = clauses(spaced(row.name, row.value, row.points_range) for row in sheet.rows)
    lines.append(_("Points: %(points)s.") % {"points": points})
    if sheet.earlier_model_text:
        lines.append(sheet.earlier_model_text)
    if sheet.birth_date_caution:
        corrected = _("Caution: the date of birth was corrected later. %(text)s")
        lines.append(corrected % {"text": sheet.birth_date_caution})
    for title, sentence in sheet.cautions:
        lines.append(_("Caution: %(title)s. %(text)s") % {"title": title, "text": sentence})
    if sheet.outside:
        criteria = criteria_text(sheet.outside)
        lines.append(_("Outside the study population: %(criteria)s.") % {"criteria": criteria})
    if sheet.fracture_text:
        lines.append(sheet.fracture_text)
    if sheet.not_assessed:
        criteria = criteria_text(sheet.not_assessed)
        lines.append(_("Eligibility not assessed: %(criteria)s.") % {"criteria": criteria})
    lines.append(
        _(
            "In the study %(events)s of %(n)s patients (%(rate)s %%) had residual back pain. "
            "Supports clinical judgment, does not replace it."
        )
        % study_numbers()
    )
    return plain("\n".join(lines))
