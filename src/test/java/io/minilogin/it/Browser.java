package io.minilogin.it;

import io.minilogin.it.gateway.Installed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium with the development page. */
final class Browser implements AutoCloseable {
  /** The size of a window in CSS pixels. */
  record Size(int width, int height) {}

  /** The place of an element in CSS pixels, from the top of the page. */
  record Box(double top, double bottom) {}

  static final Size DESKTOP = new Size(1280, 900);
  static final Size PHONE = new Size(390, 844);

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** Whether to take screenshots, which take longer than the rest of some tests. */
  private static final boolean TAKES_PHOTOGRAPHS = Boolean.getBoolean("photographs");

  private final ChromeDriver chromium;
  private final URI page;

  private Browser(ChromeDriver chromium, URI page) {
    this.chromium = chromium;
    this.page = page;
  }

  /** Skips the test if Chromium is not installed. */
  static void requireInstalled() {
    Installed.program("chromium");
    Installed.program("chromedriver");
  }

  static Browser start(URI page) {
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    var options =
        new ChromeOptions()
            .setBinary(Installed.program("chromium").toFile())
            .addArguments("--headless=new", "--no-sandbox", "--disable-gpu")
            .addArguments("--disable-background-networking", "--disable-component-update");
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    var driver =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Installed.program("chromedriver").toFile())
            .build();
    return new Browser(new ChromeDriver(driver, options), page);
  }

  /** Opens the page as at the first visit, with an empty diagram and no pauses in the stories. */
  void open(String language, Size size) {
    open(language, size, "light");
  }

  /**
   * Opens the page as at the first visit.
   *
   * @param scheme {@code light} or {@code dark}
   */
  void open(String language, Size size, String scheme) {
    resize(size);
    chromium.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    chromium.get(page.resolve("/page/page.css").toString());
    evaluate("localStorage.clear(); localStorage.setItem('language', '" + language + "')");
    chromium.get(page.resolve("/?pace=0").toString());
    awaitState();
    // The previous test may have left work that ends after the first click.
    await(
        () -> {
          one("#clear").click();
          return arrows().isEmpty();
        });
  }

  void resize(Size size) {
    chromium.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width",
            size.width(),
            "height",
            size.height(),
            "deviceScaleFactor",
            1,
            "mobile",
            size.equals(PHONE)));
  }

  void reload() {
    chromium.navigate().refresh();
    awaitState();
  }

  private void awaitState() {
    await(() -> !text("#who").isEmpty() && !text("#secret-state").isEmpty());
  }

  void tap(String action) {
    one("[data-action='" + action + "']").click();
  }

  /** Replaces the text of an input. */
  void enter(String selector, String text) {
    evaluate(
        "const input = document.querySelector('%s'); input.value = '%s';".formatted(selector, text)
            + "input.dispatchEvent(new Event('input'))");
  }

  String text(String selector) {
    return one(selector).getText();
  }

  int count(String selector) {
    return chromium.findElements(By.cssSelector(selector)).size();
  }

  WebElement one(String selector) {
    return chromium.findElement(By.cssSelector(selector));
  }

  /** Evaluates {@code return …} in the page and returns its value. */
  Object evaluate(String script) {
    return chromium.executeScript(script);
  }

  /** Returns what the client and the page have stored. */
  String stored() {
    return String.valueOf(evaluate("return JSON.stringify(localStorage)"));
  }

  /** Returns the arrows of the diagram, such as {@code CLIENT → SERVICE POST /login}. */
  List<String> arrows() {
    return strings(
        "return [...document.querySelectorAll('#messages > [data-from]')]"
            + ".map(({dataset: d}) => `${d.from} → ${d.to} ${d.text}`)");
  }

  void awaitArrow(String arrow) {
    await(() -> arrows().contains(arrow));
  }

  Box box(String selector) {
    var edges =
        (List<?>)
            evaluate(
                "const box = document.querySelector('%s').getBoundingClientRect();"
                        .formatted(selector)
                    + "return [box.top + scrollY, box.bottom + scrollY].map(String)");
    return new Box(
        Double.parseDouble((String) edges.get(0)), Double.parseDouble((String) edges.get(1)));
  }

  boolean isWiderThanItsWindow() {
    return evaluate("return document.documentElement.scrollWidth > innerWidth").equals(true);
  }

  /** Returns whether the text of a select has too little space beside the arrow of 20 pixels. */
  boolean isCut(String select, String text) {
    return evaluate(
            """
            const select = document.querySelector('%s')
            const style = getComputedStyle(select)
            const context = document.createElement('canvas').getContext('2d')
            context.font = style.font
            const left = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
            return context.measureText('%s').width > left - 20
            """
                .formatted(select, text))
        .equals(true);
  }

  /** Returns the pairs of visible elements that overlap, without those inside of each other. */
  List<String> overlaps(String selector) {
    return strings(
        """
        const name = (it) => it.id || it.textContent || it.tagName
        const box = (it) => it.getBoundingClientRect()
        const all = [...document.querySelectorAll('%s')]
          .filter((it) => it.checkVisibility() && !it.closest('#scroll') && !it.closest('#story'))
        return all.flatMap((a, i) => all.slice(i + 1)
          .filter((b) => !a.contains(b) && !b.contains(a))
          .filter((b) => box(a).left < box(b).right - 1 && box(b).left < box(a).right - 1
            && box(a).top < box(b).bottom - 1 && box(b).top < box(a).bottom - 1)
          .map((b) => name(a) + ' and ' + name(b)))
        """
            .formatted(selector));
  }

  /** Returns the rules of axe-core that the page violates, with the elements. */
  List<String> accessibilityViolations() {
    try (var axe = ChromeDriver.class.getResourceAsStream("/axe.min.js")) {
      evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8) + "; window.axe = axe");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var found =
        chromium.executeAsyncScript(
            """
            const done = arguments[0]
            axe.run().then(({violations}) => done(violations
              .map((it) => it.id + ': ' + it.nodes.map((node) => node.target.join()).join('; '))))
            """);
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }

  void setOffline(boolean isOffline) {
    chromium.executeCdpCommand("Network.enable", Map.of());
    chromium.executeCdpCommand(
        "Network.emulateNetworkConditions",
        Map.of(
            "offline", isOffline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
  }

  /** Returns the new errors in the console, except those for unsuccessful answers. */
  List<String> errors() {
    return chromium.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .filter(message -> !message.contains("Failed to load resource"))
        .toList();
  }

  void forgetErrors() {
    chromium.manage().logs().get(LogType.BROWSER);
  }

  private List<String> strings(String script) {
    return ((List<?>) evaluate(script)).stream().map(String::valueOf).toList();
  }

  void await(Supplier<Boolean> condition) {
    Awaitility.await().atMost(TIMEOUT).ignoreExceptions().until(condition::get);
  }

  /**
   * Takes a screenshot of the whole page and saves it below {@code target/page}, if the system
   * property {@code photographs} is true.
   */
  void photograph(String name) {
    var height = evaluate("return document.documentElement.scrollHeight");
    var width = evaluate("return innerWidth");
    var clip = Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1);
    photograph(name + ".png", Map.of("captureBeyondViewport", true, "clip", clip));
  }

  /** Takes a small screenshot of what a user sees without scrolling. */
  void photographWindow(String name) {
    photograph(name + ".webp", Map.of("format", "webp", "quality", 50));
  }

  private void photograph(String file, Map<String, Object> how) {
    if (!TAKES_PHOTOGRAPHS) {
      return;
    }
    var image = chromium.executeCdpCommand("Page.captureScreenshot", how);
    try {
      var directory = Files.createDirectories(Path.of("target", "page"));
      Files.write(
          directory.resolve(file),
          OutputType.BYTES.convertFromBase64Png((String) image.get("data")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    chromium.quit();
  }
}
