package io.minilogin;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
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
import io.minilogin.clients.ClientAuthentication;
import io.minilogin.clients.Permitted;
import io.netty.bootstrap.ChannelInitializerExtension;
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
import org.eclipse.microprofile.rest.client.spi.RestClientListener;

/** The architecture rules of this code base. */
@AnalyzeClasses(packages = "io.minilogin", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final Path SOURCES = Path.of("src", "main", "java");

  // Dependencies between packages

  @ArchTest
  static final ArchRule onlyRedisClassesUseTheRedisClient =
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
  static final ArchRule onlyWechatUsesTheRestClient =
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
  static final ArchRule serviceDoesNotUseDevelopmentTools =
      noClasses()
          .should()
          .resideInAPackage("io.minilogin.dev..")
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("io.minilogin.dev..");

  /** Failures become responses in one place, so features do not depend on HTTP. */
  @ArchTest
  static final ArchRule featuresDoNotUseHttp =
      noClasses()
          .that()
          .resideOutsideOfPackage("..http..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.minilogin.http..");

  @ArchTest static final ArchRule problemUsesNoOtherPackage = usesOnly("problem");

  @ArchTest static final ArchRule settingsUseNoOtherPackage = usesOnly("settings");

  @ArchTest static final ArchRule appUsesOnlySettings = usesOnly("app", "settings");

  @ArchTest static final ArchRule sealUsesOnlyApp = usesOnly("seal", "app", "settings");

  @ArchTest
  static final ArchRule connectionKnowsNoFeature =
      usesOnly("connection", "settings", "observe", "problem", "async", "redis");

  /** The start is on top of all other packages. */
  @ArchTest
  static final ArchRule startIsNotUsed =
      noClasses()
          .that()
          .resideOutsideOfPackage("..start..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.minilogin.start..");

  @ArchTest
  static final ArchRule sessionDoesNotUseWechat =
      noClasses()
          .that()
          .resideInAPackage("..session..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..wechat..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.minilogin.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule publicClassesAreUsedInAnotherPackage =
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
          .and(not(assignableTo(ChannelInitializerExtension.class)))
          .and(not(assignableTo(RestClientListener.class)))
          .should(beUsedInAnotherPackage());

  // Clients

  @ArchTest
  static final ArchRule resourcesThatAuthenticateClientsNameAPermission =
      noClasses()
          .that()
          .areNotAnnotatedWith(Permitted.class)
          .should()
          .callMethodWhere(describe("authentication", ArchitectureTest::authenticatesAClient));

  /** An endpoint without this call would serve everybody. */
  @ArchTest
  static final ArchRule endpointsWithAPermissionAuthenticateTheClient =
      methods()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat()
          .areAnnotatedWith(Permitted.class)
          .should(
              ArchCondition.from(
                  describe(
                      "authenticate the client",
                      method ->
                          method.getMethodCallsFromSelf().stream()
                              .anyMatch(ArchitectureTest::authenticatesAClient))));

  // Internal classes, which can change without notice

  /**
   * Internal classes of Vert.x, Netty, RESTEasy and Quarkus that the service uses, and the reasons.
   *
   * <ul>
   *   <li>ContextInternal and its return types: a separate context for the connections of an event
   *       loop, and the timers of that loop.
   *   <li>VertxInternal: creates such a context and lists all event loops.
   *   <li>ErrorType: distinguishes a closed connection from an error reply of Redis.
   *   <li>ConnectionBase: the channel of a connection to WeChat, to limit the size of a reply.
   *   <li>RoutingContextInternal: passes on a body that was read to determine its size.
   *   <li>PreservesThreadClientResponseFilter: an ordinary filter moves each reply to a worker
   *       thread and back.
   *   <li>VertxRequestCustomizingClientBuilder: gives access to a request to WeChat before it is
   *       sent.
   *   <li>PlatformDependent: knows the limit of direct memory.
   *   <li>ExtendedQuarkusVertxHttpMetrics: the only way in which Quarkus reports refused
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
  static void everyPackageHasADescription(JavaClasses classes) {
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

  /** The packages that all others may use. The table of the page omits them. */
  private static final Set<String> SHARED =
      Set.of("app", "problem", "async", "observe", "settings");

  @ArchTest
  static void architecturePageListsPackagesAndTheirDependencies(JavaClasses classes)
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
          .filter(other -> !other.equals(own) && !SHARED.contains(other))
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

  // Classes

  @ArchTest
  static final ArchRule dependenciesAreInjectedThroughConstructors =
      noFields()
          .should()
          .beAnnotatedWith(Inject.class)
          .orShould()
          .beAnnotatedWith(ConfigProperty.class)
          .orShould()
          .beAnnotatedWith(RestClient.class);

  /** Records print their components by default. A generated {@code toString} is final. */
  @ArchTest
  static final ArchRule recordsDoNotPrintSecrets =
      classes().that().areRecords().should(notPrintSecrets());

  @ArchTest
  static final ArchRule clocksAndRandomSourcesAreInjected =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.minilogin.start.Clocks")
          .should()
          .callMethodWhere(describe("a clock of its own", ArchitectureTest::readsAClock))
          .orShould()
          .callConstructorWhere(
              describe(
                  "a random source of its own",
                  call -> call.getTargetOwner().isEquivalentTo(SecureRandom.class)));

  @ArchTest
  static final ArchRule datesAreFromJavaTime =
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

  /** Otherwise each live reload in development leaks them. */
  @ArchTest
  static final ArchRule beansCloseTheirTimersAndClients =
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
  static final ArchRule noClassPrintsToStandardOutput =
      noClasses().should().accessField(System.class, "out");

  @ArchTest
  static final ArchRule noClassBlocksAThread =
      noClasses()
          .should()
          .callMethodWhere(describe("Thread.sleep", call -> isCall(call, Thread.class, "sleep")))
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(UniAwait.class);

  /** Mutiny's timer would continue on another thread, without the fields of the log. */
  @ArchTest
  static final ArchRule onlyEventLoopDelaysWork =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.minilogin.async.EventLoop")
          .should()
          .callMethodWhere(describe("delayIt", call -> isCall(call, UniOnItem.class, "delayIt")));

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(?i).*(secret|token|code|openid|unionid|session_?key|phone|rawdata|signature|plaintext).*");

  private static ArchCondition<JavaClass> notPrintSecrets() {
    return new ArchCondition<>("print no secret, token, code, openid or key") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        var isPrinted = type.getMethod("toString").getModifiers().contains(JavaModifier.FINAL);
        var secrets =
            type.getFields().stream()
                .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                .filter(ArchitectureTest::isText)
                .map(JavaField::getName)
                .filter(name -> SECRET_NAME.matcher(name).matches())
                .toList();
        events.add(
            new SimpleConditionEvent(
                type, !isPrinted || secrets.isEmpty(), type.getName() + " prints " + secrets));
      }
    };
  }

  /** Types of this project protect their own values. */
  private static boolean isText(JavaField field) {
    return field.getAllInvolvedRawTypes().stream()
        .anyMatch(type -> type.isEquivalentTo(String.class) || type.isEquivalentTo(byte[].class));
  }

  private static ArchRule usesOnly(String name, String... others) {
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

  private static boolean authenticatesAClient(JavaAccess<?> call) {
    return call.getTargetOwner().isEquivalentTo(ClientAuthentication.class)
        && call.getName().startsWith("basic");
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
