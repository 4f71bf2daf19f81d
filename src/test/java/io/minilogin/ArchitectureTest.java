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
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.mutiny.groups.UniAwait;
import io.smallrye.mutiny.groups.UniOnItem;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.DateFormat;
import java.time.Clock;
import java.util.Calendar;
import java.util.Date;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
          .that(
              not(
                  resideInAPackage("..redis..")
                      .or(describe("Redis*", ArchitectureTest::isForRedis))))
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

  /** From a failure to an answer there is one way, and features need not know it. */
  @ArchTest
  static final ArchRule noFeatureKnowsHttp =
      noClasses()
          .that()
          .resideOutsideOfPackage("..http..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.minilogin.http..");

  @ArchTest static final ArchRule theModelOfProblemsKnowsNothingElse = knowsOnly("problem");

  @ArchTest static final ArchRule theAppsKnowNothingElse = knowsOnly("app");

  @ArchTest static final ArchRule theSealsKnowTheAppsAlone = knowsOnly("seal", "app");

  @ArchTest
  static final ArchRule sessionsDoNotKnowWechat =
      noClasses()
          .that()
          .resideInAPackage("..session..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..wechat..");

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
          .and(not(assignableTo(ConfigSourceFactory.class)))
          .and(not(assignableTo(ConfigSourceInterceptor.class)))
          .should(beUsedInAnotherPackage());

  // Classes that others may change without notice

  /**
   * What is used of the inside of Vert.x, Netty's users and RESTEasy, and why.
   *
   * <ul>
   *   <li>ContextInternal, with what it gives: a context of its own for the connections of an event
   *       loop, and the loop's own timers.
   *   <li>VertxInternal: makes such a context, and knows all event loops.
   *   <li>ErrorType: tells a connection that ended from an error that Redis replied.
   *   <li>ConnectionBase: the channel of a connection to WeChat, to limit what a reply may bring.
   *   <li>RoutingContextInternal: hands a body on that was read to find out its size.
   *   <li>PreservesThreadClientResponseFilter: a filter of the usual kind sends each reply to a
   *       worker thread and back.
   *   <li>VertxRequestCustomizingClientBuilder: where a request to WeChat can be had before it is
   *       sent.
   *   <li>PlatformDependent: knows how much direct memory there may be.
   *   <li>ExtendedQuarkusVertxHttpMetrics: the only way in which Quarkus tells of refused
   *       connections.
   * </ul>
   */
  private static final Set<String> INTERNALS_IN_USE =
      Set.of(
          "io.netty.util.internal.PlatformDependent",
          "io.vertx.core.impl.ContextInternal",
          "io.vertx.core.impl.VertxInternal",
          "io.vertx.core.impl.future.PromiseInternal",
          "io.vertx.core.net.impl.ConnectionBase",
          "io.vertx.ext.web.impl.RoutingContextInternal",
          "io.vertx.redis.client.impl.types.ErrorType",
          "org.jboss.resteasy.reactive.client.impl.PreservesThreadClientResponseFilter",
          "org.jboss.resteasy.reactive.client.impl.VertxRequestCustomizingClientBuilder",
          "io.quarkus.vertx.http.runtime.ExtendedQuarkusVertxHttpMetrics",
          "io.quarkus.vertx.http.runtime.ExtendedQuarkusVertxHttpMetrics$ConnectionTracker");

  @ArchTest
  static final ArchRule noOtherInternalClassesAreUsed =
      noClasses()
          .should()
          .dependOnClassesThat(
              describe(
                  "internal",
                  type ->
                      (type.getPackageName().matches(".*\\.(impl|internal)(\\..*)?")
                              || type.getPackageName().startsWith("io.quarkus.vertx.http.runtime"))
                          && !INTERNALS_IN_USE.contains(type.getName())));

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

  private static final Pattern ROW =
      Pattern.compile("^\\| `(\\w+)` \\|.*\\|([^|]*)\\|$", Pattern.MULTILINE);

  /** The packages that all others may use; the table of the page leaves them out. */
  private static final Set<String> FOR_ALL =
      Set.of("app", "problem", "async", "metrics", "log", "trace");

  @ArchTest
  static void thePageOnArchitectureHasThePackagesAndWhatTheyBuildOn(JavaClasses classes)
      throws IOException {
    var page = Files.readString(Path.of("docs", "architecture.md"), UTF_8);
    var table = page.substring(page.indexOf("## Packages"), page.indexOf("## The way of a code"));
    var documented =
        ROW.matcher(table)
            .results()
            .collect(Collectors.toMap(row -> row.group(1), row -> names(row.group(2))));
    var found = new TreeMap<String, Set<String>>();
    for (var type : classes) {
      var own = feature(type);
      var others = found.computeIfAbsent(own, absent -> new TreeSet<>());
      type.getDirectDependenciesFromSelf().stream()
          .map(Dependency::getTargetClass)
          .filter(resideInAPackage("io.minilogin.."))
          .map(ArchitectureTest::feature)
          .filter(other -> !other.equals(own) && !FOR_ALL.contains(other))
          .forEach(others::add);
    }
    assertThat(documented).containsExactlyInAnyOrderEntriesOf(found);
  }

  private static String feature(JavaClass type) {
    return type.getPackageName().substring("io.minilogin.".length()).replaceAll("\\..*", "");
  }

  private static Set<String> names(String cell) {
    return Stream.of(cell.replace("`", "").split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
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

  /** Records print their components unless told otherwise. The compiler's own way is final. */
  @ArchTest
  static final ArchRule recordsWithSecretsSayNothingOfThem =
      classes().that().areRecords().should(notPrintWhatNobodyMaySee());

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

  /** Else each live reload in development leaves them behind. */
  @ArchTest
  static final ArchRule timersAndClientsEndWithTheirBean =
      classes()
          .that(describe("start timers or clients", ArchitectureTest::startsSomething))
          .should()
          .beAssignableTo(AutoCloseable.class)
          .orShould(
              ArchCondition.from(
                  describe(
                      "have a method with @PreDestroy",
                      type ->
                          type.getMethods().stream()
                              .anyMatch(it -> it.isAnnotatedWith(PreDestroy.class)))));

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

  /** Mutiny's own timer would take what follows to another thread, without the log's fields. */
  @ArchTest
  static final ArchRule onlyTheEventLoopDelays =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.minilogin.async.EventLoop")
          .should()
          .callMethodWhere(describe("delayIt", call -> isCall(call, UniOnItem.class, "delayIt")));

  private static final Pattern UNSPEAKABLE =
      Pattern.compile(
          "(?i).*(secret|token|code|openid|unionid|session_?key|phone|rawdata|signature|plaintext).*");

  private static ArchCondition<JavaClass> notPrintWhatNobodyMaySee() {
    return new ArchCondition<>("print no secret, token, code, openid or key") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        var isPrinted = type.getMethod("toString").getModifiers().contains(JavaModifier.FINAL);
        var unspeakable =
            type.getFields().stream()
                .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                .filter(ArchitectureTest::isText)
                .map(JavaField::getName)
                .filter(name -> UNSPEAKABLE.matcher(name).matches())
                .toList();
        events.add(
            new SimpleConditionEvent(
                type,
                !isPrinted || unspeakable.isEmpty(),
                type.getName() + " prints " + unspeakable));
      }
    };
  }

  /** Values of types of ours see to themselves. */
  private static boolean isText(JavaField field) {
    return field.getAllInvolvedRawTypes().stream()
        .anyMatch(type -> type.isEquivalentTo(String.class) || type.isEquivalentTo(byte[].class));
  }

  private static ArchRule knowsOnly(String name, String... others) {
    var known = Stream.concat(Stream.of(name), Stream.of(others)).map(ArchitectureTest::packageOf);
    return noClasses()
        .that()
        .resideInAPackage(packageOf(name))
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.minilogin..")
                .and(not(resideInAnyPackage(known.toArray(String[]::new)))));
  }

  private static String packageOf(String name) {
    return "io.minilogin." + name + "..";
  }

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

  private static boolean startsSomething(JavaClass type) {
    return type.getMethodCallsFromSelf().stream()
        .map(JavaAccess::getName)
        .anyMatch(
            name ->
                name.startsWith("setPeriodic")
                    || name.matches("schedule(AtFixedRate|WithFixedDelay)")
                    || name.matches("create(Http|Net|WebSocket)Client"));
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
