#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The service among enemies: each attack of docs/security.md by name. Directly, and for what is
said over the wire also behind nginx. Prints TAP."""
import datetime
import io
import itertools
import json
import socket
import sys
import threading
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import GOOD, Town  # noqa: E402
from raw import GET, HARMLESS, HIDDEN, HOST, LAST, POST, SMUGGLED, say  # noqa: E402
from service import Service, part  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 县 > 学校
对象 学校 属于 县 { 数据 学生 : 人 每年 }
指标 A.1 学生 { 计算 求和(学校.学生) 目标 每年 每个 县 不低于 100人 }
"""
SCRIPT = "<script>alert(1)</script>"
UNITS = f"""code,name,kind,parent
R,某省,省,
D,甲县,县,R
E,"{SCRIPT}",县,R
F,"=HYPERLINK(""http://evil.example"")",县,R
S1,甲一校,学校,D
"""
PEOPLE = {"leader": ["leader R internal"], "filler": ["filler D internal"],
          "other": ["filler E internal"], "guessed": ["leader R internal"], "nobody": []}
TOWN = Town(PLAN, UNITS, PEOPLE)
SERVICE = Service(TOWN.copy(), "arrive_seconds=2", "idle_seconds=2")
SERVICE.__enter__()
ANYONE = SERVICE.asker()
WHO = {user: SERVICE.login(user) for user in ("leader", "filler", "other", "sec")}
LOGIN = {"user": "leader", "password": GOOD}

# ---- request smuggling --------------------------------------------------------------------------

@test("request smuggling: what two readers could end at two places is refused, and closed")
def _():
    for name, data in SMUGGLED.items():
        answers, closed = say(SERVICE.port, data + HIDDEN)
        statuses = [a.status for a in answers]
        assert closed and all(400 <= s < 600 for s in statuses), (name, statuses, closed)


@test("request smuggling: as many answers as requests where there is no doubt")
def _():
    for name, data in HARMLESS.items():
        answers, closed = say(SERVICE.port, data + LAST)
        assert closed and len(answers) == 2 and answers[1].status == 200, (name, answers)


# ---- slow clients -------------------------------------------------------------------------------

def trickle(begin, drip, want):
    """Whether the service has ended the connection although a byte came every now and then."""
    with socket.create_connection(("127.0.0.1", SERVICE.port), timeout=0.1) as c:
        c.sendall(begin)
        until = time.monotonic() + want
        while time.monotonic() < until:
            try:
                c.sendall(drip)
                if not c.recv(4096):
                    return True
            except socket.timeout:
                continue
            except OSError:
                return True
    return False


@test("slow clients: a head or a body that comes byte by byte is given up, others are served")
def _():
    ways = ((GET, b"X"), (b"GET /api", b"a"), (POST + b"Content-Length: 9999\r\n\r\n", b" "))
    ended = []
    each = [threading.Thread(target=lambda w=way: ended.append(trickle(*w, 30)))
            for way in ways for _ in range(20)]
    for t in each:
        t.start()
    assert ANYONE.get("/health").status == 200
    for t in each:
        t.join()
    assert len(ended) == 60 and all(ended), ended


@test("slow clients: who does not take his answers is given up")
def _():
    n = 1000
    asked = (b"GET /api/v1/openapi.json HTTP/1.1\r\n" + HOST + b"\r\n") * n
    with socket.socket() as c:
        c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        c.connect(("127.0.0.1", SERVICE.port))
        c.sendall(asked[:60000])
        got, until = b"", time.monotonic() + 60
        try:
            while time.monotonic() < until:
                time.sleep(0.2)
                more = c.recv(100)
                if not more:
                    break
                got += more
        except OSError:
            pass
    assert time.monotonic() < until and got.count(b"HTTP/1.1 200") < n
    assert ANYONE.get("/health").status == 200


# ---- decompression bombs ------------------------------------------------------------------------

@test("decompression bombs: nothing that is packed is taken in")
def _():
    for coding in ("gzip", "deflate", "br", "zstd", "identity, gzip", "x-unknown"):
        got = ANYONE.post("/session", LOGIN, headers={"Content-Encoding": coding})
        assert got.status == 415 and "Set-Cookie" not in got.headers, got.text


# ---- hostile uploads ----------------------------------------------------------------------------

ROOT_RELS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
             '<Relationship Id="rId1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats'
             '.org/officeDocument/2006/relationships/officeDocument"/></Relationships>')
BOOK_XML = ('<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
            '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
            '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>')
