"""The second factor of an account: an authenticator app (TOTP), and recovery codes.

Passkeys are in ``scoring.actions.passkeys``.
"""

import secrets
import time

from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from scoring import queries
from scoring.actions.log import log_event
from scoring.actions.users import refuse_own_account
from scoring.entry import Origin
from scoring.models import AuditEvent, Passkey, User

Action = AuditEvent.Action
RECOVERY_CODES = 10
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
# 120 bits: too many to try, so that a fast hash keeps them safe.
_CODE_LETTERS = 24
_GROUP = 4
_KEPT_LETTERS = 16  # of the keyed hash; as many as the table holds


def new_authenticator(*, by: User) -> TOTPDevice:
    """A device with a new key of 160 bits for an authenticator app; nothing is stored."""
    return TOTPDevice(user=by, key=random_hex(20), name="authenticator")


@transaction.atomic
def set_up_authenticator(
    *, by: User, key: str, code: str, origin: Origin
) -> tuple[Device, list[str]] | None:
    """Store the key and make recovery codes; None where the code is not one of the key.

    ``key`` has hexadecimal digits. A key in use before is gone, and so are its recovery codes.
    Those that came with a passkey stay, and none are made.
    """
    device = TOTPDevice(user=by, key=key, name="authenticator", confirmed=True)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time()
    typed = _digits(code)
    if not typed.isdecimal() or not totp.verify(int(typed), device.tolerance):
        return None
    User.objects.select_for_update().get(pk=by.pk)
    keeps_codes = queries.has_second_factor(by) and not queries.has_authenticator(by)
    TOTPDevice.objects.filter(user=by).delete()
    # This very code counts no more.
    device.last_t, device.drift = totp.t(), totp.drift
    device.save()
    log_event(by=by, action=Action.SECOND_FACTOR_SET_UP, origin=origin)
    return device, [] if keeps_codes else new_recovery_codes(by)


@transaction.atomic
def pass_second_factor(*, by: User, code: str, origin: Origin) -> Device | None:
    """The device whose code this is, once; None where it is of none, or too soon after a failure.

    What has six digits is a code of the app, everything else a recovery code.
    """
    typed = _digits(code)
    is_code = typed.isdigit()
    kind = TOTPDevice if is_code else StaticDevice
    device = kind.objects.select_for_update().filter(user=by, confirmed=True).first()
    token = typed if is_code else _kept(by, typed)
    passed = device is not None and device.verify_token(token)
    method = {"method": "authenticator" if is_code else "recovery code"}
    log_event(
        by=by,
        action=Action.SECOND_FACTOR_PASSED if passed else Action.SECOND_FACTOR_FAILED,
        origin=origin,
        detail=dict(method),
    )
    return device if passed else None


@transaction.atomic
def make_recovery_codes(*, by: User, origin: Origin) -> list[str]:
    """Make new recovery codes; earlier ones become invalid."""
    # Of two at once each would leave its codes, and only the first ones would pass.
    User.objects.select_for_update().get(pk=by.pk)
    log_event(by=by, action=Action.RECOVERY_CODES_MADE, origin=origin)
    return new_recovery_codes(by)


@transaction.atomic
def remove_authenticator(*, by: User, origin: Origin) -> None:
    """Remove the user's own app; with the last factor the recovery codes go."""
    TOTPDevice.objects.filter(user=by).delete()
    if not queries.has_second_factor(by):
        forget_recovery_codes(by)
    log_event(by=by, action=Action.SECOND_FACTOR_REMOVED, origin=origin)


@transaction.atomic
def reset_second_factor(*, by: User | None, user: User, origin: Origin) -> None:
    """Remove app, passkeys and recovery codes that were lost; what is compulsory is set up anew.

    ``by`` is None for a command. Raises OwnAccountError.
    """
    refuse_own_account(by, user.username)
    TOTPDevice.objects.filter(user=user).delete()
    Passkey.objects.filter(user=user).delete()
    forget_recovery_codes(user)
    log_event(
        by=by,
        action=Action.USER_SECOND_FACTOR_RESET,
        origin=origin,
        detail={"username": user.username},
    )


def forget_recovery_codes(user: User) -> None:
    """Recovery codes serve beside another factor alone."""
    StaticDevice.objects.filter(user=user).delete()


def new_recovery_codes(user: User) -> list[str]:
    """Ten codes in place of those before, as the user reads them; stored are keyed hashes."""
    forget_recovery_codes(user)
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [
        "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS))
        for _ in range(RECOVERY_CODES)
    ]
    for code in codes:
        device.token_set.create(token=_kept(user, code))
    starts = range(0, _CODE_LETTERS, _GROUP)
    return ["-".join(code[start : start + _GROUP] for start in starts) for code in codes]


def _digits(code: str) -> str:
    """Accept spaces, hyphens and capitals."""
    return "".join(code.split()).replace("-", "").lower()


def _kept(user: User, code: str) -> str:
    """A keyed hash: reading the table or a backup of it reveals no code."""
    keyed = salted_hmac("scoring.recovery_code", f"{user.pk}:{code}", algorithm="sha256")
    return keyed.hexdigest()[:_KEPT_LETTERS]
