"""Ten years of a ward, drawn at random: patients, chains, their versions and outcomes.

Times are microseconds since 1970 in UTC; days are days since 1970 in the ward's time zone.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from scoring.nomogram.rong2025 import publication as pub

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

DAYS = 3650
DAY_US = 86_400_000_000
STAGES = ("new", "complete", "amend", "void", "reinstate")
NEW, COMPLETE, AMEND, VOID, REINSTATE = range(len(STAGES))
# Share of patients with one, two, three assessments.
CHAINS_PER_PATIENT = (0.60, 0.28, 0.12)
PROVISIONAL_FIRST, COMPLETED, AMENDED, VOIDED, REINSTATED = 0.55, 0.985, 0.06, 0.012, 0.10
OUTSIDE, NO_BIRTH_DATE, FEMALE = 0.08, 0.03, 0.78


@dataclass(frozen=True)
class Clock:
    """Now, and where the ward's days begin."""

    now_us: int
    offset_us: int

    @classmethod
    def at(cls, moment: datetime) -> "Clock":
        """The clock of the site's time zone."""
        offset = timezone.localtime(moment).utcoffset()
        seconds = 0.0 if offset is None else offset.total_seconds()
        return cls(int(moment.timestamp() * 1e6), int(seconds * 1e6))

    @property
    def today(self) -> int:
        """The present day."""
        return (self.now_us + self.offset_us) // DAY_US

    def moments(self, rng: np.random.Generator, days: Ints) -> Ints:
        """A moment of working hours on each day."""
        of_day = rng.integers(7 * 3600 * 10**6, 18 * 3600 * 10**6, len(days))
        moments: Ints = days * DAY_US + of_day - self.offset_us
        return moments

    def days(self, moments: Ints) -> Ints:
        """The day of each moment."""
        days: Ints = (moments + self.offset_us) // DAY_US
        return days


@dataclass(frozen=True)
class Chains:
    """One row a chain: whose, when operated, what was found, and when each stage happened."""

    patient: Ints
    operation_day: Ints
    planned: Flags
    provisional_first: Flags
    exists: Flags  # (chains, stages)
    at_us: Ints  # (chains, stages)
    t_score_tenths: Ints
    pdw_tenths: Ints
    chloride: Ints
    wrong_chloride: Ints
    trauma_history: Flags
    posterior_fascia_edema: Flags
    mvh_restored: Flags
    outside: Flags

    def __len__(self) -> int:
        return len(self.patient)


@dataclass(frozen=True)
class DrawnPatients:
    """One row a patient."""

    birth_day: Ints
    has_birth_date: Flags
    stated_age: Ints
    female: Flags

    def __len__(self) -> int:
        return len(self.birth_day)


def draw(rng: np.random.Generator, assessments: int, clock: Clock) -> tuple[DrawnPatients, Chains]:
    """Patients and chains with exactly as many versions in all as assessments are wanted."""
    # Every patient has a version, so there are enough of them; most are left out below.
    counts = rng.choice(3, assessments, p=CHAINS_PER_PATIENT) + 1
    patient = np.repeat(np.arange(assessments), counts)
    # The latest operation of a patient is drawn, the others lie before it.
    latest = rng.integers(clock.today - DAYS, clock.today + 2, assessments)
    after = np.cumsum(counts)[patient] - 1 - np.arange(len(patient))
    gaps = rng.integers(60, 900, (assessments, 2))
    earlier = np.where(after > 0, gaps[patient, 0], 0) + np.where(after > 1, gaps[patient, 1], 0)
    operation_day = latest[patient] - earlier
    planned, provisional, exists, at_us = _stages(rng, operation_day, clock)
    kept = _kept(exists, assessments)
    exists = exists[:kept]
    surplus = int(exists.sum()) - assessments
    if surplus:
        last = np.flatnonzero(exists[-1])
        exists[-1, last[-surplus:]] = False
    patients_kept = int(patient[kept - 1]) + 1
    age = rng.integers(57, 95, patients_kept)
    into_year = rng.integers(1, 364, patients_kept)
    patients = DrawnPatients(
        birth_day=latest[:patients_kept] - (age * 365.2425).astype(np.int64) - into_year,
        has_birth_date=rng.random(patients_kept) >= NO_BIRTH_DATE,
        stated_age=age,
        female=rng.random(patients_kept) < FEMALE,
    )
    return patients, _chains(
        rng, patient[:kept], operation_day[:kept], planned[:kept], provisional[:kept], exists, at_us
    )


