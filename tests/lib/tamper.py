# SPDX-License-Identifier: Apache-2.0
"""A small book with a report that went through all tiers, and what a tamperer does to it by SQL,
which is the same on both engines.

    TOWN = Town(PLAN, UNITS, PEOPLE); report(TOWN)
    for act in ACTS: at = act.place(book); run act.sql(at); act.check(at, findings)
"""
from dataclasses import dataclass
from typing import Callable

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 市 > 县 > 学校
对象 学校 属于 县 {
  数据 学生 : 人 每年 小数 0
  数据 教师 : 人 每年 小数 0
}
报表 F1 学校基本情况 { 对象 学校 每年 项 学生, 教师  截止 10-15 }
目标 T1 学生 { 每年 每个 县 求和(学校.学生) 不少于 100人 }
"""
UNITS = """code,name,kind,parent
R,省,省,
C,市,市,R
D,县,县,C
S1,一小,学校,D
S2,二小,学校,D
"""
PEOPLE = {
    "issuer": ["issuer R internal"],
    "u1": ["filler S1 internal"],
    "u2": ["filler S2 internal"],
    "revd": ["reviewer D internal"],
    "revc": ["reviewer C internal"],
    "revr": ["reviewer R internal"],
}
FORM = "form/R1/S1"
CSV = "item,value\n学生,{}\n教师,20\n"


def report(book, unit="S1", who="u1", students=300, round_="R1", opened=False):
    """A round (unless opened), a report in it, accepted by all tiers."""
    if not opened:
        book("round", "open", round_, "--form", "F1", "--period", "2025", "--due", "2199-01-01",
             "--minutes", "3", who="issuer")
    path = book.dir / "form.csv"
    path.write_text(CSV.format(students), "utf-8")
    book("report", "save", round_, path, "--unit", unit, who=who)
    book("report", "submit", round_, "--unit", unit, who=who)
    for tier in ("d", "c", "r"):
        book("review", "approve", round_, "--unit", unit, "--at", tier.upper(), who=f"rev{tier}")


@dataclass
class Act:
    """One sort of tampering. n in sql: a commit of the report, before its last."""
    code: str
    wants: list  # codes of findings at commits relative to n
    statements: Callable
    placed: bool = True  # the finding can still say who and what

    def place(self, book):
        log = book("audit", "log", "--act", "report.submit", who="aud", fmt="json")
        return log[-1]["commit"]

    def sql(self, n):
        return self.statements(n)

    def check(self, n, found):
        got = [(f["code"], f["commit"] - n if f["commit"] else None) for f in found]
        for want in self.wants:
            assert want in got, f"{self.code}: {want} is not in {got}"
        one = next(f for f in found if f["code"] == self.code)
        assert one["remedy_en"] and one["remedy_zh"] and one["en"] and one["zh"], one
        if self.placed:
            assert one["actor"] == "user/u1" and one["act"] == "report.submit" and one["at"], one
            units = {(r["unit"], r["sort"]) for r in one["rows"]}
            assert (FORM, "doc") in units, one
        elif one["commit"] == n and not one["actor"]:
            assert one["after"] == n - 1, one


ACTS = (
    # a figure, a note, an actor: the row itself
    Act("changed", [("changed", 0)], lambda n: [
        f"UPDATE parcel SET body = replace(body, '300', '900') WHERE seq = {n}"]),
    Act("changed", [("changed", 0)], lambda n: [
        f"UPDATE event SET note = 'nothing happened' WHERE seq = {n}"]),
    Act("parcels", [("parcels", 0)], lambda n: [
        f"DELETE FROM parcel WHERE seq = {n} AND what = 'fact'"]),
    # a whole commit
    Act("removed", [("removed", 0)], lambda n: [
        f"DELETE FROM parcel WHERE seq = {n}", f"DELETE FROM event WHERE seq = {n}"],
        placed=False),
    # two change places
    Act("changed", [("changed", 0), ("unlinked", 0), ("unlinked", 1)], lambda n: [
        f"UPDATE event SET seq = -1 WHERE seq = {n}",
        f"UPDATE event SET seq = {n} WHERE seq = {n + 1}",
        f"UPDATE event SET seq = {n + 1} WHERE seq = -1",
        f"UPDATE parcel SET seq = -1 WHERE seq = {n}",
        f"UPDATE parcel SET seq = {n} WHERE seq = {n + 1}",
        f"UPDATE parcel SET seq = {n + 1} WHERE seq = -1"], placed=False),
    # the end
    Act("cut", [("cut", 0)], lambda n: [
        f"DELETE FROM parcel WHERE seq >= {n}", f"DELETE FROM event WHERE seq >= {n}"],
        placed=False),
    Act("orphan", [("orphan", 0)], lambda n: [f"DELETE FROM event WHERE seq = {n}"], placed=False),
    Act("head", [], lambda n: [f"UPDATE head SET seq = {n} WHERE subject = '{FORM}'"],
        placed=False),
)
