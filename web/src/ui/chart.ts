// SPDX-License-Identifier: Apache-2.0
/** The parts of ECharts that are used. */
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent } from 'echarts/components'
import * as core from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { CanvasRenderer } from 'echarts/renderers'

core.use([BarChart, LineChart, GridComponent, MarkLineComponent, CanvasRenderer, LabelLayout])

export const start = (box: HTMLElement) => core.init(box, null, { renderer: 'canvas' })

/** In place of what is drawn, with the font of the page around it. */
export function draw(chart: core.EChartsType, option: core.EChartsCoreOption): void {
  const { fontFamily } = getComputedStyle(chart.getDom())
  chart.setOption({ textStyle: { fontFamily }, ...option }, true)
}
