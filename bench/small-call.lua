-- What wrk sends, and how it reports: times in milliseconds, as bench-load has them.
-- Its one argument is what to say in Host; several hosts, with commas in between, are called in turn.
wrk.method = "POST"
wrk.body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"weather","arguments":{"city":"Berlin"}}}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json, text/event-stream"

local requests = {}
local last = 0

function init(args)
  for host in string.gmatch(args[1], "[^,]+") do
    wrk.headers["Host"] = host
    requests[#requests + 1] = wrk.format()
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

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
