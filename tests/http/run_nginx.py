#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The service behind nginx as packaging/nginx/tizhi.conf sets it up: the file is right, sessions go
over TLS, and no request means one thing to nginx and another to the service. Prints TAP."""
import json
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import GOOD, Town  # noqa: E402
from nginx import NAME, Nginx  # noqa: E402
from raw import GET, HARMLESS, HIDDEN, HOST, LAST, SMUGGLED, say  # noqa: E402
from service import Service  # noqa: E402
from tap import main, test  # noqa: E402

if not shutil.which("nginx", path="/usr/sbin:/usr/bin"):
    print("1..0 # skip nginx is not installed")
    sys.exit(0)

PLAN = "计划 t { 年度 2024 至 2026 }\n层级 省 > 县\n对象 县 { 数据 人数 : 人 每年 }\n"
UNITS = "code,name,kind,parent\nR,省,省,\nD,县,县,R\n"
TOWN = Town(PLAN, UNITS, {"li": ["leader R internal"]})
LOGIN = json.dumps({"user": "li", "password": GOOD}).encode()
POST = (b"POST /api/v1/session HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
        b"Connection: close\r\nContent-Length: %d\r\n" % len(LOGIN))


def ask(front, data):
    return say(front.https, data, tls=(front.tls(), NAME))


def cases(service, front):
    @test("nginx has nothing against the file")
    def _():
        assert front.check() == "", front.check()

    @test("without TLS one is sent to the address with TLS, whatever host was named")
    def _():
        for host in (HOST, b"Host: evil.example\r\n"):
            asked = b"GET /x HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n"
            (got,), _ = say(front.http, asked)
            assert got.status == 308 and got.headers["location"] == f"https://{NAME}/x", got

    @test("a session over TLS: its cookie is of this host alone, and forged requests are refused")
    def _():
        (got,), _ = ask(front, POST + b"Origin: https://" + NAME.encode() + b"\r\n\r\n" + LOGIN)
        assert got.status == 200, got
        cookie = got.headers["set-cookie"]
        assert cookie.startswith("__Host-tizhi=") and "Secure" in cookie
        (me,), _ = ask(front, b"GET /api/v1/session HTTP/1.1\r\n" + HOST + b"Connection: close\r\n"
                       b"Cookie: " + cookie.split(";")[0].encode() + b"\r\n\r\n")
        assert me.status == 200 and json.loads(me.body)["user"] == "li", me
        (got,), _ = ask(front, POST + b"Origin: https://evil.example\r\n\r\n" + LOGIN)
        assert got.status == 403, got

    @test("host header: another name is not served")
    def _():
        (got,), _ = ask(front, b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        assert got.status == 421, got

    @test("an address that a client makes up is not believed")
    def _():
        ask(front, GET + b"X-Forwarded-For: 6.6.6.6\r\nConnection: close\r\n\r\n")
        assert not any("6.6.6.6" in line for line in service.log), service.log[-1]

    @test("request smuggling: nginx and the service count the same requests")
    def _():
        for name, data in {**SMUGGLED, **HARMLESS}.items():
            before = len(front.passed()), len(service.log)
            ask(front, data + HIDDEN + LAST)
            ask(front, LAST)  # the next client on the connection that is kept to the service
            passed = front.passed()[before[0]:]
            service.settle(passed[-1])
            got = [json.loads(x)["request"] for x in service.log[before[1]:]]
            assert sorted(got) == sorted(passed), (name, passed, got)


with Service(TOWN.copy(), "proxy=127.0.0.1", f"origin=https://{NAME}", plain=False) as S:
    with Nginx(S, patient=True) as F:
        cases(S, F)


@test("who asks too often is told so by nginx already")
def _():
    with Service(TOWN.copy(), "proxy=127.0.0.1", plain=False) as s, Nginx(s) as front:
        got = [200]
        while got[-1] == 200 and len(got) < 200:
            got.append(ask(front, POST + b"\r\n" + LOGIN)[0][0].status)
        assert 10 < len(got) < 200 and got[-1] == 429, got


sys.exit(main())
