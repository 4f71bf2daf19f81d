package io.minilogin.dev.page;

import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;

/**
 * Adapts the OpenAPI document to Swagger UI: calls go to the port that it was loaded from, and one
 * call below {@code /wechat/} stands for all of them. OpenAPI cannot describe a path of any number
 * of segments.
 */
public final class SwaggerDocument implements OASFilter {
  private static final String JSON = "application/json";

  @Override
  public void filterOpenAPI(OpenAPI document) {
    document.setServers(List.of(OASFactory.createServer().url("/")));
    document
        .getPaths()
        .addPathItem("/wechat/wxa/msg_sec_check", OASFactory.createPathItem().POST(contentCheck()));
  }

  private static Operation contentCheck() {
    var example =
        """
        {"content":"Hello","version":2,"scene":1,"openid":"oTQT5UPkQIGDBIU-06hTo4LRIHVc"}""";
    var content =
        OASFactory.createContent()
            .addMediaType(
                JSON,
                OASFactory.createMediaType()
                    .schema(OASFactory.createSchema().addType(Schema.SchemaType.OBJECT))
                    .example(example));
    return OASFactory.createOperation()
        .operationId("wechat")
        .addTag("clients")
        .summary("An example of /wechat/{path}: call WeChat's API with the app's access token")
        .description(
            "Any method on /wechat/{path of WeChat's API} is forwarded to WeChat with the access"
                + " token. The client needs neither the token nor the app secret. In development,"
                + " the client is `gateway` with the secret `a-secret-for-development-only`.")
        .addParameter(
            OASFactory.createParameter()
                .name("from_appid")
                .in(Parameter.In.QUERY)
                .schema(OASFactory.createSchema().addType(Schema.SchemaType.STRING))
                .example("wx0000000000000000"))
        .addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme("basic"))
        .requestBody(OASFactory.createRequestBody().content(content))
        .responses(
            OASFactory.createAPIResponses()
                .addAPIResponse(
                    "200", OASFactory.createAPIResponse().description("WeChat's reply")));
  }
}
