"""What ties the versions of one assessment together, and gives it its report number."""

import uuid
from datetime import date

import pgtrigger
from django.db import models
from django.db.models import Case, F, Q, Value, When

from scoring.entry import rules
from scoring.models.codes import RBP_VAS, UNCOUNTED, Answered, Rbp, State, TimePoint
from scoring.models.guards import never_deleted
from scoring.models.patient import Patient


class ReportCounter(models.Model):
    """The last serial number given in a year; its row is the lock that keeps them gapless."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last_serial = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        """For logs."""
        return f"{self.year}: {self.last_serial}"


def vas_due(time_point: TimePoint) -> Q:
    """A condition on chains: the VAS of this time point is asked for, once its day has come."""
    is_open = {f"day_{time_point.value}": Answered.OPEN}
    counts = ~Q(state=State.VOIDED) & ~Q(state=State.CANCELLED)
    return Q(**is_open, follow_up_ended=False, patient_died=False) & counts


class AssessmentChain(models.Model):
    """One assessment through all its versions; ``current`` is kept by the database itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report_year = models.PositiveSmallIntegerField()
    report_serial = models.PositiveIntegerField()
    current = models.OneToOneField(
        "Assessment", null=True, editable=False, on_delete=models.PROTECT, related_name="current_of"
    )

    # What lists ask for, copied from the current version and outcomes by the database's triggers.
    state = models.CharField(max_length=13, choices=State, blank=True, editable=False)
    operation_date = models.DateField(null=True, editable=False)
    day_3 = models.CharField(max_length=13, choices=Answered, default=Answered.OPEN, editable=False)
    day_30 = models.CharField(
        max_length=13, choices=Answered, default=Answered.OPEN, editable=False
    )
    vas_day_3 = models.PositiveSmallIntegerField(null=True, editable=False)
    vas_day_30 = models.PositiveSmallIntegerField(null=True, editable=False)
    vas_day_3_on = models.DateField(null=True, editable=False)
    vas_day_30_on = models.DateField(null=True, editable=False)
    # When the first VAS of the chain was recorded, whatever was corrected since.
    vas_known_at = models.DateTimeField(null=True, editable=False)
    # Whether an outcome that stands ends the follow-up: no other VAS is asked for.
    follow_up_ended = models.BooleanField(default=False, db_default=False, editable=False)
    # Whether the patient died, as any of the patient's assessments says that is not voided.
    patient_died = models.BooleanField(default=False, db_default=False, editable=False)
    # Whether any version belongs to a synthetic patient: such a chain never counts as a real one.
    synthetic = models.BooleanField(default=False, db_default=False, editable=False)
    rbp = models.GeneratedField(
        expression=Case(
            When(
                Q(day_3=Answered.NOT_EVALUABLE) | Q(day_30=Answered.NOT_EVALUABLE),
                then=Value(Rbp.NOT_EVALUABLE),
            ),
            When(Q(vas_day_3__isnull=True) | Q(vas_day_30__isnull=True), then=Value(Rbp.PENDING)),
            When(Q(vas_day_3__gte=RBP_VAS, vas_day_30__gte=RBP_VAS), then=Value(Rbp.YES)),
            default=Value(Rbp.NO),
        ),
        output_field=models.CharField(max_length=13, choices=Rbp),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(
                name="chain_radiograph_awaited",
                fields=["operation_date", "id"],
                condition=Q(state=State.PROVISIONAL),
                # So that what is due is counted from the index alone.
                include=["patient_died"],
            ),
            models.Index(
                name="chain_day_3_due",
                fields=["operation_date", "id"],
                condition=vas_due(TimePoint.DAY_3),
            ),
            models.Index(
                name="chain_day_30_due",
                fields=["operation_date", "id"],
                condition=vas_due(TimePoint.DAY_30),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="chain_report_number_unique", fields=["report_year", "report_serial"]
            ),
            models.CheckConstraint(
                name="chain_report_number_positive",
                condition=Q(report_serial__gte=1, report_year__gte=2000),
            ),
            models.CheckConstraint(
                name="chain_vas_in_order",
                condition=Q(vas_day_3_on__isnull=True)
                | Q(vas_day_30_on__isnull=True)
                | Q(vas_day_3_on__lt=F("vas_day_30_on")),
            ),
        ]
        triggers = [
            *never_deleted("chain"),
            pgtrigger.Trigger(
                name="chain_begins_empty",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    -- Else a chain could call another chain's version its current one.
                    IF NEW.current_id IS NOT NULL OR NEW.state <> ''
                       OR NEW.operation_date IS NOT NULL
                       OR NEW.day_3 <> 'open' OR NEW.vas_day_3 IS NOT NULL
                       OR NEW.day_30 <> 'open' OR NEW.vas_day_30 IS NOT NULL
                       OR NEW.vas_day_3_on IS NOT NULL OR NEW.vas_day_30_on IS NOT NULL
                       OR NEW.vas_known_at IS NOT NULL OR NEW.synthetic
                       OR NEW.follow_up_ended OR NEW.patient_died THEN
                        RAISE EXCEPTION 'pgtrigger: a chain begins empty'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="chain_moved_by_versions_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    -- Depth 2 is the trigger of an inserted version; all else is refused.
                    IF pg_trigger_depth() < 2 OR NEW.id <> OLD.id
                       OR NEW.report_year <> OLD.report_year
                       OR NEW.report_serial <> OLD.report_serial THEN
                        RAISE EXCEPTION 'pgtrigger: a chain moves only by a new version';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        """The human-readable report number: RBP-2026-000347."""
        return self.report_number

    def day_of_other_vas(self, time_point: int) -> date | None:
        """The day of the VAS of the other time point, None while it is not known."""
        return self.vas_day_30_on if time_point == rules.DAY_3 else self.vas_day_3_on

    def was_moved_from(self, patient: Patient) -> bool:
        """Whether the current version belongs to another patient, and so do the outcomes."""
        return self.current is not None and self.current.patient_id != patient.pk

    @property
    def fracture_by_day_30(self) -> bool | None:
        """Whether another vertebra fractured, as the outcome of day 30 says; None: not answered."""
        current = self.outcomes.filter(time_point=TimePoint.DAY_30, superseded_by=None)
        return current.values_list("new_vertebral_fracture", flat=True).first()

    @property
    def is_counted(self) -> bool:
        """Whether outcomes count: neither voided nor of a cancelled operation."""
        return self.state not in UNCOUNTED

    @property
    def rbp_label(self) -> str:
        """The word for residual back pain: yes, no, not yet, not evaluable."""
        return str(Rbp(self.rbp).label)

    @property
    def report_number(self) -> str:
        """RBP, year, six-figure serial: RBP-2026-000347."""
        return f"RBP-{self.report_year}-{self.report_serial:06d}"
