"""Traces with the real client and with OpenTelemetry's own exporter, checked by the script itself. Prints `ok <part>`."""

import os
import time

import mlflow
from mlflow.entities import AssessmentSource, Feedback, SpanStatusCode, TraceState
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

client = MlflowClient()


def part(function):
    function()
    print("ok", function.__name__, flush=True)


def flushed(**search):
    mlflow.flush_trace_async_logging()
    return mlflow.search_traces(return_type="list", **search)


@mlflow.trace(span_type="CHAIN", attributes={"plain": 1, "deep": {"a": [1, 2.5, None, True, "ü"]}})
def question(text, limit=3):
    with mlflow.start_span("model", span_type="CHAT_MODEL") as span:
        span.set_inputs({"messages": [{"role": "user", "content": text}]})
        span.set_attribute("mlflow.chat.tokenUsage", {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7})
        with mlflow.start_span("tool", span_type="TOOL") as inner:
            inner.set_outputs([1, 2**62, {"k": 1.0, "none": None}])
        span.set_outputs({"choices": [{"message": {"role": "assistant", "content": "42"}}]})
    mlflow.update_current_trace(
        tags={"team": "a"}, metadata={"mlflow.trace.session": "s-1", "custom": "m"}, client_request_id="req-1"
    )
    return {"answer": 42, "limit": limit}


@part
def spans():
    mlflow.set_experiment("spans")
    with mlflow.start_run() as run:
        assert question("how many?") == {"answer": 42, "limit": 3}
    (trace,) = flushed()
    info = trace.info
    assert info.state == TraceState.OK and info.client_request_id == "req-1", info
    assert info.tags["team"] == "a" and info.tags["mlflow.traceName"] == "question"
    assert info.trace_metadata["mlflow.sourceRun"] == run.info.run_id
    assert info.trace_metadata["mlflow.trace.session"] == "s-1" and info.trace_metadata["custom"] == "m"
    assert info.token_usage == {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}
    assert info.request_preview == '{"text": "how many?", "limit": 3}', info.request_preview
    root, model, tool = mlflow.get_trace(info.trace_id).data.spans
    assert [root.name, model.name, tool.name] == ["question", "model", "tool"]
    assert root.parent_id is None and model.parent_id == root.span_id and tool.parent_id == model.span_id
    assert root.span_type == "CHAIN" and root.attributes["plain"] == 1
    assert root.attributes["deep"] == {"a": [1, 2.5, None, True, "ü"]}
    assert root.inputs == {"text": "how many?", "limit": 3} and root.outputs == {"answer": 42, "limit": 3}
    assert tool.outputs == [1, 2**62, {"k": 1.0, "none": None}], tool.outputs
    assert root.start_time_ns <= model.start_time_ns <= tool.start_time_ns < tool.end_time_ns <= root.end_time_ns
    assert root.start_time_ns % 1000 or model.start_time_ns % 1000 or tool.start_time_ns % 1000
    assert [t.info.trace_id for t in mlflow.search_traces(run_id=run.info.run_id, return_type="list")] == [info.trace_id]


@part
def exceptions():
    mlflow.set_experiment("exceptions")

    @mlflow.trace
    def fails():
        raise ValueError("no such thing")

    try:
        fails()
    except ValueError:
        pass
    (trace,) = flushed()
    assert trace.info.state == TraceState.ERROR
    (span,) = trace.data.spans
    assert span.status.status_code == SpanStatusCode.ERROR and "no such thing" in span.status.description
    (event,) = span.events
    assert event.name == "exception" and event.attributes["exception.type"] == "ValueError"
    assert "Traceback" in event.attributes["exception.stacktrace"]


@part
def searching():
    mlflow.set_experiment("searching")
    for index in range(7):
        with mlflow.start_span(f"call-{index}") as span:
            span.set_inputs({"index": index})
            span.set_attribute("kind", "even" if index % 2 == 0 else "odd")
            mlflow.update_current_trace(tags={"index": str(index)})
            time.sleep(0.002)
    assert len(flushed()) == 7

    def names(filter_string="", order_by=None, max_results=100):
        found = mlflow.search_traces(
            filter_string=filter_string, order_by=order_by, max_results=max_results, return_type="list"
        )
        return [trace.info.tags["mlflow.traceName"] for trace in found]

    newest = [f"call-{index}" for index in range(6, -1, -1)]
    assert names() == newest
    assert names(order_by=["timestamp_ms ASC"], max_results=3) == ["call-0", "call-1", "call-2"]
    assert names("tags.index = '3'") == ["call-3"]
    assert names("trace.status = 'OK' AND tags.index != '3'") == [name for name in newest if name != "call-3"]
    assert names("span.attributes.kind LIKE '%odd%'") == ["call-5", "call-3", "call-1"]
    assert names("span.name = 'call-6'") == ["call-6"]
    assert names("trace.text LIKE '%\"index%4%'") != []
    page = client.search_traces([mlflow.get_experiment_by_name("searching").experiment_id], max_results=3)
    seen = [trace.info.tags["mlflow.traceName"] for trace in page]
    while page.token:
        page = client.search_traces(
            [mlflow.get_experiment_by_name("searching").experiment_id], max_results=3, page_token=page.token
        )
        seen += [trace.info.tags["mlflow.traceName"] for trace in page]
    assert seen == newest, seen
    try:
        names("nonsense > 3")
        raise AssertionError("a wrong filter was taken")
    except MlflowException as error:
        assert error.error_code == "INVALID_PARAMETER_VALUE", error


