// SPDX-License-Identifier: Apache-2.0
/**
 * The track of a figure as a chart: what was, what silence leaves open, what is asked when, and the
 * way from here to there. It draws what the service has printed and works nothing out.
 */
import type { EChartsCoreOption } from 'echarts/core'
import type { Shape } from '@/api/ask'
import { figure, gap, measure, type Measure } from '@/base/number'
import { lang } from '@/base/text'
import { BLUE, INK, INK_SOFT, RULE, TONE } from '@/ui/tone'
import type { State } from '@/ui/state'

type Line = Shape<'track_line'>
type Spot = [day: string, value: number]

const known = (m: Measure) => m.value !== null
const open = (m: Measure) => m.value === null && isFinite(m.low) && isFinite(m.high)

/** Nothing is to go where the figure stands on the side that is asked for. */
const isThere = (required: string, value: number, goal: number) =>
  /^[≥>]/.test(required) ? value >= goal : /^[≤<]/.test(required) ? value <= goal : false

/**
 * 2025-07-02 → 2025.5: days on an axis on which a year's name stands in its middle. Its first and
 * last day keep off its ends, or nobody could tell to which year 31 December belongs.
 */
export function yearOf(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const begin = Date.UTC(year, 0, 1)
  const part = (Date.UTC(year, month - 1, date) - begin) / (Date.UTC(year + 1, 0, 1) - begin)
  return year + 0.08 + 0.84 * part
}

/** What is drawn of a line; nothing when there is no figure in it. */
export function drawn(line: Line) {
  const points = line.points.map((p) => ({ ...p, m: measure(p.text) }))
  const rungs = line.rungs
    .filter((r) => r.due)
    .map((r) => ({ ...r, due: r.due!, m: measure(r.required) }))
    .filter((r) => known(r.m) || open(r.m))
  const was: Spot[] = points.filter((p) => known(p.m)).map((p) => [p.day, p.m.value!])
  const between = points.filter((p) => open(p.m)).map((p) => ({ day: p.day, m: p.m }))
  const last = was.at(-1)
  const next = rungs.find((r) => r.state === 'pending' && last !== undefined && r.due > last[0])
  const goal = next && (next.m.value ?? (last![1] > next.m.high ? next.m.high : next.m.low))
  const there = next && isThere(next.required, last![1], goal!)
  const way: Spot[] = next && !there ? [last!, [next.due, goal!]] : []
  const unit = [...points, ...rungs].find((x) => x.m.unit)?.m.unit ?? ''
  return { was, between, rungs, way, unit }
}

export type Drawn = ReturnType<typeof drawn>
/** One spot alone says no more than the table. */
export const isEmpty = (d: Drawn) => d.was.length + d.between.length + d.rungs.length < 2

/** 1, 2 or 5 at some place of the number, so that about five of them fill the span. */
function stepOf(span: number): number {
  const place = 10 ** Math.floor(Math.log10(span / 5))
  return [1, 2, 5, 10].find((n) => n * place >= span / 5)! * place
}

/**
 * The axis of figures: what is known and asked, with room for labels. A range of silence that is
 * far wider is cut at its ends, or nothing else could be told apart.
 */
export function scale(d: Drawn): { min: number; max: number; interval: number } {
  const asked = d.rungs.flatMap((r) => (r.m.value !== null ? [r.m.value] : [r.m.low, r.m.high]))
  const firm = [...d.was.map(([, value]) => value), ...asked]
  const [low, high] = [Math.min(...firm), Math.max(...firm)]
  const reach = 4 * (high - low)
  const ends = d.between.flatMap((b) => [b.m.low, b.m.high])
  const near = ends.filter((x) => firm.length < 2 || (x >= low - reach && x <= high + reach))
  const [least, most] = [Math.min(low, ...near), Math.max(high, ...near)]
  const room = (most - least || Math.abs(most) || 1) / 6
  const bottom = least >= 0 ? Math.max(0, least - room) : least - room
  const top = d.unit === '%' && most <= 100 ? Math.min(100, most + room) : most + room
  const interval = stepOf(top - bottom)
  const round = (x: number, to: (x: number) => number) => to(+(x / interval).toFixed(6)) * interval
  return { min: round(bottom, Math.floor), max: round(top, Math.ceil), interval }
}

const placesOf = (text: string) => text.split('.')[1]?.length ?? 0

const label = (text: string, position: string) => ({
  show: true,
  position,
  formatter: text,
  color: INK,
  fontSize: 12,
})

const texts = (line: Line) => new Map(line.points.map((p) => [p.day, measure(p.text)]))

export function option(line: Line, d: Drawn): EChartsCoreOption {
  const text = texts(line)
  const { min, max, interval } = scale(d)
  const shown = d.was.map(([day]) => text.get(day)!.figure)
  const places = Math.max(placesOf(String(+interval.toPrecision(3))), ...shown.map(placesOf))
  const days = [...d.was, ...d.between.map((b) => [b.day]), ...d.rungs.map((r) => [r.due])]
  const years = days.map(([day]) => yearOf(day as string))
  return {
    animation: false,
    grid: { left: 8, right: 40, top: 30, bottom: 8, containLabel: true },
    xAxis: {
      type: 'value',
      min: Math.floor(Math.min(...years)),
      max: Math.ceil(Math.max(...years)),
      interval: 0.5,
      axisLabel: {
        formatter: (x: number) => (x % 1 === 0 ? '' : String(Math.floor(x))),
        color: INK_SOFT,
      },
      axisTick: { show: false },
      axisLine: { onZero: false, lineStyle: { color: INK_SOFT } },
      splitLine: { lineStyle: { color: [RULE, 'transparent'] } },
    },
    yAxis: {
      type: 'value',
      min,
      max,
      interval,
      axisLabel: {
        formatter: (x: number) => figure(x.toFixed(places), lang.value) + gap(d.unit) + d.unit,
        color: INK_SOFT,
        hideOverlap: true,
      },
      splitLine: { lineStyle: { color: RULE } },
    },
    series: [
      {
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { color: TONE.unknown, width: 8, opacity: 0.6, cap: 'round' },
        data: d.between.flatMap((b) => [
          [yearOf(b.day), Math.max(b.m.low, min)],
          [yearOf(b.day), Math.min(b.m.high, max)],
          [yearOf(b.day), null],
        ]),
      },
      {
        type: 'line',
        silent: true,
        symbol: 'circle',
        symbolSize: 8,
        lineStyle: { color: INK, width: 2 },
        itemStyle: { color: INK },
        data: d.was.map(([day, value]) => {
          const m = text.get(day)!
          const shown = m.figure + gap(m.unit) + m.unit
          return { value: [yearOf(day), value], label: label(shown, 'top') }
        }),
      },
      {
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { color: BLUE, width: 2, type: 'dashed' },
        data: d.way.map(([day, value]) => [yearOf(day), value]),
      },
      {
        type: 'line',
        silent: true,
        symbol: 'diamond',
        symbolSize: 13,
        labelLayout: { hideOverlap: true },
        lineStyle: { width: 0 },
        data: d.rungs.flatMap((r) =>
          (r.m.value !== null ? [r.m.value] : [r.m.low, r.m.high]).map((value, i) => ({
            value: [yearOf(r.due), value],
            itemStyle: { color: TONE[r.state as State] },
            label: label(i === 0 ? r.m.figure + gap(r.m.unit) + r.m.unit : '', 'bottom'),
          })),
        ),
      },
    ],
  }
}
