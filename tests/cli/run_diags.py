#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every diagnostic of src/lang/diag.def: a plan that causes it, its place, and both languages with
a hint. A code without a plan here fails. Prints TAP."""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))

BASE = """计划 p { 年度 2024 至 2026 }
层级 省 > 县
对象 县 { 数据 a : 人 每年 数据 b : 所 每年 数据 q : 是否 每年 数据 m : 人 每月
  属性 k : 选项("甲","乙") 属性 t : 文本 }
对象 校 属于 县 { 数据 a : 人 每年 }
台账 册 属于 县 { 字段 n : 文本 键 字段 v : 人 }
关系 结 : 县 与 县
"""
T = "目标 X { 于 2024年 每个 县 %s }\n"

# code: (text after the base, line of the text, column). A third item replaces the base.
CASES = {
    "E0101": (b"# \xff\n", 1, 3),
    "E0102": ("# a\u202eb\n", 1, 4),
    "E0103": ("# a\x01b\n", 1, 4),
    "E0104": ("# a\ue000\n", 1, 4),
    "E0105": ("事件 ?x\n", 1, 4),
    "E0106": ('不可测 U { 理由 "abc\n}\n', 1, 12),
    "E0107": ('不可测 U { 理由 "a\\qc" }\n', 1, 14),
    "E0108": ("事件 「abc\n", 1, 4),
    "E0109": ("事件 「」\n", 1, 4),
    "E0110": ("事件 " + "很" * 121 + "\n", 1, 4),
    "E0111": (T % "a 不少于 1,00人", 1, 27),
    "E0112": (T % ("a 不少于 " + "1" * 41 + "人"), 1, 27),
    "E0113": (T % "a 不少于 2024-02-30", 1, 27),
    "E0114": (T % "a 不少于 零分之三", 1, 27),
    "E0115": (None, 1, 1),
    "E0116": (None, 1, 1),
    "E0201": ("目标 X { 于 2024年 每个 县 a 不少于 }\n", 1, 27),
    "E0202": (T % "(a 不少于 1人", 1, 31),
    "E0203": (T % ("(" * 70 + "a" + ")" * 70 + " 不少于 1人"), 1, 85),
    "E0204": (T % ("a" + " + a" * 300 + " 不少于 1人"), 1, 21),
    "E0205": (T % "a 不少于 1人 不少于 2人", 1, 30),
    "E0206": (T % "a 超过 1人以上", 1, 28),
    "E0207": ("任务 X { 须报送 每年 }\n", 1, 8),
    "E0208": ("报表 X { 对象 县 每年 项 a 截止 02-30 }\n", 1, 23),
    "E0209": (None, 1, 1),
    "E0210": ('任务 X { 责任 "a" 责任 "b" 于 2024年 启动 }\n', 1, 15),
    "E0211": ("目标 X { 依据 B1 第0句 于 2024年 每个 县 q }\n", 1, 11),
    "E0301": (T % "zz 不少于 1人", 1, 21),
    "E0302": ("事件 结\n", 7, 4),
    "E0303": ("关系 又 : 县 与 册\n", 1, 12),
    "E0304": ("指标 X { 计算 Y }\n指标 Y { 计算 X }\n", 2, 11),
    "E0305": (T % "如果a大于1", 1, 21),
    "E0307": ('任务 X { 于 2024年 启动 责任 甲处 协办 甲出 }\n', 1, 28),
    "E0306": ("条款 B1 附件1 一\n目标 X { 依据 B1, B2 第2句\n于 2024年 每个 县 q }\n", 2, 15),
    "E0401": (T % "a 不少于 1头", 1, 27),
    "E0402": ("对象 镇 属于 县 { 数据 x : 人 每年 范围 0所 至 }\n", 1, 28),
    "E0403": (T % "a 且 q", 1, 21),
    "E0404": (T % "a + b 不少于 1人", 1, 21),
    "E0405": ("对象 镇 属于 县 { 数据 y : 元 每年 }\n"
              "目标 X { 于 2024年 每个 镇 y 不少于 5 }\n", 2, 27),
    "E0406": ("目标 X { 于 2024年 全域 q }\n", 1, 19),
    "E0407": (T % "求和(1 + 2) 不少于 1", 1, 24),
    "E0408": (T % 'k 为 "丙"', 1, 25),
    "E0409": (T % "a 约 5人", 1, 8),
    "E0410": (T % ("a" + " * a" * 120 + " 不少于 1"), 1, 21),
    "E0411": (T % "全年(a) 不少于 1人", 1, 24),
    "E0412": ("目标 X { 于 2024年 每个 {\"A\"} a 不少于 1人 }\n", 1, 25),
    "E0413": ("目标 X { 于 2024年 每个 县, 每个 校 b 不少于 1所 }\n", 1, 22),
    "E0414": (T % "q 不少于 1", 1, 8),
    "E0415": (T % "a", 1, 8),
    "E0416": (T % "占比(县) 不少于 1", 1, 21),
    "E0417": ("指标 I0 { 计算 求和(县.a) / 求和(县.a) }\n" + "".join(
        f"指标 I{i} {{ 计算 I{i - 1} + I{i - 1} + I{i - 1} }}\n" for i in range(1, 9)), 7, 12),
    "E0501": (None, 1, 1, "层级 省 > 县\n"),
    "E0502": (None, 1, 1, "计划 p { 年度 2024 至 2026 }\n"),
    "E0503": ("门槛 X { 对象 县 }\n", 1, 1),
    "E0504": (T.replace("2024年", "1年") % "q", 1, 10),
    "E0505": (T.replace("于 2024年", "每年 2026 至 2024") % "q", 1, 8),
    "E0506": ("对象 镇\n", 1, 4),
    "E0507": ("关系 又 : 县 与 县 { 活动 0天 }\n", 1, 19),
    "E0508": ("对象 镇 属于 县 { 数据 x : 人 每年 范围 5 至 4 }\n", 1, 25),
    "E0509": (T % "a 5人左右 上下 200%", 1, 31),
    "E0510": ('指标 X { 口径 "一" { 计算 1 } 口径 "二" { 计算 2 } }\n', 1, 4),
    "E0511": ("指标 X { 依据 B1\n}\n", 1, 4),
    "E0512": ("目标 X { 依据 B1\n}\n", 1, 1),
    "E0513": ("单位 人\n", 1, 4),
    "E0514": ('对象 镇 属于 县 { 属性 x : 选项("甲","甲") }\n', 1, 27),
    "E0515": ("名单 L : 县\n", 1, 4),
    "E0516": ("阶段 X { 甲 于 2025年 > 乙 于 2024年 }\n", 1, 20),
    "E0517": ("层级 省 > 市\n", 1, 1),
    "E0519": ('抽查 X { 对象 县 占比 120% 种子 "s" 于 2024年 }\n', 1, 16),
    "E0520": ('抽查 X { 对象 县 占比 20% 种子 "s" 于 2024年 冻结 2025-01-01 }\n', 1, 38),
    "E0521": (T % "a 不少于 5人 上下 5%", 1, 33),
    "E0518": ("名额 X { 每年 计数(县) 超过 5个 }\n", 1, 8),
}

# Further texts for a code that has several causes.
MORE = [
    ("E0305", ("目标 X { 到2024年 每个 县 q }\n", 1, 8)),
    ("E0305", ("目标 X { 于 2024年 每个 县 q不低于5人 }\n", 1, 21)),
    ("E0210", ('对象 县 { 英文 "a" }\n对象 县 { 英文 "b" }\n', 2, 8)),
    ("E0211", ("目标 X { 依据 B1, B2 第3至2句 于 2024年 每个 县 q }\n", 1, 15)),
    ("E0211", ("目标 X { 依据 B2 sentences 2-1000 于 2024年 每个 县 q }\n", 1, 11)),
    ("E0211", ("目标 X { 依据 B2 第二句 于 2024年 每个 县 q }\n", 1, 11)),
    ("E0211", ("目标 X { 依据 第2句 于 2024年 每个 县 q }\n", 1, 11)),
    ("E0302", ("条款 B1 附件1 一\n条款 B1 附件1 二\n", 2, 4)),
    ("E0302", ("条款 B1 附件1 二(一)1\n条款 B2 附件1二（一）1\n", 2, 7)),
    ("E0302", ("对象 校 属于 省\n", 1, 4)),
    ("E0302", ("对象 校 是 县\n", 1, 4)),
    ("E0302", ("对象 甲 属于 省 { 数据 x : 人 每年 }\n"
               "对象 乙 属于 省 { 属性 x : 是否 }\n对象 丙 属于 省 是 甲, 乙\n", 3, 4)),
    ("E0304", ("对象 甲 属于 省 是 乙, 丙\n对象 乙 属于 省\n对象 丙 属于 省 是 甲\n", 1, 4)),
    ("E0302", ("对象 校 { 数据 c : 人 每年 数据 a : 人 每年 }\n", 1, 23)),
    ("E0506", ("对象 镇 { 数据 c : 人 每年 }\n对象 镇 { 数据 d : 人 每年 }\n", 1, 4)),
]

# Too large to write down here; the limits themselves are tested beside the reader and the parser.
LARGE = {
    "E0115": lambda: {"b.plan": b"#" * (16 * 1024 * 1024 + 1)},
    "E0116": lambda: {f"b{i}.plan": b"#" * (16 * 1024 * 1024) for i in range(5)},
    "E0209": lambda: {"b.plan": b"".join(b"\xe4\xba\x8b\xe4\xbb\xb6 e%d\n" % i
                                         for i in range(100_001))},
}


def run(code, case):
    with tempfile.TemporaryDirectory() as folder:
        base = case[3] if len(case) > 3 else BASE
        Path(folder, "a.plan").write_text(base, encoding="utf-8")
        files = LARGE[code]() if code in LARGE else {} if case[0] is None else {"b.plan": case[0]}
        for name, text in files.items():
            data = text if isinstance(text, bytes) else text.encode("utf-8")
            Path(folder, name).write_bytes(data)
        done = subprocess.run([TIZHI, "check", "--pack", folder, "--format", "json"],
                              capture_output=True, timeout=120)
    if done.returncode != 3:
        return f"exit {done.returncode}: {done.stderr.decode('utf-8', 'replace')[:300]}"
    if not done.stdout.startswith(b"{"):
        return f"no diagnostics: {done.stderr.decode('utf-8', 'replace')[:300]}"
    found = json.loads(done.stdout)["diagnostics"]
    mine = [d for d in found if d["code"] == code]
    if not mine:
        return f"not reported; instead {[(d['code'], d['line'], d['column']) for d in found]}"
    d = mine[0]
    if len(case) <= 3 and code not in LARGE and (d["line"], d["column"]) != case[1:3]:
        return f"at {d['line']}:{d['column']}, not {case[1]}:{case[2]}"
    texts = [d["message_zh"], d["message_en"], d["hint_zh"], d["hint_en"]]
    if not all(texts) or any("{" in t and "}" in t and re.search(r"\{[a-z]+\}", t) for t in texts):
        return f"texts are not complete: {texts}"
    if not re.search(r"[\u4e00-\u9fff]", d["message_zh"]):
        return f"no Chinese: {d['message_zh']}"
    return ""


def main():
    text = (ROOT / "src" / "lang" / "diag.def").read_text(encoding="utf-8")
    codes = re.findall(r"^DIAG\((\w+),", text, re.M)
    cases = [(code, CASES.get(code)) for code in codes] + MORE
    print(f"1..{len(cases)}")
    failed = 0
    for i, (code, case) in enumerate(cases, 1):
        wrong = run(code, case) if case else "no plan causes it here"
        failed += bool(wrong)
        print(f"{'not ' if wrong else ''}ok {i} - {code}")
        if wrong:
            print(f"# {wrong}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
