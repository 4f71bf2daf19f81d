package io.minilogin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.tngtech.archunit.core.domain.JavaField;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Regular expressions process a long text of their worst case quickly and without much stack. */
class PatternsTest {
  /** Four times the largest text that a pattern reads. */
  private static final int LENGTH = 256 * 1024;

  /** Texts that match the beginning of a pattern again and again when repeated. */
  private static final List<String> WORST =
      List.of(
          " ",
          "a",
          "0",
          "/",
          ".",
          "/.",
          "/a",
          "//a",
          "\"",
          "\\",
          "\\\"",
          "\"a\" ",
          "-",
          "_",
          "=",
          "a=",
          ";",
          "basic ",
          "timeout ",
          "timeout= 1",
          "rid: ",
          "role:master ",
          "https://servicewechat.com/",
          "Invalid ",
          "trust'",
          "Max open files ",
          "config value ",
          "multipart/form-data;boundary=",
          "_PORT",
          "A_",
          "+1.1 [0 x] ");

  /** The patterns that are searched for within a text. The others must match the whole text. */
  private static final Set<String> FOUND =
      Set.of("EMPTY_OR_DOTS", "SEGMENT_END", "TIMEOUT", "RID", "IS_MASTER", "USER_OF_AN_ADDRESS");

  @Test
  void patternsAreFound() {
    assertThat(patterns()).hasSizeGreaterThan(15);
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void worstCaseIsSearchedQuickly(Field field) throws IllegalAccessException {
    field.setAccessible(true);
    var pattern = (Pattern) field.get(null);
    for (var worst : WORST) {
      var text = worst.repeat(LENGTH / worst.length()) + "\u0000";
      assertTimeoutPreemptively(
          Duration.ofSeconds(5),
          () -> {
            pattern.matcher(text).matches();
            if (FOUND.contains(field.getName())) {
              pattern.matcher(text).replaceAll("");
            }
          },
          () -> field + " on " + worst);
    }
  }

  /** Returns all patterns except those of the start, which process no external input. */
  static Stream<Field> patterns() {
    return ServiceClasses.ALL.stream()
        .filter(type -> !type.getPackageName().equals("io.minilogin.start"))
        .flatMap(type -> type.getFields().stream())
        .filter(field -> field.getRawType().isEquivalentTo(Pattern.class))
        .map(JavaField::reflect)
        .filter(field -> Modifier.isStatic(field.getModifiers()));
  }
}
