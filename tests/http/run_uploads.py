#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files that are sent to the service: whole, in pieces, too large, cut off, slow, by nobody, from
elsewhere, onto a full disk; and nothing of them stays. Prints TAP."""
import json
import os
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from service import Service, part  # noqa: E402
from sheets import Sheet  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 学校
条款 A 附件1
对象 学校 属于 省 { 数据 学生 : 人 每年 }
指标 A.1 学生 { 依据 附件1 计算 求和(学校.学生) 目标 每年 每个 省 不低于 100人 }
"""
UNITS = "code,name,kind,parent,from,to,alias\nR,某省,省,,,,\nS1,一校,学校,R,,,\n"
TOWN = Town(PLAN, UNITS, {"li": ["filler S1 internal"]})
TEMP = TOWN.dir / "temp"
TEMP.mkdir()
SERVICE = Service(TOWN, f"temp={TEMP}", "upload_mib=2", "arrive_seconds=2", "idle_seconds=3")
SERVICE.__enter__()
LI = SERVICE.login("li")
BYTES = {"X-Tizhi": "1", "Content-Type": "application/octet-stream"}
CSV = "甲,乙\n1,2\n3,4\n".encode()


def send(data, path="/sheets?name=a.csv", asker=LI, **headers):
    more = {k: v for k, v in (BYTES | {k.replace("_", "-"): v for k, v in headers.items()}).items()
            if v is not None}
    return asker.ask("POST", f"/api/v1{path}", body=data, headers=more)


def left():
    """Open files below the folder, as the process has them, and names in it. (The library may
    see the end of a connection no sooner than when it has been idle for too long.)"""
    fds = Path(f"/proc/{SERVICE.process.pid}/fd")
    found = [x for x in TEMP.rglob("upload-*")]
    for fd in fds.iterdir():
        try:
            found += [x for x in (os.readlink(fd),) if str(TEMP) in x]
        except FileNotFoundError:
            pass
    return found


def nothing_left():
    end = time.monotonic() + 10
    while left() and time.monotonic() < end:
        time.sleep(0.02)
    assert not left(), left()


def raw(head, *pieces, pause=0.0, read=True):
    """Bytes as they are, with pauses; what came back."""
    s = socket.create_connection(("127.0.0.1", SERVICE.port), timeout=30)
    lines = [f"Host: 127.0.0.1:{SERVICE.port}", f"Cookie: {LI.cookie}", "Accept-Language: en",
             "X-Tizhi: 1", "Content-Type: application/octet-stream"]
    try:
        s.sendall("\r\n".join(["POST /api/v1/sheets HTTP/1.1", *lines, *head, "", ""]).encode())
        for piece in pieces:
            time.sleep(pause)
            s.sendall(piece)
        return b"" if not read else read_all(s)
    except (BrokenPipeError, ConnectionResetError):
        return b"cut off"
    finally:
        s.close()


def read_all(s):
    got = b""
    while True:
        more = s.recv(65536)
        if not more:
            return got
        got += more
        last = got.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
        if b"\r\n\r\n" in last:
            head, body = last.split(b"\r\n\r\n", 1)
            length = [int(x.split(b":")[1]) for x in head.split(b"\r\n")
                      if x.lower().startswith(b"content-length:")]
            if length and len(body) >= length[0]:
                return got


@test("what is in a workbook or a table is told, with the name its sender gives it")
def _():
    got = send(CSV, "/sheets?name=" + part("送教 名单.csv"))
    assert got.status == 200, got.text
    assert got.json["name"] == "送教 名单.csv" and got.json["kind"] == "csv", got.json
    assert got.json["sheets"][0]["rows"] == 3 and got.json["sheets"][0]["columns"] == 2
    sheet = Sheet()
    sheet.add("a", "b", 3)
    sheet.add()
    sheet.add(1, None, "c")
    sheet.hidden = [2]
    data = sheet.write(TOWN.dir / "x.xlsx").read_bytes()
    one = send(data, Content_Type="application/vnd.ms-excel").json
    want = {"name": "Sheet1", "state": "visible", "rows": 2, "hidden_rows": 1, "columns": 3,
            "cells": 5, "formulas": 0}
    assert one["kind"] == "xlsx" and one["bytes"] == len(data) and one["sheets"] == [want], one
    nothing_left()


@test("what is no workbook is refused with the reason")
def _():
    for data, want in ((b"\x00\x01\x02" * 100, 422), (b"PK\x03\x04" + b"x" * 100, 422),
                       (b"", 422)):
        got = send(data)
        assert got.status == want and got.json["title"], got.text
    nothing_left()


