# SPDX-License-Identifier: Apache-2.0
"""How well a drafted pack holds the printed figures of a hand-made one.

Printed figures are those of a sentence (digits, Chinese numerals with a measure word, and the word
for coverage of all) that a commitment of the hand-made pack holds as its value for that sentence; a
figure printed twice counts twice. A drafted figure answers it when it is of the same sentence and
has the same value; it is right when bound (>=, >, <=, <, about, range), unit and year are the same
too. What was drafted although no declaration of the pack for that clause holds it is invented."""
import re
from fractions import Fraction

DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9)))
POWERS = {"十": 10, "百": 100, "千": 1000}
SCALES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
# Bounds that say the same of a figure that is reached.
BOUNDS = {"at_least": ">=", "reach": ">=", "bare": ">=", "rises": ">=", "above": ">",
          "at_most": "<=", "below": "<", "about": "~", "between": "..", "equals": "="}


COUNTED = re.compile(r"(?<![第一])(?!一批)([零〇一二两三四五六七八九十百千]+)"
                     r"(?=[个所名项轮批期次组家门种条兆])")


def numeral(text):
    """三十五 as a number."""
    total, digit = 0, None
    for char in text:
        if char in POWERS:
            total += (1 if digit is None else digit) * POWERS[char]
            digit = None
        else:
            digit = DIGITS[char]
    return total + (digit or 0)


def printed(sentence):
    """The figures of a sentence: (value, percent?)."""
    found = []
    for m in re.finditer(r"(\d+(?:\.\d+)?)([百千万亿]?)(%?)", sentence):
        value = Fraction(m.group(1)) * SCALES[m.group(2)]
        found.append(value / 100 if m.group(3) else value)
    for m in re.finditer(COUNTED, sentence):
        found.append(Fraction(numeral(m.group(1))))
    found += [Fraction(1)] * sentence.count("全覆盖")
    return found


def values(row):
    """The ends of a row's value in base units, as the list of commitments has them."""
    ends = [row["value"]] + ([row["value2"]] if row["value2"] else [])
    return tuple(Fraction(v) for v in ends)


def clause_paths(pack):
    """Code of a clause -> its path."""
    paths = {}
    for file in sorted(pack.glob("*.plan")):
        for line in file.read_text("utf8").splitlines():
            m = re.match(r"条款 (\S+) (.+)", line)
            if m:
                paths[m.group(1)] = re.sub(r"\s", "", m.group(2))
    return paths


def places(row, paths):
    """(path, sentence) of each sentence a commitment speaks for."""
    found = []
    for ref in row["sentences"]:
        code, _, number = ref.rpartition(":")
        found.append((paths[code], int(number)))
    return found


def held_numbers(pack, paths):
    """path of a clause -> every number written in a declaration for it."""
    held = {}
    for file in sorted(pack.glob("*.plan")):
        for block in re.split(r"\n(?=\S)", file.read_text("utf8")):
            basis = re.search(r"依据 ([^\n]+)", block)
            numbers = printed(re.sub(r"依据 [^\n]+", "", block)) if basis else []
            for ref in re.findall(r"[A-Z]+[0-9]*", basis.group(1)) if basis else ():
                if ref in paths:
                    held.setdefault(paths[ref], set()).update(numbers)
    return held


def golden(rows, paths, sentences):
    """The printed figures of the hand-made pack: place -> list of rows that may answer one."""
    wanted = []
    for place, text in sentences.items():
        here = [r for r in rows if r["value"] is not None and place in places(r, paths)]
        used = set()
        for figure in printed(text):
            fits = [r for r in here if figure in values(r)]
            fresh = [r for r in fits if id(r) not in used]
            if not fits or any(figure == values(r)[-1] and len(values(r)) == 2 for r in fits):
                continue  # the upper end of a range is the same figure
            chosen = (fresh or fits)[0]
            used.add(id(chosen))
            wanted.append((place, figure, chosen, fits))
    return wanted


def right(want, got):
    same_bound = BOUNDS.get(want["comparator"]) == BOUNDS.get(got["comparator"])
    return (same_bound and values(want) == values(got) and want["year"] == got["year"]
            and (want["unit"] == got["unit"]))


def measure(hand, hand_paths, drafted, drafted_paths, sentences, held):
    """Figures wanted, answered, right; what is missing, wrong, invented."""
    wanted = golden(hand, hand_paths, sentences)
    by_place = {}
    for row in drafted:
        if row["value"] is not None:
            for place in places(row, drafted_paths):
                by_place.setdefault(place, []).append(row)
    answered, exact, missing, wrong, used = 0, 0, [], [], set()
    for place, figure, chosen, fits in wanted:
        here = [r for r in by_place.get(place, []) if figure in values(r)]
        fresh = [r for r in here if id(r) not in used] or here
        if not fresh:
            missing.append((place, figure, chosen))
            continue
        best = next((r for r in fresh if any(right(f, r) for f in fits)), fresh[0])
        used.add(id(best))
        answered += 1
        if any(right(f, best) for f in fits):
            exact += 1
        else:
            wrong.append((place, figure, chosen, best))
    invented = [(place, r) for place, rows in by_place.items() for r in rows
                if not set(values(r)) & held.get(place[0], set())]
    return len(wanted), answered, exact, missing, wrong, invented
