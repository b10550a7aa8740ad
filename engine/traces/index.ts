export {
  assessmentById,
  deleteAssessment,
  newAssessmentId,
  putAssessment,
  traceOfAssessment,
  type Assessment,
} from './assessments.ts';
export { exactJson, pythonJson, readPythonJson } from './exact-json.ts';
export { createTraces } from './handlers.ts';
export { logSpans } from './log-spans.ts';
export { migrations } from './migrations.ts';
export { readJsonRequest } from './otlp-json.ts';
export { readProtobufRequest } from './otlp-protobuf.ts';
export { OtlpFormatError } from './otlp-span.ts';
export { queries } from './queries.ts';
export { spanMessage, storedSpan } from './span-content.ts';
export {
  type SpanColumn,
  type TraceAttribute,
  type TraceComparison,
  type TraceField,
  type TraceOrder,
} from './trace-query.ts';
export {
  deleteTraces,
  endTrace,
  linkPrompts,
  linkTraces,
  putTrace,
  removeTraceTag,
  runIdsOf,
  setTraceMetadata,
  setTraceTags,
  spanContents,
  traceArtifacts,
  traceById,
  traceNumber,
  tracesByIds,
  type Pairs,
  type Trace,
} from './traces.ts';
