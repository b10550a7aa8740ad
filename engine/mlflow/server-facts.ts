import type { Endpoint } from './endpoint.ts';

/** The release of MLflow whose REST dialect is spoken here. */
export const dialectVersion = '3.18.0';

/** What the client asks a server about itself before it uses newer routes. */
export const serverInfoEndpoint: Endpoint = {
  method: 'GET',
  path: 'mlflow/server-info',
  answer: async () =>
    Response.json({
      store_type: 'SqlStore',
      workspaces_enabled: false,
      trace_archival_enabled: false,
      artifact_serving_enabled: true,
      multipart_uploads_enabled: false,
      multipart_downloads_enabled: false,
      presigned_upload_run_id_supported: false,
      presigned_upload_model_id_supported: false,
      model_artifact_presigned_downloads_supported: false,
      features_enabled: { gateway: false, scheduled_issue_detection: false },
      tracking_auth: '',
      artifacts_presigned_only: false,
    }),
};
