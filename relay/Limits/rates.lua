-- What callers use of a rate on all relays together.
--   mcpr:rate:<caller>   when its bucket is full again, in microseconds since 1970 by the clock of this server; goes when it is

local seconds, microseconds = unpack(redis.call('TIME'))
local clock = seconds * 1000000 + microseconds
local operations = {}

-- For each caller what it used, as the microseconds in which the bucket gets it back; answers in how many microseconds it is full.
function operations.spend()
  local levels = {}
  for index = 1, tonumber(take()) do
    local key, cost = 'mcpr:rate:' .. take(), tonumber(take())
    local full_at = math.max(tonumber(redis.call('GET', key) or 0), clock) + cost
    redis.call('SET', key, whole(full_at), 'PX', whole(math.ceil((full_at - clock) / 1000)))
    levels[index] = whole(full_at - clock)
  end
  return levels
end

return operations[operation]()
