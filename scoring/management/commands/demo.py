"""About 40 synthetic patients, unmistakably marked, to try the site with."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID, uuid5

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring import actions
from scoring.entry import AssessmentEntry, Measured, OutcomeEntry, PatientEntry, Submission
from scoring.models import Assessment, Role, User
from scoring.models.codes import OperationStatus, TimePoint
from scoring.nomogram import publication as pub
from scoring.nomogram.eligibility import Answer, Criterion, study_answer

PATIENTS = 40
# One namespace, so that a second run finds its own records again and adds nothing.
_NAMESPACE = UUID("6f0f8a2e-0f5c-4d8e-9a57-1c8d0b3e5a10")
_FAMILY = ("Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Huang", "Zhou", "王", "李", "张")
_FEMALE = ("Xiulan", "Guifang", "Yulan", "Shuzhen", "Meihua", "Fengying", "Aizhen", "秀兰")
_MALE = ("Jianguo", "Deming", "Guoqiang", "Zhiming", "Haibo", "Weimin", "建国")
_VAS = (0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6)
_LEVELS = ("T10", "T11", "T12", "L1", "L1", "L2", "L3", "L4")


class Command(BaseCommand):
    """Writes through the same actions as a clinician; running it again adds nothing."""

    help = __doc__ or ""

    def add_arguments(self, parser: Any) -> None:
        """The user in whose name they are recorded."""
        parser.add_argument("--username", help="default: the first clinician")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record what is not there yet."""
        username = options["username"]
        named = {"username": username} if username else {"groups__name": Role.CLINICIAN}
        user = User.objects.filter(**named).order_by("pk").first()
        if user is None:
            raise CommandError(_("There is no such user, or no clinician yet: see the users page."))
        before = Assessment.objects.count()
        # Synthetic by design: the sequence must be the same on every run.
        random = Random(20250813)  # noqa: S311
        for number in range(1, PATIENTS + 1):
            _record(random, number, user)
        added = Assessment.objects.count() - before
        self.stdout.write(_("%(added)s synthetic assessments added.") % {"added": added})


def _record(random: Random, number: int, user: User) -> None:
    patient, entry = _patient(random, number), _assessment(random)
    token = uuid5(_NAMESPACE, str(number))
    if Assessment.objects.filter(form_token=token).exists():
        return
    assessment = actions.record_assessment(
        by=user,
        patient=patient,
        entry=entry,
        submission=Submission(token=token, origin=actions.NOWHERE),
    )
    _record_outcomes(random, assessment, user, token)


def _record_outcomes(random: Random, assessment: Assessment, user: User, token: UUID) -> None:
    """Pain of most time points that are past; the rest is what the worklist asks for."""
    for time_point in TimePoint:
        measured_on = assessment.operation_date + timedelta(days=time_point)
        if measured_on > timezone.localdate() or random.random() < 0.15:
            continue
        actions.record_outcome(
            by=user,
            assessment=assessment,
            entry=OutcomeEntry(
                time_point=time_point, vas=random.choice(_VAS), measured_on=measured_on
            ),
            expected=None,
            reason="",
            submission=Submission(
                token=uuid5(token, str(time_point.value)), origin=actions.NOWHERE
            ),
        )


def _patient(random: Random, number: int) -> PatientEntry:
    group = pub.PAIN if random.random() < pub.EVENT_RATE else pub.PAIN_FREE
    female = random.random() < pub.TRAINING_SET.female / pub.TRAINING_SET.n
    years = min(max(random.gauss(*group.age_years), 55), 95)
    born = timezone.localdate() - timedelta(days=round(years * 365.25) + 200)
    return PatientEntry(
        hospital_number=f"SYN-{number:04d}",
        family_name=random.choice(_FAMILY),
        given_name=random.choice(_FEMALE if female else _MALE),
        birth_date=born,
        sex="female" if female else "male",
        synthetic=True,
    )


def _assessment(random: Random) -> AssessmentEntry:
    group = pub.PAIN if random.random() < pub.EVENT_RATE else pub.PAIN_FREE
    today = timezone.localdate()
    days_ago = random.choice([-2, -1, 0, 1, 1, 2, 3, 4, 6, 9, 15, 25, 29, 31, 33, 40, 60])
    operation = today - timedelta(days=days_ago)
    known = days_ago > 0 and (days_ago > 3 or random.random() < 0.5)
    return AssessmentEntry(
        operation_date=operation,
        operation_time=None,
        operation_status=OperationStatus.DONE if days_ago > 0 else OperationStatus.PLANNED,
        fracture_level=random.choice(_LEVELS),
        answers=_answers(random, operated=days_ago > 0),
        age_years=None,
        t_score=_measured(random.uniform(-5.2, -2.3), 1, _before(random, operation)),
        dxa_site=random.choice(["lumbar_spine", "femoral_neck", "total_hip"]),
        trauma_history=random.random() < group.trauma_history / group.n,
        trauma_history_date=None,
        posterior_fascia_edema=random.random() < group.posterior_fascia_edema / group.n,
        mri_date=_before(random, operation),
        pdw=_measured(min(max(random.gauss(*group.pdw_fl), 7), 22), 1, _before(random, operation)),
        chloride=_measured(
            min(max(random.gauss(*group.chloride_mmol_l), 92), 112), 0, _before(random, operation)
        ),
        mvh_restored=random.random() < group.mvh_restored / group.n if known else None,
        radiograph_date=operation + timedelta(days=1) if known else None,
    )


def _answers(random: Random, *, operated: bool) -> dict[Criterion, Answer]:
    answers = {criterion: study_answer(criterion) for criterion in Criterion}
    if not operated:
        answers[Criterion.NEW_VERTEBRAL_FRACTURE] = Answer.NOT_ASSESSED
    if random.random() < 0.08:
        answers[Criterion.CHRONIC_LOW_BACK_PAIN] = Answer.YES
    return answers


def _measured(value: float, decimals: int, source_date: date) -> Measured:
    number = Decimal(f"{value:.{decimals}f}")
    return Measured(value=number, entered=str(number), source_date=source_date)


def _before(random: Random, operation: date) -> date:
    return min(operation, timezone.localdate()) - timedelta(days=random.randint(1, 6))