@test("a file up to the limit is taken, and one byte more is not")
def _():
    line = "甲,乙,丙丁\n".encode()
    data = (line * (2 * 1024 * 1024 // len(line) + 1))[:2 * 1024 * 1024]
    data = data[:-1] + b"\n" if data[-1:] != b"\n" else data
    whole = data.decode("utf-8", "ignore").encode()
    assert send(whole.ljust(2 * 1024 * 1024, b"\n")).status == 200
    got = send(b"x" * (2 * 1024 * 1024 + 1))
    assert got.status == 413 and got.json["type"] == "tizhi:limit", got.text
    nothing_left()


@test("a file whose length is not said is not taken, one that lies about it neither")
def _():
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(CSV), CSV)
    assert raw(["Transfer-Encoding: chunked"], chunks).startswith(b"HTTP/1.1 411")
    assert raw([]).startswith(b"HTTP/1.1 422")  # no length at all is no body
    for head in ("Content-Length: 5\r\nContent-Length: 6", "Content-Length: -1",
                 "Content-Length: 5\r\nTransfer-Encoding: chunked"):
        assert raw([head], CSV).startswith(b"HTTP/1.1 400"), head
    nothing_left()


@test("who asks first whether he may send is told so")
def _():
    got = raw([f"Content-Length: {len(CSV)}", "Expect: 100-continue"], CSV, pause=0.1)
    assert got.startswith(b"HTTP/1.1 100") and b"HTTP/1.1 200" in got, got


@test("nobody, another site, a form, a name with folders: refused before a byte is read")
def _():
    big = {"Content-Length": str(2 * 1024 * 1024)}
    for asker, more, want in ((SERVICE.asker(), {}, 401),
                              (LI, {"X-Tizhi": None}, 403), (LI, {"X-Tizhi": "yes"}, 403),
                              (LI, {"Origin": "https://evil.example"}, 403),
                              (LI, {"Sec-Fetch-Site": "cross-site"}, 403),
                              (LI, {"Content-Type": "text/plain"}, 415),
                              (LI, {"Content-Type": "multipart/form-data; boundary=x"}, 415),
                              (LI, {"Content-Type": None}, 415)):
        headers = {k: v for k, v in (BYTES | big | more).items() if v is not None}
        got = asker.ask("POST", "/api/v1/sheets", headers=headers)  # no body at all comes
        assert got.status == want, (more, got.status, got.text)
    for name in ("../a", "a/b", "a\\b", "x" * 300, "a%00b", "a%0d%0ab"):
        got = send(CSV, "/sheets?name=" + name.replace("\\", "%5c"))
        assert got.status == 400, (name, got.status)
    nothing_left()


@test("a connection that is cut in the middle leaves nothing")
def _():
    for n in (0, 10, 70000, 1500000):
        assert raw(["Content-Length: 2000000"], b"x" * n, read=False) == b""
    nothing_left()
    assert send(CSV).status == 200


@test("who sends too slowly is cut off, who sends slowly is not")
def _():
    slow = raw(["Content-Length: 1000"], *[b"x"] * 60, pause=0.1)
    assert slow in (b"cut off", b""), slow
    nothing_left()
    fine = raw([f"Content-Length: {len(CSV)}"], *[CSV[i:i + 1] for i in range(len(CSV))],
               pause=0.05)
    assert fine.startswith(b"HTTP/1.1 200"), fine


@test("a disk that is full is said, and the room is given back")
def _():
    with Service(TOWN.copy(), f"temp={TEMP}", limit_file=1024 * 1024) as s:
        a = s.login("li")
        got = send(b"x" * 1500000, asker=a)
        assert got.status == 507 and got.json["type"] == "tizhi:io", (got.status, got.text)
        assert send(CSV, asker=a).status == 200


@test("the log says what was sent and by whom, and not its name")
def _():
    send(CSV, "/sheets?name=geheim.csv")
    assert SERVICE.stop() == 0
    lines = [json.loads(x) for x in SERVICE.log]
    assert any(x["route"] == "/api/v1/sheets" and x["user"] == "li" and x["status"] == 200
               for x in lines), lines[-3:]
    assert any(x["status"] == 408 for x in lines)
    assert "geheim" not in "".join(SERVICE.log) + "".join(SERVICE.said)
    assert not list(TEMP.iterdir())


sys.exit(main())