RELS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="%s" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/worksheet"/></Relationships>')
SHEET = ('%s<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
         '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row></sheetData>'
         '</worksheet>')
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 10)) + "]>"


def workbook(sheet, target="worksheets/sheet1.xml", more=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in (("[Content_Types].xml", "<Types/>"), ("_rels/.rels", ROOT_RELS),
                           ("xl/workbook.xml", BOOK_XML),
                           ("xl/_rels/workbook.xml.rels", RELS % target),
                           ("xl/worksheets/sheet1.xml", sheet), *more):
            z.writestr(name, text)
    return out.getvalue()


def sent(data):
    return WHO["filler"].post("/sheets?name=a.xlsx", data, headers={
        "Content-Type": "application/octet-stream", "X-Tizhi": "1"})


@test("hostile uploads: bombs, entities, paths in archives, pages and programs as workbooks")
def _():
    bomb = SHEET % ("", " " * (1 << 29))
    files = {
        "a bomb": workbook(bomb),
        "an entity that reads a file": workbook(SHEET % (ENTITY, "&e;")),
        "entities within entities": workbook(SHEET % (LAUGHS, "&a9;")),
        "a sheet outside of the archive": workbook(SHEET % ("", "x"), "../../../../etc/passwd"),
        "a sheet at an address": workbook(SHEET % ("", "x"), "http://127.0.0.1/x"),
        "names that climb": workbook(SHEET % ("", "x"), more=[("../../../tmp/evil", "x")]),
        "an archive in two": workbook(SHEET % ("", "x"))[:-30],
        "a program": b"\x7fELF" + bytes(2000),
        "a page": b"<html><script>alert(1)</script></html>",
        "a picture that is a page": b"GIF89a<svg onload=alert(1)>" + bytes(100),
        "nothing": b"",
    }
    del bomb
    fine = sent(workbook(SHEET % ("", "x")))
    assert fine.status == 200, fine.text
    for name, data in files.items():
        before = SERVICE.memory()
        got = sent(data)
        assert 400 <= got.status < 500 and "json" in got.headers["Content-Type"], (name, got.text)
        for word in ("root:", "hahaha", "alert"):
            assert word not in got.text, (name, got.text)
        assert SERVICE.memory() - before < 200 << 20, name
    assert not Path("/tmp/evil").exists()


# ---- forged requests ----------------------------------------------------------------------------

@test("CSRF: what changes something and comes from another site is refused")
def _():
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""},
                    {"Origin": f"http://127.0.0.1:{SERVICE.port}.evil.example"},
                    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        got = SERVICE.asker().post("/session", LOGIN, headers=headers)
        assert got.status == (200 if headers == {"Origin": ""} else 403), headers
    own = f"http://127.0.0.1:{SERVICE.port}"
    good = SERVICE.asker().post("/session", LOGIN, headers={"Origin": own})
    assert good.status == 200, good.text


@test("CSRF: what a form of another site can send is no request here")
def _():
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; b=x",
                 "", "application/jsonp", "text/json"):
        got = ANYONE.post("/session", json.dumps(LOGIN), headers={"Content-Type": kind})
        assert got.status == 415, (kind, got.text)


# ---- hostile bodies -----------------------------------------------------------------------------

def posted(body):
    data = body if isinstance(body, bytes) else body.encode("utf-8")
    return ANYONE.post("/session", data, headers={"Content-Type": "application/json"})


@test("hostile JSON: no JSON, too deep, too long, of another shape")
def _():
    for body, want in (("", 400), ("{", 400), ("[" * 10000, 400), (b"\xff", 400), ("{}", 422),
                       ('{"user":"a","password":"b","x":1}', 422), ("null", 422), ("[]", 422),
                       ('{"user":' + "9" * 400 + "}", 400), ('{"user":1e999}', 400),
                       ('{"user":-1,"password":"b"}', 422), ("\ufeff{}", 400),
                       ('{"a":' * 5000 + "1" + "}" * 5000, 400),
                       ("{" + ",".join(f'"k{i}":1' for i in range(50000)) + "}", 422),
                       (json.dumps({"user": "a" * 65, "password": "b"}), 422)):
        got = posted(body)
        assert got.status == want, (body[:30], got.status, got.text)
    assert posted(b" " * 2000000).status == 413
    assert ANYONE.ask("GET", "/api/v1/units", body=b"x").status in (400, 401)


@test("hostile JSON: a member that is there twice has not two meanings")
def _():
    for body in ('{"user":"leader","user":"sec","password":"x"}',
                 '{"user":"leader","us\\u0065r":"sec","password":"x"}'):
        got = posted(body)
        assert got.status == 422 and got.json["at"] == "/user", got.text


