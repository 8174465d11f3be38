"""A hospital of two wards: Alice and the patient Wang on one, Bob on the other."""

from dataclasses import dataclass

from scoring import actions, queries
from scoring.models import Assessment, Patient, User, Ward
from tests import cast
from tests.life import acts

REASON = "Called to an emergency at night"


def ward(name: str) -> Ward:
    """A ward, made where there is none of that name."""
    found = Ward.objects.filter(name=name).first()
    return found or actions.add_ward(by=cast.adam(), name=name, origin=actions.NOWHERE)


def put(user: User, name: str) -> User:
    """The user, as one of a ward."""
    return actions.change_user(
        by=cast.adam(),
        user=user,
        opened=actions.as_opened(user),
        display_name=user.display_name,
        roles=user.roles,
        ward=ward(name),
        origin=actions.NOWHERE,
    )


def switch(*, on: bool) -> None:
    """Limit records to wards, or don't."""
    actions.change_ward_settings(
        by=cast.adam(),
        facts={"need_to_know": on},
        opened=queries.ward_settings().revision,
        origin=actions.NOWHERE,
    )


@dataclass(frozen=True)
class TwoWards:
    """What is on record of Spine 1, where Alice works. Bob works on Spine 2.

    The patient's number was another one before a correction.
    """

    patient: Patient
    assessment: Assessment


def two_wards(*, on: bool = True) -> TwoWards:
    """Both wards, and a patient of the first with an assessment."""
    alice = put(cast.alice(), "Spine 1")
    put(cast.bob(), "Spine 2")
    assessment = cast.recorded(cast.person("47110"), by=alice)
    patient = acts.corrected(assessment.patient, cast.person())
    switch(on=on)
    return TwoWards(patient, acts.read(assessment.pk))
