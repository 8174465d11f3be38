"""What other systems call the predictors of the published model.

The names of LOINC codes are LOINC's own. docs/behaviour.md says how others use and misuse them.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from scoring.nomogram.coded import Coded, Loinc, Mistaken
from scoring.nomogram.predictor import Predictor


def _mistaken(**codes: str) -> Mapping[str, Mistaken]:
    """Codes by what they stand for, written with spaces between them."""
    return MappingProxyType(
        {code: Mistaken(what) for what, listed in codes.items() for code in listed.split()}
    )


_CODED: Mapping[str, Coded] = MappingProxyType(
    {
        "age": Coded(
            loinc=(Loinc("30525-0", "Age"),),
            units=frozenset({"a"}),
            english_headers=("Age",),
            chinese_headers=("年龄",),
        ),
        "bmd": Coded(
            loinc=(
                Loinc("38267-1", "DXA Lumbar spine [T-score] Bone density", "lumbar_spine"),
                Loinc("38264-8", "DXA Hip [T-score] Bone density", "hip"),
                Loinc("80946-7", site="hip"),
                Loinc("80945-9", site="hip"),
                Loinc("38263-0", "DXA Femur [T-score] Bone density", "femur"),
                Loinc("80948-3", site="femur"),
                Loinc("80947-5", site="femur"),
            ),
            mistaken=_mistaken(
                # Radius and ulna, calcaneus.
                other_site="38265-5 38266-3 80950-9 80949-1",
                # Bone mineral density in g/cm².
                density="24966-4 24701-5 38261-4 46278-8 46279-6 46383-6",
                z_score="85394-5 80933-5 80934-3 80937-6 80938-4 80939-2 80940-0 80932-7 80941-8",
            ),
            units=frozenset({"", "1", "{t-score}", "t-score", "sd", "{sd}"}),
            category="imaging",
            english_headers=("T-score", "T score", "BMD T-score"),
            # 骨密度, bone mineral density, is missing on purpose: it may be in g/cm².
            chinese_headers=("T值", "骨密度T值", "T评分"),
        ),
        "trauma_history": Coded(
            english_headers=("Trauma history", "Trauma"),
            chinese_headers=("外伤史", "创伤史"),
        ),
        "posterior_fascia_edema": Coded(
            category="imaging",
            # PFO is missing on purpose: it is another diagnosis, too.
            english_headers=("Posterior fascia edema", "Posterior fascia oedema"),
            chinese_headers=("后方筋膜水肿", "后筋膜水肿", "腰背筋膜水肿"),
        ),
        "pdw": Coded(
            loinc=(
                Loinc(
                    "32207-3",
                    "Platelet distribution width [Entitic volume] in Blood by Automated count",
                ),
            ),
            # RDW are the widths of red cells.
            mistaken=_mistaken(ratio="51631-0", other_cells="788-0 21000-5"),
            # UCUM has um3 equal to fL.
            units=frozenset({"fl", "um3", "μm3"}),
            # Ten times a geometric standard deviation (Mindray BC-2800).
            other_range=(Decimal(15), Decimal(17)),
            category="laboratory",
            result_names=("pdw", "v_pdw", "血小板分布宽度", "血小板体积分布宽度"),
            english_headers=("PDW", "Platelet distribution width"),
            chinese_headers=("血小板分布宽度", "血小板体积分布宽度"),
        ),
        "chloride": Coded(
            loinc=(Loinc("2075-0", "Chloride [Moles/volume] in Serum or Plasma"),),
            mistaken=_mistaken(whole_blood="2069-3"),
            # One charge an ion: the numbers are equal.
            units=frozenset({"mmol/l", "meq/l"}),
            category="laboratory",
            result_names=("血清氯", "血浆氯"),
            unclear_names=("cl", "cl-", "chloride", "氯", "血氯", "氯离子", "氯化物"),
            english_headers=("Chloride", "Serum chloride", "Cl", "Cl-"),
            chinese_headers=("氯", "血氯", "血清氯", "氯离子"),
        ),
        "mvh": Coded(
            category="imaging",
            english_headers=("MVH restored", "Middle vertebral height restored"),
            chinese_headers=("椎体中部高度恢复", "椎体中部高度已恢复", "中部高度恢复"),
        ),
    }
)
_UNKNOWN = Coded()


def coded_as(predictor: Predictor) -> Coded:
    """What other systems call a predictor, by its key; nothing is known of one of another model."""
    return _CODED.get(predictor.key, _UNKNOWN)
