import { BarChart, type BarSeriesOption, LineChart, type LineSeriesOption } from 'echarts/charts';
import {
  GridComponent,
  type GridComponentOption,
  LegendComponent,
  type LegendComponentOption,
} from 'echarts/components';
import { type ComposeOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { deliveredPercent, type Figures } from './figures.ts';
import { outcomes, typeName } from './outcomes.ts';

type Option = ComposeOption<BarSeriesOption | LineSeriesOption | GridComponentOption | LegendComponentOption>;

export interface Chart {
  name: string;
  title: string;
  /** Null: there is nothing to draw. */
  svg: string | null;
  /** What is said instead. */
  nothing: string;
}

use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

/** Pixels; the page makes it as wide as itself. */
const WIDTH = 900;
const REASONS = 10;
const [BLUE, GREEN, RED] = ['#3d84d6', '#2e9e5b', '#d64545'];

const bars = (data: (number | null)[], more: BarSeriesOption = {}): BarSeriesOption => ({
  type: 'bar',
  barMaxWidth: 28,
  itemStyle: { color: BLUE },
  label: { show: true, position: 'top', color: 'currentColor', textBorderWidth: 0 },
  data,
  ...more,
});

const axisColours = {
  axisLabel: { color: 'currentColor', hideOverlap: true },
  axisLine: { lineStyle: { color: 'currentColor', opacity: 0.5 } },
  axisTick: { lineStyle: { color: 'currentColor', opacity: 0.5 } },
};
const categories = (data: string[]) => ({ type: 'category' as const, data, ...axisColours });
const values = {
  type: 'value' as const,
  ...axisColours,
  minInterval: 1,
  splitLine: { lineStyle: { color: 'currentColor', opacity: 0.15 } },
};

function draw(title: string, height: number, option: Option): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    chart.setOption({
      animation: false,
      // Colours of the page, in light and dark; its font too.
      textStyle: { color: 'currentColor', fontFamily: 'inherit' },
      grid: { left: 12, right: 16, top: 28, bottom: option.legend ? 56 : 28 },
      ...option,
    } satisfies Option);
    return (
      chart
        .renderToSVGString()
        // What happens under the mouse; its class names would meet those of the other charts.
        .replace(/<style\b[\s\S]*?<\/style>/g, '')
        .replace('<svg ', `<svg role="img" aria-label="${title}" `)
    );
  } finally {
    chart.dispose();
  }
}

/** As many as can be read, the rest in one. */
const mostOften = (reasons: [string, number][]): [string, number][] =>
  reasons.length <= REASONS
    ? reasons
    : [
        ...reasons.slice(0, REASONS - 1),
        ['others 其他', reasons.slice(REASONS - 1).reduce((sum, [, times]) => sum + times, 0)],
      ];

const legend = { bottom: 0, textStyle: { color: 'currentColor' } };

/** SVG made here, so that the page needs no script. */
export function drawCharts(figures: Figures): Chart[] {
  const byDay = figures.days.map((day) => figures.byDay.get(day)!);
  const days = categories(figures.days.map((day) => day.slice(5)));
  const hours = Array.from({ length: 24 }, (_, hour) => {
    const counts = figures.byHour.get(hour);
    return counts ? deliveredPercent(counts) : null;
  });
  const reasons = mostOften([...figures.byReason].sort(([, one], [, two]) => two - one));
  const types = [...figures.byType].sort(([, one], [, two]) => two - one);
  const chart = (name: string, title: string, nothing: string, height: number, option: Option | null) => ({
    ...{ name, title, nothing },
    svg: option && draw(title, height, option),
  });

  return [
    chart('days', 'Sends a day, by result 每日群发', 'No sends. 没有群发。', 300, {
      legend,
      xAxis: days,
      yAxis: values,
      series: outcomes
        .map(({ name, statuses, colour }) =>
          bars(
            byDay.map((day) => statuses.reduce((sum, status) => sum + (day.statuses.get(status) ?? 0), 0)),
            { name, stack: 'sends', itemStyle: { color: colour }, label: { show: false } },
          ),
        )
        .filter(({ data }) => data?.some((value) => value !== 0)),
    }),
    chart(
      'delivered',
      'Delivered and failed a day, in people 每日送达与失败人数',
      'No result has arrived yet. 尚无结果。',
      300,
      figures.counts.delivered === null
        ? null
        : {
            legend,
            xAxis: days,
            yAxis: values,
            series: [
              line(
                'delivered 送达',
                GREEN,
                byDay.map(({ counts }) => counts.delivered),
              ),
              line(
                'failed 失败',
                RED,
                byDay.map(({ counts }) => counts.failed),
              ),
            ],
          },
    ),
    chart(
      'hours',
      'Delivered of the eligible by hour in Beijing, in % 各时段送达率',
      'No result has arrived yet. 尚无结果。',
      280,
      hours.every((percent) => percent === null)
        ? null
        : {
            xAxis: categories(hours.map((_, hour) => String(hour))),
            yAxis: values,
            series: [bars(hours)],
          },
    ),
    chart(
      'reasons',
      'Why sends fail, in calls to WeChat 失败原因',
      'None failed. 没有失败。',
      80 + 44 * reasons.length,
      reasons.length === 0 ? null : sideways(reasons, RED),
    ),
    chart(
      'types',
      'Message types 消息类型',
      'No sends. 没有群发。',
      80 + 32 * types.length,
      sideways(
        types.map(([type, count]) => [typeName(type), count]),
        BLUE,
      ),
    ),
  ];
}

/** A day without a figure is a gap, not a 0. */
const line = (name: string, color: string, data: (number | null)[]): LineSeriesOption => ({
  ...{ type: 'line', name, data, connectNulls: false, symbol: 'circle', symbolSize: 5 },
  lineStyle: { color },
  itemStyle: { color },
});

/** Bars from left to right, the first at the top: their names are long. */
const sideways = (rows: (readonly [string, number])[], color: string): Option => ({
  yAxis: {
    ...categories(rows.map(([name]) => name)),
    inverse: true,
    axisLabel: { color: 'currentColor', width: 300, overflow: 'break', interval: 0 },
  },
  xAxis: values,
  series: [
    bars(
      rows.map(([, count]) => count),
      {
        itemStyle: { color },
        label: { show: true, position: 'right', color: 'currentColor', textBorderWidth: 0 },
      },
    ),
  ],
});
