-- What wrk sends, and how it reports: times in milliseconds, as bench-load has them.
wrk.method = "POST"
wrk.body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"weather","arguments":{"city":"Berlin"}}}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json, text/event-stream"

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  local good = summary.requests - errors.status
  io.write(string.format(
    '{"requests":%d,"failed":%d,"rps":%f,"p50":%f,"p90":%f,"p99":%f,"p999":%f}\n',
    summary.requests, failed, good / (summary.duration / 1e6),
    latency:percentile(50) / 1e3, latency:percentile(90) / 1e3, latency:percentile(99) / 1e3, latency:percentile(99.9) / 1e3
  ))
end
