export { LineageTable } from './lineage-table.tsx';
export { RecordingNotice } from './recording-notice.tsx';
export { RunData } from './run-data.tsx';
export { useRecording } from './use-recording.ts';
export { VersionDelta } from './version-delta.tsx';
