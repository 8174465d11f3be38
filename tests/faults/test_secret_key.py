"""Another RBP_SECRET_KEY: sessions end, recovery codes are void, all else goes on."""

import json
import time

from django_otp.oath import totp

from tests import cast
from tests.faults.browser import Answer, Browser, Saving, form_of
from tests.faults.conftest import Ward

_WITH_SECOND_FACTOR = """
import json, django
django.setup()
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from scoring import actions
from tests import cast
bob = cast.bob()
key = actions.new_authenticator(by=bob).key
code = f"{totp(bytes.fromhex(key)):06d}"
_, codes = actions.set_up_authenticator(by=bob, key=key, code=code, origin=actions.NOWHERE)
TOTPDevice.objects.update(last_t=-1)
print(json.dumps([key, codes[0]]))
"""


def asked_for_code(browser: Browser) -> None:
    """Sign Bob in as far as the page that asks for a code."""
    page = browser.get("/sign-in")
    typed = {"username": "bob", "password": cast.PASSWORD}
    assert browser.post("/sign-in", form_of(page).fields | typed).status == 302
    assert browser.get("/").headers["Location"].startswith("/account/code")


def code_sent(browser: Browser, code: str) -> Answer:
    page = browser.get("/account/code")
    return browser.post("/account/code", form_of(page).fields | {"code": code})


def test_a_lost_key_loses_sessions_and_recovery_codes_and_nothing_else(ward: Ward) -> None:
    key, recovery_code = json.loads(ward.python(_WITH_SECOND_FACTOR))
    with ward.serving() as site:
        browser = site.signed_in()
        saving, unfinished = Saving("S-BEFORE"), Saving("S-OPEN")
        saving.send_until_saved(browser)
        opened = form_of(browser.get("/assessments/new")).fields
        typed = opened | unfinished.fields | {"form_token": opened["form_token"]}
        kept = browser.post("/assessments/new", typed | {"save": "unfinished"})
        assert kept.headers["Location"] == "/"
    with ward.serving(RBP_SECRET_KEY="another-key-than-the-one-before-" * 2) as site:
        browser.port = site.port
        # Neither a page nor a form of before is an error: both lead to the sign-in.
        for answer in (browser.get("/"), browser.post("/assessments/new", typed)):
            assert (answer.status, answer.headers["Location"][:8]) == (302, "/sign-in")
        browser.sign_in()
        assert "S-OPEN" in browser.get("/").text
        draft = f"/assessments/new?draft={opened['form_token'].replace('-', '')}"
        again = form_of(browser.get(draft)).fields
        assert {name: again[name] for name in ("hospital_number", "family_name")} == {
            name: typed[name] for name in ("hospital_number", "family_name")
        }
        assert browser.get(f"/assessments/{saving.ids.copy().pop()}").status == 200
        # The second factor: the app goes on, a recovery code of before is refused as a wrong one.
        bob = site.browser
        asked_for_code(bob)
        refused = code_sent(bob, recovery_code)
        assert (refused.status, "is wrong" in refused.text) == (422, True)
        passed = Answer(0)
        while passed.status != 302:
            # After a wrong code the next one counts only after a second.
            time.sleep(0.5)
            passed = code_sent(bob, f"{totp(bytes.fromhex(key)):06d}")
        assert bob.get("/").status == 200
        log = (ward.folder / f"site-{site.port}.log").read_text()
    assert "Traceback" not in log
    assert " status=500" not in log
    ward.must_hold_exactly_once([saving])
