package io.minilogin.clients;

import io.minilogin.app.WechatApps;
import io.minilogin.settings.Setting;
import io.smallrye.config.SmallRyeConfig;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Creates the clients from their settings. */
@Singleton
class ClientReader {
  private final WechatApps apps;

  ClientReader(WechatApps apps) {
    this.apps = apps;
  }

  /**
   * Returns the clients. Throws a {@code ConfigurationException} with the property's name for a
   * client that is incomplete or configured twice, and for an empty list of permissions or apps:
   * the default would allow more than the operator meant.
   */
  List<Client> read(ClientSettings settings, SmallRyeConfig config) {
    var clients = new ArrayList<Client>();
    for (var name : Setting.elements(config, "clients")) {
      var prefix = name + ".";
      var each = settings.clients().get(clients.size());
      requireWords(prefix + "may", each.may(), config);
      requireWords(prefix + "apps", each.apps(), config);
      var client = client(prefix, each);
      Setting.require(
          clients.stream().map(Client::id).noneMatch(client.id()::equals),
          prefix + "id names a client that is configured twice");
      clients.add(client);
    }
    return clients;
  }

  /** Refuses a list without words. SmallRye Config does not tell it from a missing list. */
  private static void requireWords(
      String property, Optional<List<String>> words, SmallRyeConfig config) {
    Setting.require(
        words.isPresent() || config.getConfigValue(property).getValue() == null,
        property + " is empty: remove it for the default");
  }

  private Client client(String prefix, ClientSettings.Client settings) {
    var secret = Setting.secret(prefix + "secret", settings.secret());
    var previous = Setting.optionalSecret(prefix + "previous-secret", settings.previousSecret());
    var id = Setting.of(prefix + "id", settings.id());
    Setting.require(id.indexOf(':') < 0, prefix + "id has a colon, which HTTP Basic cannot send");
    var may = settings.may().map(words -> words.stream().map(String::strip).toList());
    return new Client(
        id,
        Stream.concat(Stream.of(secret), previous.stream())
            .map(each -> new Credentials(id, each).digest())
            .toList(),
        may.map(words -> permissions(prefix + "may", words)).orElseGet(Permission::defaults),
        may.orElse(List.of()).stream().map(ApiPattern::parse).flatMap(Optional::stream).toList(),
        settings.apps().map(appids -> configured(prefix + "apps", appids)));
  }

  private static Set<Permission> permissions(String property, List<String> words) {
    var permissions = EnumSet.noneOf(Permission.class);
    for (var word : words) {
      var permission = Permission.of(word);
      permission.ifPresent(permissions::add);
      Setting.require(
          permission.isPresent() || ApiPattern.parse(word).isPresent(),
          property
              + " has a word other than introspect, revoke, users, sign and paths of WeChat's API,"
              + " such as /wxa/msg_sec_check or /cgi-bin/message/*");
    }
    return permissions;
  }

  private Set<String> configured(String property, List<String> appids) {
    var stripped = appids.stream().map(String::strip).collect(Collectors.toUnmodifiableSet());
    Setting.require(
        stripped.stream().allMatch(appid -> apps.find(appid).isPresent()),
        property + " names an app that is not configured");
    return stripped;
  }
}
