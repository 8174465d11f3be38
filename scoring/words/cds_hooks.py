"""CDS Hooks: why a call was refused, for whoever sets the client up."""

from django.utils.translation import gettext_lazy as _

from scoring.words.types import Words

# The first are about the token, the others about what was sent with it.
REFUSALS: dict[str, Words] = {
    "no_token": _("It came without a token."),
    "unreadable": _("Its token can't be read."),
    "issuer": _("Its token names no issuer of the file that RBP_CDS_CLIENTS names."),
    "key": _("Its token names a key or an algorithm that the file does not have for it."),
    "signature": _("The signature of its token is not that of the key in the file."),
    "audience": _("Its token is for another address than the one that was called."),
    "expired": _("Its token had expired, or the clocks of the two servers differ."),
    "not_yet": _("Its token is of the future: the clocks of the two servers differ."),
    "too_long": _("Its token is valid for more than an hour."),
    "claim": _("Its token lacks one of iss, aud, exp, iat and jti."),
    "jti": _("The jti of its token is no id of up to 200 characters."),
    "used": _("Its token had been used before."),
    "content_type": _("It sent no JSON."),
    "not_json": _("It sent JSON that can't be read."),
    "hook": _("It called for another hook than patient-view."),
    "hook_instance": _("Its hookInstance is no UUID."),
    "context": _("Its context names no patient, or another one than the prefetch has."),
    "prefetch": _("Its prefetch lacks what is needed, or a query of it failed."),
    "feedback": _("Its feedback is not as CDS Hooks 2.0.1 has it."),
}


def refusal_text(code: str) -> str:
    """Why a call was refused; codes of later versions as they are."""
    return str(REFUSALS.get(code, code))
