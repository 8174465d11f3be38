"""The nginx example in front of the site: TLS, headers, who is believed to have asked, logs."""

import re
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.faults.conftest import until
from tests.scripts.conftest import Private, copied, started
from tests.scripts.front import CLIENT, DEBIANS_PAGE, HOST, Answer, Front, standing

NAME = "Wolfeschlegel"
SPOOFED = "203.0.113.9"


@pytest.fixture(scope="module")
def front(
    reachable_folder: Path, with_tables: Private, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    running = copied(with_tables, reachable_folder / "behind-nginx")
    with started(running), standing(running, tmp_path_factory.mktemp("nginx")) as front:
        yield front


def test_debians_own_server_goes_on_beside_the_example(front: Front) -> None:
    assert front.ask("GET", "/", host="192.0.2.1", tls=False).body == DEBIANS_PAGE


def test_plain_http_leads_to_https(front: Front) -> None:
    answer = front.ask("GET", f"/history?search={NAME}", tls=False)
    assert answer.status == 301
    assert answer.headers["location"] == f"https://{HOST}/history"
    assert "server" not in answer.headers or "/" not in answer.headers["server"]


def test_every_answer_has_the_headers(front: Front) -> None:
    page = front.ask("GET", "/sign-in")
    assert page.status == 200
    (style,) = re.findall(r'href="(/static/scoring/joined/site\.[0-9a-f]+\.css)"', page.body)
    for answer in (
        page,
        front.ask("GET", style),
        front.ask("GET", "/nowhere"),
        front.ask("GET", "/"),
        front.ask("POST", "/sign-in", {"username": "x"}),
    ):
        told = answer.headers
        assert told["strict-transport-security"].startswith("max-age=31536000; includeSubDomains")
        assert "script-src 'self'" in told["content-security-policy"]
        assert "frame-ancestors 'none'" in told["content-security-policy"]
        assert "unsafe" not in told["content-security-policy"]
        assert told["x-content-type-options"] == "nosniff"
        assert told["referrer-policy"] == "same-origin"
        assert told["cross-origin-opener-policy"] == "same-origin"
        assert told["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in told["permissions-policy"]
        assert "access-control-allow-origin" not in told
        assert "gunicorn" not in str(told)
        assert told.get("server", "nginx") == "nginx"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [("POST", "/sign-in", b"a" * 300_000, 413), ("GET", "/" + "a" * 9_000, None, 414)],
)
def test_what_nginx_refuses_itself_has_headers_too(
    front: Front, method: str, path: str, body: bytes | None, status: int
) -> None:
    answer = front.ask(method, path, body)
    assert answer.status == status
    _refused_by_nginx(answer)


def test_a_page_in_place_of_the_sites_has_its_look_and_a_number(front: Front) -> None:
    page = front.ask("POST", "/sign-in", b"a" * 300_000)
    _in_both_languages(front, page, "Too much was sent at once", "一次提交的内容过多")
    style = front.ask("GET", "/rbp-risk-pages/page.css")
    assert (style.status, style.headers["content-type"]) == (200, "text/css")
    assert "style-src 'self'" in page.headers["content-security-policy"]
    # No page of these is there to be asked for.
    assert front.ask("GET", "/rbp-risk-pages/away.html").status == 404


def _in_both_languages(front: Front, answer: Answer, english: str, chinese: str) -> None:
    assert f"<h1>{english}</h1>" in answer.body
    assert f"<h2>{chinese}</h2>" in answer.body
    assert 'href="/rbp-risk-pages/page.css"' in answer.body
    (number,) = re.findall("<b>([0-9a-f]{32})</b>", answer.body)
    # nginx writes the line after the answer has gone.
    lines = partial(_count_of_lines, front, number)
    until(lines, "the number in the log")
    assert lines() == 1


def _count_of_lines(front: Front, number: str) -> int:
    return front.logs()["rbp-risk.access.log"].count(f" {number}\n")


def _refused_by_nginx(answer: Answer) -> None:
    told = answer.headers
    assert told["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert "frame-ancestors 'none'" in told["content-security-policy"]
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "same-origin"
    assert told["cross-origin-opener-policy"] == "same-origin"
    assert told["cache-control"] == "no-store"


def test_cookies_are_bound_to_the_host(front: Front) -> None:
    (cookie,) = front.ask("GET", "/sign-in").cookies
    assert cookie.startswith("__Host-csrftoken=")
    words = {word.strip().casefold() for word in cookie.split(";")[1:]}
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= words
    assert not [word for word in words if word.startswith("domain")]


def _sign_in(front: Front, password: str, **claims: Any) -> Answer:
    form = front.ask("GET", "/sign-in")
    secret = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', form.body)[-1]
    cookie = form.cookies[0].split(";")[0]
    return front.ask(
        "POST",
        "/sign-in",
        {"username": "admin", "password": password, "csrfmiddlewaretoken": secret},
        Cookie=cookie,
        Referer=f"https://{HOST}/sign-in",
        **claims,
    )


def test_a_sign_in_through_nginx(front: Front) -> None:
    (password,) = re.findall(r"  password  (\S{20,})", (front.folder / "prepare.log").read_text())
    answer = _sign_in(front, password)
    assert answer.status == 302
    (cookie,) = [each for each in answer.cookies if each.startswith("__Host-sessionid=")]
    assert "secure" in cookie.casefold()
    assert "httponly" in cookie.casefold()
    there = front.ask("GET", "/about", Cookie=cookie.split(";")[0])
    assert there.status in {200, 302}
    assert "no-store" in there.headers["cache-control"]


def test_what_a_browser_claims_to_be_reaches_no_record(front: Front) -> None:
    claims = dict.fromkeys(("X_Forwarded_For", "X_Real_IP", "Forwarded", "Client_IP"), SPOOFED)
    assert _sign_in(front, "wrong", **claims).status == 200
    connection = psycopg2.connect(front.private.must("url").strip(), user="rbp")
    with connection.cursor() as cursor:
        cursor.execute("select host(address) from scoring_auditevent where address is not null")
        seen = {address for (address,) in cursor.fetchall()}
    connection.close()
    assert SPOOFED not in seen
    assert seen == {CLIENT}


def test_a_claim_of_tls_counts_for_nothing_without_it(front: Front) -> None:
    answer = front.ask("GET", "/sign-in", tls=False, X_Forwarded_Proto="https")
    assert answer.status == 301


def test_large_bodies_and_long_addresses_are_refused(front: Front) -> None:
    assert front.ask("POST", "/sign-in", b"a" * 300_000).status == 413
    assert front.ask("GET", "/" + "a" * 9_000).status == 414
    assert front.ask("GET", "/", Cookie="a" * 40_000).status == 400


def test_slow_clients_hold_up_nobody_and_are_given_up(front: Front) -> None:
    """Forty half requests and half forms: more than the site has threads."""
    head = f"POST /assessments/new HTTP/1.1\r\nHost: {HOST}\r\n"
    form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nuser"
    with ExitStack() as open_ones:
        slow = [
            open_ones.enter_context(front.connected(half.encode()))
            for half in [head, head + form] * 20
        ]
        for _ in range(10):
            assert front.ask("GET", "/sign-in").status == 200
        for each in slow:
            # Until nginx ends it, with or without a word.
            said = b"".join(iter(partial(each.recv, 4096), b""))
            assert said == b"" or said.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_current_tls_is_spoken(front: Front, version: ssl.TLSVersion) -> None:
    context = front.trusting()
    context.minimum_version = context.maximum_version = version
    assert front.ask("GET", "/healthz", context=context).status == 200


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_tls_is_refused(front: Front) -> None:
    context = front.trusting()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        front.ask("GET", "/healthz", context=context)


def test_a_host_that_is_not_ours_gets_no_answer(front: Front) -> None:
    context = front.trusting()
    context.check_hostname = False
    with pytest.raises(ssl.SSLError):
        front.ask("GET", "/", host="evil.example", context=context)


def _refused_in_the_end(front: Front, *asked: Any, **headers: Any) -> None:
    for _ in range(2000):
        answer = front.ask(*asked, **headers)
        if answer.status == 429:
            break
    assert answer.status == 429
    assert answer.headers["retry-after"] == "60"
    _in_both_languages(front, answer, "Too many requests", "请求过于频繁")
    _refused_by_nginx(answer)


def test_guesses_from_one_address_are_limited_and_pages_are_not(front: Front) -> None:
    """Runs late: this address may then send no password for some seconds."""
    _refused_in_the_end(front, "POST", "/sign-in", {"username": "x"})
    page = front.ask("GET", "/sign-in")
    assert page.status == 200
    assert "retry-after" not in page.headers


def test_a_session_is_limited_and_others_are_not(front: Front) -> None:
    one, other = (f"__Host-csrftoken=x; __Host-sessionid={letter * 32}" for letter in "ab")
    _refused_in_the_end(front, "GET", "/healthz", Cookie=one)
    assert front.ask("GET", "/healthz", Cookie=other).status == 200
    assert front.ask("GET", "/healthz").status == 200


def test_no_log_of_the_whole_chain_holds_what_was_typed(front: Front) -> None:
    """Runs after the others: what they typed stands nowhere either."""
    for method, path, body in (
        ("GET", f"/patients/{NAME}", None),
        ("GET", f"/history?search={NAME}", None),
        ("GET", f"/%ff{NAME}", None),
        ("POST", "/assessments/new", {"family_name": NAME}),
        ("POST", f"/sign-in?next={NAME}", NAME.encode() * 30_000),
        (NAME.upper(), f"/{NAME}", None),
    ):
        assert front.ask(method, path, body, Referer=f"https://{HOST}/{NAME}").status >= 300
    logs = front.logs()
    assert {"access.log", "server.log", "postgres.log", "rbp-risk.access.log"} <= set(logs)
    assert " POST 4" in logs["rbp-risk.access.log"]
    assert '"view": "sign-in", "status": 200' in logs["access.log"]
    for name, text in logs.items():
        assert NAME.casefold() not in text.casefold(), name


def test_a_site_that_does_not_answer_is_said(front: Front) -> None:
    """Runs last: the site is gone afterwards."""
    front.sites[0].stop()
    answer = front.ask("POST", "/sign-in", {"username": "x"}, Cookie="a=b")
    while answer.status == 429:
        answer = front.ask("GET", "/sign-in")
    assert answer.status == 502
    _refused_by_nginx(answer)
    _in_both_languages(front, answer, "The site does not answer", "网站没有响应")
