package io.minilogin;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.mutiny.groups.UniAwait;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.DateFormat;
import java.time.Clock;
import java.util.Calendar;
import java.util.Date;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** The rules of this code base, so that nobody has to discuss them. */
@AnalyzeClasses(packages = "io.minilogin", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final Path SOURCES = Path.of("src", "main", "java");

  // Who may talk to whom

  @ArchTest
  static final ArchRule onlyTheStoreAndTheRedisClassesOfAFeatureSeeTheRedisClient =
      noClasses()
          .that(not(resideInAPackage("..redis..").or(describe("Redis*", c -> isForRedis(c)))))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.vertx.redis..", "io.vertx.mutiny.redis..", "io.quarkus.redis.."));

  @ArchTest
  static final ArchRule onlyWechatSeesTheRestClient =
      noClasses()
          .that()
          .resideOutsideOfPackage("..wechat..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "org.eclipse.microprofile.rest.client..",
                  "io.quarkus.rest.client..",
                  "org.jboss.resteasy.reactive.client.."));

  @ArchTest
  static final ArchRule nothingInTheServiceKnowsTheToolsOfDevelopment =
      noClasses()
          .should()
          .resideInAPackage("io.minilogin.dev..")
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("io.minilogin.dev..");

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("io.minilogin.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule publicIsWhatAnotherPackageNeeds =
      classes()
          .that()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .and()
          .areNotAnnotatedWith(QuarkusMain.class)
          .and(not(assignableTo(ConfigSource.class)))
          .should(beUsedInAnotherPackage());

  // Packages

  @ArchTest
  static final ArchRule packagesAreNamedAfterFeatures =
      classes()
          .should()
          .resideOutsideOfPackages(
              "..util..", "..utils..", "..common..", "..impl..", "..manager..", "..helper..");

  @ArchTest
  static void everyPackageSaysWhatItIsFor(JavaClasses classes) {
    assertThat(classes)
        .extracting(JavaClass::getPackageName)
        .isNotEmpty()
        .allSatisfy(
            name ->
                assertThat(SOURCES.resolve(name.replace('.', '/')).resolve("package-info.java"))
                    .content()
                    .startsWith("/**"));
  }

  // Inside a class

  @ArchTest
  static final ArchRule whatAClassNeedsComesThroughItsConstructor =
      noFields()
          .should()
          .beAnnotatedWith(Inject.class)
          .orShould()
          .beAnnotatedWith(ConfigProperty.class)
          .orShould()
          .beAnnotatedWith(RestClient.class);

  @ArchTest
  static final ArchRule timeAndChanceAreInjected =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.minilogin.start.Ambient")
          .should()
          .callMethodWhere(describe("a clock of its own", ArchitectureTest::readsAClock))
          .orShould()
          .callConstructorWhere(
              describe(
                  "a random source of its own",
                  call -> call.getTargetOwner().isEquivalentTo(SecureRandom.class)));

  @ArchTest
  static final ArchRule datesAreThoseOfJavaTime =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Date.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Calendar.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(DateFormat.class);

  @ArchTest
  static final ArchRule nobodyPrintsToStandardOutput =
      noClasses().should().accessField(System.class, "out");

  @ArchTest
  static final ArchRule nobodyBlocksAThread =
      noClasses()
          .should()
          .callMethodWhere(describe("Thread.sleep", call -> isCall(call, Thread.class, "sleep")))
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(UniAwait.class);

  private static ArchCondition<JavaClass> beUsedInAnotherPackage() {
    return new ArchCondition<>("be used in another package") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        var isUsed =
            type.getDirectDependenciesToSelf().stream()
                .anyMatch(d -> !d.getOriginClass().getPackageName().equals(type.getPackageName()));
        events.add(
            new SimpleConditionEvent(
                type, isUsed, type.getName() + " is public, but only its own package uses it"));
      }
    };
  }

  private static boolean isForRedis(JavaClass type) {
    var outermost = type;
    while (outermost.getEnclosingClass().isPresent()) {
      outermost = outermost.getEnclosingClass().get();
    }
    return outermost.getSimpleName().startsWith("Redis");
  }

  private static boolean readsAClock(JavaAccess<?> call) {
    var isNow =
        call.getName().equals("now") && call.getTargetOwner().getPackageName().equals("java.time");
    return isNow
        || isCall(call, System.class, "currentTimeMillis")
        || (call.getTargetOwner().isEquivalentTo(Clock.class)
            && call.getName().startsWith("system"));
  }

  private static boolean isCall(JavaAccess<?> call, Class<?> owner, String name) {
    return call.getTargetOwner().isEquivalentTo(owner) && call.getName().equals(name);
  }
}
