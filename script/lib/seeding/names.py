"""Names of synthetic patients: Latin, with accents, and Chinese."""

import numpy as np


def _words(text: str) -> list[str]:
    return text.split()


FAMILY = _words(
    "Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Ma Luo Liang Song "
    "Zheng Xie Han Tang Feng Yu Dong Xiao Cheng Cao Yuan Deng Fu Shen Zeng Peng Su Jiang Cai Jia "
    "Ding Wei Xue Ye Yan Pan Du Dai Xia Zhong Tian Ren Fan Fang Shi Yao Tan Liao Zou Xiong Jin Lu"
)
ACCENTED_FAMILY = _words(
    "Müller García Nováková Lefèvre Øster Çelik O'Brien Nguyễn Böhm Smith-Jones"
)
ACCENTED_GIVEN = _words("José Zoë Renée Jürgen Søren Anaïs Ann Łucja Noël Özge")
SYLLABLES = _words(
    "xiu gui yu shu mei feng ai lan fang zhen hua ying ping xia qin jun jian guo de zhi wei hai bo "
    "min qiang ming guang shun cheng rong hui ling yan qing xiang cai bao chun dong fu gang hong "
    "jie kai lei long miao ning pei qi rui shan tao wen xin yi zhong zi an bin chao"
)
CHINESE_FAMILY = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
    "程曹袁邓傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
)
CHINESE_GIVEN = (
    "秀兰桂芳玉梅淑珍凤英爱莲芬萍霞琴军建国德志伟海波敏强明光顺成荣辉玲燕青祥财宝春东福刚红"
    "洁凯雷龙苗宁佩琪瑞山涛文欣怡忠子安斌超云月华平生根金银水木火土天地人和家富贵"
)
UNKNOWN_SHARE, ACCENTED_SHARE, CHINESE_SHARE = 0.01, 0.04, 0.30


def drawn(rng: np.random.Generator, count: int) -> list[tuple[str, str]]:
    """Family and given names; now and then both are not known."""
    kind = rng.random(count).tolist()
    picks = rng.integers(0, 1 << 30, (count, 3)).tolist()
    return [_name(k, *pick) for k, pick in zip(kind, picks, strict=True)]


def _name(kind: float, first: int, second: int, third: int) -> tuple[str, str]:
    if kind < UNKNOWN_SHARE:
        return "", ""
    if kind < ACCENTED_SHARE:
        return _one(ACCENTED_FAMILY, first), _one(ACCENTED_GIVEN, second)
    if kind < CHINESE_SHARE:
        return _one(CHINESE_FAMILY, first), _one(CHINESE_GIVEN, second) + _one(CHINESE_GIVEN, third)
    return _one(FAMILY, first), (_one(SYLLABLES, second) + _one(SYLLABLES, third)).capitalize()


def _one(choices: list[str] | str, number: int) -> str:
    return choices[number % len(choices)]
