package io.minilogin.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page in Markdown, split into the parts that a translation leaves unchanged. */
record Page(Path file, String text) {
  private static final Pattern BLOCK =
      Pattern.compile("^( *)```.*\\n(?:.*\\n)*?\\1```$", Pattern.MULTILINE);

  private static final Pattern TABLE = Pattern.compile("(?:^\\|.*\\|$\\n?)+", Pattern.MULTILINE);
  private static final Pattern CODE = Pattern.compile("`[^`]+`");
  private static final Pattern CODE_OR_NUMBER = Pattern.compile(CODE + "|\\d+");

  static Page of(Path file) {
    try {
      return new Page(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the pages of the root folder, of docs and of the benchmark results. */
  static List<Page> all() throws IOException {
    try (var root = Files.list(Path.of(""));
        var docs = Files.walk(Path.of("docs"));
        var results = Files.list(Path.of("bench", "results"))) {
      return Stream.of(root, docs, results)
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(Page::of)
          .toList();
    }
  }

  /** Whether the page is in Chinese; such a page has, or had, an English original. */
  boolean isChinese() {
    return file.startsWith(Path.of("docs", "zh")) || file.toString().endsWith(".zh-CN.md");
  }

  /** Returns the fenced blocks with their language and their comments. */
  List<String> blocks() {
    return BLOCK.matcher(text).results().map(MatchResult::group).toList();
  }

  /** Returns the sections, from one heading to the next. */
  List<Section> sections() {
    return Arrays.stream(prose().split("(?m)(?=^#+ )")).map(Section::of).toList();
  }

  /** Reads all tables; omits those from which {@code read} returns nothing. */
  <T> List<List<T>> tables(Function<Table, List<T>> read) {
    return TABLE
        .matcher(prose())
        .results()
        .map(Table::of)
        .map(read)
        .filter(found -> !found.isEmpty())
        .toList();
  }

  /** Returns the first 16 digits of the SHA-256 of the file. */
  String hash() {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the names of commands, settings and headers, which are the same in every language. */
  private static Set<String> names(String prose) {
    return CODE.matcher(prose)
        .results()
        .map(code -> code.group().replaceAll("\\s+", " "))
        .collect(toCollection(TreeSet::new));
  }

  /** Returns the text outside of fenced blocks. */
  String prose() {
    return BLOCK.matcher(text).replaceAll("");
  }

  @Override
  public String toString() {
    return file.toString();
  }

  /**
   * @param level 1 for a title, 0 for the text before it
   * @param names the names without order, because sentences order them differently in another
   *     language
   */
  record Section(int level, Set<String> names) {
    static Section of(String text) {
      return new Section(text.startsWith("#") ? text.indexOf(' ') : 0, Page.names(text));
    }
  }

  record Table(List<List<String>> rows) {
    static Table of(MatchResult found) {
      return new Table(
          found.group().lines().map(row -> List.of(row.split("(?<!\\\\)\\|"))).toList());
    }

    /** Returns the names in each cell. */
    List<List<Set<String>>> names() {
      return rows.stream().map(row -> row.stream().map(Page::names).toList()).toList();
    }

    /** Returns the columns before the meaning: names, environment variable, default. */
    List<List<String>> settings() {
      return Set.of("property", "属性").contains(rows.get(0).get(1).strip())
          ? rows.stream().map(Table::settings).toList()
          : List.of();
    }

    private static List<String> settings(List<String> row) {
      var setting = String.join("|", row.subList(0, row.size() - 1));
      return CODE_OR_NUMBER.matcher(setting).results().map(MatchResult::group).toList();
    }
  }
}
