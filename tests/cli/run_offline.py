#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A school without a network: a round out of the centre's book on a stick, a local book with its
own people, the answer back; twice, with two editors, and with hostile packages. Prints TAP."""
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import ADMINS, Book, Town, run  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 县 > 学校
对象 学校 属于 县 {
  数据 学生 : 人 每年 小数 0  数据 教师 : 人 每年 小数 0
  数据 残疾 : 人 每年 小数 0 密级 密封
}
报表 F1 基本 { 对象 学校 每年 项 学生, 教师 截止 10-15 }
报表 F2 残疾 { 对象 学校 每年 项 残疾 截止 10-15 }
校验 C1 { 对象 学校 教师 不超过 学生 硬性 提示 "教师多于学生" }
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
S1,学生,2024,290
S1,残疾,2024,70707071
S2,学生,2024,80808081
S2,残疾,2024,90909091
"""
PEOPLE = {
    "iss": ["issuer R sensitive"],
    "f1": ["filler S1 internal"],
    "x1": ["filler S1 sealed"],
    "v1": ["reviewer S1 internal"],
    "rd": ["reviewer D internal"],
    "r2": ["reviewer D internal"],
    "rr": ["reviewer R internal"],
    "re": ["reviewer E internal"],
}
TOWN = Town(PLAN, UNITS, PEOPLE, [("facts.csv", FACTS)])
for round_, form, more in (("R1", "F1", ("--signatures", "2")), ("R2", "F2", ())):
    TOWN("round", "open", round_, "--form", form, "--period", "2025", "--due", "2199-01-01",
         "--minutes", "3", *more, who="iss")
KEYS = TOWN.dir / "centre.key", TOWN.dir / "school.key"
PRINTS = []
for key in KEYS:
    assert run("audit", "key", key)[0] == 0
WISH = ("--round", "R1", "--unit", "S1", "--until", "2199-06-01")


def pack(book, file, *wish, who="rd", key=KEYS[0], want=0, **kw):
    return book("pack-out", file, *wish, "--key", key, who=who, want=want, **kw)


def copy(of):
    b = Book()
    shutil.copytree(of.dir, b.dir, dirs_exist_ok=True)
    if of.pack.suffix == ".plan":
        b.pack = Path(f"{b.book}.plan")
    return b


def begin():
    """A round package of the town, and a school's book that was filled from it and founded."""
    said = pack(TOWN, TOWN.dir / "out0", *WISH, fmt="json")
    b = Book()
    b.pack = TOWN.pack
    took = b("pack-in", TOWN.dir / "out0", "--fingerprint", said["fingerprint"], fmt="json")
    assert [u["outcome"] for u in took["units"]] == ["new"], took
    b.pack = Path(f"{b.book}.plan")
    for user, once in b("user", "found", *ADMINS, fmt="json").items():
        b.settle(user, once)
    for user, seat in (("li", "filler S1 internal"), ("wang", "reviewer S1 internal")):
        b.user(user, seat)
    return b, said["fingerprint"]


SCHOOL, CENTRE_PRINT = begin()


class World:
    """The centre and the school, each with a book of its own, and a stick between them."""

    def __init__(self):
        self.centre, self.school = copy(TOWN), copy(SCHOOL)
        self.n = 0

    def file(self):
        self.n += 1
        return self.centre.dir / f"stick{self.n}"

    def out(self, *wish, who="rd", want=0):
        file = self.file()
        said = pack(self.centre, file, *(wish or WISH), who=who, want=want, fmt="json")
        return file, said

    def answer(self, who="li", want=0):
        file = self.file()
        said = pack(self.school, file, key=KEYS[1], who=who, want=want, fmt="json")
        return file, said

    def take(self, file, *more, who="rd", want=0):
        """At the centre, by somebody who has compared the key."""
        return self.centre("pack-in", file, *more, "--fingerprint", PRINTS[0], who=who, want=want,
                           fmt="json")

    def back(self, file, *more, who="li", want=0):
        """At the school."""
        return self.school("pack-in", file, *more, who=who, want=want, fmt="json")

    def fill(self, students=300, book=None, submit=True):
        b = book or self.school
        people = ("li", "wang") if b is self.school else ("f1", "v1")
        form = b.dir / "form.csv"
        form.write_text(f"item,value\n学生,{students}\n教师,20\n", "utf-8")
        b("report", "save", "R1", form, "--unit", "S1", who=people[0])
        if submit:
            for who in people:
                b("report", "sign", "R1", "--unit", "S1", who=who)
            b("report", "submit", "R1", "--unit", "S1", who=people[0])

    def report(self, book=None):
        b = book or self.centre
        r = b("report", "show", "R1", "--unit", "S1", who="rr" if b is self.centre else "li",
              fmt="json")
        r["cells"] = {c["item"].split(".")[1]: c for c in r["cells"]}
        return r

    def commits(self, book=None):
        b = book or self.centre
        return b("book", "status", who="rd" if b is self.centre else "li", fmt="json")["commits"]


