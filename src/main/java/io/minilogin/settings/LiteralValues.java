package io.minilogin.settings;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Expressions;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;

/**
 * Takes values from the environment and from {@link SettingFiles} as they are: a password may
 * contain dollar signs, braces and backslashes. SmallRye Config would expand them as expressions;
 * expressions remain for properties files.
 */
@Priority(Priorities.LIBRARY)
public final class LiteralValues implements ConfigSourceInterceptor {
  private static final long serialVersionUID = 1;

  /** The name of the environment's source; the name of the source of .env begins with it. */
  private static final String ENVIRONMENT = "EnvConfigSource";

  @Override
  public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
    var value = context.proceed(name);
    return value != null && Expressions.isEnabled() && isLiteral(value)
        // The interceptor for expressions, which is called before this one, removes the backslash.
        ? value.withValue(value.getValue().replace("$", "\\$"))
        : value;
  }

  private static boolean isLiteral(ConfigValue value) {
    var source = value.getConfigSourceName();
    return source != null
        && value.getValue() != null
        && (source.startsWith(ENVIRONMENT) || source.startsWith(SettingFiles.Folder.NAME));
  }
}
