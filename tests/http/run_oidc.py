#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Single sign-on, with a provider of somebody else (oidc-provider) that runs here, and one that
lies, sends too much, or nothing. ./x test fetches both (tests/oidc). Prints TAP."""
import html
import http.client
import json
import re
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import GOOD, ROOT, Town  # noqa: E402
from service import Service  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 县
对象 县 属于 省 { 数据 学生 : 人 每年 }
"""
UNITS = "code,name,kind,parent,from,to,alias\nR,某省,省,,,,\nD,甲县,县,R,,,\n"
TOWN = Town(PLAN, UNITS, {"li": ["head D internal"], "wu": [], "ma": ["filler D internal"]})
PAGE = "http://127.0.0.1:1/sso"  # nobody listens: the test looks where the browser is sent


class Provider:
    def __init__(self, *args):
        self.process = subprocess.Popen(["node", *args], cwd=ROOT / "tests" / "oidc", text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.issuer = self.process.stdout.readline().strip()
        assert self.issuer.startswith("http://127.0.0.1:"), "node has not started it"

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


REAL = Provider("provider.mjs", PAGE)
LIAR = Provider("hostile.mjs")


def ask(url, method="GET", form=None, cookies=None):
    """A browser's request to the provider: status, headers, text; cookies are kept."""
    at = urlsplit(url)
    c = http.client.HTTPConnection(at.hostname, at.port, timeout=30)
    headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in (cookies or {}).items())}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    c.request(method, at.path + ("?" + at.query if at.query else ""),
              urlencode(form) if form is not None else None, headers)
    r = c.getresponse()
    text = r.read().decode("utf-8")
    for line in r.headers.get_all("Set-Cookie") or []:
        name, _, value = line.split(";")[0].partition("=")
        if cookies is not None:
            cookies[name] = value
    c.close()
    return r.status, r.headers, text


def tell(**what):
    c = http.client.HTTPConnection(urlsplit(LIAR.issuer).netloc, timeout=30)
    c.request("POST", "/tell", json.dumps(what))
    assert c.getresponse().status == 200
    c.close()


def seen():
    return json.loads(ask(LIAR.issuer + "/seen")[2])


def log_in_there(url, name):
    """Walks the provider's pages until it sends the browser back; what it sends along."""
    cookies = {}
    for _ in range(20):
        status, headers, text = ask(url, cookies=cookies)
        while status in (302, 303):
            url = headers["Location"] if "://" in headers["Location"] else \
                REAL.issuer + headers["Location"]
            if url.startswith(PAGE):
                return dict(parse_qsl(urlsplit(url).query))
            status, headers, text = ask(url, cookies=cookies)
        assert status == 200, f"{status} {url} {text[:500]}"
        action = html.unescape(re.search(r'action="([^"]+)"', text)[1])
        hidden = re.findall(r'<input[^>]*type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"', text)
        form = dict(hidden) | {"login": name, "password": "x"}
        status, headers, text = ask(action, "POST", form, cookies)
        assert status in (302, 303), f"{status} {text[:500]}"
        url = headers["Location"]
        url = url if "://" in url else REAL.issuer + url
    raise AssertionError("the provider does not come to an end")


class Browser:
    """Asks the service and keeps all of its cookies, as a browser does."""

    def __init__(self, service):
        self.asker = service.asker()
        self.cookies = {}

    def ask(self, method, path, body=None, **headers):
        cookie = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        answer = self.asker.ask(method, "/api/v1" + path, body=body,
                                headers={"Cookie": cookie or None} | headers)
        self.asker.cookie = None
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies.pop(name, None)
            if "Max-Age=0" not in line:
                self.cookies[name] = value
        return answer

    def start(self):
        return want(self.ask("POST", "/session/oidc/start"), 200)["url"]

    def finish(self, back):
        body = {k: v for k, v in back.items() if k in ("code", "state", "iss")}
        return self.ask("POST", "/session/oidc", body)


def want(answer, status, says=""):
    assert answer.status == status, f"{answer.status}, not {status}: {answer.text}"
    assert says in answer.text, f"{says} is not in {answer.text}"
    return answer.json


def secret(book, text):
    path = book.dir / "oidc.secret"
    path.write_text(text + "\n", "utf-8")
    path.chmod(0o600)
    return path


