"""Passkeys as a second factor: added, used at sign-in, removed.

Yubico's fido2 does WebAuthn, with no package that the site does not need anyway. The plugin of
django-otp brings several, with views and scripts of its own that know neither the gate nor the log.

User verification is "preferred": the password, given a moment before, is what the user knows, so
a passkey has to prove only that the user has it. A touch is always required; a PIN or fingerprint
where the passkey has one, so that simple security keys serve, too.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django_otp.models import Device
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from scoring import queries
from scoring.actions.log import log_event
from scoring.actions.second_factor import forget_recovery_codes, new_recovery_codes
from scoring.entry import Origin
from scoring.entry.characters import visible
from scoring.models import AuditEvent, Passkey, User

Action = AuditEvent.Action
Options = dict[str, Any]
# What fido2 keeps between question and answer; it fits into a session.
Challenge = dict[str, Any]
Answer = dict[str, Any]
_BROWSER_SECONDS = 120
# In bytes; WebAuthn asks to refuse longer ones.
_LONGEST_ID = 1023


class PasskeyRefusedError(ValueError):
    """The browser's answer is none that may count; the text says why, for the access log."""


@dataclass(frozen=True, kw_only=True)
class RelyingParty:
    """What a passkey is bound to: the host name, and the origins a browser may come from."""

    host: str
    origins: frozenset[str]

    def server(self) -> Fido2Server:
        """The checks of WebAuthn for it."""
        entity = PublicKeyCredentialRpEntity(id=self.host, name="RBP risk")
        # Without this, every subdomain of the host would count.
        server = Fido2Server(entity, verify_origin=lambda origin: origin in self.origins)
        server.timeout = 1000 * _BROWSER_SECONDS  # type: ignore[assignment]  # declared as None
        return server


def ask_for_new_passkey(*, by: User, party: RelyingParty) -> tuple[Options, Challenge]:
    """What the browser is asked to make, and the challenge to keep; nothing is stored."""
    options, challenge = party.server().register_begin(
        PublicKeyCredentialUserEntity(
            id=by.uuid.bytes, name=by.username, display_name=by.display_name
        ),
        [_credential(one) for one in queries.passkeys(by) if one.host == party.host],
        # A security key has few places for passkeys that it lists by itself.
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options.public_key), challenge


@transaction.atomic
def add_passkey(
    *,
    by: User,
    name: str,
    party: RelyingParty,
    challenge: Challenge,
    answer: Answer,
    origin: Origin,
) -> tuple[Passkey, list[str]] | None:
    """Store what the browser made; None where its answer may not count.

    The recovery codes are made with the first factor; there are none beside another one.
    """
    User.objects.select_for_update().get(pk=by.pk)
    try:
        made, sign_count = _made(party, challenge, answer)
        if Passkey.objects.filter(credential_id=made.credential_id).exists():
            raise PasskeyRefusedError("passkey in use")
        if name in {one.name for one in queries.passkeys(by)}:
            raise PasskeyRefusedError("name in use")
    except PasskeyRefusedError as error:
        _log_refused(by, str(error), origin, step="set up")
        return None
    is_first = not queries.has_second_factor(by)
    passkey = Passkey.objects.create(
        user=by,
        name=name,
        host=party.host,
        credential_id=made.credential_id,
        credential=bytes(made),
        sign_count=sign_count,
    )
    log_event(by=by, action=Action.PASSKEY_ADDED, origin=origin, detail={"name": name})
    return passkey, new_recovery_codes(by) if is_first else []


def ask_for_passkey(*, by: User, party: RelyingParty) -> tuple[Options, Challenge] | None:
    """What the browser is asked to sign; None where the user has no passkey for this host."""
    credentials = [_credential(one) for one in queries.passkeys(by) if one.host == party.host]
    if not credentials:
        return None
    options, challenge = party.server().authenticate_begin(
        credentials, user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options.public_key), challenge


@transaction.atomic
def pass_by_passkey(
    *,
    by: User,
    party: RelyingParty,
    challenge: Challenge | None,
    answer: Answer,
    origin: Origin,
) -> Device | None:
    """The passkey that signed the challenge; None where none of the user's did.

    ``challenge`` is None where it was used before or has run out. A failure makes all passkeys of
    the user wait, each one twice as long.
    """
    passkeys = Passkey.objects.select_for_update().filter(user=by, confirmed=True)
    known = {bytes(one.credential_id): one for one in passkeys}
    if not all(one.verify_is_allowed()[0] for one in known.values()):
        _log_refused(by, "too soon after a failure", origin)
        return None
    try:
        used, sign_count = _signed(known, party, challenge, answer)
    except PasskeyRefusedError as error:
        for one in known.values():
            one.throttle_increment()
        _log_refused(by, str(error), origin)
        return None
    passkeys.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    used.refresh_from_db()
    used.sign_count = sign_count
    used.set_last_used_timestamp()
    detail: dict[str, object] = {"method": "passkey", "name": used.name}
    log_event(by=by, action=Action.SECOND_FACTOR_PASSED, origin=origin, detail=detail)
    return used


@transaction.atomic
def remove_passkey(*, by: User, passkey: Passkey, origin: Origin) -> None:
    """Remove a passkey of the user's own; with the last factor the recovery codes go."""
    name = passkey.name
    passkey.delete()
    if not queries.has_second_factor(by):
        forget_recovery_codes(by)
    log_event(by=by, action=Action.PASSKEY_REMOVED, origin=origin, detail={"name": name})


def _made(
    party: RelyingParty, challenge: Challenge, answer: Answer
) -> tuple[AttestedCredentialData, int]:
    """The new credential and its counter."""
    try:
        data: AuthenticatorData = party.server().register_complete(challenge, answer)
    except Exception as error:
        raise _unreadable(error) from error
    made = data.credential_data
    if made is None or made.public_key.ALGORITHM not in CoseKey.supported_algorithms():
        raise PasskeyRefusedError("unsupported algorithm")
    if not 0 < len(made.credential_id) <= _LONGEST_ID:
        raise PasskeyRefusedError("credential ID of a wrong length")
    return made, data.counter


def _signed(
    known: dict[bytes, Passkey],
    party: RelyingParty,
    challenge: Challenge | None,
    answer: Answer,
) -> tuple[Passkey, int]:
    """Which passkey signed, and its counter, which must have gone on since the last time."""
    if challenge is None:
        raise PasskeyRefusedError("no challenge is open")
    credentials = [_credential(one) for one in known.values()]
    try:
        found = party.server().authenticate_complete(challenge, credentials, answer)
        sign_count = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    except Exception as error:
        raise _unreadable(error) from error
    used = known[found.credential_id]
    # A copy of the passkey would count on from where it was copied (WebAuthn, 7.2).
    if (sign_count or used.sign_count) and sign_count <= used.sign_count:
        raise PasskeyRefusedError("signature counter went back")
    return used, sign_count


def _unreadable(error: Exception) -> PasskeyRefusedError:
    """For whatever fido2 raises: ValueError with a reason, others for what it can't read."""
    reason = str(error) if isinstance(error, ValueError) else type(error).__name__
    return PasskeyRefusedError(visible(reason)[:100])


def _credential(passkey: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(bytes(passkey.credential))


def _log_refused(by: User, reason: str, origin: Origin, **more: object) -> None:
    detail: dict[str, object] = {"method": "passkey", **more, "reason": reason}
    log_event(by=by, action=Action.SECOND_FACTOR_FAILED, origin=origin, detail=detail)