@test("unicode tricks: controls, marks of direction, overlong forms and halves of pairs")
def _():
    for user in ("a\\u0000", "\\u202eredael", "a\\u2066b", "\\u001b[2J", "lead\\u200eer"):
        got = posted('{"user":"%s","password":"x"}' % user)
        assert got.status == 422 and got.json["at"] == "/user", (user, got.text)
    for user in (b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe0\x80\xaf", b"\\ud800"):
        got = posted(b'{"user":"' + user + b'","password":"x"}')
        assert got.status == 400, (user, got.text)
    for user in ("ｌｅａｄｅｒ", "Leader", "leader ", "lеader", "leader\u0301"):  # none is he
        assert posted(json.dumps({"user": user, "password": GOOD})).status in (401, 422), user
    for text in ("%00", "%c0%af", "%ed%a0%80", "%0a", "%1b"):
        assert WHO["leader"].get(f"/units?name={text}").status == 400, text


# ---- paths and headers --------------------------------------------------------------------------

@test("path traversal: paths that climb, escapes that are broken, escapes within escapes")
def _():
    for path in ("/api/v1/../../etc/passwd", "/api/v1/units/..%2f..%2fetc%2fpasswd",
                 "/api/v1/units/%2e%2e/plan", "/api/v1/units/..%5c..%5cetc", "/api/v1/units/%00",
                 "/api/v1/units/%252e%252e%252fetc", "/api/v1/units/%", "/api/v1/units/%4",
                 "/api/v1//units", "/api/v1/units/", "/api/v1/./units", "//api/v1/units",
                 "/api/v1/units/" + "a" * 5000, "/etc/passwd", "*", "/"):
        got = WHO["leader"].ask("GET", path)
        assert got.status in (400, 404, 414, 431), f"{path[:40]}: {got.status}"
        assert "root:" not in got.text


@test("header injection: no line end of a request gets into the head of an answer")
def _():
    for path in ("/units/x%0d%0aSet-Cookie:%20a=b", "/units?name=%0d%0aX-Evil:%201",
                 "/units/x%e5%98%8a%e5%98%8dX-Evil:1"):
        got = WHO["leader"].get(path)
        assert got.status in (400, 404) and "X-Evil" not in got.headers
        assert "Set-Cookie" not in got.headers
    for line in (b"X: a\rX-Evil: 1\r\n", b"Cookie: tizhi=a\x0d\r\n", b"X: \x00\r\n"):
        answers, _ = say(SERVICE.port, GET + line + b"Connection: close\r\n\r\n")
        assert all("x-evil" not in a.headers for a in answers), answers


@test("method override: the method is the one of the request line")
def _():
    a = SERVICE.login("filler")
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        assert a.get("/session", headers={name: "DELETE"}).status == 200
        assert a.get("/session?_method=DELETE").status == 400
    assert a.get("/session").status == 200
    for method in ("TRACE", "CONNECT", "PATCH", "PROPFIND", "get", "GETS"):
        assert SERVICE.asker().ask(method, "/api/v1/session").status in (400, 405), method


@test("host header and cache poisoning: what a client says of host and path changes no answer")
def _():
    a = WHO["leader"]
    want = a.get("/units")
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"},
                    {"X-Forwarded-Proto": "gopher"}, {"X-Original-URL": "/api/v1/session"},
                    {"X-Rewrite-URL": "/api/v1/session"}, {"Forwarded": "host=evil.example"},
                    {"X-Forwarded-For": "10.0.0.1"}, {"X-Forwarded-Prefix": "/evil"}):
        got = a.get("/units", headers=headers)
        assert got.text == want.text and "evil" not in str(got.headers), headers
    assert "private" in want.headers["Cache-Control"] and "Cookie" in want.headers["Vary"]
    assert a.get("/session").headers["Cache-Control"] == "no-store"
    assert a.get("/units?nothing=1").headers["Cache-Control"] == "no-store"


# ---- stored scripts -----------------------------------------------------------------------------

@test("XSS: a stored script comes out as text of JSON, and no browser runs it")
def _():
    got = WHO["leader"].get("/units/E")
    assert got.json["name"] == SCRIPT
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in got.headers["Content-Security-Policy"]
    for path in (f"/units/{part(SCRIPT)}", f"/units?name={part(SCRIPT)}&{part(SCRIPT)}=1"):
        got = WHO["leader"].get(path, headers={"Accept": "text/html"})
        assert got.headers["Content-Type"] == "application/problem+json", got.headers


