"""Synthetic patients: names in one script each, and numbers that say what they are."""

from datetime import date, timedelta
from random import Random

from scoring.entry import PatientEntry
from scoring.entry.rules import completed_years
from scoring.nomogram.rong2025 import publication as paper
from script.lib.demonstration.texts import texts

NUMBER_PREFIX = "SYN-"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# The same names twice, so that a name in one list is never put together with one of the other.
_LATIN_FAMILY = _words(
    "Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Ma Luo Liang Song "
    "Zheng Xie Han Tang Feng Yu Dong Xiao Cheng Cao Yuan Deng Shen Zeng Peng Su Jiang Cai"
)
_LATIN_FEMALE = _words(
    "Xiulan Guifang Yulan Shuzhen Meihua Fengying Aizhen Guiying Xiuying Yumei Chunmei Ailian "
    "Xiuzhen Lihua Guilan Shufen Yuzhen Fenglan Caixia Suqin"
)
_LATIN_MALE = _words(
    "Jianguo Deming Guoqiang Zhiming Haibo Weimin Wenhua Yongfu Jinsheng Shulin Zhongyi Changshun"
)
_CHINESE_FAMILY = tuple("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧")
_CHINESE_FEMALE = _words("秀兰 桂芳 玉兰 淑珍 美华 凤英 爱珍 桂英 秀英 玉梅 春梅 爱莲 丽华 淑芬")
_CHINESE_MALE = _words("建国 德明 国强 志明 海波 卫民 文华 永福 金生 树林")
_ELSEWHERE_FAMILY = _words("Müller García Nováková Lefèvre Keller O'Brien Nguyễn Rossi")
_ELSEWHERE_FEMALE = _words("Renate Zoë Anaïs Ingrid Maria Özge")
_ELSEWHERE_MALE = _words("José Jürgen Søren Noël")
# Of every hundred patients: names from elsewhere, and not known at all.
_ELSEWHERE, _NOT_KNOWN = 5, 1
_NO_BIRTH_DATE = 0.02


def draw_patient(random: Random, number: int, *, age_years: int, on: date) -> PatientEntry:
    """The patient with this number, who is so old on a day; sexes as in the training set."""
    is_female = random.random() < paper.TRAINING_SET.female / paper.TRAINING_SET.n
    family_name, given_name = _name(random, is_female=is_female)
    return PatientEntry(
        hospital_number=f"{NUMBER_PREFIX}{number:04d}",
        family_name=family_name,
        given_name=given_name,
        birth_date=None if random.random() < _NO_BIRTH_DATE else _born(random, age_years, on),
        sex="female" if is_female else "male",
        synthetic=True,
    )


def _name(random: Random, *, is_female: bool) -> tuple[str, str]:
    kind = random.randrange(100)
    if kind < _NOT_KNOWN:
        return "", ""
    if kind < _NOT_KNOWN + _ELSEWHERE:
        lists = (_ELSEWHERE_FAMILY, _ELSEWHERE_FEMALE, _ELSEWHERE_MALE)
    elif kind < _NOT_KNOWN + _ELSEWHERE + texts().chinese_names:
        lists = (_CHINESE_FAMILY, _CHINESE_FEMALE, _CHINESE_MALE)
    else:
        lists = (_LATIN_FAMILY, _LATIN_FEMALE, _LATIN_MALE)
    family, female, male = lists
    return random.choice(family), random.choice(female if is_female else male)


def _born(random: Random, age_years: int, on: date) -> date:
    """A birth date that makes the age; the year before the birthday comes round is not full."""
    born = on - timedelta(days=round(age_years * 365.25) + random.randrange(1, 360))
    # The leap days of a long life may shift it by one year.
    while completed_years(born, on) != age_years:
        born += timedelta(days=30 if completed_years(born, on) > age_years else -30)
    return born
