package io.minilogin.it;

import io.minilogin.it.gateway.Installed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
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
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final ChromeDriver chromium;

  private Browser(ChromeDriver chromium) {
    this.chromium = chromium;
  }

  /**
   * Starts Chromium. Skips the test if it is not installed.
   *
   * @param language a language tag such as {@code zh-CN}
   */
  static Browser start(String language) {
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    var options =
        new ChromeOptions()
            .setBinary(Installed.program("chromium").toFile())
            .addArguments("--headless=new", "--no-sandbox", "--disable-gpu")
            .addArguments("--accept-lang=" + language)
            .addArguments("--disable-background-networking", "--disable-component-update");
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    var driver =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Installed.program("chromedriver").toFile())
            .build();
    return new Browser(new ChromeDriver(driver, options));
  }

  /**
   * Opens a page as for the first time.
   *
   * @param width the width of the window in CSS pixels
   */
  void open(URI page, int width) {
    chromium.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 500));
    var origin = page.getScheme() + "://" + page.getAuthority();
    chromium.executeCdpCommand(
        "Storage.clearDataForOrigin", Map.of("origin", origin, "storageTypes", "all"));
    // Reading the log removes the errors of the previous page from it.
    errors();
    chromium.get(page.toString());
    await(() -> !text("#who").isEmpty());
  }

  void tap(String action) {
    one("[data-action='" + action + "']").click();
  }

  /** Turns a switch and waits until it can be turned back. A secret can be rotated again. */
  void turn(String name, String back) {
    one("[data-switch='" + name + "']").click();
    await(() -> one("[data-switch='" + back + "']").isDisplayed());
  }

  String text(String selector) {
    return one(selector).getText();
  }

  WebElement one(String selector) {
    return chromium.findElement(By.cssSelector(selector));
  }

  /** Evaluates {@code return …} in the page and returns its value. */
  Object evaluate(String script) {
    return chromium.executeScript(script);
  }

  /** Returns the arrows of the diagram, such as {@code CLIENT → SERVICE POST /login}. */
  @SuppressWarnings("unchecked")
  List<String> arrows() {
    return ((List<Object>)
            evaluate(
                "return [...document.querySelectorAll('#happenings li')]"
                    + ".map(({dataset: d}) => `${d.from} → ${d.to} ${d.text}`)"))
        .stream().map(String::valueOf).toList();
  }

  /** Returns the errors in the console, except those for unsuccessful answers. */
  List<String> errors() {
    return chromium.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .filter(message -> !message.contains("Failed to load resource"))
        .toList();
  }

  void await(Supplier<Boolean> condition) {
    Awaitility.await().atMost(TIMEOUT).ignoreExceptions().until(condition::get);
  }

  /** Takes a screenshot of the whole page and saves it below {@code target/page}. */
  void photograph(String name) {
    var height = evaluate("return document.documentElement.scrollHeight");
    var width = evaluate("return document.documentElement.clientWidth");
    var clip = Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1);
    var image =
        chromium.executeCdpCommand(
            "Page.captureScreenshot", Map.of("captureBeyondViewport", true, "clip", clip));
    try {
      var directory = Files.createDirectories(Path.of("target", "page"));
      Files.write(
          directory.resolve(name + ".png"),
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
