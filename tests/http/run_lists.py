#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lists as their clients meet them: every list that the OpenAPI file names, in pages, sorted, and
as CSV and workbook, which say what JSON says. Prints TAP."""
import csv
import io
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import ADMINS, Town  # noqa: E402
from examples import EXAMPLES  # noqa: E402
from service import Service, part  # noqa: E402
from sheets import read_sheet  # noqa: E402
from tap import main, test  # noqa: E402
from visits import WORLDS, build  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 县 > 学校
条款 A 附件1
对象 学校 属于 县 { 数据 学生 : 人 每年  数据 在考 : 人 每年 密级 密封 }
指标 A.1 学生 { 依据 附件1 计算 求和(学校.学生) 目标 每年 每个 县 不低于 100人 }
指标 A.2 在考 { 依据 附件1 计算 求和(学校.在考) 目标 每年 每个 县 不低于 3人 }
"""
UNITS = """code,name,kind,parent,from,to,alias
R,某省,省,,,,
D,甲县,县,R,,,
E,=1+1,县,R,,,
S1,"甲,""一""校",学校,D,,,
S2,-2校,学校,D,,,
S3,7,学校,D,,,
T1,乙一校,学校,E,,,
"""
FACTS = """unit,item,period,value,recorded,source,grade
S1,学校.学生,2024,60,2025-01-05,t,A
S2,学校.学生,2024,50,2025-01-05,t,A
T1,学校.学生,2024,70,2025-01-05,t,A
S1,学校.在考,2024,2,2025-01-05,t,A
S2,学校.在考,2024,2,2025-01-05,t,A
"""
TOWN = Town(PLAN, UNITS, {"leader": ["leader D internal"], "issuer": ["issuer R sealed"],
                           "nobody": []},
            tables=(("facts.csv", FACTS),))
SERVICE = Service(TOWN)
SERVICE.__enter__()
API = SERVICE.api.says
LISTS = {path: op for path, item in API["paths"].items() for verb, op in item.items()
         if "sort" in [p["name"] for p in op["parameters"]]}
WHO = {user: SERVICE.login(user) for user in ("leader", "issuer", "nobody", "sec", "aud", "sys")}
GUARDED = re.compile(r"'(?='*[=+\-@\t\r＝＋－＠])")


def reader(path):
    """The issuer, or the first other who may read the list."""
    users = sorted(WHO, key=lambda user: user != "issuer")
    return next(user for user in users if WHO[user].get(path.split("?")[0]).status == 200)


def get(path, want=200, who=None, **more):
    got = WHO[who or (reader(path) if want == 200 else "issuer")].get(path, **more)
    assert got.status == want, f"{path}: {got.status} {got.text}"
    return got


def shape(ref):
    return API["components"]["schemas"][ref.rsplit("/", 1)[1]]["properties"]


def rows_of(path):
    """The member of the answer that has the rows, and the columns of a table."""
    op = LISTS["/api/v1" + path.split("?")[0]]
    answer = shape(op["responses"]["200"]["content"]["application/json"]["schema"]["$ref"])
    (name,) = [k for k, v in answer.items() if v.get("type") == "array" and "$ref" in v["items"]]
    columns = shape(answer[name]["items"]["$ref"])
    return name, {k: v for k, v in columns.items() if "$ref" not in v and "type" in v
                  and not (v["type"] == "array" and "$ref" in v["items"])}


def pages(path, size, **more):
    """All rows, page by page."""
    name, _ = rows_of(path)
    rows, after, seen = [], "", set()
    while True:
        sep = "&" if "?" in path else "?"
        got = get(f"{path}{sep}limit={size}{after}", **more).json
        rows += got[name]
        assert len(got[name]) == size or got["next"] is None
        if got["next"] is None:
            return rows
        assert got["next"] not in seen
        seen.add(got["next"])
        after = "&after=" + part(got["next"])


def plain(value, chinese):
    if isinstance(value, list):
        return ("、" if chinese else ", ").join(value)
    if isinstance(value, bool):
        return (("否", "是") if chinese else ("no", "yes"))[value]
    return "" if value is None else str(value)


