"""What an administrator states about the hospital and its ward."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from scoring.entry.characters import visible
from scoring.models.codes import LaboratoryUnit, PaperSize
from scoring.models.guards import append_only

# What a computer is set to on which nobody has chosen a time zone.
UTC_NAMES = {
    f"{area}{name}"
    for area in ("", "Etc/")
    for name in ("UTC", "UCT", "Universal", "Zulu", "GMT", "Greenwich", "GMT0", "GMT+0", "GMT-0")
}


class WardSettings(models.Model):
    """One revision of the ward settings; the highest revision holds.

    A change adds a revision, so that the table is its own history. ``time_zone`` is an IANA name,
    empty while nobody has chosen one: then the server's counts. ``pdw_unit`` is the unit in which
    the laboratory reports the platelet distribution width, empty while nobody has stated it.
    ``shows_users_funnel``: reviewers see observed and expected by user. ``need_to_know``: patients
    of other wards open only with a reason. ``paper``: what reports are laid out for unless somebody
    chooses otherwise.
    """

    revision = models.PositiveIntegerField(primary_key=True)
    hospital_name = models.CharField(max_length=80, blank=True)
    ward_name = models.CharField(max_length=80, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    pdw_unit = models.CharField(max_length=3, choices=LaboratoryUnit, blank=True)
    shows_first_steps = models.BooleanField(default=True)
    shows_users_funnel = models.BooleanField(default=False)
    need_to_know = models.BooleanField(default=False)
    paper = models.CharField(max_length=6, choices=PaperSize, default=PaperSize.A4)
    changed_at = models.DateTimeField()
    # None where a command made the change.
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    changed_by_name = models.CharField(max_length=100, blank=True)

    class Meta:
        permissions = [("manage_ward", "Can change the ward settings")]
        constraints = [
            models.CheckConstraint(
                name="ward_settings_pdw_unit_known_code",
                condition=Q(pdw_unit__in=["", *LaboratoryUnit.values]),
            ),
            models.CheckConstraint(
                name="ward_settings_paper_known_code",
                condition=Q(paper__in=PaperSize.values),
            ),
        ]
        triggers = append_only("ward_settings")

    def __str__(self) -> str:
        """For logs."""
        return f"ward settings, revision {self.revision}"

    @classmethod
    def initial(cls) -> "WardSettings":
        """What holds until the first change: ``RBP_WARD_NAME``, and nothing else is known."""
        return cls(revision=0, ward_name=visible(settings.WARD_NAME))

    @property
    def heading(self) -> str:
        """Hospital and ward in one line, as pages and reports print them; perhaps empty."""
        return " · ".join(name for name in (self.hospital_name, self.ward_name) if name)

    @property
    def scores_pdw(self) -> bool:
        """Whether the laboratory reports PDW in the unit of the model."""
        return self.pdw_unit == LaboratoryUnit.FL

    @property
    def scored_units(self) -> dict[str, str]:
        """The unit of the laboratory by the field of the form, where it is the one scored."""
        return {"pdw_unit": self.pdw_unit} if self.scores_pdw else {}

    def activate_time_zone(self) -> None:
        """Tell dates and times of this thread in the ward's time zone from now on.

        The server's time zone where none is chosen, or where this computer does not know it.
        """
        try:
            zone = ZoneInfo(self.time_zone) if self.time_zone else None
        except (ZoneInfoNotFoundError, ValueError):
            zone = None
        if zone is None:
            timezone.deactivate()
        else:
            timezone.activate(zone)
