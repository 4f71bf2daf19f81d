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

/** A page in Markdown, taken apart into what a translation leaves as it is. */
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

  /** README and its neighbours, and all of docs. */
  static List<Page> all() throws IOException {
    try (var root = Files.list(Path.of(""));
        var docs = Files.walk(Path.of("docs"))) {
      return Stream.concat(root, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(Page::of)
          .toList();
    }
  }

  /** One that has, or had, an original in English. */
  boolean isChinese() {
    return file.startsWith(Path.of("docs", "zh")) || file.endsWith("README.zh-CN.md");
  }

  /** Fenced blocks, with their language and their comments. */
  List<String> blocks() {
    return BLOCK.matcher(text).results().map(MatchResult::group).toList();
  }

  /** From one heading to the next. */
  List<Section> sections() {
    return Arrays.stream(prose().split("(?m)(?=^#+ )")).map(Section::of).toList();
  }

  /** Something of each table in which there is something. */
  <T> List<List<T>> tables(Function<Table, List<T>> read) {
    return TABLE
        .matcher(prose())
        .results()
        .map(Table::of)
        .map(read)
        .filter(found -> !found.isEmpty())
        .toList();
  }

  /** The first 16 digits of the file's SHA-256. */
  String hash() {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Names of commands, settings, headers and the like, which are the same in every language. */
  private static Set<String> names(String prose) {
    return CODE.matcher(prose)
        .results()
        .map(code -> code.group().replaceAll("\\s+", " "))
        .collect(toCollection(TreeSet::new));
  }

  /** What is not in a fenced block. */
  String prose() {
    return BLOCK.matcher(text).replaceAll("");
  }

  @Override
  public String toString() {
    return file.toString();
  }

  /**
   * @param level 1 for a title, 0 for what stands before it
   * @param names in no order, because a sentence has another one in another language
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

    /** The names in each cell. */
    List<List<Set<String>>> names() {
      return rows.stream().map(row -> row.stream().map(Page::names).toList()).toList();
    }

    /** What stands before the meaning of each property: names, environment variable, default. */
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
