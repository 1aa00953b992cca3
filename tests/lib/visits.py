# SPDX-License-Identifier: Apache-2.0
"""Every command on a book with words that fit one small book, for tests that go through all
(a new command that is not in VISITS makes them fail)."""
import re

from book import ROOT, Town, run

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 市 > 县 > 学校
对象 学校 属于 县 { 数据 学生 : 人 每年 小数 0  数据 残疾 : 人 每年 小数 0 密级 密封 }
对象 县 属于 市 { 数据 残联数 : 人 每年 小数 0 }
台账 送教 属于 学校 { 字段 姓名 : 文本 键 密级 密封  字段 上门 : 次 密级 密封 }
台账 个案 属于 学校 { 字段 姓名 : 文本 键 密级 密封  字段 障碍 : 文本 密级 密封  须报送 每年 }
报表 F1 基本 { 对象 学校 每年 项 学生 截止 10-15 }
报表 F2 特教 { 对象 学校 每年 项 残疾 截止 10-15 }
报表 F3 县表 { 对象 县 每年 项 残联数 截止 10-15 }
校验 V1 特教 { 对象 学校  残疾 不超过 学生  软性 提示 "残疾学生多于学生" }
校验 V2 县 { 对象 县  残联数 不少于 求和(学校.残疾)  硬性 提示 "少于学校合计" }
校验 V3 送教 { 对象 县  残联数 不少于 计数(送教)  软性 提示 "少于送教人数" }
校验 V4 送教 { 对象 学校  学生 不少于 计数(送教)  软性 提示 "少于送教人数" }
校验 V5 送教 { 台账 送教  上门 不少于 2  软性 提示 "上门次数不足" }
目标 T1 残疾 { 依据 一 第1句  每年 每个 县 求和(学校.残疾) 不多于 100人 }
目标 T2 送教 { 依据 一 第2句  每年 每个 学校 计数(送教) 不多于 100人 }
任务 K1 方案 { 于 2024年 每个 学校 交付 "方案" }
"""
OFFICIAL = "一、各县残疾学生不多于100人。各校送教学生不多于100人。\n"
SPEECH = ("2025年一小残疾学生3人，一小残疾4人，二小残疾2人，三小残疾1人，甲县残疾5人，甲县残疾6人。"
          "一小送教3人，一小送教5人，一小学生3人。\n")
UNITS = """code,name,kind,parent
R,省,省,
C,市,市,R
D,甲县,县,C
S1,一小,学校,D
S2,二小,学校,D
E,乙县,县,C
T1,三小,学校,E
"""
# Who is needed for what is under way.
NEEDED = {"f1": ["filler S1 sealed"], "f2": ["filler S2 sealed"], "fd": ["filler D internal"],
          "iss": ["issuer R internal"], "nobody": []}


def facts(disabled):
    return f"""unit,item,period,value,source