EASY = [p.removeprefix("/api/v1") for p in LISTS if "{" not in p]


@test("the file knows the lists: units, verdicts, commitments and others, each in three forms")
def _():
    assert {"/units", "/verdicts", "/commitments"} <= set(EASY), EASY
    for path, op in LISTS.items():
        words = {p["name"] for p in op["parameters"]}
        assert {"limit", "after", "sort", "format"} <= words, path
        assert len(op["responses"]["200"]["content"]) == 3, path


@test("pages of any size are the whole list, each row once")
def _():
    for path in EASY:
        whole = pages(path, 1000)
        for size in (1, 2, 7):
            assert pages(path, size) == whole, (path, size)


@test("sorted by any column, up and down, in pages of any size: the same rows, in order")
def _():
    for path in EASY:
        whole = pages(path, 1000)
        for name, column in rows_of(path)[1].items():
            up = pages(f"{path}?sort={name}", 1000)
            down = pages(f"{path}?sort=-{name}", 1000)
            values = [plain(r.get(name), False) for r in up]
            known = [v for v in values if v != ""]
            key = int if column["type"] == "integer" else lambda v: v.encode()
            assert known == sorted(known, key=key), (path, name, values)
            assert values[len(known):] == [""] * (len(values) - len(known))
            want = sorted(whole, key=repr)
            assert sorted(up, key=repr) == sorted(down, key=repr) == want, (path, name)
            assert [plain(r.get(name), False) for r in down if plain(r.get(name), False) != ""] \
                == known[::-1], (path, name)
            for size in (1, 3):
                assert pages(f"{path}?sort={name}", size) == up, (path, name, size)
                assert pages(f"{path}?sort=-{name}", size) == down, (path, name, size)


@test("CSV has the rows of JSON, with a mark for spreadsheets, and runs no formula")
def _():
    for path in EASY:
        whole = pages(path, 1000)
        columns = rows_of(path)[1]
        got = get(f"{path}?format=csv")
        assert got.bytes.startswith(b"\xef\xbb\xbf") and b"\r\n" in got.bytes
        table = list(csv.reader(io.StringIO(got.bytes.decode("utf-8-sig"), newline="")))
        assert len(table) == len(whole) + 1 and len(table[0]) == len(columns), path
        for want, row in zip(whole, table[1:]):
            for name, cell in zip(columns, row):
                value = plain(want.get(name), False)
                assert GUARDED.sub("", cell, 1) == value, (path, name, cell, value)
                if columns[name]["type"] == "string":
                    assert not re.match(r"[=+\-@\t\r](?!\d+(\.\d+)?$)", cell), cell
    text = get("/units?format=csv").text
    assert ",'=1+1," in text and ",'-2校," in text, text


@test("a table in Chinese has Chinese heads and words")
def _():
    zh = {"Accept-Language": "zh-CN"}
    table = list(csv.reader(io.StringIO(
        get("/verdicts?format=csv", headers=zh).bytes.decode("utf-8-sig"))))
    heads = ["承诺编号", "部分", "机构代码", "机构名称", "年度", "结论", "灯", "数值"]
    assert table[0][:8] == heads, table[0]
    assert {row[5] for row in table[1:]} <= {"达成", "未达成", "未到期", "缺数", "不适用"}, table[1]
    assert get("/verdicts", headers=zh).json["verdicts"][0]["state"].isascii()


@test("a workbook has the rows of JSON, numbers as numbers, and texts as texts")
def _():
    for path in EASY:
        whole = pages(path, 1000)
        columns = rows_of(path)[1]
        table = read_sheet(get(f"{path}?format=xlsx").bytes)
        assert len(table) == len(whole) + 1 and len(table[0]) == len(columns), path
        for want, row in zip(whole, table[1:]):
            for (name, column), cell in zip(columns.items(), row + [None] * len(columns)):
                value = want.get(name)
                if column["type"] == "integer":
                    assert cell == value, (path, name, cell, value)
                else:
                    assert (cell or "") == plain(value, False), (path, name, cell, value)


