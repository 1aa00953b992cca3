#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The style test: rules of the house that a compiler does not check, one TAP case per rule.

usage: tidy.py [TREE]     from anywhere; without TREE the one this file lies in
A rule is a function that yields "path:line: what is wrong". CC names the compiler for the header
check; with TIZHI_BUILD the object files of that build are searched for mutable globals.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

ROOT = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()

LINE_COLUMNS_MAX = 100
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 1200
SHOWN_PER_RULE = 40

# A folder of src may include from itself and from the folders named here.
MAY_INCLUDE = {
    "base": (),
    "model": ("base",),
    "lang": ("base", "model"),
    "engine": ("base", "model"),
    "store": ("base", "model"),
    "io": ("base", "model"),
    "draft": ("base", "model", "lang", "io"),
    "app": ("base", "model", "lang", "engine", "store", "io", "draft"),
    "http": ("base", "model", "lang", "engine", "store", "io", "draft", "app"),
    "cli": ("base", "model", "lang", "engine", "store", "io", "draft", "app", "http"),
}

# Tables of texts in which every English one has its Chinese twin, and the other way round.
PAIRED_DEFS = ("rc.def", "diag.def", "lint.def")

# The one mutable state that is wanted: base/fault.h says why.
MUTABLE_ALLOWED = {"armed_point", "arrivals_left", "has_fired"}

# Project folders that hold text of ours; everything else is data, output or other people's.
FOLDERS = ("src", "tests", "tools", "docs", "bench", "plans", "web", ".ci")
# Test inputs break rules on purpose; the programs beside them do not.
DATA = re.compile(r"^(tests/(?!unit/|lib/)[^/]+/.*(?<!\.py)(?<!\.c)(?<!\.h)(?<!\.build)$"
                  r"|plans/[^/]+/data/)")


GENERATED = {"__pycache__", "node_modules", "schema.d.ts", "words.ts"}


def all_files():
    found = [p for p in ROOT.iterdir() if p.is_file() and p.name not in ("LICENSE", ".git")]
    for folder in FOLDERS:
        found += [p for p in (ROOT / folder).rglob("*") if p.is_file()]
    names = []
    for path in found:
        rel = path.relative_to(ROOT)
        if GENERATED.isdisjoint(rel.parts):
            names.append(str(rel))
    return sorted(names)


FILES = all_files()
TEXTS = {}


def text(name):
    """The text of a file; None when it is not text."""
    if name not in TEXTS:
        try:
            TEXTS[name] = (ROOT / name).read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            TEXTS[name] = None
    return TEXTS[name]


def named(*suffixes, under=""):
    return [n for n in FILES if n.endswith(suffixes) and n.startswith(under) and not DATA.match(n)]


def c_files():
    return [n for folder in ("src/", "tests/", "bench/") for n in named(".c", ".h", under=folder)]


def web_files():
    return named(".ts", ".mjs", ".vue", ".css", under="web/")


def columns(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else
               0 if unicodedata.combining(c) else 1 for c in line)


C_NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def code_only(source):
    """C without comments and literals, line numbers kept."""
    def blank(match):
        kept = "\n" * match.group(0).count("\n")
        return kept if match.group(0).startswith("/") else '""' + kept
    return C_NOISE.sub(blank, source)


def line_of(source, offset):
    return source.count("\n", 0, offset) + 1


def rule_lines_fit():
    for name in c_files() + named(".py", ".build") + web_files() + ["x"]:
        for number, line in enumerate(text(name).splitlines(), 1):
            if columns(line) > LINE_COLUMNS_MAX:
                yield f"{name}:{number}: {columns(line)} columns"


def rule_functions_are_short():
    # The formatter puts the braces of a function, and of nothing else, alone at the margin.
    for name in c_files():
        begin = None
        for number, line in enumerate(text(name).splitlines(), 1):
            if line == "{":
                begin = number
            elif line == "}" and begin is not None:
                if number - begin + 1 > FUNCTION_LINES_MAX:
                    yield f"{name}:{begin}: a function of {number - begin + 1} lines"
                begin = None


def rule_files_are_short():
    for name in c_files() + named(".py") + web_files():
        lines = text(name).count("\n")
        if lines > FILE_LINES_MAX:
            yield f"{name}:1: {lines} lines"


INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def includes(name):
    source = text(name)
    for match in INCLUDE.finditer(source):
        yield line_of(source, match.start()), match.group(1)


def rule_includes_go_one_way():
    for name in named(".c", ".h", ".def", under="src/"):
        folder = name.split("/")[1]
        if folder not in MAY_INCLUDE:
            yield f"{name}:1: the folder {folder} has no place in the order (tools/tidy.py)"
            continue
        for number, target in includes(name):
            top = target.split("/")[0]
            if not (ROOT / "src" / target).is_file():
                yield f"{name}:{number}: {target} is not a path below src/"
            elif top != folder and top not in MAY_INCLUDE[folder]:
                yield f"{name}:{number}: {folder} may not include {target}"


