-- SPDX-License-Identifier: Apache-2.0
-- What wrk asks (bench/run_service.py): the paths of a file in turn, with a cookie, at a rate or as
-- fast as answers come. PATHS, COOKIE, GAP_MS (mean pause of a connection, 0: none) from outside.
local paths = {}
for line in io.lines(os.getenv("PATHS")) do
    paths[#paths + 1] = line
end
local cookie = os.getenv("COOKIE")
local gap = tonumber(os.getenv("GAP_MS"))
local at = 0

function init(args)
    math.randomseed(os.time() + tonumber(tostring({}):sub(8)) % 100000)
    at = math.random(#paths)
    wrk.headers["Cookie"] = cookie
    wrk.headers["Accept-Encoding"] = os.getenv("PACK")
    if gap > 0 then
        delay = function() return math.random(0, 2 * gap) end
    end
end

function request()
    at = at % #paths + 1
    return wrk.format("GET", paths[at])
end

function done(summary, latency, requests)
    io.write(string.format(
        '{"requests": %d, "seconds": %.3f, "bytes": %d, "errors": %d, "p50_ms": %.3f, '
        .. '"p90_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f}\n',
        summary.requests, summary.duration / 1e6, summary.bytes,
        summary.errors.connect + summary.errors.read + summary.errors.write
        + summary.errors.status + summary.errors.timeout,
        latency:percentile(50) / 1000, latency:percentile(90) / 1000,
        latency:percentile(99) / 1000, latency.max / 1000))
end
