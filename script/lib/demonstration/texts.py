"""What staff of the demonstration typed, and their names, in the language of the site.

These are data, not words of the site: they stay as they are when a user chooses the other language.
"""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class Texts:
    """Names of the hospital and its staff by username, and reasons as they are typed into forms."""

    hospital: str
    ward: str
    staff: dict[str, str]
    # Of every hundred patients: those whose names are written in Chinese.
    chinese_names: int
    chloride_slip: str
    t_score_slip: str
    level_slip: str
    vas_slip: str
    voided: str
    voided_by_mistake: str
    reinstated: str


_ENGLISH = Texts(
    hospital="Demonstration Hospital",
    ward="Spine Surgery, Ward 7",
    staff={
        "administrator": "Sun Hao",
        "clinician": "Dr Chen Lei",
        "reviewer": "Dr Zhou Min",
        "keller": "Dr Anna Keller",
        "liang": "Dr Liang Yu",
    },
    chinese_names=36,
    chloride_slip="Chloride was read from an earlier result",
    t_score_slip="The T-score was that of another site",
    level_slip="The level was miscounted",
    vas_slip="Misread by one point",
    voided="Entered twice",
    voided_by_mistake="Entered for the wrong patient",
    reinstated="It was the right patient after all",
)
_CHINESE = Texts(
    hospital="演示医院",
    ward="脊柱外科七病区",
    staff={
        "administrator": "孙浩",
        "clinician": "陈磊医生",
        "reviewer": "周敏医生",
        "keller": "Anna Keller 医生",
        "liang": "梁宇医生",
    },
    chinese_names=94,
    chloride_slip="氯离子误读为较早一次的检验结果",
    t_score_slip="T 值误取自另一测量部位",
    level_slip="骨折节段数错",
    vas_slip="误读一分",
    voided="重复录入",
    voided_by_mistake="录入到错误的患者名下",
    reinstated="核对后确认患者无误",
)


def texts() -> Texts:
    """Those in the language of ``RBP_LANGUAGE``."""
    return _CHINESE if settings.LANGUAGE_CODE == "zh-hans" else _ENGLISH
