#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The files of the web application as the service hands them out: types, caches, policy, pages
whose address is no file, and no way out of the folder. Prints TAP."""
import gzip
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import TIZHI, Town  # noqa: E402
from service import Service  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 学校
条款 A 附件1
对象 学校 属于 省 { 数据 学生 : 人 每年 }
指标 A.1 学生 { 依据 附件1 计算 求和(学校.学生) 目标 每年 全省 不低于 100人 }
"""
UNITS = "code,name,kind,parent,from,to,alias\nR,某省,省,,,,\nS1,一校,学校,R,,,\n"
PAGE = {"Accept": "text/html,application/xhtml+xml;q=0.9"}

FOLDER = tempfile.TemporaryDirectory()
WEB = Path(FOLDER.name) / "web"
(WEB / "assets").mkdir(parents=True)
(WEB / "index.html").write_text("<!doctype html><title>提质</title>", "utf-8")
(WEB / "icon.svg").write_text("<svg/>", "utf-8")
(WEB / "assets" / "a-1f.js").write_text("const a = 1;\n" * 1000, "utf-8")
(WEB / "assets" / "a-1f.css").write_text("a { }", "utf-8")
(WEB / ".secret").write_text("secret", "utf-8")
(Path(FOLDER.name) / "beside.html").write_text("beside", "utf-8")

TOWN = Town(PLAN, UNITS, {"li": ["filler S1 internal"]})
SERVICE = Service(TOWN, f"web={WEB}")
SERVICE.__enter__()
ANYONE = SERVICE.asker()


def get(path, want=200, **more):
    got = ANYONE.ask("GET", path, **more)
    assert got.status == want, f"{path}: {got.status} {got.text[:200]}"
    return got


@test("files come with their types, under a policy without inline code")
def _():
    for path, kind in (("/index.html", "text/html; charset=utf-8"), ("/icon.svg", "image/svg+xml"),
                       ("/assets/a-1f.js", "text/javascript; charset=utf-8"),
                       ("/assets/a-1f.css", "text/css; charset=utf-8")):
        got = get(path)
        assert got.headers["Content-Type"] == kind and "Set-Cookie" not in got.headers
        policy = got.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy, policy
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert got.headers["X-Content-Type-Options"] == "nosniff"


@test("what has a hash in its name is kept for a year, a page is asked for again each time")
def _():
    asset = get("/assets/a-1f.js")
    assert "immutable" in asset.headers["Cache-Control"]
    assert asset.headers["Vary"] == "Accept-Encoding"
    page = get("/", headers=PAGE)
    assert page.headers["Cache-Control"] == "no-cache"
    again = get("/", 304, headers=PAGE | {"If-None-Match": page.headers["ETag"]})
    assert again.text == ""


@test("files are packed for who reads gzip, and the tags of both forms differ")
def _():
    plain = get("/assets/a-1f.js")
    small = get("/assets/a-1f.js", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip" and small.text == plain.text
    assert int(small.headers["Content-Length"]) < len(gzip.compress(plain.text.encode())) + 100
    assert small.headers["ETag"] != plain.headers["ETag"]
    assert "Content-Encoding" not in get("/icon.svg", headers={"Accept-Encoding": "gzip"}).headers
    again = {"Accept-Encoding": "gzip", "If-None-Match": small.headers["ETag"]}
    assert "Content-Encoding" not in get("/assets/a-1f.js", 304, headers=again).headers


@test("the address of a page gets index.html from a browser, and nothing else does")
def _():
    for path in ("/", "/overview", "/units/R?year=2024", "/commitments/A.1", "/%E6%8F%90"):
        got = get(path, headers=PAGE)
        assert "<title>提质</title>" in got.text, path
        if path != "/":  # what somebody types who looks whether it is there
            assert get(path, 404).headers["Content-Type"] == "application/problem+json"
    assert "<title>提质</title>" in get("/").text
    for path in ("/assets/gone.js", "/assets/", "/assets", "/api", "/api/v1/none"):
        assert get(path, 404, headers=PAGE).json["status"] == 404
    assert get("/api/v1/health", headers=PAGE).json["ready"] is True
    assert ANYONE.ask("POST", "/index.html", headers=PAGE).status in (404, 405)
    head = ANYONE.ask("HEAD", "/assets/a-1f.js")
    assert head.status == 200 and head.text == "" and int(head.headers["Content-Length"]) == 13000


@test("no path leads out of the folder or to what is hidden in it")
def _():
    for path in ("/../beside.html", "/assets/../../beside.html", "/..%2fbeside.html", "/.secret",
                 "/%2e%2e/beside.html", "//index.html", "/assets//a-1f.js", "/assets/%61-1f.js"):
        get(path, 404)
        page = ANYONE.ask("GET", path, headers=PAGE)
        assert page.status == 404 or "<title>提质</title>" in page.text, path


@test("a folder without an application is told at the start, with what to do")
def _():
    for folder, word in ((WEB / "assets", "./x web"), (WEB / "none", "none")):
        done = subprocess.run([TIZHI, "serve", "--pack", TOWN.pack, "--book", TOWN.book, "--lang",
                               "en", "--set", f"web={folder}"], capture_output=True, text=True,
                              timeout=60)
        assert done.returncode in (3, 4) and word in done.stderr, done.stderr


@test("the interface is printed without a book")
def _():
    done = subprocess.run([TIZHI, "serve", "--openapi"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout == ANYONE.get("/openapi.json").text


SERVICE.stop()
sys.exit(main())
