#!/usr/bin/env bash
# xgettext 0.21 (Debian 12): a translated text with "\u00a0" in Python stays English, without a word.
#
# xgettext reads \u in u"…" alone and leaves it in "…", which has been the same since Python 3. The
# catalog gets a backslash and five letters, translators translate it, all checks of the catalog are
# content, and at run time Python looks for a no-break space and finds nothing. Write the character
# itself, or put the .pot right before it is merged (in Django: Command.write_po_file of
# makemessages). It also takes "95 % limits" for a format (per cent, blank, l, i), so that msgfmt
# refuses a translation such as "95% 限值"; of "95 % band" it does not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
xgettext --version | head -1
cat >texts.py <<'PYTHON'
from gettext import gettext as _

print(_("12 fL and 3\u00a0d"), _("95 % limits"), _("95 % band"))
PYTHON
xgettext --from-code=UTF-8 --language=Python --output=texts.pot texts.py
grep -c 'python-format' texts.pot | sed 's/^/texts taken for formats: /'
[ "$(grep -c 'python-format' texts.pot)" = 1 ]

mkdir -p zh/LC_MESSAGES
sed -e 's/CHARSET/UTF-8/' -e '/^#, python-format/d' texts.pot >texts.po
python3 - <<'PYTHON'
import re
from pathlib import Path

catalog = Path("texts.po")
text = catalog.read_text()
print("in the catalog:", *re.findall(r'^msgid "(12.*)"$', text, re.M))
catalog.write_text(re.sub(r'^(msgid "(?:12|95).*"\n)msgstr ""', r'\1msgstr "好"', text, flags=re.M))
PYTHON
msgfmt --check-format --statistics --output-file=zh/LC_MESSAGES/messages.mo texts.po
python3 - <<'PYTHON'
import gettext

translate = gettext.translation("messages", ".", ["zh"]).gettext
found = {text: translate(text) != text for text in ("12 fL and 3\u00a0d", "95 % limits")}
print("translated at run time:", found)
assert found == {"12 fL and 3\u00a0d": False, "95 % limits": True}
PYTHON