S1,残疾,2025,{disabled},残联
S2,残疾,2025,2,残联
T1,残疾,2025,1,残联
"""


def rows(names):
    return "register,owner,date,姓名,上门\n" + "".join(
        f"送教,S1,2025-05-{i + 1:02},{name},{i + 1}\n" for i, name in enumerate(names))


# What is planted: world after world the figures and names that the others must not learn.
WORLDS = (
    {"disabled": 3, "names": [f"{x}密封" for x in "张吴郑"], "draft": 1, "said": "李密封 待鉴定"},
    {"disabled": 4, "names": [f"{x}密封" for x in "王赵钱孙陈"], "draft": 5, "said": "周密封 待查"},
)


def build(world, people):
    """A book in which something of everything is under way."""
    b = Town(PLAN, UNITS, {**NEEDED, **people}, (("facts.csv", facts(world["disabled"])),
                                   ("rows.csv", rows(world["names"]))))
    for round_, form, year in (("R1", "F1", 2025), ("R2", "F2", 2024), ("R3", "F3", 2025)):
        b("round", "open", round_, "--form", form, "--period", year, "--due", "2025-10-15",
          "--minutes", "2", who="iss")

    def save(who, round_, unit, text):
        (b.dir / "form.csv").write_text("item,value,explain\n" + text, "utf-8")
        b("report", "save", round_, b.dir / "form.csv", "--unit", unit, who=who)

    (b.dir / "official.txt").write_text(OFFICIAL, "utf-8")
    (b.dir / "speech.txt").write_text(SPEECH, "utf-8")
    (b.dir / "table.csv").write_text("机构,残疾\n一小,3\n二小,4\n", "utf-8")
    save("f1", "R1", "S1", "学生,3,\n")
    save("f1", "R2", "S1", f"残疾,{world['draft']},{world['said']}\n")
    save("f2", "R1", "S2", "学生,9,\n")
    save("f2", "R2", "S2", f"残疾,{world['draft']},{world['said']}\n")
    b("report", "submit", "R2", "--unit", "S2", who="f2")
    for who, unit in (("f1", "S1"), ("f2", "S2")):
        (b.dir / "cases.csv").write_text("编号,姓名,障碍,日期\n" + "".join(
            f"row{i},{name},{world['said']},2025-03-01\n"
            for i, name in enumerate(world["names"])), "utf-8")
        b("register", "import", "个案", b.dir / "cases.csv", "--unit", unit, who=who)
    b("register", "submit", "个案", "--unit", "S2", "--period", "2025", who="f2")
    save("fd", "R3", "D", "残联数,5,\n")
    return b


WISH = ("--form", "F2", "--period", "2025", "--due", "2199-01-01", "--minutes", "2")
REPORTS = [(r, "--unit", u) for r, u in (("R1", "S1"), ("R2", "S1"), ("R1", "S2"), ("R2", "S2"),
                                         ("R3", "D"))]
TASK = ("K1", "--unit", "S1")
CASES = [(name, "--unit", unit) for name in ("个案", "送教") for unit in ("S1", "S2")]
STATED = [("个案", "--unit", unit, "--period", "2025") for unit in ("S1", "S2")]
ROW = ("个案", "row0", "--unit", "S1")
SET = ("--set", "姓名=新", "--set", "障碍=无")
WHY = ("--cause", "x")
# Reading commands first: what is done later is done in both worlds.
VISITS = {
    "book status": [()],
    "plan list": [()],
    "plan get": [("--out", "OUT")],
    "plan adopt": [("PACK", "--dry-run")],
    "eval": [(), ("--pending",), ("--commit", "50"), ("--unit", "D"), ("--target", "T2"),
             ("--year", "2025", "--decided")],
    "explain": [("T1", "--unit", "D"), ("T1", "--unit", "E"), ("T2", "--unit", "S1"),
                ("T2", "--unit", "S1", "--pending"), ("V1", "--unit", "S1"), ("V2", "--unit", "D"),
                ("V5", "--unit", "S1")],
    "text": [("OFFICIAL",), ("OFFICIAL", "--unit", "D"), ("OFFICIAL", "--unit", "S1", "--pending"),
             ("OFFICIAL", "--unit", "T1")],
    "prove": [("SPEECH",), ("SPEECH", "--unit", "D"), ("SPEECH", "--unit", "T1", "--pending")],
    "book follow": [("--until", "50"), ("--pending", "--until", "50")],
    "round status": [("R1",), ("R2",), ("R3",)],
    "report show": REPORTS,
    "report blank": REPORTS,
    "report check": REPORTS,
    "review list": [(r, "--at", u) for r in ("R1", "R2") for u in ("D", "C", "R")],
    "task list": [(), ("--unit", "S1")],
    "inspect": [(), ("--unit", "S1"), ("--unit", "S1", "--round", "R2"), ("--unit", "D")],
    "question list": [(), ("--all",), ("--unit", "S1")],
    "question show": [("zero-",), ("late_edit-",)],
    "question stats": [()],
    "todo": [()],
    "remind": [("--days", "100")],
    "seat list": [()],
    "seat show": [("s1.filler.f1",)],
    "seat duties": [("s1.filler.f1",), ("d.reviewer.all-d",)],
    "seat may": [("--holder", "f1", "--op", "fact.read", "--unit", "S1", "--class", "sealed")],
    "user list": [()],
    "round try": [("R9", *WISH), ("R9", *WISH[:1], "F1", *WISH[2:])],
    "register list": [()],
    "register show": CASES + STATED,
    "register check": STATED,
    "register status": [("个案", "--period", "2025"), ("个案",), ("送教",),
                        ("个案", "--period", "2025", "--within", "D")],
    "units list": [()],
    "units show": [("S1",)],
    "evidence list": [(), ("--unit", "S1")],
    "doctor": [()],
    "audit log": [(), ("--limit", "1000"), ("--act", "register")],
    "audit verify": [()],
    "audit anchor": [()],
    "export form": [("--round", r, "--unit", u, "--out", "OUT") for r, _, u in REPORTS] +
                   [("--round", r, "--within", "D", "--out", "OUT") for r in ("R1", "R2", "R3")],
    "export register": [(*c, "--out", "OUT") for c in CASES],
    "question ask": [(), ("--within", "D")],
    "question reply": [("late_edit-", "--text", "x"),
                       ("zero-", "--text", "x", "--evidence", "FORM")],
    "question again": [("late_edit-", *WHY)],
    "question accept": [("late_edit-",)],
    "round open": [("R9", *WISH)],
    "register export": CASES,
    "register set": [("个案", "--review", "rows")],
    "register add": [("个案", "--unit", "S1", *SET)],
    "register change": [(*ROW, *SET)],
    "register end": [(*ROW, "--to", "2025-05-01")],
    "register strike": [(*ROW, *WHY)],
    "register undo": [ROW],
    "register import": [("个案", "FORM", "--unit", "S1", "--dry-run")],
    "register offer": [(*ROW, "--to", "S2", "--from", "2025-05-01")],
    "register offers": [("个案", "--unit", "S2")],
    "register decline": [("个案", "row0", "--unit", "S2", "--of", "S1", *WHY)],
    "register take": [("个案", "row0", "--unit", "S2", "--of", "S1")],
    "register sign": STATED,
    "register submit": STATED,
    "register withdraw": STATED,
    "register correct": [(*s, *WHY) for s in STATED],
    "register return": [(*s, "--cell", "row0=请核对") for s in STATED],
    "register approve": STATED,
    "units create": [("S9", "--name", "九小", "--kind", "学校", "--parent", "D", *WHY)],
    "units rename": [("S9", "--name", "十小", *WHY)],
    "units move": [("S9", "--parent", "E", *WHY)],
    "units change": [("S9", "--kind", "学校", *WHY)],
    "units merge": [("S1", "--other", "S9", *WHY)],
    "units split": [("S1", "--other", "S9", *WHY)],
    "units close": [("S9", *WHY)],
    "units reopen": [("S9", *WHY)],
    "units import": [("UNITS", *WHY, "--dry-run")],
    "evidence get": [("0" * 64, "--to", "OUT")],
    "backup": [("--to", "OUT")],
    "import": [("FORM", "--round", "R1", "--dry-run"), ("FORM", "--round", "R2"),
               ("TABLE", "--round", "R2", "--dry-run"), ("TABLE", "--round", "R2")],
    "pack-out": [("OUT", "--round", r, "--unit", "S1", "--until", "2199-01-01", "--key", "FORM")
                 for r in ("R1", "R2")],
    "pack-in": [("FORM",), ("FORM", "--dry-run")],
    "report save": [("R2", "FORM", "--unit", "S1")],
    "report sign": REPORTS,
    "report submit": REPORTS,
    "report withdraw": REPORTS,
    "report correct": [(*r, "--cause", "x") for r in REPORTS],
    "review return": [(*r, "--cell", "残疾=请核对") for r in REPORTS[:3]],
    "review approve": REPORTS,
    "round extend": [(r, "--due", "2025-11-15", "--cause", "年末核对") for r in ("R1", "R2")],
    "round lock": [("R1",), ("R2",)],
    "task file": [("K1", "FORM", "--unit", "S1", "--day", "2024-05-01")],
    "task contribute": [("K1", "FORM", "--unit", "S1", "--of", "D", "--day", "2024-05-01")],
    "task sign-off": [TASK],
    "task return": [(*TASK, "--cause", "x")],
    "task extend": [(*TASK, "--until", "2199-01-01", "--cause", "x")],
    "task grant": [TASK],
    "task refuse": [(*TASK, "--cause", "x")],
    "book load": [()],
    "seat hand": [("s1.filler.f1", "--holder", "nobody", "--from", "2199-01-01")],
    "seat give": [("x", "--role", "head", "--unit", "S1", "--class", "sealed", "--holder", "f1")],
    "seat end": [("x",)],
    "user add": [("new", "--name", "n")],
    "user close": [("new",)],
    "user reopen": [("new",)],
    "user unlock": [("f1",)],
    "user lock": [("new",)],
    "user link": [("new", "--issuer", "https://x", "--sub", "s")],
    "user unlink": [("new",)],
    "user no-totp": [("new",)],
    "user reset": [("new",)],
}
OWN = ("送教", "--unit", "S1")
OTHER = ("送教", "x", "--unit", "S1")
for _command, _calls in {
    "register list": [()],
    "register show": [OWN, (*OWN, "--period", "2025")],
    "register status": [("送教",), ("送教", "--period", "2025"), ("送教", "--within", "D")],
    "register check": [(*OWN, "--period", "2025")],
    "register export": [OWN],
    "register set": [("送教", "--review", "rows")],
    "register add": [(*OWN, "--set", "姓名=某")],
    "register change": [(*OTHER, "--set", "上门=1")],
    "register end": [(*OTHER, "--to", "2025-12-31")],
    "register strike": [(*OTHER, "--cause", "x")],
    "register undo": [OTHER],
    "register import": [("送教", "FORM", "--unit", "S1")],
    "register offer": [(*OTHER, "--to", "S2", "--from", "2025-06-01")],
    "register offers": [OWN],
    "register decline": [("送教", "x", "--unit", "S2", "--of", "S1", "--cause", "x")],
    "register take": [("送教", "x", "--unit", "S2", "--of", "S1")],
    "register sign": [(*OWN, "--period", "2025")],
    "register submit": [(*OWN, "--period", "2025"), (*OWN, "--period", "2025", "--nil")],
    "register withdraw": [(*OWN, "--period", "2025")],
    "register correct": [(*OWN, "--period", "2025", "--cause", "x")],
    "register approve": [(*OWN, "--period", "2025")],
    "register return": [(*OWN, "--period", "2025", "--cell", "x=y")],
}.items():
    VISITS[_command] = [*VISITS.get(_command, []), *_calls]
# About nobody but oneself, by a password that is typed; or before there are users.
ELSEWHERE = {"book init", "restore", "user found", "user regain", "user login", "user logout",
             "user password", "user totp", "user prove",
             "token create", "token list", "token end",
             "serve"}  # its routes are walked by tests/http/run_matrix.py
NO_PACK = {"seat list", "seat show", "seat may", "seat give", "seat end", "user list", "user add",
           "user close", "user reopen", "user unlock", "user lock", "user link",
           "user unlink", "user no-totp", "user reset", "audit log",
           "audit verify", "audit anchor", "backup", "doctor"}
READING = ("status", "show", "blank", "check", "list", "duties", "may", "try", "log", "verify",
           "anchor", "follow", "doctor", "eval", "explain", "text", "prove", "todo", "remind",
           "inspect", "stats")
READS = {c for c in VISITS if c.split()[-1] in READING or c.startswith("export ")}
FILES = {"FORM": "form.csv", "OFFICIAL": "official.txt", "SPEECH": "speech.txt",
         "TABLE": "table.csv", "PACK": "pack", "UNITS": "pack/units.csv", "OUT": "out"}


def words(b, who, command, args):
    """The command line, as somebody who is logged in."""
    args = [b.dir / FILES[a] if a in FILES else a for a in args]
    pack = () if command in NO_PACK else ("--pack", b.pack)
    return (*command.split(), *args, "--book", b.book, *pack, "--session",
            b.dir / f"{who}.session")


def on_book():
    """The commands that take --book, by the help that the program prints."""
    commands = re.findall(r'^COMMAND\(\w+,\s+"([^"]+)"',
                          (ROOT / "src/cli/options.def").read_text("utf-8"), re.M)
    return {c for c in commands if "--book" in run("help", *c.split(), "--lang", "en")[1]}
