/** Routes of MLflow that Benchtop answers with "not supported", by the beginning of their path below `/api/<version>/`. */
export const unsupported: readonly { readonly prefix: string; readonly what: string }[] = [
  { prefix: 'mlflow/traces/metrics', what: 'Statistics of traces are not made in the server' },
  {
    prefix: 'mlflow/traces/calculate-filter-correlation',
    what: 'Statistics of traces are not made in the server',
  },
  { prefix: 'mlflow/unified-traces', what: 'Traces are kept in experiments only' },
  { prefix: 'mlflow/get-online-trace-details', what: 'Traces are kept in experiments only' },
  { prefix: 'mlflow/label-schemas', what: 'Reviews of traces are not stored yet' },
  { prefix: 'mlflow/review-queues', what: 'Reviews of traces are not stored yet' },
  { prefix: 'mlflow/issues', what: 'Issues of traces are not stored yet' },
  { prefix: 'mlflow/datasets', what: 'Evaluation data sets are not stored yet' },
  { prefix: 'mlflow/scorers', what: 'Scorers are not stored' },
  { prefix: 'mlflow/genai', what: 'Evaluation does not run in the server' },
  { prefix: 'mlflow/prompt-optimization', what: 'Prompt optimization does not run in the server' },
  { prefix: 'mlflow/jobs', what: 'No jobs run in the server' },
  { prefix: 'mlflow/gateway', what: 'There is no AI gateway' },
  { prefix: 'mlflow/webhooks', what: 'There are no webhooks: nothing leaves this machine by itself' },
  { prefix: 'mlflow/workspaces', what: 'There are no workspaces' },
  {
    prefix: 'mlflow/artifacts/presigned-upload-url',
    what: 'Artifacts are sent through the server, not by presigned addresses',
  },
  {
    prefix: 'mlflow/artifacts/presigned-download-url',
    what: 'Artifacts are sent through the server, not by presigned addresses',
  },
  {
    prefix: 'mlflow-artifacts/presigned',
    what: 'Artifacts are sent through the server, not by presigned addresses',
  },
  {
    prefix: 'mlflow-artifacts/mpu',
    what: 'Multipart upload is not supported for the current artifact repository',
  },
];