def service(book, issuer, client, text="", *more):
    settings = [f"oidc_issuer={issuer}", f"oidc_client={client}", f"oidc_redirect={PAGE}",
                "oidc_name=某市统一认证", *more]
    if text:
        settings.append(f"oidc_secret_file={secret(book, text)}")
    return Service(book, *settings)


def link(book, user, issuer, sub):
    book("user", "link", user, "--issuer", issuer, "--sub", sub, who="sec")


# ---- with a real provider -----------------------------------------------------------------------

@test("who is linked comes in by the provider and has his own seats: three sorts of clients")
def _():
    for client, text in (("by-basic", "a secret & more"), ("by-curve", "another secret"),
                         ("without", "")):
        b = TOWN.copy()
        link(b, "li", REAL.issuer, "zhang.san")
        with service(b, REAL.issuer, client, text) as s:
            browser = Browser(s)
            assert want(browser.ask("GET", "/oidc"), 200) == {"on": True, "name": "某市统一认证"}
            url = browser.start()
            query = parse_qs(urlsplit(url).query)
            assert query["scope"] == ["openid"] and query["code_challenge_method"] == ["S256"]
            assert len(query["state"][0]) == len(query["nonce"][0]) == 52
            back = log_in_there(url, "zhang.san")
            me = want(browser.finish(back), 200)
            assert me["user"] == "li" and me["by"] == "sso" and me["stale"] is False, me
            assert [x["role"] for x in me["seats"]] == ["head"]
            want(browser.ask("GET", "/units/D"), 200)
            assert "tizhi-sso" not in browser.cookies
            # The same answer once more, by who has kept the cookie of the attempt.
            want(browser.finish(back), 401, "not begun in this browser")
        acts = [e["act"] for e in b("audit", "log", who="aud", fmt="json")]
        assert "user.login.sso" in acts and "user.link" in acts, acts


@test("who is not linked, closed, locked, or an administrator is not let in")
def _():
    b = TOWN.copy()
    link(b, "wu", REAL.issuer, "wu")
    link(b, "ma", REAL.issuer, "ma")
    b("user", "lock", "ma", who="sec")
    with service(b, REAL.issuer, "without") as s:
        def come(name):
            browser = Browser(s)
            return browser.finish(log_in_there(browser.start(), name))

        want(come("nobody"), 401, "no user here")
        want(come("ma"), 401, "locked")
        me = want(come("wu"), 200)
        assert me["seats"] == []  # the provider gives no rights
        b("seat", "give", "sys.2", "--role", "system", "--class", "internal", "--holder", "wu",
          "--with", "aud", who="sec", lines=(GOOD,))
        want(come("wu"), 401, "no user here")
        b("user", "link", "sys", "--issuer", REAL.issuer, "--sub", "sys", "--with", "aud",
          who="sec", lines=(GOOD,), want=3)
        link(b, "li", REAL.issuer, "li")
        want(come("li"), 200)
        b("user", "unlink", "li", who="sec")
        want(come("li"), 401, "no user here")


@test("out again: the session ends here, and the page of the provider is told")
def _():
    b = TOWN.copy()
    link(b, "li", REAL.issuer, "li")
    with service(b, REAL.issuer, "without") as s:
        browser = Browser(s)
        want(browser.finish(log_in_there(browser.start(), "li")), 200)
        kept = dict(browser.cookies)
        url = want(browser.ask("POST", "/session/oidc/end", None), 200)["url"]
        assert url.startswith(REAL.issuer) and "client_id=without" in url
        browser.cookies = kept
        want(browser.ask("GET", "/session"), 401)
        a = s.login("li")
        got = a.ask("POST", "/api/v1/session/oidc/end")
        assert want(got, 200)["url"] == ""  # he came by password


