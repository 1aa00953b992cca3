#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`tizhi serve --demo`: a region with people in it, made in seconds; everybody can be tried out,
has something to do, and is marked.
Prints TAP."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import ROOT, TIZHI, Town  # noqa: E402
from service import Service  # noqa: E402
from tap import main, test  # noqa: E402

FOLDER = tempfile.TemporaryDirectory()
ROLES = {"issuer", "leader", "inspector", "reviewer", "filler", "head", "system", "security",
         "audit"}


class Demo(Service):
    """Like a service over a book, but it makes the book."""

    def __init__(self, *words, env=None):
        super().__init__(None, plain=False)
        self.words = words
        self.env = env or {}

    def arguments(self):
        return [TIZHI, "serve", "--demo", "--pack", ROOT / "plans/nmg-2024", "--lang", "en",
                "--percent", "2", *self.words]


def todo(demo, user, password):
    """What waits for somebody, by the command line."""
    place = ["--book", Path(FOLDER.name) / "town/demo.book", "--lang", "en",
             "--session", Path(FOLDER.name) / f"{user}.session"]
    env = dict(os.environ, TIZHI_TEST_CHEAP_PASSWORDS="1")
    subprocess.run([TIZHI, "user", "login", "--as", user, *place], input=f"{password}\n".encode(),
                   check=True, capture_output=True, env=env)
    return subprocess.run([TIZHI, "todo", *place, "--pack", ROOT / "plans/nmg-2024"], check=True,
                          capture_output=True, text=True, env=env).stdout


@test("a region is made, with accounts of every role that everybody may know")
def _():
    with Demo("--out", Path(FOLDER.name) / "town") as s:
        got = s.asker().get("/demo").json
        assert s.asker().get("/health").json["demo"] is True
        assert {a["role"] for a in got["accounts"]} == ROLES, got
        for account in got["accounts"]:
            a = s.login(account["user"], got["password"])
            me = a.get("/session").json
            assert me["demo"] is True and me["stale"] is False, me
            assert me["seats"][0]["unit_name"] == account["unit_name"], (me, account)
        schools = [a["unit_name"] for a in got["accounts"] if "学校" in a["name"]]
        assert len(schools) == 3 and all(x.startswith("示例") for x in schools), schools
        assert "review" in todo(s, "county-reviewer", got["password"])
        assert "fill in" in todo(s, "school-filler", got["password"])
        assert s.stop() == 0


@test("the same folder is served again as it was left")
def _():
    before = (Path(FOLDER.name) / "town/demo.book").stat().st_ino
    with Demo("--out", Path(FOLDER.name) / "town") as s:
        assert s.asker().get("/demo").status == 200
        assert "making" not in "".join(s.said), s.said
    assert (Path(FOLDER.name) / "town/demo.book").stat().st_ino == before


@test("without a folder it goes to a temporary one and says where")
def _():
    with Demo(env={"TMPDIR": FOLDER.name}) as s:
        where = re.search(r"the data are in (\S+),", "".join(s.said)).group(1)
        assert where.startswith(FOLDER.name) and (Path(where) / "demo.book").exists()


@test("where the data count nobody is told of accounts")
def _():
    town = Town("计划 t { 年度 2024 至 2026 }\n层级 省 > 县\n对象 县 { 数据 人数 : 人 每年 }\n",
                "code,name,kind,parent\nR,省,省,\n", {})
    with Service(town, "demo=yes") as s:
        assert s.asker().get("/demo").status == 404


@test("what cannot be made is said, and nothing is served")
def _():
    done = subprocess.run([TIZHI, "serve", "--demo", "--out", "/proc/none", "--lang", "en",
                           "--pack", ROOT / "plans/nmg-2024"], capture_output=True, text=True)
    assert done.returncode == 4 and "error:" in done.stderr and "port" not in done.stderr


sys.exit(main())