@test("a file has a name, in letters of ASCII and in its own")
def _():
    zh = {"Accept-Language": "zh-CN"}
    for form in ("csv", "xlsx"):
        says = get(f"/units?format={form}", headers=zh).headers["Content-Disposition"]
        assert re.fullmatch(r"attachment; filename=\"-[\d-]{10}\." + form + r"\"; "
                            r"filename\*=UTF-8''%E6%9C%BA%E6%9E%84-[\d-]{10}\." + form, says), says
        says = get(f"/units?format={form}").headers["Content-Disposition"]
        assert "filename=\"units-" in says, says


@test("filters and rights count in every form")
def _():
    for form in ("csv", "xlsx"):
        got = get(f"/units?kind={part('县')}&format={form}").bytes
        table = read_sheet(got) if form == "xlsx" else \
            list(csv.reader(io.StringIO(got.decode("utf-8-sig"))))
        assert [row[0] for row in table[1:]] == ["D", "E"]
        assert get(f"/verdicts?format={form}", 403, who="nobody").json["status"] == 403
        mine = pages("/verdicts?under=D", 1000, who="leader")
        got = get(f"/verdicts?under=D&format={form}", who="leader").bytes
        table = read_sheet(got) if form == "xlsx" else \
            list(csv.reader(io.StringIO(got.decode("utf-8-sig"))))
        assert [(row[0], row[2]) for row in table[1:]] == [(v["target"], v["unit"]) for v in mine]
        assert all((row[7] or "") == "" for row in table[1:]
                   if row[0] == "A.2" and row[2] == "D"), table


@test("what cannot be: another form, another order, a page of a file, a page behind nothing")
def _():
    for query, at, want in (("format=pdf", "?format", 400), ("sort=colour", "?sort", 400),
                            ("sort=", None, 200), ("sort=-", "?sort", 400),
                            ("format=csv&limit=5", "?format", 400),
                            ("format=xlsx&after=D", "?format", 400),
                            ("after=nowhere", "?after", 409), ("sort=name&after=D", "?after", 409),
                            ("sort=name&after=9:D", "?after", 409),
                            ("sort=name&after=1:DX", "?after", 409), ("limit=0", None, 200)):
        got = get(f"/units?{query}", want)
        assert got.json.get("at") == at, (query, got.text)


def ask_until(asker, path):
    """What has to be worked out first is asked for again, as its answer says."""
    end = time.monotonic() + 60
    while (got := asker.ask("GET", path)).status == 202 and time.monotonic() < end:
        time.sleep(0.05)
    return got


@test("every list of the file is there as a table: with other words, for whoever may read it")
def _():
    world = build(WORLDS[0], {"boss": ["issuer R sealed", "leader R sealed", "reviewer R sealed"],
                              "victim": ["filler S2 internal"]})
    missing = []
    with Service(world) as s:
        who = [s.login(x) for x in ("boss", "f1", "fd", *ADMINS)]
        for path in LISTS:
            example = EXAMPLES[f"GET {path}"]
            words = example.words | {"unit": "S1"}
            where = re.sub(r"{(\w+)}", lambda m: part(words[m[1]]), path)
            query = "".join(f"&{k}={part(v)}" for k, v in example.query.items())
            tries = (query, f"{query}&unit=S1", f"{query}&since=1")
            may = [(a, more) for a in who for more in tries
                   if ask_until(a, f"{where}?limit=1{more}").status == 200]
            if not may:
                missing.append(path)
                continue
            for form, kind in (("csv", "text/csv"), ("xlsx", "application/vnd.openxml")):
                got = may[0][0].ask("GET", f"{where}?format={form}{may[0][1]}")
                assert got.status == 200 and got.type.startswith(kind), (path, got.type, got.text)
    assert not missing, missing


@test("nothing is left behind in the folder for temporary files")
def _():
    folder = Path(TOWN.dir) / "temp"
    folder.mkdir()
    with Service(TOWN, f"temp={folder}") as s:
        a = s.login("issuer")
        assert a.get("/units?format=xlsx").status == 200
        (own,) = folder.iterdir()
        assert own.stat().st_mode & 0o777 == 0o700 and not list(own.iterdir())
        assert s.stop() == 0
    assert not list(folder.iterdir())


SERVICE.stop()
sys.exit(main())
