# SPDX-License-Identifier: Apache-2.0
"""Plots as SVG, drawn by hand: lines on logarithmic axes in panels, and bars."""
import math
from xml.sax.saxutils import escape

INK, GRID, PAPER = "#1f2933", "#d9dee3", "#ffffff"
COLOURS = ("#1f6feb", "#d1495b", "#2e933c", "#8e5ea2")
PROPORTIONAL = ("units", "targets")  # what facts and verdicts grow with
MARGIN = 0.09  # of a panel, left and right of the curve
FONT = "font-family='Noto Sans CJK SC, Noto Sans, sans-serif'"
LABELS = {"units": "机构 units", "items": "数据项 items", "targets": "目标 targets",
          "threads": "线程 threads", "depth": "层级 levels above a school",
          "fan-out": "每旗县学校 schools of a county",
          "readers": "读该数的目标 targets that read it"}


def text(x, y, words, size=13, anchor="middle", more=""):
    return (f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' fill='{INK}' "
            f"text-anchor='{anchor}' {FONT} {more}>{escape(words)}</text>")


def line(x1, y1, x2, y2, colour=GRID, wide=1, more=""):
    return (f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{colour}' "
            f"stroke-width='{wide}' {more}/>")


def document(w, h, parts):
    return (f"<svg xmlns='http://www.w3.org/2000/svg' width='{w}' height='{h}' "
            f"viewBox='0 0 {w} {h}'><rect width='{w}' height='{h}' fill='{PAPER}'/>"
            + "\n".join(parts) + "</svg>\n")


def decades(low, high):
    """Powers of ten around the values, at least one decade."""
    first = math.floor(math.log10(low))
    last = math.ceil(math.log10(high))
    return first, max(last, first + 1)


def seconds(v):
    for unit, scale in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if v >= scale:
            return f"{v / scale:.3g} {unit}"
    return f"{v:.2g} s"


class Panel:
    """One pair of axes, both logarithmic."""

    def __init__(self, x, y, w, h, xs, ys):
        self.x, self.y, self.w, self.h = x, y, w, h
        self.x_low, self.x_high = math.log10(min(xs)), math.log10(max(xs))
        self.y_low, self.y_high = decades(min(ys), max(ys))

    def at(self, vx, vy):
        span = self.x_high - self.x_low
        part = (math.log10(vx) - self.x_low) / span if span > 0 else 0.5
        part = MARGIN + part * (1 - 2 * MARGIN)
        up = (math.log10(vy) - self.y_low) / (self.y_high - self.y_low)
        return self.x + part * self.w, self.y + (1 - up) * self.h

    def frame(self, label, xs):
        parts = [f"<rect x='{self.x}' y='{self.y}' width='{self.w}' height='{self.h}' "
                 f"fill='none' stroke='{INK}' stroke-width='1'/>"]
        for k in range(self.y_low, self.y_high + 1):
            _, y = self.at(10 ** self.x_low, 10.0 ** k)
            parts.append(line(self.x, y, self.x + self.w, y))
            parts.append(text(self.x - 8, y + 4, seconds(10.0 ** k), 12, "end"))
        for v in xs:
            x, _ = self.at(v, 10.0 ** self.y_low)
            parts.append(line(x, self.y, x, self.y + self.h))
            parts.append(text(x, self.y + self.h + 18, f"{v:,}", 12))
        parts.append(text(self.x + self.w / 2, self.y + self.h + 40, label, 14))
        return parts

    def curve(self, points, colour):
        places = [self.at(x, y) for x, y in points]
        parts = ["<polyline fill='none' stroke-width='2.5' "
                 f"stroke='{colour}' points='{' '.join(f'{x:.1f},{y:.1f}' for x, y in places)}'/>"]
        for (x, y), (_, v) in zip(places, points):
            parts.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4' fill='{colour}'/>")
            parts.append(text(x, y - 9, seconds(v), 11))
        return parts

    def proportional(self, points):
        """Through the last point: what cost in proportion would be."""
        x_end, y_end = points[-1]
        x0 = max(10 ** self.x_low, x_end * 10 ** self.y_low / y_end)
        a, b = self.at(x0, y_end * x0 / x_end), self.at(x_end, y_end)
        return line(*a, *b, "#8a94a0", 1.5, "stroke-dasharray='5 4'")


TITLES = {
    "growth": "一次全量判定 one full evaluation（虚线：正比 dashed: proportional）",
    "commits": "改一个数到全部判定更新 one changed fact to all verdicts（中位 median）",
}


def panels(title, curves):
    """curves: what is varied -> [(x, seconds)]."""
    parts, w, h = [text(450, 26, TITLES[title], 16)], 330, 210
    for i, (what, points) in enumerate(curves.items()):
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        panel = Panel(90 + i % 2 * (w + 100), 55 + i // 2 * (h + 85), w, h, xs, ys)
        parts += panel.frame(LABELS.get(what, what), xs)
        if what in PROPORTIONAL:
            parts.append(panel.proportional(points))
        parts += panel.curve(points, COLOURS[i % len(COLOURS)])
    return document(900, 55 + (len(curves) + 1) // 2 * (h + 85) + 10, parts)


def bars(rows):
    """rows: (name, seconds), on a logarithmic scale."""
    low, high = decades(min(v for _, v in rows), max(v for _, v in rows))
    w, left, step = 560, 140, 44
    parts = [text(400, 26, "一次全量判定（对数轴，越短越快） "
                  "one full evaluation (log axis, shorter is faster)", 16)]
    for k in range(low, high + 1):
        x = left + (k - low) / (high - low) * w
        parts += [line(x, 44, x, 50 + step * len(rows)),
                  text(x, 68 + step * len(rows), seconds(10.0 ** k), 12)]
    for i, (name, v) in enumerate(rows):
        y = 52 + i * step
        length = (math.log10(v) - low) / (high - low) * w
        parts += [text(left - 10, y + 21, name, 14, "end"),
                  f"<rect x='{left}' y='{y}' width='{length:.1f}' height='30' "
                  f"fill='{COLOURS[i % len(COLOURS)]}'/>",
                  text(left + length + 8, y + 21, seconds(v), 13, "start")]
    return document(800, 84 + step * len(rows), parts)
