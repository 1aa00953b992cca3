#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Input that is too much: too little memory, figures without end, deep and huge packs. The program
ends in bounded time with a message in both languages, and prints nothing else. Prints TAP."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from tap import main, test  # noqa: E402

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))
BUILD = Path(os.environ.get("TIZHI_BUILD", ROOT / "build"))
FAULT_BUILD = "-DTIZHI_FAULT" in (BUILD / "build.ninja").read_text(encoding="utf-8")
SLOW_BUILD = "-fsanitize=" in (BUILD / "build.ninja").read_text(encoding="utf-8")

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 县
对象 县 { 数据 人口 : 人 每年 }
指标 T1 人口 { 计算 求和(县.人口) / 计数(县)  目标 每年 每个 县, 全域 不少于 10人 }
"""

class Done:
    def __init__(self, args, env):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = subprocess.Popen([TIZHI, *map(str, args)], stdout=out, stderr=err,
                                     env={**os.environ, **(env or {})})
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = self.status = os.waitstatus_to_exitcode(status)
            self.mib = usage.ru_maxrss / 1024
            out.seek(0)
            err.seek(0)
            self.out = out.read().decode("utf-8")
            self.err = err.read().decode("utf-8", "replace")


def tizhi(*args, env=None):
    return Done(args, env)


def pack(files):
    folder = tempfile.TemporaryDirectory()
    for name, text in files.items():
        Path(folder.name, name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def small_pack(counties):
    units = "code,name,kind,parent\nR,省,省,\n"
    facts = "unit,item,period,value\n"
    for i in range(counties):
        units += f"C{i},县{i},县,R\n"
        facts += f"C{i},人口,2024,{i}\n"
    return pack({"a.plan": PLAN, "units.csv": units, "facts.csv": facts})


def bounded(done, mib):
    """Of the time nothing is asserted (machines differ); what never ends, the runner ends."""
    assert SLOW_BUILD or done.mib < mib, f"{done.mib:.0f} MiB"


@test("too little memory: exit 4, what was at work and the remedy, in both languages")
def _():
    words = {"en": ("MiB of memory allowed are not enough for ", "hint: "),
             "zh": ("MiB 内存不够：", "建议：")}
    seen = set()
    with small_pack(2000) as folder:
        for command in (["eval"], ["eval", "--format", "json"], ["explain", "T1", "--unit", "R"]):
            for mib in (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16):
                for lang in words:
                    done = tizhi(*command, "--pack", folder, "--memory", mib, "--lang", lang,
                                 "--as-of", "2025-02-01")
                    if done.status == 0:
                        continue
                    assert done.status == 4, f"exit {done.status}: {done.err[-500:]}"
                    assert done.out == "", done.out[:200]
                    assert all(w in done.err for w in words[lang]), done.err
                    assert "--memory" in done.err, done.err
                    if lang == "en":
                        seen.add(re.search(r"enough for (.*)", done.err).group(1))
        assert {"the tables", "judging T1"} <= seen, seen
    plan = PLAN
    for i in range(2000):
        plan += f"目标 Q{i} {{ 于 2024年 全域 计数(县) 至少 1个 }}\n"
    with pack({"a.plan": plan}) as folder:
        for command, what in (("check", {"the plan"}), ("list", {"the plan", "the answer"}),
                              ("fmt", {"the plan"})):
            seen = set()
            for mib in range(1, 32):
                done = tizhi(command, "--pack", folder, "--memory", mib, "--lang", "en")
                if done.status != 0:
                    assert done.status == 4 and done.out == "", (command, done.status, done.err)
                    seen.add(re.search(r"enough for (.*)", done.err).group(1))
            assert seen == what, (command, seen)


@test("--memory wants a number of MiB")
def _():
    for value in ("0", "-1", "x", "1.5", "9999999999"):
        done = tizhi("check", "--pack", ".", "--memory", value)
        assert done.status == 2, (value, done.status)


def refusals(command, folder, point):
    """All of the first twenty, then more and more sparsely: some thousand allocations."""
    nth = 0
    while True:
        done = tizhi(*command, "--pack", folder, "--lang", "en",
                     env={"TIZHI_FAULT": f"{point}:{nth}"})
        if done.status in (0, 1):
            return
        place = f"{command} {point}:{nth}: exit {done.status}: {done.err[-1500:]}"
        assert done.status in (3, 4) and done.out == "", place
        assert done.err.startswith("error: ") and "Sanitizer" not in done.err, place
        if point in ("FULL", "ALLOC"):
            assert "not enough for" in done.err and done.status == 4, place
        nth += 1 if nth < 20 else nth // 5


@test("every allocation of an evaluation refused in turn: always a message, never a leak")
def _():
    if not FAULT_BUILD:
        return
    with small_pack(2) as folder:
        days = ["--as-of", "2025-02-01"]
        for command in (["eval", "--format", "json", *days], ["eval", *days, "--reference"],
                        ["explain", "T1", "--unit", "R", *days]):
            refusals([*command, "--threads", "1"], folder, "FULL")
        for command in (["list"], ["check"], ["fmt"]):
            refusals(command, folder, "FULL")
        for point in ("ALLOC", "BUF", "READ", "OPEN"):
            refusals(["eval", "--format", "json", *days, "--threads", "1"], folder, point)


@test("what is too much for one of several threads is judged by one alone, to the same answer")
def _():
    with small_pack(2000) as folder:
        args = ["eval", "--pack", folder, "--format", "json", "--as-of", "2025-02-01"]
        one, several = ({mib: tizhi(*args, "--threads", n, "--memory", mib)
                         for mib in (8, 12, 16, 24, 32, 48, 64)} for n in (1, 16))
        assert one[64].status == 0, one[64].err
        for mib, done in one.items():
            assert (several[mib].status, several[mib].out) == (done.status, done.out), mib


@test("a file that shrinks while it is read: exit 3, names the file, in both languages")
def _():
    if not FAULT_BUILD:
        return
    with small_pack(2) as folder:
        for lang, words in (("en", "changed while it was being read"), ("zh", "发生了变化")):
            for nth, name in enumerate(("a.plan", "facts.csv", "units.csv")):
                done = tizhi("eval", "--pack", folder, "--lang", lang,
                             env={"TIZHI_FAULT": f"SHRINK:{nth}"})
                assert done.status == 3 and done.out == "", (done.status, done.err)
                assert name in done.err and words in done.err, done.err


@test("deep and wide input: a diagnostic, in bounded time and memory")
def _():
    deep = "(" * 10_000_000
    chain = "指标 C0 { 计算 计数(县) / 计数(县) }\n" + "".join(
        f"指标 C{i} {{ 计算 C{i - 1} + 1 }}\n" for i in range(1, 50_000))
    for name, text, code in (
            ("brackets", f"目标 X {{ 于 2024年 {deep} }}\n", "E0203"),
            ("negations", "目标 X { 于 2024年 " + "非 " * 3_000_000 + "}\n", "E0203"),
            ("braces", "目标 X " + "{ " * 5_000_000 + "\n", "E02"),
            ("a long sum", "目标 X { 于 2024年 计数(县)" + " + 1个" * 1_000_000 + " >= 1 }\n",
             "E0204"),
            ("a chain of indicators", chain, "E0417"),
            ("the chain from its end", "\n".join(reversed(chain.splitlines())) + "\n", "E0417")):
        with pack({"a.plan": PLAN, "b.plan": text}) as folder:
            done = tizhi("check", "--pack", folder, "--lang", "en")
            assert done.status == 3 and code in done.err, (name, done.status, done.err[:500])
            assert done.out == "" and len(done.err) < 100_000, name
            bounded(done, 4000)


@test("100,000 declarations, 20,000 units: judged in bounded time and memory")
def _():
    many = PLAN + "".join(f"事件 e{i}\n" for i in range(99_000))
    with pack({"a.plan": many}) as folder:
        done = tizhi("check", "--pack", folder)
        assert done.status == 0, done.err[:500]
        bounded(done, 1000)
    with small_pack(20_000) as folder:
        done = tizhi("eval", "--pack", folder, "--as-of", "2025-02-01", "--unit", "R")
        assert done.status == 0, done.err[:500]
        bounded(done, 2000)


@test("products of products end with the name of the commitment, exit 3")
def _():
    plan = PLAN + "指标 P0 { 计算 求和(县.人口) / (求和(县.人口) + 1人) }\n"
    for i in range(1, 5):
        plan += f"指标 P{i} {{ 计算 {' * '.join([f'P{i - 1}'] * 4)} }}\n"
    product = "P4"
    for _ in range(7):
        product = f"({product} * {product})"
    plan += f"目标 Z {{ 于 2024年 全域 {product} 不少于 0 }}\n"
    units = "code,name,kind,parent\nR,省,省,\nA,甲,县,R\n"
    facts = "unit,item,period,value\nA,人口,2024,999999999999989\n"
    with pack({"a.plan": plan, "units.csv": units, "facts.csv": facts}) as folder:
        for lang, words in (("en", "binary digits in judging Z"),
                            ("zh", "个二进制位的数字：判定 Z")):
            done = tizhi("eval", "--pack", folder, "--as-of", "2025-02-01", "--lang", lang)
            assert done.status == 3 and done.out == "" and words in done.err, (done.status,
                                                                               done.err)
            bounded(done, 500)


if __name__ == "__main__":
    sys.exit(main())
