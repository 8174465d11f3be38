"""SMART launches: why one stops, and why results were not read."""

from django.utils.translation import gettext_lazy as _

from scoring.smart.trouble import Trouble
from scoring.words.types import Words

TROUBLES: dict[str, Words] = {
    Trouble.UNKNOWN_SERVER: _(
        "This site does not know the server that opened it. The IT department lists the servers "
        "in the file that RBP_SMART_SERVERS names."
    ),
    Trouble.FRAMED: _("This site can't be shown inside another page."),
    Trouble.UNKNOWN_STATE: _(
        "This answer belongs to no launch of your session, or it was used before. Start again."
    ),
    Trouble.OTHER_PATIENT: _(
        "The server sent another patient than the one whose record you started from. Nothing was "
        "taken over. Choose the same patient in both systems."
    ),
    Trouble.OTHER_CARD: _(
        "The server sent another patient than the one whose card you opened. Nothing was taken "
        "over. Open the card of the patient again."
    ),
    Trouble.TOO_MANY_WAIT: _(
        "Too many users wait for other systems just now. Try again in a moment."
    ),
    Trouble.UNREACHABLE: _("The server does not answer. Try again in a moment."),
    Trouble.BAD_ANSWER: _(
        "The server's answer can't be used. Tell the IT department; the access log has the reason."
    ),
    Trouble.TOO_LARGE: _("The server's answer is too large."),
    Trouble.NO_PKCE: _(
        "The server does not offer PKCE with S256, which this site needs. Tell the IT department."
    ),
    Trouble.UNSAFE_ADDRESS: _(
        "The server names an address without TLS, which is not used. Tell the IT department."
    ),
    Trouble.REFUSED: _("The server did not give access. Start again, or ask the IT department."),
    Trouble.CODE_REFUSED: _(
        "The server did not accept this site or the launch, which may have taken too long. Start "
        "again; if it stays so, tell the IT department."
    ),
    Trouble.NO_PATIENT: _("The server named no patient. Open the patient's chart there first."),
    Trouble.SCOPE_PATIENT: _("The server does not let this site read the patient."),
    Trouble.NO_HOSPITAL_NUMBER: _(
        "The patient that the server sent has no hospital number that this site can tell from "
        "others. The IT department names its system in the file that RBP_SMART_SERVERS names."
    ),
    Trouble.SCOPE_OBSERVATION: _("The server does not let this site read results."),
    Trouble.OTHER_HOST: _(
        "The results go on at another host, which this site does not ask. None is offered."
    ),
    Trouble.TOO_MANY_PAGES: _("There are too many results to read. None is offered."),
}


def trouble_text(trouble: str) -> str:
    """Why a launch stopped or results were not read; codes of later versions as they are."""
    return str(TROUBLES.get(trouble, trouble))
