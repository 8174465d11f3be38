"""What a clinician does on a ward, as requests: find a patient, assess another, print."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from scoring.nomogram.eligibility import Criterion, study_answer
from script.lib.bench.ward_site import Answer, Browser

Step = tuple[str, Answer]

# Sent while a form is filled in; a browser sends them each time the typing pauses.
_LIVE_POINTS = 4
_VALIDATION_EVERY = 5
MIX = (
    "Everybody signs in, one after another. Then rounds: worklist, a patient found by number (2 "
    f"requests), the form, the look-up of a new number, {_LIVE_POINTS} live points, save, result, "
    f"report, history; each {_VALIDATION_EVERY}th round the validation."
)


class Clinician:
    """One of the ward, with a browser of their own."""

    def __init__(self, browser: Browser, username: str, password: str, number: int) -> None:
        self._browser = browser
        self._username = username
        self._password = password
        self._random = Random(number)  # noqa: S311 - for names of nobody
        self._prefix = f"L{number:03}"
        self._rounds = 0

    def sign_in(self) -> Iterator[Step]:
        """The page, and the form with name and password."""
        yield "sign-in page", self._browser.get("/sign-in")
        yield "sign in", self._browser.try_to_sign_in(self._username, self._password)

    def round(self) -> Iterator[Step]:
        """Everything once, for one new patient."""
        browser, last, self._rounds = self._browser, self._rounds, self._rounds + 1
        yield "worklist", browser.get("/")
        found = browser.post("/patients", {"q": self._number(last) if last else "wang"})
        yield "find patient", found
        yield "patient", browser.get(found.location or "/patients")
        form = browser.get("/assessments/new")
        yield "form", form
        fields = form.hidden_fields | self._patient(self._number(self._rounds)) | _assessment()
        fields.pop("known_patient", None)
        yield "look-up", browser.post("/patients/lookup", fields)
        names = [name for name in fields if name not in form.hidden_fields]
        for part in range(1, _LIVE_POINTS + 1):
            typed = dict.fromkeys(names[part * len(names) // _LIVE_POINTS :], "")
            yield "live points", browser.post("/assessments/points", fields | typed)
        saved = browser.post("/assessments/new", fields)
        yield "save", saved
        if saved.location:
            yield "result", browser.get(saved.location)
            yield "report", browser.get(f"{saved.location}/report")
        yield "history", browser.get("/history")
        if self._rounds % _VALIDATION_EVERY == 0:
            yield "validation", browser.get("/validation")

    def _number(self, patient: int) -> str:
        return f"{self._prefix}{patient:05}"

    def _patient(self, number: str) -> dict[str, str]:
        letters = "abcdefghijklmnopqrstuvwxyz"
        family, given = ("".join(self._random.choices(letters, k=9)) for _name in range(2))
        born = date(1935, 1, 1) + timedelta(days=self._random.randrange(8000))
        return {
            "hospital_number": number,
            "family_name": family.title(),
            "given_name": given.title(),
            "birth_date": born.isoformat(),
            "sex": "female",
        }


def _assessment() -> dict[str, str]:
    """The paper's worked example, as the form sends it, operated yesterday."""
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    earlier = (date.today() - timedelta(days=3)).isoformat()
    return {
        "operation_status": "done",
        "operation_date": yesterday,
        "operation_time": "",
        "fracture_level": "L1",
        **{each.value: study_answer(each).value for each in Criterion},
        "age_years": "",
        "t_score": "-2.0",
        "dxa_site": "lumbar_spine",
        "dxa_date": earlier,
        "trauma_history": "yes",
        "trauma_history_date": earlier,
        "posterior_fascia_edema": "yes",
        "mri_date": earlier,
        "pdw_fl": "12.80",
        "pdw_unit": "fL",
        "pdw_date": earlier,
        "chloride_mmol_l": "105",
        "chloride_date": earlier,
        "mvh_restored": "no",
        "radiograph_date": date.today().isoformat(),
    }