@test("an attempt is bound to its browser; state, code or cookie of another one end it")
def _():
    b = TOWN.copy()
    link(b, "li", REAL.issuer, "li")
    with service(b, REAL.issuer, "without") as s:
        thief, victim = Browser(s), Browser(s)
        back = log_in_there(thief.start(), "li")
        victim.start()
        want(victim.finish(back), 401, "not begun in this browser")  # forged login
        stranger = Browser(s)
        want(stranger.finish(back), 401, "not begun in this browser")
        other = Browser(s)
        state = parse_qs(urlsplit(other.start()).query)["state"][0]
        want(other.finish(back | {"state": state}), 401, "did not take the code")  # PKCE
        late = Browser(s)
        back = log_in_there(late.start(), "li")
        old = late.cookies["tizhi-sso"].split(".")
        late.cookies["tizhi-sso"] = f"{int(old[0]) - 700}.{old[1]}"
        want(late.finish(back), 401, "too long ago")
        cross = Browser(s)
        back = log_in_there(cross.start(), "li")
        got = cross.ask("POST", "/session/oidc", {"code": back["code"], "state": back["state"]},
                        Origin="https://evil.example")
        want(got, 403)


# ---- with one that lies -------------------------------------------------------------------------

def liar_service(b, *more):
    return service(b, LIAR.issuer, "tizhi", "s", *more)


def attempt(s, **told):
    """A login with what the liar was told; the answer of the service."""
    browser = Browser(s)
    query = parse_qs(urlsplit(browser.start()).query)
    tell(nonce=query["nonce"][0], **told)
    return browser.finish({"code": "c", "state": query["state"][0]})


@test("tokens that are not signed as they must be are refused, whatever they say")
def _():
    b = TOWN.copy()
    link(b, "li", LIAR.issuer, "s-1")
    with liar_service(b) as s:
        want(attempt(s), 200)
        for sign, says in (("none", "broken"), ("secret", "RS256 or ES256"),
                           ("other", "signature does not fit"), ("unknown", "unknown key"),
                           ("brought", "signature does not fit"), ("broken", ""),
                           ("cut", "broken")):
            want(attempt(s, sign=sign), 401, says)
        want(attempt(s), 200)


@test("tokens of another issuer, client, time or attempt are refused")
def _():
    b = TOWN.copy()
    link(b, "li", LIAR.issuer, "s-1")
    with liar_service(b) as s:
        now = int(subprocess.check_output(["date", "+%s"]))
        for claims, says in (
                ({"iss": "http://127.0.0.1:9"}, "another issuer"), ({"iss": None}, "issuer"),
                ({"aud": "other"}, "another client"), ({"aud": None}, "another client"),
                ({"aud": ["tizhi", "other"]}, "another client"),
                ({"aud": ["tizhi", "other"], "azp": "other"}, "another client"),
                ({"azp": "other"}, "another client"), ({"exp": now - 3600}, "does not hold now"),
                ({"exp": None}, "does not hold now"), ({"exp": "never"}, "does not hold now"),
                ({"iat": now + 3600}, "does not hold now"),
                ({"nbf": now + 3600}, "does not hold now"), ({"nonce": "x"}, "another attempt"),
                ({"nonce": None}, "another attempt"), ({"sub": None}, "names nobody"),
                ({"sub": ""}, "names nobody"), ({"sub": "s-2"}, "no user here"),
                ({"sub": 7}, "names nobody"), ({"sub": "x" * 300}, "name of a provider")):
            got = attempt(s, claims=claims)
            assert got.status in (401, 422) and says in got.text, (claims, got.text)
        for claims in ({"aud": ["tizhi"]}, {"aud": ["tizhi", "other"], "azp": "tizhi"},
                       {"exp": now - 30}, {"groups": ["admin"], "role": "system",
                                           "email": "sys@x"}):
            me = want(attempt(s, claims=claims), 200)
            assert [x["role"] for x in me["seats"]] == ["head"], me


@test("keys are kept, and fetched anew when an unknown one comes, a few times a minute at most")
def _():
    b = TOWN.copy()
    link(b, "li", LIAR.issuer, "s-1")
    with liar_service(b) as s:
        tell(forget=True)
        for _ in range(3):
            want(attempt(s), 200)
        assert seen()["seen"]["/keys"] == 1 and seen()["seen"][
            "/.well-known/openid-configuration"] == 1, seen()
        assert seen()["form"]["code_verifier"] and seen()["form"]["redirect_uri"] == PAGE
        want(attempt(s, rotate=True), 200)
        assert seen()["seen"]["/keys"] == 2
        for _ in range(5):
            want(attempt(s, sign="unknown"), 401)
        assert seen()["seen"]["/keys"] == 4, seen()
        want(attempt(s), 200)  # the key it knows is still good


