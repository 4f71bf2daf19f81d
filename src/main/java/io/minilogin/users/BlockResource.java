package io.minilogin.users;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.clients.Audit;
import io.minilogin.clients.ClientAuthentication;
import io.minilogin.clients.Permission;
import io.minilogin.clients.Permitted;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.session.Ending;
import io.minilogin.session.RedisBlocks;
import io.minilogin.session.UserSessions;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;

/**
 * {@code /users/{appid}/{openid}/block}: blocks a user in an app, returns the block or lifts it. A
 * user who has never logged in can be blocked.
 */
@Permitted(Permission.USERS)
@Path("/users/{appid}/{openid}/block")
class BlockResource {
  private static final Problem NOT_BLOCKED =
      Problem.of(ProblemType.NOT_FOUND, "The user is not blocked.");

  private final RedisBlocks blocks;
  private final UserSessions sessions;
  private final ClientAuthentication authentication;
  private final NamedUsers users;
  private final ObjectMapper mapper;

  BlockResource(
      RedisBlocks blocks,
      UserSessions sessions,
      ClientAuthentication authentication,
      NamedUsers users,
      ObjectMapper mapper) {
    this.blocks = blocks;
    this.sessions = sessions;
    this.authentication = authentication;
    this.users = users;
    this.mapper = mapper;
  }

  /**
   * Blocks the user, then ends all sessions: no login adds a session in between. A retry after a
   * failure replaces the block and ends the rest.
   */
  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<Void> block(@RestPath String appid, @RestPath String openid, byte[] body)
      throws IOException {
    var client = authentication.basic();
    var user = users.require(appid, openid, client);
    var request = BlockRequest.read(mapper, body);
    return blocks
        .block(user, request.time(), request.reason())
        .invoke(() -> Audit.blocked(client, appid, request.time()))
        .chain(() -> sessions.endAll(user, Ending.BLOCKED))
        .invoke(ended -> Audit.ended(client, Optional.of(appid), ended))
        .replaceWithVoid();
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<BlockResponse> find(@RestPath String appid, @RestPath String openid) {
    var user = users.require(appid, openid, authentication.basic());
    return blocks
        .find(user)
        .map(block -> block.orElseThrow(() -> new ProblemException(NOT_BLOCKED)))
        .map(BlockResponse::of);
  }

  @DELETE
  public Uni<Void> lift(@RestPath String appid, @RestPath String openid) {
    var client = authentication.basic();
    return blocks
        .lift(users.require(appid, openid, client))
        .invoke(
            wasBlocked -> {
              if (wasBlocked) {
                Audit.lifted(client, appid);
              }
            })
        .replaceWithVoid();
  }
}
