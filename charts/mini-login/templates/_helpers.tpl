{{- /* The name of all objects. */}}
{{- define "mini-login.fullname" -}}
{{- $default := contains "mini-login" .Release.Name | ternary .Release.Name (printf "%s-mini-login" .Release.Name) }}
{{- .Values.fullnameOverride | default $default | trunc 48 | trimSuffix "-" }}
{{- end }}

{{- define "mini-login.secretName" -}}
{{- .Values.secretName | default (include "mini-login.fullname" .) }}
{{- end }}

{{- define "mini-login.tag" -}}
{{- .Values.image.tag | default (printf "%s%s" .Chart.AppVersion (ternary "-jvm" "" .Values.jvm)) }}
{{- end }}

{{- define "mini-login.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (ternary (include "mini-login.fullname" .) "" .Values.serviceAccount.create) }}
{{- end }}

{{- define "mini-login.priorityClassName" -}}
{{- .Values.priorityClass.name | default (ternary (include "mini-login.fullname" .) "" .Values.priorityClass.create) }}
{{- end }}

{{- /* Labels that select the pods of this release. A Deployment's selector cannot change, so they must stay. */}}
{{- define "mini-login.selector" -}}
app.kubernetes.io/name: mini-login
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "mini-login.redis.selector" -}}
app.kubernetes.io/name: redis
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* Labels of every object. */}}
{{- define "mini-login.release" -}}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "mini-login.labels" -}}
{{ include "mini-login.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{ include "mini-login.release" . }}
{{- end }}

{{- define "mini-login.redis.labels" -}}
{{ include "mini-login.redis.selector" . }}
{{ include "mini-login.release" . }}
{{- end }}

{{- /*
Helm reads each number as a floating-point number and would print 1000000 as 1e+06. In Helm 3.8, "and" evaluates all of its
arguments, so the second condition is nested.
*/}}
{{- define "mini-login.text" -}}
{{- $text := toString . }}
{{- if kindIs "float64" . }}{{ if eq (floor .) . }}{{ $text = int64 . | toString }}{{ end }}{{ end }}
{{- $text }}
{{- end }}

{{- /* Settings as environment variables. Kubernetes would replace $(NAME) in a value. */}}
{{- define "mini-login.env" -}}
{{- $redis := printf "redis://%s-redis:6379?user=mini-login" (include "mini-login.fullname" .) }}
{{- $settings := ternary (dict "QUARKUS_REDIS_HOSTS" $redis) dict .Values.redis.enabled }}
{{- range $name, $value := mergeOverwrite $settings .Values.settings }}
- name: {{ $name }}
  value: {{ include "mini-login.text" $value | replace "$(" "$$(" | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /*
The native executable has about 70 MB resident after the start and 90 MB under load. A tenth of a core is 2,500 checks a
second. The jar has about 260 MB resident after thousands of logins, and its start keeps a core busy for seconds. The
ephemeral storage is /tmp, and the log that the kubelet keeps: 50 MB by default.
*/}}
{{- define "mini-login.resources" -}}
requests:
  cpu: {{ ternary "250m" "100m" .Values.jvm }}
  memory: {{ ternary "384Mi" "128Mi" .Values.jvm }}
  ephemeral-storage: 64Mi
limits:
  memory: {{ ternary "512Mi" "256Mi" .Values.jvm }}
  ephemeral-storage: 256Mi
{{- end }}

{{- /* The annotations of ingress-nginx for both Ingresses. mini-login gives up on WeChat after 5 s. */}}
{{- define "mini-login.ingress.annotations" -}}
nginx.ingress.kubernetes.io/proxy-connect-timeout: "1"
nginx.ingress.kubernetes.io/proxy-read-timeout: "10"
{{- with .corsOrigins }}
nginx.ingress.kubernetes.io/enable-cors: "true"
nginx.ingress.kubernetes.io/cors-allow-origin: {{ join "," . | quote }}
nginx.ingress.kubernetes.io/cors-allow-methods: GET, POST, PUT, PATCH, DELETE
nginx.ingress.kubernetes.io/cors-allow-headers: Authorization, Content-Type
nginx.ingress.kubernetes.io/cors-expose-headers: Retry-After
nginx.ingress.kubernetes.io/cors-allow-credentials: "false"
nginx.ingress.kubernetes.io/cors-max-age: "7200"
{{- end }}
{{- with .annotations }}
{{ toYaml . }}
{{- end }}
{{- end }}
