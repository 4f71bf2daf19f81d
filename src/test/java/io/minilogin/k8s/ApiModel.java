package io.minilogin.k8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1PriorityClass;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.function.ThrowingConsumer;

/**
 * Checks an object as the API server does: every field is known, required fields exist, and all
 * fields have the right type. Kinds of Kubernetes are checked with the model that is generated from
 * its OpenAPI document. Kinds of add-ons are checked with models of their resources, which do not
 * know required fields. The External Secrets Operator has no such model, so a schema of the fields
 * that are used here checks its kind.
 */
final class ApiModel {
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(new WithoutAnyField())
          .build();

  /** Each consumer throws if the object is invalid. */
  private static final Map<String, ThrowingConsumer<JsonNode>> KINDS =
      Map.ofEntries(
          own("v1 ConfigMap", V1ConfigMap::validateJsonElement),
          own("v1 Namespace", V1Namespace::validateJsonElement),
          own("v1 Pod", V1Pod::validateJsonElement),
          own("v1 Service", V1Service::validateJsonElement),
          own("v1 ServiceAccount", V1ServiceAccount::validateJsonElement),
          own("apps/v1 Deployment", V1Deployment::validateJsonElement),
          own("apps/v1 StatefulSet", V1StatefulSet::validateJsonElement),
          own(
              "autoscaling/v2 HorizontalPodAutoscaler",
              V2HorizontalPodAutoscaler::validateJsonElement),
          own("networking.k8s.io/v1 Ingress", V1Ingress::validateJsonElement),
          own("networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement),
          own("policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement),
          own("scheduling.k8s.io/v1 PriorityClass", V1PriorityClass::validateJsonElement),
          addOn("gateway.networking.k8s.io/v1 HTTPRoute", HTTPRoute.class),
          addOn("monitoring.coreos.com/v1 PodMonitor", PodMonitor.class),
          addOn("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class),
          Map.entry("external-secrets.io/v1 ExternalSecret", ApiModel::checkExternalSecret));

  private ApiModel() {}

  /** Returns the errors of the object; empty if it is valid. */
  static List<String> errors(JsonNode object) {
    var kind = object.path("apiVersion").asText() + " " + Manifests.kind(object);
    var model = KINDS.get(kind);
    if (model == null) {
      return List.of("unknown: " + kind);
    }
    try {
      model.accept(object);
      return List.of();
    } catch (Throwable e) {
      return List.of(kind + " " + Manifests.named(object) + ": " + e.getMessage());
    }
  }

  private static Map.Entry<String, ThrowingConsumer<JsonNode>> own(
      String kind, ThrowingConsumer<JsonElement> model) {
    return Map.entry(kind, object -> model.accept(JsonParser.parseString(object.toString())));
  }

  private static Map.Entry<String, ThrowingConsumer<JsonNode>> addOn(String kind, Class<?> model) {
    return Map.entry(kind, object -> read(object, model));
  }

  private static void read(JsonNode object, Class<?> model) throws JsonProcessingException {
    STRICT.treeToValue(object, model);
  }

  private static void checkExternalSecret(JsonNode object) throws IOException {
    try (var schema = ApiModel.class.getResourceAsStream("externalsecret.schema.json")) {
      var errors =
          JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema).validate(object);
      if (!errors.isEmpty()) {
        throw new IllegalArgumentException(errors.toString());
      }
    }
  }

  /** Makes unknown fields errors. The models of add-ons would keep them. */
  private static final class WithoutAnyField extends JacksonAnnotationIntrospector {
    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }
}
