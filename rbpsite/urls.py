"""Addresses of the site; one word runs through URL, view, template and test."""

from django.urls import path

from scoring.web import (
    access_log,
    accounts,
    amend,
    assessments,
    calculator,
    health,
    history,
    outcomes,
    pages,
    patients,
    recalibrations,
    second_factor,
    session_limits,
    single_sign_on,
    users,
    validation,
    versions,
    ward_settings,
    worklist,
)
from scoring.web.gate import for_everybody, public

urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("sign-in", public(accounts.SignIn.as_view()), name="sign-in"),
    path("sign-out", for_everybody(accounts.SignOut.as_view()), name="sign-out"),
    path("session", session_limits.session, name="session"),
    path("session/extend", session_limits.session_extend, name="session-extend"),
    path("session/end", session_limits.session_end, name="session-end"),
    path("single-sign-on", public(single_sign_on.SingleSignOn.as_view()), name="single-sign-on"),
    path(
        "single-sign-on/callback",
        public(single_sign_on.SingleSignOnCallback.as_view()),
        name="single-sign-on-callback",
    ),
    path("account", accounts.account, name="account"),
    path(
        "account/password",
        for_everybody(accounts.PasswordChange.as_view()),
        name="password-change",
    ),
    path("account/code", second_factor.second_factor, name="second-factor"),
    path("account/second-factor", second_factor.second_factor_set_up, name="second-factor-set-up"),
    path(
        "account/second-factor/remove",
        second_factor.second_factor_remove,
        name="second-factor-remove",
    ),
    path("account/recovery-codes", second_factor.recovery_codes, name="recovery-codes"),
    path("ward", ward_settings.ward_settings, name="ward-settings"),
    path("ward/first-steps/hide", ward_settings.first_steps_hide, name="first-steps-hide"),
    path("users", users.users, name="users"),
    path("users/new", users.user_new, name="user-new"),
    path("users/<uuid:pk>", users.user_change, name="user-change"),
    path("users/<uuid:pk>/disable", users.user_disable, name="user-disable"),
    path("users/<uuid:pk>/enable", users.user_enable, name="user-enable"),
    path("users/<uuid:pk>/unlock", users.user_unlock, name="user-unlock"),
    path("users/<uuid:pk>/password", users.user_password_reset, name="user-password-reset"),
    path(
        "users/<uuid:pk>/second-factor",
        users.user_second_factor_reset,
        name="user-second-factor-reset",
    ),
    path("assessments/new", assessments.assessment_new, name="assessment-new"),
    path("assessments/points", assessments.assessment_points, name="assessment-points"),
    path("assessments/<uuid:pk>", assessments.assessment_result, name="assessment-result"),
    path("assessments/<uuid:pk>/report", assessments.assessment_report, name="assessment-report"),
    path(
        "assessments/<uuid:pk>/complete", versions.assessment_complete, name="assessment-complete"
    ),
    path("assessments/<uuid:pk>/amend", amend.assessment_amend, name="assessment-amend"),
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
    path("validation", validation.validation, name="validation"),
    path("validation/report", validation.validation_report, name="validation-report"),
    path("validation/export", validation.validation_export, name="validation-export"),
    path(
        "validation/recalibration",
        recalibrations.recalibration_propose,
        name="recalibration-propose",
    ),
    path("models", recalibrations.model_versions, name="model-versions"),
    path("models/<uuid:pk>", recalibrations.recalibration_detail, name="recalibration-detail"),
    path(
        "models/<uuid:pk>/decide", recalibrations.recalibration_decide, name="recalibration-decide"
    ),
    path("access-log", access_log.access_log, name="access-log"),
    path("access-log/export", access_log.access_log_export, name="access-log-export"),
    path("calculator", calculator.calculator, name="calculator"),
    path("about", pages.about, name="about"),
    path("help", pages.help, name="help"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
handler400 = "scoring.web.pages.bad_request"
handler500 = "scoring.web.unavailable.server_error"