def one(said):
    row, = said["units"]
    return row


@test("a round goes out, is filled in by local people, and comes back as if reported directly")
def _():
    w = World()
    blank = w.school("report", "blank", "R1", "--unit", "S1", who="li")
    assert "290" in blank, blank  # of the year before
    file = w.file()
    assert "submit" in pack(w.school, file, key=KEYS[1], who="li", want=1) and not file.exists()
    w.fill()
    file, said = w.answer()
    assert one(said)["outcome"] == "packed", said
    refused = w.centre("pack-in", file, who="rd", want=3)
    assert said["fingerprint"] in refused and "--fingerprint" in refused, refused
    PRINTS.append(said["fingerprint"])
    n = w.commits()
    seen = w.take(file, "--dry-run")
    assert one(seen)["outcome"] == "new" and w.commits() == n, seen
    took = w.take(file)
    assert one(took)["outcome"] == "new", took
    r = w.report()
    assert (r["state"], r["waits_for"], r["signatures"]) == ("submitted", "D", 2), r
    assert [(s["actor"], s["via"]) for s in r["signed"]] == [
        ("user/li", took["package"]), ("user/wang", took["package"])], r
    assert r["cells"]["学生"]["value"] == "300", r
    assert "据数据包" in w.centre("report", "show", "R1", "--unit", "S1", who="rr", lang="zh")
    # The same again adds nothing; the key is known now.
    n = w.commits()
    again = w.centre("pack-in", file, who="rd", fmt="json")
    assert (one(again)["outcome"], one(again)["commit"]) == ("here", one(took)["commit"]), again
    assert w.commits() == n
    # Who has carried it does not review it.
    assert "already" in w.centre("review", "approve", "R1", "--unit", "S1", who="rd", want=3)
    for who in ("r2", "rr"):
        w.centre("review", "approve", "R1", "--unit", "S1", who=who)
    assert w.report()["state"] == "accepted"
    log = w.centre("audit", "log", "--act", "offline", who="aud")
    assert all(act in log for act in ("offline.in", "offline.out", "offline.key")), log
    w.centre("audit", "verify", who="aud")
    w.school("audit", "verify", who="aud")


@test("what the centre returns goes out with the next package, and is answered")
def _():
    w = World()
    w.fill()
    w.take(w.answer()[0])
    w.centre("review", "return", "R1", "--unit", "S1", "--cell", "学生=与学籍不符", who="r2")
    file, _ = w.out()
    n = w.commits(w.school)
    assert one(w.back(file))["outcome"] == "new"
    assert w.commits(w.school) > n
    r = w.report(w.school)
    assert (r["state"], r["cells"]["学生"]["returned"]) == ("returned", "与学籍不符"), r
    n = w.commits(w.school)
    assert one(w.back(file))["outcome"] == "here" and w.commits(w.school) == n
    w.fill(301)
    assert one(w.take(w.answer()[0]))["outcome"] == "new"
    assert w.report()["cells"]["学生"]["value"] == "301"