def _kept(exists: Flags, assessments: int) -> int:
    """How many chains it takes to have as many versions."""
    return int(np.searchsorted(np.cumsum(exists.sum(axis=1)), assessments)) + 1


def _stages(
    rng: np.random.Generator, operation_day: Ints, clock: Clock
) -> tuple[Flags, Flags, Flags, Ints]:
    """When each chain went through which stage; what lies ahead has not happened."""
    count = len(operation_day)
    settled = operation_day <= clock.today - 4
    provisional = (rng.random(count) < PROVISIONAL_FIRST) | ~settled
    planned = provisional & ((rng.random(count) < 0.6) | (operation_day >= clock.today))
    first_day = np.where(
        planned,
        operation_day - rng.integers(1, 4, count),
        np.where(provisional, operation_day, operation_day + rng.integers(1, 3, count)),
    )
    at = np.zeros((count, len(STAGES)), dtype=np.int64)
    at[:, NEW] = clock.moments(rng, first_day)
    at[:, NEW] -= np.where(at[:, NEW] > clock.now_us, DAY_US, 0)
    exists = np.zeros((count, len(STAGES)), dtype=bool)
    exists[:, NEW] = True
    exists[:, COMPLETE] = provisional & (rng.random(count) < COMPLETED)
    exists[:, AMEND] = rng.random(count) < AMENDED
    exists[:, VOID] = rng.random(count) < VOIDED
    exists[:, REINSTATE] = exists[:, VOID] & (rng.random(count) < REINSTATED)
    at[:, COMPLETE] = clock.moments(rng, operation_day + 1)
    for stage in (AMEND, VOID, REINSTATE):
        latest = np.where(exists[:, :stage], at[:, :stage], 0).max(axis=1)
        at[:, stage] = latest + rng.integers(600 * 10**6, 12 * DAY_US, count)
    # A stage that lies ahead has not happened, and neither has what would follow it.
    return planned, provisional, exists & (at <= clock.now_us), at


def _chains(
    rng: np.random.Generator,
    patient: Ints,
    operation_day: Ints,
    planned: Flags,
    provisional: Flags,
    exists: Flags,
    at_us: Ints,
) -> Chains:
    count = len(patient)
    pain = rng.random(count) < pub.EVENT_RATE

    def normal(of_pain: tuple[float, ...], of_free: tuple[float, ...]) -> NDArray[np.float64]:
        mean = np.where(pain, of_pain[0], of_free[0])
        return rng.normal(mean, np.where(pain, of_pain[1], of_free[1]))

    def share(of_pain: int, of_free: int) -> Flags:
        rate = np.where(pain, of_pain / pub.PAIN.n, of_free / pub.PAIN_FREE.n)
        answers: Flags = rng.random(count) < rate
        return answers

    pdw_fl = normal(tuple(pub.PAIN.pdw_fl), tuple(pub.PAIN_FREE.pdw_fl))
    chloride_mmol_l = normal(tuple(pub.PAIN.chloride_mmol_l), tuple(pub.PAIN_FREE.chloride_mmol_l))
    chloride_whole = np.clip(np.rint(chloride_mmol_l), 92, 112).astype(np.int64)
    return Chains(
        patient=patient,
        operation_day=operation_day,
        planned=planned,
        provisional_first=provisional,
        exists=exists,
        at_us=at_us[:count],
        t_score_tenths=rng.integers(-52, -22, count),
        pdw_tenths=np.clip(np.rint(pdw_fl * 10), 70, 220).astype(np.int64),
        chloride=chloride_whole,
        wrong_chloride=chloride_whole + rng.integers(1, 4, count),
        trauma_history=share(pub.PAIN.trauma_history, pub.PAIN_FREE.trauma_history),
        posterior_fascia_edema=share(
            pub.PAIN.posterior_fascia_edema, pub.PAIN_FREE.posterior_fascia_edema
        ),
        mvh_restored=share(pub.PAIN.mvh_restored, pub.PAIN_FREE.mvh_restored),
        outside=rng.random(count) < OUTSIDE,
    )
