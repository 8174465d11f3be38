"""The one application of the site."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class ScoringConfig(AppConfig):
    """Assessments of the risk of residual back pain, and their record."""

    name = "scoring"

    def ready(self) -> None:
        """Connect the signals: changes to accounts are logged, sign-ins start their time limits.

        And let ``manage.py migrate`` say what to do where it could not go on, and set up the rights
        of the site's role in the end.
        """
        # Models can't be loaded before the application is.
        from scoring.actions import users_outside  # noqa: F401 - connects its signals
        from scoring.health import check_former_version
        from scoring.management.owner import after_migrate, check_role
        from scoring.web import session_limits  # noqa: F401 - connects its signals

        register(check_former_version, Tags.database)
        register(check_role, Tags.database)
        post_migrate.connect(after_migrate, sender=self)
