package io.minilogin.problem;

import org.jspecify.annotations.Nullable;

/** Validates a text field that a request's body must have. */
public final class RequiredField {
  private RequiredField() {}

  /**
   * Returns the value. Throws an {@code invalid-request} that names the field if the value is
   * missing, blank, longer than {@code longest} characters or contains characters that cannot be
   * printed.
   */
  public static String of(String name, @Nullable String value, int longest) {
    if (value == null || value.isBlank()) {
      throw invalid("The field \"" + name + "\" is missing.");
    }
    if (value.length() > longest) {
      throw tooLong(name, longest);
    }
    if (!value.codePoints().allMatch(RequiredField::isPrintable)) {
      throw invalid("The field \"" + name + "\" has invalid characters.");
    }
    return value;
  }

  /** Returns the problem for a body that is null. */
  public static ProblemException noObject() {
    return invalid("The body must be one JSON object.");
  }

  public static ProblemException tooLong(String name, int longest) {
    return invalid("The field \"" + name + "\" has over " + longest + " characters.");
  }

  /** Returns the problem for any other malformed input. */
  public static ProblemException invalid(String detail) {
    return new ProblemException(Problem.of(ProblemType.INVALID_REQUEST, detail));
  }

  /**
   * Returns whether a character is printable. Half a surrogate pair has no UTF-8 form: it would
   * reach WeChat as another character.
   */
  private static boolean isPrintable(int codePoint) {
    return !Character.isISOControl(codePoint)
        && Character.getType(codePoint) != Character.SURROGATE;
  }
}
