// SPDX-License-Identifier: Apache-2.0
/** The parts of ECharts that are used. */
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent } from 'echarts/components'
import * as core from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

core.use([BarChart, LineChart, GridComponent, MarkLineComponent, CanvasRenderer])

export function start(box: HTMLElement): core.EChartsType {
  const chart = core.init(box, null, { renderer: 'canvas' })
  chart.setOption({ textStyle: { fontFamily: getComputedStyle(box).fontFamily } })
  return chart
}
