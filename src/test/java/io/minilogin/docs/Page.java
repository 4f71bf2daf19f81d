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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

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

  /** Fenced blocks, with their language and their comments. */
  List<String> blocks() {
    return BLOCK.matcher(text).results().map(MatchResult::group).toList();
  }

  /** From one heading to the next, without fenced blocks. */
  List<Section> sections() {
    return Arrays.stream(BLOCK.matcher(text).replaceAll("").split("(?m)(?=^#+ )"))
        .map(Section::new)
        .toList();
  }

  List<Table> tables() {
    return TABLE.matcher(BLOCK.matcher(text).replaceAll("")).results().map(Table::of).toList();
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

  record Section(String text) {
    /** 1 for a title, 0 for what stands before it. */
    int level() {
      return text.startsWith("#") ? text.indexOf(' ') : 0;
    }

    Set<String> names() {
      return Page.names(text);
    }
  }

  record Table(List<List<String>> rows) {
    static Table of(MatchResult found) {
      return new Table(
          found.group().lines().map(row -> List.of(row.split("(?<!\\\\)\\|"))).toList());
    }

    boolean isOfProperties() {
      return Set.of("property", "属性").contains(rows.get(0).get(1).strip());
    }

    /** The names in each cell. */
    List<List<Set<String>>> names() {
      return rows.stream().map(row -> row.stream().map(Page::names).toList()).toList();
    }

    /** Names, environment variables and defaults: what stands before the meaning. */
    List<List<String>> settings() {
      return rows.stream()
          .map(row -> String.join("|", row.subList(0, row.size() - 1)))
          .map(row -> CODE_OR_NUMBER.matcher(row).results().map(MatchResult::group).toList())
          .toList();
    }
  }
}
