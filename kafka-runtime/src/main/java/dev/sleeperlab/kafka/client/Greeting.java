package dev.sleeperlab.kafka.client;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Who answers at an address. Kafka's clients wait for a minute where another protocol is spoken;
 * this asks with a short request (a SASL handshake of Kafka's protocol, version 1; where that is
 * not understood, the beginning of TLS, then HTTP) and looks at the answer's first bytes.
 *
 * @param who what answers there
 * @param detail more of it, for people to read; may be empty
 */
record Greeting(Who who, String detail) {
  private static final int CONNECT_MS = 2000;
  private static final int ANSWER_MS = 1500;
  private static final int CORRELATION = 0x51EE9;
  private static final int MAX_ANSWER = 4096;

  private static final short SASL_HANDSHAKE = 17;
  private static final short ILLEGAL_SASL_STATE = 34;
  private static final String NO_MECHANISM = "sleeper-asks";
  private static final int TLS_ALERT = 0x15;
  private static final int TLS_HANDSHAKE = 0x16;

  /** What may answer. */
  enum Who {
    /** No such host name. */
    NO_HOST,
    /** Nothing listens. */
    NOBODY,
    /** A broker that wants no name and password. */
    PLAIN,
    /** A broker that wants a name and password, without encryption. */
    SASL,
    /** Something that speaks TLS. */
    TLS,
    /** An HTTP server. */
    HTTP,
    /** Something that does not say what it is. */
    UNKNOWN
  }

  /** Asks at {@code host:port}; takes at most some seconds. */
  static Greeting of(String host, int port) {
    try {
      Greeting first = asked(host, port, handshake());
      if (first.who() != Who.UNKNOWN) {
        return first;
      }
      Greeting toTls = asked(host, port, clientHello());
      return toTls.who() == Who.TLS
          ? toTls
          : asked(host, port, "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    } catch (UnknownHostException noHost) {
      return new Greeting(Who.NO_HOST, "");
    } catch (IOException refused) {
      return new Greeting(Who.NOBODY, String.valueOf(refused.getMessage()));
    }
  }

  private static Greeting asked(String host, int port, byte[] question) throws IOException {
    try (Socket socket = new Socket()) {
      InetSocketAddress address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new UnknownHostException(host);
      }
      socket.connect(address, CONNECT_MS);
      socket.setSoTimeout(ANSWER_MS);
      return answer(socket, question);
    }
  }

  private static Greeting answer(Socket socket, byte[] question) {
    try {
      socket.getOutputStream().write(question);
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      byte[] start = in.readNBytes(4);
      return start.length < 4 ? new Greeting(Who.UNKNOWN, "it hangs up") : told(start, in);
    } catch (SocketTimeoutException silence) {
      return new Greeting(Who.UNKNOWN, "it says nothing");
    } catch (IOException broken) {
      return new Greeting(Who.UNKNOWN, "it hangs up");
    }
  }

  private static Greeting told(byte[] start, InputStream in) throws IOException {
    if (new String(start, StandardCharsets.US_ASCII).equals("HTTP")) {
      return new Greeting(Who.HTTP, "");
    }
    if ((start[0] == TLS_ALERT || start[0] == TLS_HANDSHAKE) && start[1] == 3) {
      return new Greeting(Who.TLS, "");
    }
    int size = ByteBuffer.wrap(start).getInt();
    if (size < 10 || size > MAX_ANSWER) {
      return new Greeting(Who.UNKNOWN, "");
    }
    DataInputStream answer = new DataInputStream(in);
    if (answer.readInt() != CORRELATION) {
      return new Greeting(Who.UNKNOWN, "");
    }
    short error = answer.readShort();
    List<String> mechanisms = new ArrayList<>();
    int count = Math.min(answer.readInt(), 20);
    for (int i = 0; i < count; i++) {
      byte[] name = new byte[Math.min(answer.readUnsignedShort(), 100)];
      answer.readFully(name);
      mechanisms.add(new String(name, StandardCharsets.US_ASCII).replaceAll("[^\\w-]", "?"));
    }
    return error == ILLEGAL_SASL_STATE
        ? new Greeting(Who.PLAIN, "")
        : new Greeting(Who.SASL, String.join(", ", mechanisms));
  }

  /** How a client begins TLS; nothing is trusted or sent beyond it. */
  private static byte[] clientHello() throws IOException {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      var unused = engine.wrap(ByteBuffer.allocate(0), hello);
      return Arrays.copyOf(hello.array(), hello.position());
    } catch (NoSuchAlgorithmException noTls) {
      throw new IOException(noTls);
    }
  }

  /** Size, api key, version 1, correlation, client id, mechanism. */
  private static byte[] handshake() {
    byte[] client = "sleeper".getBytes(StandardCharsets.US_ASCII);
    byte[] mechanism = NO_MECHANISM.getBytes(StandardCharsets.US_ASCII);
    int size = 2 + 2 + 4 + 2 + client.length + 2 + mechanism.length;
    return ByteBuffer.allocate(4 + size)
        .putInt(size)
        .putShort(SASL_HANDSHAKE)
        .putShort((short) 1)
        .putInt(CORRELATION)
        .putShort((short) client.length)
        .put(client)
        .putShort((short) mechanism.length)
        .put(mechanism)
        .array();
  }
}