@test("two editors: a conflict is listed cell by cell until somebody chooses")
def _():
    for choice, students, outcome in (("theirs", "300", "new"), ("ours", "350", "kept")):
        w = World()
        w.fill()
        w.fill(350, w.centre)  # meanwhile, with a network
        file, _ = w.answer()
        for _ in range(2):
            row = one(w.take(file, want=1))
            assert (row["outcome"], row["who"], row["act"]) == ("conflict", "user/f1", "submit")
            cell, = row["cells"]
            assert (cell["theirs"], cell["ours"]) == ("300", "350"), row
        assert w.report()["cells"]["学生"]["value"] == "350"
        text = w.centre("pack-in", file, "--fingerprint", PRINTS[0], who="rd", want=1, lang="zh")
        assert "冲突" in text and "数据包 300，本账 350" in text and "--take" in text, text
        assert one(w.take(file, "--take", f"S1={choice}"))["outcome"] == outcome
        assert w.report()["cells"]["学生"]["value"] == students
        again = one(w.take(file))["outcome"]
        assert again == ("here" if choice == "theirs" else "kept"), again
    w = World()
    w.fill()
    w.fill(350, w.centre)
    file, _ = w.answer()
    for who in ("r2", "rr"):
        w.centre("review", "approve", "R1", "--unit", "S1", who=who)
    row = one(w.take(file, "--take", "S1=theirs", want=1))
    assert row["outcome"] == "refused" and "accepted" in row["en"] and row["zh"], row
    assert w.report()["cells"]["学生"]["value"] == "350"


@test("a local document that the centre has not seen is not overwritten either")
def _():
    w = World()
    w.fill()
    w.take(w.answer()[0])
    w.centre("review", "return", "R1", "--unit", "S1", "--cell", "学生=x", who="r2")
    w.school("report", "withdraw", "R1", "--unit", "S1", who="li")
    w.fill(310, submit=False)
    file, _ = w.out()
    row = one(w.back(file, want=1))
    assert row["outcome"] == "conflict" and row["who"] == "user/li", row
    assert w.report(w.school)["cells"]["学生"]["value"] == "310"
    assert one(w.back(file, "--take", "S1=ours"))["outcome"] == "kept"
    assert w.report(w.school)["cells"]["学生"]["value"] == "310"
    assert one(w.back(file))["outcome"] == "here"


@test("a package holds figures of its units alone, sealed ones for who may read them there")
def _():
    w = World()
    file, _ = w.out()
    held = file.read_text("utf-8")
    assert "290" in held and "一小" in held
    assert not [x for x in ("70707071", "80808081", "90909091", "二小", "三小") if x in held]
    sealed = ("--round", "R2", "--unit", "S1", "--until", "2199-06-01")
    for who in ("rd", "iss", "f1"):
        assert "offline.out" in str(w.out(*sealed, who=who, want=3)[1]), who
    held = w.out(*sealed, who="x1")[0].read_text("utf-8")
    assert "70707071" in held and "90909091" not in held
    for who, why in (("re", "report.read"), ("aud", "report.read"), ("sys", "report.read")):
        assert why in str(w.out(who=who, want=3)[1]), who
    assert "cannot be made anew" in pack(w.centre, file, *WISH, want=3)


@test("packages that do not fit are refused with the reason")
def _():
    w = World()
    w.fill()
    first, _ = w.out()
    answer, _ = w.answer()
    w.take(answer)
    later, _ = w.out()
    bad = w.file()
    for bytes_, why in ((b"PK\3\4" + bytes(100), "no package"),
                        (later.read_bytes()[:-1], "changed or cut off"),
                        (later.read_bytes() + b"x", "more behind"),
                        (later.read_bytes().replace("一小".encode(), "二小".encode()), "changed"),
                        (later.read_bytes().replace(b'"seq":', b'"seq" :', 1), "")):
        bad.write_bytes(bytes_)
        for book, who in ((w.school, "li"), (w.centre, "rd")):
            said = book("pack-in", bad, who=who, want=3)
            assert why in said, said
    assert one(w.back(later))["outcome"] in ("new", "here")
    assert "older than what is here" in w.school("pack-in", first, who="li", want=3)
    assert "not for this one" in w.centre("pack-in", later, "--fingerprint", CENTRE_PRINT,
                                          who="rd", want=3)
    other = Town(PLAN, UNITS, {"rd": ["reviewer D internal"]})
    assert "not for this one" in other("pack-in", answer, "--fingerprint", PRINTS[0], who="rd",
                                       want=3)
    assert "not for this one" in w.school("pack-in", answer, "--fingerprint", PRINTS[0], who="li",
                                          want=3)
    assert "offline.in" in w.school("pack-in", later, who="sec", want=3)
    w.school.pack.joinpath("0001.plan").write_text(PLAN + "事件 新\n", "utf-8")
    w.centre.pack.joinpath("a.plan").write_text(PLAN + "事件 旧\n", "utf-8")
    assert "another plan" in w.centre("pack-in", answer, who="rd", want=3)


if __name__ == "__main__":
    sys.exit(main())