@test("XSS: in a table a stored formula is a text, and the table is a file, not a page")
def _():
    got = WHO["leader"].get("/units?format=csv&under=F")
    assert "HYPERLINK" in got.text and ",=" not in got.text and ',"=' not in got.text, got.text
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Type"].startswith("text/csv")


# ---- sessions -----------------------------------------------------------------------------------

@test("session fixation: a token that is brought along is never taken over")
def _():
    brought = "tizhi=" + "A" * 52 + ".leader"
    for cookie in (brought, f"x=1; {brought}", f"{brought}; {brought}"):
        a = SERVICE.asker()
        a.cookie = cookie
        got = a.post("/session", LOGIN)
        assert got.status == 200 and "A" * 52 not in got.headers["Set-Cookie"]
        old = SERVICE.asker()
        old.cookie = cookie
        assert old.get("/session").status == 401


@test("session fixation: another user's login in the same browser ends the first session")
def _():
    a = SERVICE.login("leader")
    first = a.cookie
    assert a.post("/session", {"user": "filler", "password": GOOD}).status == 200
    assert a.cookie != first and a.get("/session").json["user"] == "filler"
    a.cookie = first
    assert a.get("/session").status == 401


@test("session theft: a token is good for its user alone, and dead after logging out")
def _():
    a = SERVICE.login("leader")
    good = a.cookie
    for bad in (good[:-1], good[:10] + ("B" if good[10] != "B" else "C") + good[11:],
                good.replace(".leader", ".sec"), good.replace(".leader", ".LEADER"),
                good.replace("tizhi=", "__Host-tizhi="), "tizhi=", "tizhi=x.y",
                "tizhi=" + "a" * 9000, good.split(".")[0], good.upper()):
        a.cookie = bad
        assert a.get("/session").status in (401, 431), bad
    a.cookie = good
    assert a.delete("/session").status == 204
    a.cookie = good
    assert a.get("/session").status == 401


@test("session theft: changing the password ends every other session")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        thief, owner = s.login("filler"), s.asker()
        got = owner.post("/session/password", {"user": "filler", "password": GOOD,
                                               "next": "Kumis-10-lamps"})
        assert got.status == 200, got.text
        assert thief.get("/session").status == 401 and owner.get("/session").status == 200


# ---- guessing -----------------------------------------------------------------------------------

@test("brute force: guesses are slowed down, then locked; a right password does not help then")
def _():
    a = ANYONE
    body = {"user": "guessed", "password": "wrong-9-Word"}
    assert a.post("/session", body).status == 401
    for _ in range(20):  # too early: not looked at, not counted
        assert a.post("/session", body | {"password": GOOD}).status == 401
    assert "possible in" in a.post("/session", body | {"password": GOOD}).text


@test("brute force: many at once get no more tries than one")
def _():
    with Service(TOWN.copy(), "workers=8") as s:
        got = []
        each = [threading.Thread(target=lambda i=i: got.append(s.asker().post(
            "/session", {"user": "guessed", "password": f"wrong-{i}"}).text)) for i in range(40)]
        for t in each:
            t.start()
        for t in each:
            t.join()
        looked_at = [x for x in got if "possible in" not in x]
        assert len(got) == 40 and len(looked_at) <= 2, looked_at


def until_refused(ask):
    """The answer that says 429, after a few that do not."""
    got = [ask() for _ in range(2)]
    assert [x.status for x in got] == [200, 200]
    while got[-1].status == 200 and len(got) < 100:
        got.append(ask())
    assert got[-1].status == 429, len(got)
    return got[-1]


@test("brute force: an address that asks too often is told when to come again")
def _():
    with Service(TOWN.copy(), "rate=1", "burst=3", "proxy=127.0.0.1") as s:
        a = s.asker()
        got = until_refused(lambda: a.get("/health"))
        assert int(got.headers["Retry-After"]) >= 1
        beside = a.get("/health", headers={"X-Forwarded-For": "evil, 10.1.1.1"})
        assert beside.status == 200  # behind the proxy each address has its own


@test("brute force: an address that a stranger makes up does not count")
def _():
    with Service(TOWN.copy(), "rate=1", "burst=3") as s:
        a, n = s.asker(), itertools.count()
        until_refused(lambda: a.get("/health", headers={"X-Forwarded-For": f"10.0.0.{next(n)}"}))