def rule_private_headers_stay_private():
    for name in c_files():
        for number, target in includes(name):
            if target.endswith("_int.h") and not name.startswith("tests/") \
                    and target.split("/")[0] != name.split("/")[1]:
                yield f"{name}:{number}: {target} belongs to its own folder"


def rule_own_header_comes_first():
    for name in named(".c", under="src/"):
        own = name[len("src/"):-1] + "h"
        listed = [target for _, target in includes(name)]
        if own in listed and listed[0] != own:
            yield f"{name}:1: include {own} first"


def rule_header_guards():
    for name in [n for n in c_files() if n.endswith(".h")]:
        path = name[len("src/"):] if name.startswith("src/") else name
        guard = re.sub(r"[^A-Za-z0-9]", "_", path).upper()
        if f"#ifndef {guard}\n#define {guard}\n" not in text(name):
            yield f"{name}:1: the guard must be {guard}"


def rule_headers_stand_alone():
    compiler = os.environ.get("CC", "cc").split()
    flags = ["-std=c17", "-D_POSIX_C_SOURCE=200809L", "-Isrc", "-I.", "-include", "base/banned.h",
             "-Wall", "-Wextra", "-Werror", "-Wno-unused-macros", "-fsyntax-only", "-x", "c"]

    def broken(name):
        # Through a file that includes it, since a header as main file warns about itself.
        path = name[len("src/"):] if name.startswith("src/") else name
        done = subprocess.run([*compiler, *flags, "-"], cwd=ROOT, capture_output=True, text=True,
                              input=f'#include "{path}"\nextern int nothing;\n')
        return None if done.returncode == 0 else f"{name}:1: {done.stderr.strip()}"

    headers = [n for n in c_files() if n.endswith(".h") and n != "src/base/banned.h"]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        yield from filter(None, pool.map(broken, headers))


def rule_banned_functions():
    """The compiler refuses them too; this also sees files that are not compiled."""
    banned = set(re.findall(r"^#define (\w+)\(\.\.\.\) banned__", text("src/base/banned.h"), re.M))
    memory = {"malloc", "calloc", "realloc", "free"}
    jumps = {"setjmp", "longjmp"}
    banned |= jumps | {"alloca", "assert"}
    call = re.compile(r"(?<![\w.>])(" + "|".join(sorted(banned | memory)) + r")\s*\(")
    for name in c_files():
        if name == "src/base/banned.h":
            continue
        source = code_only(text(name))
        for match in call.finditer(source):
            jump = match.group(1) in jumps and name == "src/base/arena.c"  # arena_run, arena_stop
            if not jump and (match.group(1) not in memory or not name.startswith("src/base/")):
                yield f"{name}:{line_of(source, match.start())}: {match.group(1)} is banned"


def rule_licence_and_purpose():
    for name in named(".def", under="src/") + c_files():
        lines = text(name).splitlines()
        if not lines or lines[0] != "/* SPDX-License-Identifier: Apache-2.0 */":
            yield f"{name}:1: the first line must be the SPDX comment"
        elif len(lines) < 2 or not lines[1].startswith("/*"):
            yield f"{name}:2: say here what the file does"
    for name in named(".py", ".sh", "meson.build") + web_files() + ["x", ".ci/run", "Makefile"]:
        if "SPDX-License-Identifier: Apache-2.0" not in "\n".join(text(name).splitlines()[:2]):
            yield f"{name}:1: no SPDX line"


BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def rule_clean_text():
    kinds = (".c", ".h", ".def", ".py", ".md", ".build", ".plan", ".txt", ".sh", ".ts", ".vue",
             ".css", ".sql", ".yml")
    for name in named(*kinds) + ["x", ".ci/run", "Makefile", ".gitignore", ".clang-format"]:
        source = text(name)
        if source is None:
            yield f"{name}:1: not UTF-8"
            continue
        if source and not source.endswith("\n"):
            yield f"{name}:{source.count(chr(10)) + 1}: no newline at the end"
        if "\r" in source:
            yield f"{name}:{line_of(source, source.index(chr(13)))}: carriage return"
        for number, line in enumerate(source.split("\n"), 1):
            if "\t" in line and name != "Makefile":
                yield f"{name}:{number}: tab"
            if line.endswith((" ", "\u3000")):
                yield f"{name}:{number}: trailing space"
            if BIDI.search(line):
                yield f"{name}:{number}: bidirectional control character"


STRING = re.compile(r'"((?:\\.|[^"\\])*)"')
HAN = re.compile("[\u3400-\u9fff]")
# NAME( ... ): strings, other characters, and one level of inner brackets.
ROW = re.compile(r'^[A-Z][A-Z0-9_]*\(((?:[^()"]|"(?:\\.|[^"\\])*"|\([^()]*\))*)\)', re.MULTILINE)
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def def_rows(name):
    """(line, strings) of each row of an X-list; adjacent literals are one string."""
    source = re.sub(r"/\*.*?\*/|//[^\n]*", lambda m: "\n" * m.group(0).count("\n"), text(name),
                    flags=re.DOTALL)
    for row in ROW.finditer(source):
        glued = re.sub(r'"\s*"', lambda m: '""' if m.group(0) == '""' else "", row.group(1))
        yield line_of(source, row.start()), STRING.findall(glued)


