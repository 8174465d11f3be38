"""The one application of the site."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Assessments of the risk of residual back pain, and their record."""

    name = "scoring"

    def ready(self) -> None:
        """Connect the signals: changes to accounts are logged, sign-ins start their time limits."""
        # Models can't be loaded before the application is.
        from scoring.actions import users_outside  # noqa: F401 - connects its signals
        from scoring.web import session_limits  # noqa: F401 - connects its signals
