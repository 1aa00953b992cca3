// SPDX-License-Identifier: Apache-2.0
/**
 * The track of a figure as a chart: what was, what silence leaves open, what is asked when, and the
 * way from here to there. It draws what the service has printed and works nothing out.
 */
import type { EChartsCoreOption } from 'echarts/core'
import type { Shape } from '@/api/ask'
import { measure, type Measure } from '@/base/number'
import { BLUE, INK, INK_SOFT, RULE, TONE } from '@/ui/tone'
import type { State } from '@/ui/state'

type Line = Shape<'track_line'>
type Spot = [day: string, value: number]

const known = (m: Measure) => m.value !== null
const open = (m: Measure) => m.value === null && isFinite(m.low) && isFinite(m.high)

/** Nothing is to go where the figure stands on the side that is asked for. */
const isThere = (required: string, value: number, goal: number) =>
  /^[≥>]/.test(required) ? value >= goal : /^[≤<]/.test(required) ? value <= goal : false

/** Not below nothing where nothing is below nothing. */
const floor = ({ min, max }: { min: number; max: number }) =>
  min >= 0 && min < (max - min) / 4 ? 0 : null
const before = ({ min, max }: { min: number; max: number }) => min - (max - min) / 12

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
  return {
    animation: false,
    grid: { left: 8, right: 40, top: 30, bottom: 8, containLabel: true },
    xAxis: {
      type: 'time',
      min: before,
      minInterval: 365 * 86400_000,
      axisLabel: { formatter: '{yyyy}', color: INK_SOFT },
      axisLine: { lineStyle: { color: INK_SOFT } },
    },
    yAxis: {
      type: 'value',
      scale: true,
      min: floor,
      boundaryGap: ['10%', '15%'],
      axisLabel: { formatter: `{value} ${d.unit}`, color: INK_SOFT, hideOverlap: true },
      splitLine: { lineStyle: { color: RULE } },
    },
    series: [
      {
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { color: TONE.unknown, width: 8, opacity: 0.6, cap: 'round' },
        data: d.between.flatMap((b) => [
          [b.day, b.m.low],
          [b.day, b.m.high],
          [b.day, null],
        ]),
      },
      {
        type: 'line',
        silent: true,
        symbol: 'circle',
        symbolSize: 8,
        lineStyle: { color: INK, width: 2 },
        itemStyle: { color: INK },
        data: d.was.map((value) => {
          const m = text.get(value[0])!
          return { value, label: label(`${m.figure} ${m.unit}`, 'top') }
        }),
      },
      {
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { color: BLUE, width: 2, type: 'dashed' },
        data: d.way,
      },
      {
        type: 'line',
        silent: true,
        symbol: 'diamond',
        symbolSize: 13,
        lineStyle: { width: 0 },
        data: d.rungs.flatMap((r) =>
          (r.m.value !== null ? [r.m.value] : [r.m.low, r.m.high]).map((value, i) => ({
            value: [r.due, value],
            itemStyle: { color: TONE[r.state as State] },
            label: label(i === 0 ? `${r.m.figure} ${r.m.unit}` : '', 'bottom'),
          })),
        ),
      },
    ],
  }
}