@part
def assessments():
    mlflow.set_experiment("assessments")
    with mlflow.start_span("judged"):
        pass
    (trace,) = flushed()
    trace_id = trace.info.trace_id
    feedback = mlflow.log_feedback(
        trace_id=trace_id,
        name="good",
        value=True,
        rationale="it is",
        source=AssessmentSource("HUMAN", "me"),
        metadata={"why": "so"},
    )
    expected = mlflow.log_expectation(trace_id=trace_id, name="expected", value={"answer": [42]})
    failed = mlflow.log_feedback(trace_id=trace_id, name="broken", error=RuntimeError("no judge"))
    assert mlflow.get_assessment(trace_id, expected.assessment_id).value == {"answer": [42]}
    assert mlflow.get_assessment(trace_id, failed.assessment_id).error_message == "no judge"
    mlflow.update_assessment(
        trace_id=trace_id, assessment_id=feedback.assessment_id, assessment=Feedback(name="good", value=0.5)
    )
    changed = mlflow.get_assessment(trace_id, feedback.assessment_id)
    assert changed.value == 0.5 and changed.rationale == "it is" and changed.metadata == {"why": "so"}, changed
    assert len(mlflow.search_traces(filter_string="feedback.good > 0.4", return_type="list")) == 1
    assert len(mlflow.search_traces(filter_string="feedback.good > 0.6", return_type="list")) == 0
    newer = mlflow.override_feedback(trace_id=trace_id, assessment_id=feedback.assessment_id, value="very")
    valid = {a.assessment_id: a.valid for a in mlflow.get_trace(trace_id).info.assessments}
    assert valid[newer.assessment_id] and not valid[feedback.assessment_id], valid
    mlflow.delete_assessment(trace_id=trace_id, assessment_id=newer.assessment_id)
    assert mlflow.get_assessment(trace_id, feedback.assessment_id).valid


@part
def tags_and_links():
    mlflow.set_experiment("tags")
    for _ in range(3):
        with mlflow.start_span("tagged"):
            time.sleep(0.005)  # no two begin in the same millisecond, so that the oldest is certain
    first, second, third = flushed()
    mlflow.set_trace_tag(first.info.trace_id, "note", "kept")
    assert mlflow.get_trace(first.info.trace_id).info.tags["note"] == "kept"
    mlflow.delete_trace_tag(first.info.trace_id, "note")
    assert "note" not in mlflow.get_trace(first.info.trace_id).info.tags
    with mlflow.start_run() as run:
        pass
    client.link_traces_to_run([first.info.trace_id, second.info.trace_id], run.info.run_id)
    assert len(mlflow.search_traces(run_id=run.info.run_id, return_type="list")) == 2
    experiment_id = first.info.experiment_id
    assert client.delete_traces(experiment_id, trace_ids=[first.info.trace_id]) == 1
    assert client.delete_traces(experiment_id, max_timestamp_millis=int(time.time() * 1000) + 1000, max_traces=1) == 1
    assert [t.info.trace_id for t in mlflow.search_traces(return_type="list")] == [second.info.trace_id]


@part
def opentelemetry_exporter():
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor

    experiment = mlflow.set_experiment("opentelemetry")
    address, token = os.environ["OTLP_ADDRESS"], os.environ["OTLP_TOKEN"]
    for compression in (Compression.NoCompression, Compression.Gzip, Compression.Deflate):
        exporter = OTLPSpanExporter(
            endpoint=f"{address}/v1/traces",
            headers={"x-mlflow-experiment-id": experiment.experiment_id, "authorization": f"Bearer {token}"},
            compression=compression,
        )
        provider = TracerProvider(resource=Resource.create({"service.name": "shop"}))
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        tracer = provider.get_tracer("test")
        with tracer.start_as_current_span("order", attributes={"items": 3, "names": ["a", "b"], "rate": 0.5}) as span:
            span.add_event("paid", {"cents": 999})
            with tracer.start_as_current_span("llm") as inner:
                inner.set_attribute("gen_ai.usage.input_tokens", 10)
                inner.set_attribute("gen_ai.usage.output_tokens", 5)
                inner.set_attribute("gen_ai.operation.name", "chat")
        provider.shutdown()
    traces = mlflow.search_traces(return_type="list")
    assert len(traces) == 3, traces
    for trace in traces:
        assert trace.info.state == TraceState.OK and trace.info.tags["service.name"] == "shop", trace.info
        order, llm = trace.data.spans
        assert order.attributes["items"] == 3 and order.attributes["rate"] == 0.5
        assert list(order.attributes["names"]) == ["a", "b"]
        assert order.events[0].attributes == {"cents": 999}
        assert llm.span_type == "CHAT_MODEL" and llm.parent_id == order.span_id
        assert trace.info.token_usage == {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
