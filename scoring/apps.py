"""The one application of the site."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Assessments of the risk of residual back pain, and their record."""

    name = "scoring"

    def ready(self) -> None:
        """Tell of changes to accounts that no action makes; start the clocks at every sign-in."""
        # Models can't be loaded before the application is.
        from scoring.actions.users_outside import watch
        from scoring.web import session_limits  # noqa: F401 - connects to signals

        watch()
