"""Spellings that mean the same, folded to one: names for look-ups, and what is typed as a number.

What is folded is compared and never shown: names are kept and shown as they were entered.
"""

import unicodedata

from scoring.entry.characters import is_ideograph, is_invisible

# Where the CJK blocks begin; letters of alphabets lie before it.
_FIRST_CJK = 0x2E80
# Left out: the apostrophe of O'Brien in each of its shapes, and the stroke that lengthens Arabic
# letters. Modifier letters (ʼ ʻ ʿ) are left out wherever they stand.
_LEFT_OUT = frozenset("'`´‘’‚‛′‵՚׳״᾽᾿῾ꞌꞋ\u0640")
_MODIFIERS = range(0x02B0, 0x0300)
# Combining classes of accents and vowel points. Other marks are letters of their own: the vowel
# signs of India and Thailand, the virama, the voicing of kana.
_ACCENTS = frozenset((1, 7, *range(10, 37), *range(200, 241)))
# Letters that Unicode does not take apart, after PostgreSQL's unaccent.rules; then what keyboards
# for Arabic and Persian write for the same letter, and the final letters of Hebrew.
_VARIANTS = {
    "a": "ᴀᶏⱥ",
    "aa": "ꜳ",
    "ae": "æᴁ",
    "ao": "ꜵ",
    "au": "ꜷ",
    "av": "ꜹꜻ",
    "ay": "ꜽ",
    "b": "ƀƃɓʙᴃᵬᶀ",
    "c": "ƈȼɕᴄꞓ",
    "d": "ðđƌȡɖɗᴅᴆᵭᶁᶑꝱꝺ",
    "db": "ȸ",
    "dz": "ʣʥ",
    "e": "ɇɛᴇᶒᶓⱸ",
    "f": "ƒᵮᶂꜰꝼ",
    "g": "ǥɠɡɢʛᶃꞡ",
    "h": "ħɦɧʜⱨ",
    "hv": "ƕ",
    "i": "ıɨɩɪᵻᶖ",
    "j": "ȷɉɟʝᴊ",
    "k": "ƙᴋᶄⱪꝁꝃꝅꞣ",
    "l": "łƚȴɫɬɭʟᴌᶅⱡꝇꝉꝲ",
    "ll": "ỻ",
    "ls": "ʪ",
    "lz": "ʫ",
    "m": "ɱᴍᵯᶆꝳ",
    "n": "ŋƞȵɲɳɴᵰᶇꝴꞑꞥ",
    "o": "øᴏⱺꝋꝍ",
    "oe": "œɶ",
    "oi": "ƣ",
    "oo": "ꝏ",
    "p": "ƥᴘᵱᵽᶈꝑꝓꝕ",
    "q": "ĸʠꝗꝙ",
    "qp": "ȹ",
    "r": "ɍɼɽɾʀᵲᵳᶉꝵꝶꞧ",
    "s": "ȿʂᵴᶊẜẝꜱꞩ",
    "t": "ŧƫƭȶʈᴛᵵⱦꝷꞇ",
    "th": "þᵺꝥꝧ",
    "ts": "ʦ",
    "u": "ʉᴜᵾᶙ",
    "ue": "ᵫ",
    "v": "ʋᴠᶌỽⱱⱴꝟ",
    "vy": "ꝡ",
    "w": "ᴡⱳ",
    "x": "ᶍ",
    "y": "ƴɏʏỿ",
    "z": "ƶȥɀʐʑᴢᵶᶎⱬ",
    "\u0627": "\u0671\u0672\u0673",
    "\u064a": "\u0649\u06cc\u06d2\u06d3",
    "\u0643": "\u06a9\u06aa",
    "\u0647": "\u0629\u06be\u06c1\u06c3\u06d5",
    "כ": "ך",
    "מ": "ם",
    "נ": "ן",
    "פ": "ף",
    "צ": "ץ",
}
_LETTERS = str.maketrans(
    {variant: letter for letter, variants in _VARIANTS.items() for variant in variants}
)
# The key for the point gives these while a Chinese input method is on.
_POINTS = "。｡"
# Typed for a minus or a hyphen: every dash, the minus sign, and the key for the long vowel that
# stands where a Japanese keyboard has its minus.
_DASHES = dict.fromkeys("‐‑‒–—―⁃⁻₋−˗➖⸺⸻〜〰ー－﹘﹣ｰ\u1806\u05be\u2e3a", "-")
_TYPED = str.maketrans(_DASHES | dict.fromkeys(_POINTS, "."))


def searchable(text: str) -> str:
    """Words as look-ups compare them, a space between each two.

    Case, accents, strokes through letters, ligatures and width make no difference, nor do
    apostrophes and joiners within a word. Hyphens, dots and whatever else is no letter or digit
    separate words.
    """
    return " ".join(_letters(text).split())


def _letters(text: str) -> str:
    bare = _bare(_bare(text).casefold()).translate(_LETTERS)
    kept = "".join(_kept(character) for character in bare)
    # Letters of Korea and the voicing of kana together again.
    return unicodedata.normalize("NFKC", kept)


def _bare(text: str) -> str:
    """Without accents, and with each letter in its plainest form."""
    taken_apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in taken_apart if unicodedata.combining(c) not in _ACCENTS)


def _kept(character: str) -> str:
    if character in _LEFT_OUT or ord(character) in _MODIFIERS or is_invisible(character):
        return ""
    if unicodedata.category(character)[0] in "LNM" or is_ideograph(character):
        return character
    return " "


def joined(text: str) -> str:
    """A name as one word: "Xiu Lan", "Xiu-lan" and "Xiulan" are the same."""
    return searchable(text).replace(" ", "")


def search_text(family_name: str, given_name: str) -> str:
    """What a patient is found by: every word of the name, and words that may be written as one.

    The last word is the whole name as one, by which the same name is found.
    """
    words = searchable(f"{family_name} {given_name}").split()
    whole = [joined(family_name), joined(given_name), joined(f"{family_name} {given_name}")]
    # Each once, and the whole name last of all.
    others = dict.fromkeys([*words, *whole[:2]])
    others.pop(whole[2], None)
    return " ".join([*filter(None, others), whole[2]]).strip()


def cjk_characters(text: str) -> list[str]:
    """The Chinese characters of a text, each once."""
    return sorted({char for char in text if ord(char) >= _FIRST_CJK})


def folded_number(text: str) -> str:
    """Full-width forms to plain ones, every minus and dash to one, 。 to a point.

    No space is left at the ends. No other form of a digit is one: "10²" is not 102.
    """
    if text.isascii():
        return text.strip()
    plain = (
        unicodedata.normalize("NFKC", character)
        if unicodedata.decomposition(character).startswith("<wide>")
        else character
        for character in text.translate(_TYPED)
    )
    return "".join(plain).strip()


def normalised_hospital_number(text: str) -> str:
    """One spelling for one number: folded as a number, without spaces, in upper case.

    A letter whose capital is another letter, as that of the Turkish "ı", stays as it is.
    """
    plain = "".join(folded_number(text).split())
    return plain.upper() if plain.isascii() else "".join(map(_capital, plain))


def _capital(letter: str) -> str:
    capital = letter.upper()
    return letter if capital.isascii() and not letter.isascii() else capital