def rule_tables_speak_both_languages():
    for name in named(".def", under="src/"):
        rows = list(def_rows(name))
        paired = Path(name).name in PAIRED_DEFS
        if not paired and '"english", "中文"' not in text(name):
            continue  # its legend promises no texts in two languages
        for number, strings in rows:
            check = unpaired if paired else one_sided
            yield from check(f"{name}:{number}", strings)


def unpaired(place, strings):
    """Texts come in pairs, English then Chinese (an English text may quote a Chinese word)."""
    english, chinese = strings[0::2], strings[1::2]
    if not strings or len(english) != len(chinese):
        yield f"{place}: {len(english)} English texts, {len(chinese)} Chinese ones"
    for e, c in zip(english, chinese):
        if bool(e) != bool(c) or (c and not HAN.search(c)):
            yield f"{place}: a row needs both languages"
        elif set(PLACEHOLDER.findall(e)) != set(PLACEHOLDER.findall(c)):
            yield f"{place}: the languages use different placeholders"
    if strings and not strings[0]:
        yield f"{place}: a row needs both languages"


def one_sided(place, strings):
    """A row with several texts has both languages; a single one is a further spelling."""
    chinese = any(HAN.search(s) for s in strings)
    english = any(s and not HAN.search(s) for s in strings)
    if len(strings) > 1 and not (chinese and english):
        yield f"{place}: a row needs both languages"


def private_words():
    """Words that must not get out, one per line, kept with the working copy and not in the tree."""
    path = ROOT / ".git" / "info" / "private-words"
    return path.read_text("utf-8").split() if path.is_file() else []


def rule_nothing_private():
    path = re.compile(r"(?<![\w.])/(?:home|work|root|Users)/\w")
    words = private_words()
    word = re.compile(r"(?i)\b(?:" + "|".join(map(re.escape, words)) + r")\b") if words else None
    for name in FILES:
        source = text(name)
        for pattern, what in ((path, "an absolute path"), (word, "a private word")):
            for match in pattern.finditer(source or "") if pattern else ():
                yield f"{name}:{line_of(source, match.start())}: {what}: {match.group(0)}"


def rule_no_loose_ends():
    for name in c_files() + named(".py") + ["x"]:
        for number, line in enumerate(text(name).splitlines(), 1):
            if re.search(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b(?! #\d)", line):
                yield f"{name}:{number}: an open end without the number of its issue"


def rule_everything_is_built():
    for folder, what in (("tests/unit", r"\w+"), ("tests/fuzz", r"fuzz_\w+")):
        listed = re.findall(r"^\s+'(" + what + r")',$", text(f"{folder}/meson.build"), re.M)
        for path in sorted((ROOT / folder).glob("*.c")):
            if path.stem not in listed:
                yield f"{folder}/{path.name}:1: not in {folder}/meson.build"
        for stem in listed:
            if not (ROOT / folder / f"{stem}.c").is_file():
                yield f"{folder}/meson.build:1: {stem}.c is listed but not there"
    for path in sorted((ROOT / "src").glob("**/*.c")):
        folder, _, name = str(path.relative_to(ROOT / "src")).partition("/")
        build = text(f"src/{folder}/meson.build") or ""
        if f"'{name}'" not in build:
            yield f"src/{folder}/{name}:1: not in its meson.build"


# A line of objdump -t for writable data: address, flags, section, size, perhaps visibility, name.
SYMBOL = re.compile(r"^\S+ .{7} (\.t?(?:data|bss)\S*)\s+(\S+) (?:\.\w+ )?(\S+)$", re.MULTILINE)


def rule_no_mutable_globals():
    build = os.environ.get("TIZHI_BUILD")
    libs = sorted((Path(build) / "src").glob("libtizhi_*.a")) if build else []
    for lib in libs:
        # Thin archives name their members by path, so objdump wants their folder.
        shown = subprocess.run(["objdump", "-t", str(lib)], capture_output=True, text=True,
                               check=True, cwd=lib.parent).stdout
        for section, size, symbol in SYMBOL.findall(shown):
            plain = symbol.split(".")[0]
            if not section.startswith(".data.rel.ro") and int(size, 16) > 0 \
                    and not symbol.startswith(("_", ".")) and plain not in MUTABLE_ALLOWED:
                yield f"{lib.name}:1: mutable global {symbol}"


def main():
    rules = [(name[len("rule_"):], rule) for name, rule in globals().items()
             if name.startswith("rule_")]
    print(f"1..{len(rules)}")
    failed = 0
    for number, (name, rule) in enumerate(rules, 1):
        found = list(rule())
        print(f"{'not ' if found else ''}ok {number} - {name}")
        for line in found[:SHOWN_PER_RULE]:
            print("# " + line.replace("\n", "\n#   "))
        if len(found) > SHOWN_PER_RULE:
            print(f"# and {len(found) - SHOWN_PER_RULE} more")
        failed += bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