@test("user enumeration: unknown user, wrong password, no password: one answer")
def _():
    with Service(TOWN.copy()) as s:
        said = []
        for user, word in (("leader", "wrong-9-Word"), ("ghost", GOOD), ("sec", ""), ("x'--", "x"),
                           ("", "x")):
            got = s.asker().post("/session", {"user": user, "password": word})
            assert got.status == 401 and "Set-Cookie" not in got.headers, got.text
            said.append({k: v for k, v in got.json.items() if k != "request"})
        assert all(x == said[0] for x in said), said


@test("user enumeration: comparable work for users there are and there are not")
def _():
    b = TOWN.copy()  # with hashes of full cost its people are not let in; the work is the same
    spent = {True: 0.0, False: 0.0}
    with Service(b, cheap=False) as s:
        for user in ("sys", "ghost1", "sec", "ghost2", "aud", "ghost3"):
            before = s.cpu()
            s.asker().post("/session", {"user": user, "password": "wrong-9-Word"})
            spent[user.startswith("ghost")] += s.cpu() - before
    assert spent[False] > 0.1 and 0.5 < spent[True] / spent[False] < 2, spent


# ---- what others have ---------------------------------------------------------------------------

@test("IDOR: what is another unit's is not told by its number (all routes: run_matrix.py)")
def _():
    mine, others = WHO["filler"], WHO["other"]
    assert mine.get("/units/D/overview").status == 200
    assert others.get("/units/D/overview").status == 403
    assert others.get("/verdicts?unit=D").status == 403
    assert others.get("/verdicts?under=D").status == 403
    rows = others.get("/verdicts?unit=E").json["verdicts"]
    assert all(v["unit"] == "E" for v in rows), rows


@test("IDOR: sessions and tokens of others are neither seen nor ended by their number")
def _():
    owner, thief = SERVICE.login("leader"), WHO["other"]
    (number,) = [s["id"] for s in owner.get("/sessions").json["sessions"] if s["own"]]
    until = str(datetime.date.today() + datetime.timedelta(days=9))
    token = owner.post("/tokens", {"name": "t", "operations": ["unit.read"], "until": until,
                                   "password": GOOD}).json
    for path in (f"/sessions/{number}", "/tokens/t"):
        assert thief.delete(path).status in (403, 404), path
        assert thief.delete(path + "%2f..").status in (400, 403, 404), path
    assert owner.get("/session").status == 200
    program = SERVICE.asker()
    bearer = {"Authorization": f"Bearer {token['token']}"}
    assert program.get("/units", headers=bearer).status == 200
    assert program.get("/verdicts", headers=bearer).status == 403
    for path in ("/users/leader", "/users/leader/sessions", "/users/leader/tokens",
                 "/seats/r.leader.leader"):
        assert thief.get(path).status in (403, 404), path


@test("the public: a route without a session opens no other, and takes nothing that is sent to it")
def _():
    everything = ANYONE.get("/public")
    assert everything.status == 404 and ANYONE.get("/public/commitments/A.1").status == 404
    with Service(SERVICE.book, "public=yes") as open_:
        a = open_.asker()
        want = a.get("/public")
        assert want.status == 200 and "alert" not in want.text and "HYPERLINK" not in want.text
        for path in ("/public/units", "/public/../units", "/public%2f..%2funits", "/public/",
                     "/public/commitments", "/public/commitments/A.1/units/D", "/public//units",
                     "/public/commitments/A.1%2funits%2fD", "/public;/units", "/public?unit=D"):
            assert a.get(path).status in (400, 404), path
        for headers in ({"Cookie": WHO["leader"].cookie}, {"Cookie": "tizhi=" + "A" * 52 + ".sec"},
                        {"Authorization": "Bearer x"}, {"X-Forwarded-For": "10.0.0.1"},
                        {"X-Original-URL": "/api/v1/units"}, {"Host": "evil.example"}):
            got = a.get("/public", headers=headers)
            assert got.text == want.text and got.status == 200, (headers, got.text)
            assert "Set-Cookie" not in got.headers, headers
        for method in ("POST", "PUT", "DELETE"):
            got = a.ask(method, "/api/v1/public", body={})
            assert got.status == 405 and got.headers["Allow"] == "GET", method
        for path in ("/units", "/verdicts", "/commits", "/commitments/A.1", "/units/R/overview"):
            assert a.get(path).status == 401, path


@test("after all of it the service stands, and the chain of the book too")
def _():
    assert ANYONE.get("/health").status == 200
    SERVICE.book("audit", "verify", who="aud")


SERVICE.stop()
sys.exit(main())