@test("answers that lead elsewhere, are too large, broken or late are given up; nobody else waits")
def _():
    b = TOWN.copy()
    link(b, "li", LIAR.issuer, "s-1")
    conf = "/.well-known/openid-configuration"
    for told, status, says in (
            ({"at": {conf: {"status": 302, "to": REAL.issuer + conf}}}, 502, "302"),
            ({"at": {conf: {"text": " ", "repeat": 400000}}}, 502, "no answer"),
            ({"at": {conf: {"text": "<html>"}}}, 502, "not what is expected"),
            ({"at": {conf: {"status": 500}}}, 502, "500"),
            ({"config": {"issuer": "http://127.0.0.1:9"}}, 401, "calls itself otherwise"),
            ({"config": {"authorization_endpoint": "http://evil.example/a"}}, 401, "another host"),
            ({"config": {"authorization_endpoint": LIAR.issuer + "@evil.example/a"}}, 401,
             "another host")):
        with liar_service(b) as s:
            tell(**told)
            want(Browser(s).ask("POST", "/session/oidc/start"), status, says)
    for told, status, says in (
            ({"config": {"token_endpoint": "http://169.254.169.254/latest"}}, 401, "another host"),
            ({"config": {"jwks_uri": "file:///etc/passwd"}}, 401, "another host"),
            ({"at": {"/token": {"status": 400, "text": '{"error":"invalid_grant"}'}}}, 401,
             "did not take"),
            ({"at": {"/token": {"status": 307, "to": "http://127.0.0.1:9/"}}}, 401, "did not take"),
            ({"at": {"/keys": {"text": "{}"}}}, 401, "unknown key")):
        with liar_service(b) as s:
            tell(**told)
            want(attempt(s, **told), status, says)
    with liar_service(b) as s:
        a = s.login("ma")
        Browser(s).start()
        tell(at={"/token": {"wait": True}})
        got = []
        late = [threading.Thread(target=lambda: got.append(attempt(
            s, at={"/token": {"wait": True}}).status)) for _ in range(4)]
        for t in late:
            t.start()
        for _ in range(20):
            want(a.get("/units/D"), 200)
        want(s.asker().post("/session", {"user": "wu", "password": GOOD}), 200)
        assert not got, "the answers had come already"
        for t in late:
            t.join(timeout=120)
        assert got == [502] * 4, got


def refusal(book, settings):
    s = Service(book, *settings)
    try:
        s.__enter__()
    except AssertionError as e:
        return str(e)
    s.stop()
    raise AssertionError(f"it has started with {settings}")


@test("settings that would be unsafe are refused at the start; without any there is no such login")
def _():
    b = TOWN.copy()
    text = secret(b, "s")
    good = [f"oidc_issuer={REAL.issuer}", "oidc_client=c", f"oidc_redirect={PAGE}"]
    for settings, says in (
            (["oidc_issuer=http://sso.example", *good[1:]], "https://"),
            (["oidc_issuer=http://127.0.0.1.evil.example", *good[1:]], "https://"),
            (["oidc_issuer=ftp://x", *good[1:]], "https://"), ([good[0], good[2]], "oidc_client"),
            (good[:2], "oidc_redirect"), ([*good, "oidc_secret_file=/nowhere"], "there is no")):
        said = refusal(b, settings)
        assert says in said, said
    text.chmod(0o640)
    assert "others may read" in refusal(b, [*good, f"oidc_secret_file={text}"])
    with Service(b) as s:
        browser = Browser(s)
        assert want(browser.ask("GET", "/oidc"), 200)["on"] is False
        want(browser.ask("POST", "/session/oidc/start"), 404)
        want(browser.finish({"code": "c", "state": "s"}), 404)


@test("neither code, nor token, nor secret reaches the log")
def _():
    b = TOWN.copy()
    link(b, "li", REAL.issuer, "li")
    with service(b, REAL.issuer, "by-basic", "a secret & more") as s:
        browser = Browser(s)
        back = log_in_there(browser.start(), "li")
        want(browser.finish(back), 200)
        want(browser.finish(back), 401)
        assert s.stop() == 0
        said = "".join(s.log) + "".join(s.said)
        for word in (back["code"], back["state"], "a secret", browser.cookies["tizhi"][:52]):
            assert word not in said, word


STATUS = main()
REAL.stop()
LIAR.stop()
sys.exit(STATUS)
