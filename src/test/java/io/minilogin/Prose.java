package io.minilogin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Text for readers in a file of the repository: a comment, a message, the name of a test, or a
 * page.
 *
 * @param line the number of its first line
 * @param text without quotations and comment marks; a name is split into words
 */
record Prose(Path file, int line, Kind kind, String text) {
  enum Kind {
    TEXT,
    TEST_TYPE,
    TEST_METHOD
  }

  private static final Path TESTS = Path.of("src", "test");

  private static final List<Path> FOLDERS =
      Stream.of("src", "docs", "k8s", "charts", "bench", "client", ".ci", ".github")
          .map(Path::of)
          .toList();

  /** The scripts of {@code .ci}, {@code bench} and {@code docs} have no extension. */
  private static final Pattern FILE_NAME =
      Pattern.compile(
          ".*\\.(java|js|ts|go|md|properties|ya?ml|tpl|txt|toml|sh|css)|Dockerfile.*|[a-z]+|\\.\\w+");

  /** Pages in Chinese, other people's files, and the record of the past. */
  private static final Pattern EXCLUDED =
      Pattern.compile("docs/zh/.*|.*\\.zh-CN\\.md|CHANGELOG\\.md|.*/(node_modules|target)/.*");

  private static final Pattern CODE = Pattern.compile(".*\\.(java|js|ts|go)");

  private static final Pattern COMMENT_OR_LITERAL =
      Pattern.compile(
          "(?<comment>/\\*(?s:.*?)\\*/|//[^\\n]*(?:\\n[ \\t]*//[^\\n]*)*)"
              + "|(?<literal>\"\"\"(?s:.*?)\"\"\"|\"(?:[^\"\\\\\\n]++|\\\\.)*+\")"
              + "|'(?:[^'\\\\\\n]|\\\\.)+'");

  private static final Pattern TYPE = Pattern.compile("\\b(?:class|record|interface) (\\w+)");
  private static final Pattern METHOD = Pattern.compile("\\b(?:void|ArchRule) (\\w+)");

  private static final Pattern WORD_BREAK =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

  /** In Markdown, the number sign marks headings. */
  private static final Pattern COMMENT_MARK =
      Pattern.compile("(?m)^[ \\t]*(?:/\\*\\*?|\\*/|\\*(?!\\*)|//+|--)|\\*/$");

  private static final Pattern HASH = Pattern.compile("(?m)^[ \\t]*#+");

  /** Text in backquotes or double quotes, or a value in YAML in single quotes. */
  private static final Pattern QUOTATION =
      Pattern.compile("(?m)`[^`\\n]*`|\\\\?\"[^\"\\n]*\"|(?<=: )'(?:''|[^'\\n])*'$");

  /** Returns the text of the repository, whose root is the working directory. */
  static List<Prose> all() throws IOException {
    try (var root = Files.list(Path.of(""))) {
      return Stream.concat(root, FOLDERS.stream().flatMap(Prose::files))
          .filter(Files::isRegularFile)
          .filter(Prose::isForReaders)
          .flatMap(file -> of(file, read(file)))
          .toList();
    }
  }

  /** Returns the text of a file; of code, only its comments, messages and names of tests. */
  static Stream<Prose> of(Path file, String content) {
    if (!CODE.matcher(file.toString()).matches()) {
      var text = isMarkdown(file) ? content : HASH.matcher(content).replaceAll("");
      return Stream.of(new Prose(file, 1, Kind.TEXT, plain(text)));
    }
    var comments = found(file, content, Kind.TEXT, COMMENT_OR_LITERAL, Prose::comment);
    if (!file.toString().endsWith(".java")) {
      return comments;
    }
    return file.startsWith(TESTS)
        ? Stream.of(
                comments,
                found(file, content, Kind.TEST_TYPE, TYPE, Prose::sentence),
                found(file, content, Kind.TEST_METHOD, METHOD, Prose::sentence))
            .flatMap(each -> each)
        : Stream.concat(
            comments, found(file, content, Kind.TEXT, COMMENT_OR_LITERAL, Prose::message));
  }

  /** Returns the number of the line in the file for an offset in the text. */
  int lineAt(int offset) {
    return line + lineBreaks(text, offset);
  }

  /** Turns {@code expiredTokenIsRejected} into "Expired token is rejected". */
  private static String sentence(MatchResult name) {
    var words = WORD_BREAK.matcher(name.group(1)).replaceAll(" ").toLowerCase(Locale.ROOT);
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private static String comment(MatchResult found) {
    return found.group(1) == null ? "" : plain(found.group());
  }

  /** Keys, paths and other literals have no space. */
  private static String message(MatchResult found) {
    var literal = found.group(2);
    return literal == null || !literal.contains(" ")
        ? ""
        : literal.replaceAll("^\"+|\"+$", "").replaceAll("\\\\\"[^\"]*\\\\\"", "…");
  }

  private static String plain(String text) {
    return QUOTATION.matcher(COMMENT_MARK.matcher(text).replaceAll("")).replaceAll("…");
  }

  private static Stream<Prose> found(
      Path file, String content, Kind kind, Pattern pattern, Function<MatchResult, String> read) {
    return pattern
        .matcher(content)
        .results()
        .map(
            found ->
                new Prose(file, 1 + lineBreaks(content, found.start()), kind, read.apply(found)))
        .filter(prose -> !prose.text.isEmpty());
  }

  private static int lineBreaks(String text, int end) {
    var count = 0;
    for (var at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) {
      count++;
    }
    return count;
  }

  private static boolean isMarkdown(Path file) {
    return file.toString().endsWith(".md");
  }

  private static boolean isForReaders(Path file) {
    return FILE_NAME.matcher(file.getFileName().toString()).matches()
        && !EXCLUDED.matcher(file.toString().replace('\\', '/')).matches();
  }

  private static Stream<Path> files(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
