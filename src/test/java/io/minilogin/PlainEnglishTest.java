package io.minilogin;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.Prose.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Comments, messages, test names and English pages contain no known unidiomatic phrase. Quotations
 * are exempt.
 */
class PlainEnglishTest {
  private static final Path PAGE = Path.of("docs", "page.md");
  private static final Path TEST = Path.of("src", "test", "java", "FooTest.java");
  private static final Path CODE = Path.of("src", "main", "java", "Foo.java");

  private static final String SENTENCE_START =
      "(?<=(?:^|[.:;!?|>]\\s|@param \\w{1,20}\\s|@return\\s)[\\s*_(>|-]{0,20})";

  private static final String QUESTION = "[^.?]{1,200}\\?";

  /** A heading or a label may begin with "What" if it names its subject: "What nginx can't do:". */
  private static final String NO_SUBJECT =
      "(?:are|can|do|does|else|goes|has|is|it|lies|may|passes|they|this|was)\\b";

  private static final String LABEL = "\\s(?!%s)[^.:|\\n]{1,60}:\\s".formatted(NO_SUBJECT);

  /** A sentence begins with its subject; a question ends with a question mark. */
  private static final Pattern OPENING =
      Pattern.compile(
          "\\b(?=[OTW])%s((?:Of|Those|Whoever|Whatever|(?:What|Who)\\b(?!%s|%s))\\s+\\w+)"
              .formatted(SENTENCE_START, QUESTION, LABEL),
          Pattern.MULTILINE);

  private static final Pattern HEADING =
      Pattern.compile(
          "(?m)^#+ ((?:Of|Those|Whoever|Whatever|(?:What|Who) %s)\\b)(?!.*\\?$)"
              .formatted(NO_SUBJECT));

  /** A test is named by a sentence without a leading article or pronoun. */
  private static final Pattern METHOD = Pattern.compile("^((?:The|An?|Its?|So) \\w+)");

  private static final Pattern PHRASE =
      phrases(
          "another['’]s",
          "anew",
          "any more(?=\\s*(?:\\z|[.,;:)|]))",
          "as (?:it|they) (?:came|comes?|stands?)",
          "as (?:the )?\\w+ has it",
          "as well as never",
          "be had",
          "be it",
          "becomes? of",
          "goes? again",
          "in (?:its|the|their) place",
          "(?:is|are|was|were) none",
          "(?:is|are) no (?!client)\\w+ of",
          "(?:is|are) not meant(?! to)",
          "no telling",
          "nobody['’]s",
          "no(?:body|thing) (?:else )?is told",
          "of (?:a |an |the )?\\w+(?:-\\w+)?['’]s(?=\\s*(?:\\z|[.,;:)|]))",
          "(?:of|for|with|than) what (?:is|was|has|had)",
          "ones? (?:that|who|which)",
          "(?:say|tell|says|tells|told) of",
          "(?:so|nor|neither) (?:do|does)(?! not)",
          "stays? without",
          "what (?:there is|is no|is none)");

  @Test
  void repositoryIsInPlainEnglish() throws IOException {
    var prose = Prose.all();
    assertThat(prose).hasSizeGreaterThan(4000);
    assertThat(prose.stream().flatMap(PlainEnglishTest::unidiomatic))
        .as("unidiomatic phrases; see the section \"English\" of CONTRIBUTING.md")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Of one that is not active nothing else is told.",
        "Whoever takes their time between two requests is not meant",
        "What would live for longer than a lock does is none.",
        "Those of a condition that makes requests end in this problem.",
        "a stand-in token that is none, or none any more",
        "a user of nobody's",
        "Say of a user's equals what was measured",
        "The token. Of two the newer counts.",
        "Returns the token, if one can be had.",
        "## What it does not do",
        "- **Of each app** the current secret",
        "| a proxy | its headers | Those of others |",
        "| a metric | Netty has no metrics any more |",
        "a key that\n# is none",
      })
  void unidiomaticSentenceIsFound(String sentence) {
    assertThat(unidiomatic(PAGE, sentence)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "For an inactive token the response is `{\"active\": false}` only.",
        "Pauses between requests are left to the idle timeout.",
        "A key with a longer TTL was not set by us; it is deleted.",
        "Fields for a condition that fails requests with this problem.",
        "an unknown or expired stand-in token",
        "a UID that nothing else uses",
        "Document the cost of UserId.equals",
        "## What happens when Redis fails?",
        "## What nginx does not do",
        "What nginx can't do:\n\n- sign a header",
        "The log says \"Of one that is none\".",
        "`that is none` is a quotation",
      })
  void plainSentenceIsAccepted(String sentence) {
    assertThat(unidiomatic(PAGE, sentence)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "whatDoesNotOpenIsLeftWhereItIs",
        "whatWasEncryptedBeforeAResetOpensAfterItAndWhatWasAfterItToo",
        "theTokenIsDecoded",
        "soDoesOneWithoutAUnionid",
      })
  void unidiomaticTestNameIsFound(String name) {
    assertThat(unidiomatic(TEST, "void %s() {}".formatted(name))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unreadableSessionsAreNotDeleted",
        "dataFromBeforeAndAfterAKeyResetCanBeDecrypted",
      })
  void plainTestNameIsAccepted(String name) {
    assertThat(unidiomatic(TEST, "void %s() {}".formatted(name))).isEmpty();
  }

  @Test
  void phraseIsLocatedInCommentsAndMessages() {
    var code =
        """
        // The first token. Of the others
        // only a hash is kept: there
        // is none
        String message = "The \\"one that\\" is none";
        char quote = '"'; // as it came
        """;
    assertThat(unidiomatic(CODE, code))
        .containsExactlyInAnyOrder(
            CODE + ":1: Of the",
            CODE + ":3: is none",
            CODE + ":4: is none",
            CODE + ":5: as it came");
  }

  private static Stream<String> unidiomatic(Path file, String content) {
    return Prose.of(file, content).flatMap(PlainEnglishTest::unidiomatic);
  }

  /** Returns the phrases with file and line. */
  private static Stream<String> unidiomatic(Prose prose) {
    return Stream.of(OPENING, HEADING, PHRASE, METHOD)
        .filter(pattern -> pattern != METHOD || prose.kind() == Kind.TEST_METHOD)
        .flatMap(pattern -> pattern.matcher(prose.text()).results())
        .map(
            found ->
                "%s:%d: %s"
                    .formatted(
                        prose.file(),
                        prose.lineAt(found.start(1)),
                        found.group(1).replaceAll("\\s+", " ")));
  }

  /** Finds the phrases in any case, also across a line break. */
  private static Pattern phrases(String... phrases) {
    return Pattern.compile("(?i)\\b(" + String.join("|", phrases).replace(" ", "\\s+") + ")\\b");
  }
}
