package io.minilogin;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import io.minilogin.it.SharedService;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The rules that keep the build fast. */
@AnalyzeClasses(packages = "io.minilogin", importOptions = ImportOption.OnlyIncludeTests.class)
class TestRulesTest {

  /** All Quarkus tests use one application, and Quarkus injects it into one class at a time. */
  @ArchTest
  static final ArchRule quarkusTestsRunSerially =
      classes()
          .that()
          .areAnnotatedWith(QuarkusTest.class)
          .should(be("annotated with @Execution(SAME_THREAD)", TestRulesTest::isSerial));

  /** {@code ./mvnw verify} starts the services of {@link SharedService} and few others. */
  @ArchTest
  static final ArchRule integrationTestsShareAServiceOrAreLong =
      classes()
          .that()
          .haveSimpleNameEndingWith("IT")
          .and()
          .areTopLevelClasses()
          .should(
              be("extended with SharedService or tagged \"long\"", it -> shares(it) || isLong(it)));

  private static boolean isSerial(Class<?> test) {
    var execution = test.getAnnotation(Execution.class);
    return execution != null && execution.value() == ExecutionMode.SAME_THREAD;
  }

  private static boolean shares(Class<?> test) {
    return Stream.of(test.getAnnotationsByType(ExtendWith.class))
        .anyMatch(extension -> List.of(extension.value()).contains(SharedService.class));
  }

  private static boolean isLong(Class<?> test) {
    return Stream.of(test.getAnnotationsByType(Tag.class))
        .anyMatch(tag -> tag.value().equals("long"));
  }

  private static ArchCondition<JavaClass> be(String what, Predicate<Class<?>> test) {
    return ArchCondition.from(describe("be " + what, type -> test.test(type.reflect())));
  }
}
