import uPlot from 'uplot';
import { time } from '../core/format.js';
import { html, useEffect, useRef, useState } from '../core/html.js';
import { color, isDark } from '../core/theme.js';

const HEIGHT = 160;

/**
 * @typedef {{ title: string, token: string, isFilled?: boolean }} Line
 */

/** @param {Line[]} lines @param {(value: number) => string} show */
function optionsOf(lines, show) {
  const axis = { stroke: color('--text-soft'), grid: { stroke: color('--border'), width: 1 }, ticks: { stroke: color('--border'), width: 1 }, font: '11px system-ui, sans-serif' };
  return {
    width: 300,
    height: HEIGHT,
    cursor: { points: { size: 6 }, drag: { x: true, y: false } },
    legend: { show: false },
    scales: { y: { range: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ most) => /** @type {[number, number]} */ ([0, most > 0 ? most * 1.1 : 1]) } },
    padding: /** @type {[number, number, number, number]} */ ([6, 18, 0, 0]),
    axes: [{ ...axis, size: 30, values: hours }, { ...axis, size: 58, values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map(show) }],
    series: [{}, ...lines.map((line) => ({ stroke: color(line.token), width: 1.6, points: { show: false, size: 5, fill: color(line.token), filter: alone }, fill: line.isFilled ? `${color(line.token)}22` : undefined, spanGaps: false }))],
  };
}

/** Points that no line leads to or from, which would not be seen without a dot. @param {uPlot} plot @param {number} series */
function alone(plot, series) {
  const values = plot.data[series];
  return [...values.keys()].filter((at) => values[at] != null && values[at - 1] == null && values[at + 1] == null);
}

/** @param {any} _ @param {number[]} ticks */
function hours(_, ticks) {
  const isLong = ticks.length > 1 && ticks[ticks.length - 1] - ticks[0] > 36 * 3600;
  const format = new Intl.DateTimeFormat(undefined, isLong ? { month: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return ticks.map((tick) => format.format(tick * 1000));
}

/**
 * Lines over time. A stretch that is dragged over is what it then asks for.
 * @param {{ title: string, lines: Line[], times: number[], values: (number | null)[][], show: (value: number) => string, onRange?: (from: number, to: number) => void }} props
 */
export function LineChart({ title, lines, times, values, show, onRange }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const chart = useRef(/** @type {uPlot | null} */ (null));
  const data = /** @type {uPlot.AlignedData} */ ([times, ...values]);
  const dark = isDark.value;
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null));

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const options = /** @type {any} */ (optionsOf(lines, show));
    options.width = Math.max(200, element.clientWidth);
    options.hooks = {
      setCursor: [(/** @type {uPlot} */ plot) => setPointed(plot.cursor.idx ?? null)],
      setSelect: [
        (/** @type {uPlot} */ plot) => {
          const { left, width } = plot.select;
          if (width > 4) onRange?.(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    };
    const plot = new uPlot(options, data, element);
    chart.current = plot;
    const watch = new ResizeObserver(() => plot.setSize({ width: Math.max(200, element.clientWidth), height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [dark]);

  useEffect(() => chart.current?.setData(data), [times, values]);

  return html`
    <figure class="chart">
      <figcaption class="chart-head">
        <h2>${title}</h2>
        <span class="legend">
          ${pointed !== null && times[pointed] && html`<span>${time(new Date(times[pointed] * 1000).toISOString())}</span>`}
          ${lines.map(
            (line, at) => html`
              <span key=${line.title}>
                <svg viewBox="0 0 14 8" aria-hidden="true"><path d="M0 4h14" stroke=${`var(${line.token})`} stroke-width="2.5" /></svg>
                ${line.title}${pointed === null ? '' : ` ${values[at]?.[pointed] == null ? '–' : show(/** @type {number} */ (values[at][pointed]))}`}
              </span>
            `,
          )}
        </span>
      </figcaption>
      <div ref=${box} role="img" aria-label=${title}></div>
    </figure>
  `;
}
