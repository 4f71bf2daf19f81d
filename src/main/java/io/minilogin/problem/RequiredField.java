package io.minilogin.problem;

import org.jspecify.annotations.Nullable;

/** A field of a request's body that must hold a text, and how to refuse one that does not. */
public final class RequiredField {
  private RequiredField() {}

  /**
   * Its value. An {@code invalid-request} with its name when it is missing, blank or over so many
   * characters, or has some that cannot be printed.
   */
  public static String of(String name, @Nullable String value, int longest) {
    if (value == null || value.isBlank()) {
      throw invalid("The field \"" + name + "\" is missing.");
    }
    if (value.length() > longest) {
      throw tooLong(name, longest);
    }
    if (!value.codePoints().allMatch(RequiredField::isPrintable)) {
      throw invalid("The field \"" + name + "\" has characters that no " + name + " has.");
    }
    return value;
  }

  /** For a body that is null. */
  public static ProblemException noObject() {
    return invalid("The body must be one JSON object.");
  }

  public static ProblemException tooLong(String name, int longest) {
    return invalid("The field \"" + name + "\" has over " + longest + " characters.");
  }

  /** For what is malformed in another way. */
  public static ProblemException invalid(String detail) {
    return new ProblemException(Problem.of(ProblemType.INVALID_REQUEST, detail));
  }

  /** Half a surrogate pair has no UTF-8 form: it would reach WeChat as something else. */
  private static boolean isPrintable(int codePoint) {
    return !Character.isISOControl(codePoint)
        && Character.getType(codePoint) != Character.SURROGATE;
  }
}
