"""What each predictor means: the one table for the form, the page "Complete" and the page "Help".

Everything stands in Rong et al. 2025; ``source`` says where. What the paper leaves open is said as
such: the ward has to agree on it.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from scoring.display import domain_texts, signed_text
from scoring.nomogram.predictor import NumericPredictor, Predictor, Threshold
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.predictors import words_of
from scoring.words.types import Words


@dataclass(frozen=True)
class _Texts:
    """Texts about a predictor. %(low)s, %(high)s, %(below)s are the model's limits."""

    hint: Words
    meaning: Words
    source: Words
    left_open: Words
    # What the drawing beside the definition shows, for people who do not see it.
    example: Words = ""


_TEXTS: dict[str, _Texts] = {
    "age": _Texts(
        hint=gettext_lazy("%(low)s to %(high)s completed years on the day of the operation"),
        meaning=gettext_lazy("Completed years on the day of the operation."),
        source=gettext_lazy("section 2.1, Table 1"),
        left_open=gettext_lazy(
            "The day on which the study counted the age. This site takes the day of the operation."
        ),
    ),
    "bmd": _Texts(
        hint=gettext_lazy("spine or hip; %(low)s to %(high)s, with its sign"),
        meaning=gettext_lazy(
            "T-score of spine or hip, measured by DXA and entered with its sign. The model only "
            "asks whether it is below %(below)s. A positive T-score never is."
        ),
        source=gettext_lazy("section 2.1, Tables 1 and 7"),
        left_open=gettext_lazy(
            "Which T-score counts where spine and hip differ. The paper writes |T|, without the "
            "sign."
        ),
        example=gettext_lazy(
            "Schematic drawing: a DXA result of −2.8 with the minus sign circled, and a line of "
            "T-scores on which an arrow marks what is below the model's limit."
        ),
    ),
    "trauma_history": _Texts(
        hint=gettext_lazy("a clear fall or injury before the fracture"),
        meaning=gettext_lazy(
            "A clear fall or injury before the fracture: the paper speaks of “a clear trauma "
            "history”. The fall is this site's reading."
        ),
        source=gettext_lazy("sections 2.3 and 4, Table 1"),
        left_open=gettext_lazy(
            "How severe the injury was and how long ago. Agree on your ward whether a simple fall "
            "counts, and stay with it."
        ),
        example=gettext_lazy(
            "Schematic drawing: a falling person, which is a trauma, and a person who stands and "
            "holds an aching back, which is none."
        ),
    ),
    "posterior_fascia_edema": _Texts(
        hint=gettext_lazy("edema of the lumbar and dorsal fascia on MRI"),
        meaning=gettext_lazy(
            "Edema of the posterior fascia of the back on MRI. The paper also calls it “lumbar and "
            "dorsal fascia edema” and shows one example on T1, T2 and T2-STIR images."
        ),
        source=gettext_lazy("section 2.3, Figure 1A to C, Table 1"),
        left_open=gettext_lazy(
            "How bright or how large the edema must be, on which level, and which sequence decides."
        ),
        example=gettext_lazy(
            "Schematic drawing of a sagittal MRI, front on the left, twice: vertebrae with one "
            "fractured, spinal canal, spinous processes, and behind them the fascia. Once the "
            "fascia is one thin line; once a broad hatched band of edema lies along it."
        ),
    ),
    "pdw": _Texts(
        hint=gettext_lazy("blood count; %(low)s to %(high)s\u00a0fL, other units are not scored"),
        meaning=gettext_lazy(
            "How much the platelets differ in size, from the blood count before the operation, in "
            "fL."
        ),
        source=gettext_lazy("sections 2.3 and 4, Table 2"),
        left_open=gettext_lazy(
            "The unit: the paper prints none. Its values fit fL. Values in % or as GSD look alike, "
            "mean something else and can't be converted. Neither the analyzer is named nor the day "
            "of the blood sample."
        ),
        example=gettext_lazy(
            "Schematic drawing of a blood count slip: PDW in fL is entered; for PDW in per cent or "
            "10(GSD) the laboratory is asked."
        ),
    ),
    "chloride": _Texts(
        hint=gettext_lazy("before the operation; %(low)s to %(high)s\u00a0mmol/L"),
        meaning=gettext_lazy("Chloride in serum before the operation, in mmol/L."),
        source=gettext_lazy("section 4, Table 2 (there “serum chlorine”, CL)"),
        left_open=gettext_lazy("How many days before the operation the blood was taken."),
    ),
    "mvh": _Texts(
        hint=gettext_lazy(
            "restored on the radiograph 24\u00a0h after the operation; the paper gives no limit"
        ),
        meaning=gettext_lazy(
            "Whether the height of the middle of the fractured vertebral body is restored on the "
            "radiograph 24\u00a0h after the operation. Figure 1D shows where it is measured."
        ),
        source=gettext_lazy("sections 2.2 and 2.3, Figure 1D, Table 3"),
        left_open=gettext_lazy(
            "The meaning of “restored”: the paper gives neither a percentage nor a vertebra to "
            "compare with. Agree on one rule on your ward, and stay with it."
        ),
        example=gettext_lazy(
            "Schematic drawing of a lateral radiograph, three times: the fractured vertebra "
            "before the operation with its middle sunk in; after 24 hours with the height of its "
            "middle restored; after 24 hours with the middle still sunk in. An arrow from endplate "
            "to endplate marks the height."
        ),
    ),
}


@dataclass(frozen=True)
class Definition:
    """A predictor in words: name, meaning, where it stands in the paper, what is left open.

    ``field`` is its input field, ``key`` names its drawing, ``example`` says what that shows.
    """

    field: str
    key: str
    name: Words
    meaning: str
    source: str
    left_open: str
    example: str


def definition_of(field: str) -> Definition:
    """The definition of the predictor with this input field, in the language of the request."""
    predictor = RONG_2025.by_field[field]
    texts = _TEXTS[predictor.key]
    return Definition(
        field=field,
        key=predictor.key,
        name=words_of(predictor).table_name,
        meaning=_filled(texts.meaning, predictor),
        source=str(texts.source),
        left_open=str(texts.left_open),
        example=str(texts.example),
    )


def definitions() -> list[Definition]:
    """The definitions of all predictors, in the order of the model."""
    return [definition_of(field) for field in RONG_2025.fields]


def hint(field: str) -> str:
    """The help text beside an input field: the definition in short, and what may be entered."""
    predictor = RONG_2025.by_field[field]
    return _filled(_TEXTS[predictor.key].hint, predictor)


def _filled(text: Words, predictor: Predictor) -> str:
    numbers: dict[str, str] = {}
    if isinstance(predictor, NumericPredictor):
        numbers["low"], numbers["high"] = domain_texts(*predictor.domain)
    if isinstance(predictor, Threshold):
        numbers["below"] = signed_text(predictor.below)
    return str(text) % numbers
