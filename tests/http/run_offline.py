#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packages over HTTP: a round goes out of the centre's service on a stick, a school's own book is
filled in by the command line, the answer comes back to the service; conflicts, choices, who may,
and what does not fit. Prints TAP."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import ADMINS, Book, Town, run  # noqa: E402
from service import Service  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 县 > 学校
对象 学校 属于 县 {
  数据 学生 : 人 每年 小数 0  数据 教师 : 人 每年 小数 0
  数据 残疾 : 人 每年 小数 0 密级 密封
}
报表 F1 基本 { 对象 学校 每年 项 学生, 教师 截止 10-15 }
报表 F2 残疾 { 对象 学校 每年 项 残疾 截止 10-15 }
"""
UNITS = """code,name,kind,parent
R,省,省,
D,甲县,县,R
E,乙县,县,R
S1,一小,学校,D
S2,二小,学校,D
T1,三小,学校,E
"""
FACTS = """unit,item,period,value
S1,残疾,2024,70707071
S2,学生,2024,80808081
S2,残疾,2024,90909091
"""
PEOPLE = {"iss": ["issuer R sensitive"], "f1": ["filler S1 internal"], "x1": ["filler S1 sealed"],
          "rd": ["reviewer D internal"], "re": ["reviewer E internal"],
          "ld": ["leader D internal"]}
TOWN = Town(PLAN, UNITS, PEOPLE, [("facts.csv", FACTS)])
for round_, form in (("R1", "F1"), ("R2", "F2")):
    TOWN("round", "open", round_, "--form", form, "--period", "2025", "--due", "2199-01-01",
         "--minutes", "3", who="iss")
KEYS = TOWN.dir / "centre.key", TOWN.dir / "school.key"
for key in KEYS:
    assert run("audit", "key", key)[0] == 0
UNTIL = {"until": "2199-06-01"}
BYTES = {"X-Tizhi": "1", "Content-Type": "application/octet-stream"}


def want(answer, status, says=""):
    assert answer.status == status, f"{answer.status}, not {status}: {answer.text[:500]}"
    assert says in answer.text, answer.text
    return answer.json


def send(asker, data, query=""):
    return asker.ask("POST", f"/api/v1/packages{query}", body=data, headers=BYTES)


def one(answer):
    row, = want(answer, 200)["units"]
    return row


class School:
    """A local book, filled from the package, with people of its own."""

    def __init__(self, package, fingerprint):
        self.stick = TOWN.dir / "stick"
        self.stick.write_bytes(package)
        b = self.book = Book()
        b.pack = TOWN.pack
        b("pack-in", self.stick, "--fingerprint", fingerprint)
        b.pack = Path(f"{b.book}.plan")
        for user, once in b("user", "found", *ADMINS, fmt="json").items():
            b.settle(user, once)
        b.user("li", "filler S1 internal")

    def answer(self, students):
        form = self.book.dir / "form.csv"
        form.write_text(f"item,value\n学生,{students}\n教师,20\n", "utf-8")
        for act in (("save", "R1", form), ("submit", "R1")):
            self.book("report", *act, "--unit", "S1", who="li")
        file = self.book.dir / "answer"
        said = self.book("pack-out", file, "--key", KEYS[1], who="li", fmt="json")
        return file.read_bytes(), said["fingerprint"]


def serve(book):
    return Service(book, f"package_key={KEYS[0]}")


def commits(book):
    return book("book", "status", who="rd", fmt="json")["commits"]


with serve(TOWN) as S:
    OUT = S.login("rd").post("/rounds/R1/packages/S1", UNTIL)
    KEY = S.login("ld").get("/packages/key").json
SCHOOL = School(OUT.bytes, KEY["fingerprint"])
ANSWER, PRINT = SCHOOL.answer(300)


@test("a round package is a file of the unit alone, and the log says who has taken it")
def _():
    assert OUT.status == 200 and OUT.type == "application/octet-stream", OUT.text[:200]
    assert OUT.headers["Content-Disposition"].startswith('attachment; filename="R1-S1.tizhi"')
    assert OUT.bytes.startswith(b"tizhi-package-1 ") and "一小" in OUT.text
    assert not [x for x in ("70707071", "80808081", "90909091", "二小") if x in OUT.text]
    assert KEY["on"] is True
    log = TOWN("audit", "log", "--act", "offline.out", who="aud")
    assert log.count("user/rd") == 1, log


@test("the answer comes back as if reported directly, once, by who has compared the key")
def _():
    b = TOWN.copy()
    with serve(b) as s:
        rd = s.login("rd")
        said = want(send(rd, ANSWER), 403, PRINT)
        assert "fingerprint" in said["hint"], said
        n = commits(b)
        dry = one(send(rd, ANSWER, f"?fingerprint={PRINT}&dry=yes"))
        assert (dry["outcome"], dry["commit"]) == ("new", 0) and commits(b) == n, dry
        took = one(send(rd, ANSWER, f"?fingerprint={PRINT}"))
        assert took["outcome"] == "new" and took["commit"] > n, took
        n = commits(b)
        again = one(send(rd, ANSWER))
        assert (again["outcome"], again["commit"]) == ("here", took["commit"]), again
        assert commits(b) == n
        r = want(rd.get("/rounds/R1/reports/S1"), 200)
        assert r["state"] == "submitted", r
        assert [c["value"] for c in r["cells"]] == ["300", "20"], r["cells"]
        (b.dir / "back").write_bytes(ANSWER)
        cli = b("pack-in", b.dir / "back", who="rd", fmt="json")
        assert cli == want(send(rd, ANSWER), 200), cli
    b("audit", "verify", who="aud")


@test("a conflict is told cell by cell until somebody chooses; both choices hold")
def _():
    for choice, students, outcome in (("theirs", "300", "new"), ("ours", "350", "kept")):
        b = TOWN.copy()
        form = b.dir / "form.csv"
        form.write_text("item,value\n学生,350\n教师,20\n", "utf-8")
        for act in (("save", "R1", form), ("submit", "R1")):
            b("report", *act, "--unit", "S1", who="f1")
        with serve(b) as s:
            rd = s.login("rd")
            for _ in range(2):
                row = one(send(rd, ANSWER, f"?fingerprint={PRINT}"))
                assert (row["outcome"], row["who"], row["act"]) == ("conflict", "user/f1",
                                                                    "submit"), row
                cell, = row["cells"]
                assert (cell["theirs"], cell["ours"]) == ("300", "350"), row
            n = commits(b)
            for bad in ("S1", "S1=", "=theirs", "S1=both"):
                assert want(send(rd, ANSWER, f"?take={bad}"), 400)["at"] == "take"
            assert commits(b) == n
            assert one(send(rd, ANSWER, f"?take=T1=ours&take=S1={choice}"))["outcome"] == outcome
            r = want(rd.get("/rounds/R1/reports/S1"), 200)
            assert r["cells"][0]["value"] == students, r["cells"]


@test("who may not carry the unit takes nothing out or in, and accepts no key")
def _():
    b = TOWN.copy()
    with serve(b) as s:
        re, ld, x1, rd, iss, f1 = (s.login(u) for u in ("re", "ld", "x1", "rd", "iss", "f1"))
        n = commits(b)
        for who in (re, ld):
            want(who.post("/rounds/R1/packages/S1", UNTIL), 403)
        want(s.asker().post("/rounds/R1/packages/S1", UNTIL), 401)
        want(rd.post("/rounds/R1/packages/S1", UNTIL | {"others": ["T1"]}), 403)
        for who in (rd, iss, f1):
            want(who.post("/rounds/R2/packages/S1", UNTIL), 403, "offline.out")
        want(send(ld, ANSWER, f"?fingerprint={PRINT}"), 403, "offline.in")
        row = one(send(re, ANSWER, f"?fingerprint={PRINT}"))
        assert row["outcome"] == "refused" and row["zh"] and commits(b) == n, row
        want(send(rd, ANSWER), 403, PRINT)  # nobody has accepted it yet
        sealed = x1.post("/rounds/R2/packages/S1", UNTIL)
        assert "70707071" in sealed.text and "90909091" not in sealed.text, sealed.text[:300]


@test("what does not fit is refused with the reason")
def _():
    b = TOWN.copy()
    with serve(b) as s:
        rd = s.login("rd")
        n = commits(b)
        for wish in ({}, {"until": "2001-01-01"}, {"until": "soon"}, UNTIL | {"others": ["zz"]}):
            answer = rd.post("/rounds/R1/packages/S1", wish)
            assert answer.status in (400, 403, 404, 422), (wish, answer.status, answer.text)
        want(rd.post("/rounds/none/packages/S1", UNTIL), 404)
        for data, status, says in ((b"PK\3\4" + bytes(100), 422, "no package"),
                                   (ANSWER[:-1], 422, "cut off"), (ANSWER + b"x", 422, "behind"),
                                   (OUT.bytes, 409, "round package")):
            want(send(rd, data, f"?fingerprint={PRINT}"), status, says)
        assert commits(b) == n
    other = Town(PLAN, UNITS, {"rd": ["reviewer D internal"]})
    with Service(other) as s:
        rd = s.login("rd")
        want(send(rd, ANSWER, f"?fingerprint={PRINT}"), 409, "not for this one")
        assert rd.get("/packages/key").json == {"on": False, "fingerprint": ""}
        assert "package_key" in want(rd.post("/rounds/R1/packages/S1", UNTIL), 422)["hint"]


sys.exit(main())
