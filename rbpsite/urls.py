"""Addresses of the site; one word runs through URL, view, template and test."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from scoring.web import (
    access_log,
    accounts,
    assessments,
    health,
    history,
    lists,
    outcomes,
    pages,
    patients,
    versions,
)

urlpatterns = [
    path("", lists.worklist, name="worklist"),
    path("sign-in", login_not_required(accounts.SignIn.as_view()), name="sign-in"),
    path("sign-out", accounts.SignOut.as_view(), name="sign-out"),
    path("password", accounts.PasswordChange.as_view(), name="password-change"),
    path("assessments/new", assessments.assessment_new, name="assessment-new"),
    path("assessments/points", assessments.assessment_points, name="assessment-points"),
    path("assessments/<uuid:pk>", assessments.assessment_result, name="assessment-result"),
    path("assessments/<uuid:pk>/report", assessments.assessment_report, name="assessment-report"),
    path(
        "assessments/<uuid:pk>/complete", versions.assessment_complete, name="assessment-complete"
    ),
    path("assessments/<uuid:pk>/amend", versions.assessment_amend, name="assessment-amend"),
    path("assessments/<uuid:pk>/void", versions.assessment_void, name="assessment-void"),
    path(
        "assessments/<uuid:pk>/reinstate",
        versions.assessment_reinstate,
        name="assessment-reinstate",
    ),
    path(
        "assessments/<uuid:pk>/outcome/day-3",
        outcomes.outcome_record,
        {"day": 3},
        name="outcome-day-3",
    ),
    path(
        "assessments/<uuid:pk>/outcome/day-30",
        outcomes.outcome_record,
        {"day": 30},
        name="outcome-day-30",
    ),
    path("patients/lookup", patients.patient_lookup, name="patient-lookup"),
    path("patients/same-name", patients.patient_same_name, name="patient-same-name"),
    path("patients/<uuid:pk>", patients.patient_detail, name="patient-detail"),
    path("patients/<uuid:pk>/correct", patients.patient_correct, name="patient-correct"),
    path("history", history.history, name="history"),
    path("history/export", history.history_export, name="history-export"),
    path("access-log", access_log.access_log, name="access-log"),
    path("access-log/export", access_log.access_log_export, name="access-log-export"),
    path("about", pages.about, name="about"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
handler500 = "scoring.web.unavailable.server_error"
