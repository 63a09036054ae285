-- Which relay has the tunnel of a name, one operation at a time.
--   mcpr:nodes           sorted set: addresses of relays by the time until which they count
--   mcpr:node:<address>  what it says of itself: "<open tunnels> <url for connectors>"; it goes when it is not said again
--   mcpr:route:<name>    hash: the address of a relay to "generation floor until"; it goes when the last lease does
-- Leases run by the clock of this server, which all relays share.

local seconds, microseconds = unpack(redis.call('TIME'))
local clock = seconds * 1000 + math.floor(microseconds / 1000)

-- What is good of the routes of a name: those that have not ended, and that no opening after them has made an end of.
local function read(name)
  local routes, floor = {}, 0
  local pairs_of_name = redis.call('HGETALL', 'mcpr:route:' .. name)
  for index = 1, #pairs_of_name, 2 do
    local generation, own_floor, ends = string.match(pairs_of_name[index + 1], '^(%d+) (%d+) (%d+)$')
    if tonumber(ends) > clock then
      table.insert(routes, { node = pairs_of_name[index], generation = tonumber(generation) })
      floor = math.max(floor, tonumber(own_floor))
    end
  end
  local good = {}
  for _, route in ipairs(routes) do
    if route.generation >= floor then table.insert(good, route) end
  end
  table.sort(good, function(one, other) return one.generation > other.generation end)
  return good
end

local operations = {}

-- A relay is there. It learns of all that are, address and what they say one after the other.
function operations.attend()
  local node, lease_for, says = take(), tonumber(take()), take()
  redis.call('ZADD', 'mcpr:nodes', clock + lease_for, node)
  redis.call('ZREMRANGEBYSCORE', 'mcpr:nodes', '-inf', clock)
  redis.call('SET', 'mcpr:node:' .. node, says, 'PX', whole(lease_for))
  local found = {}
  for _, address in ipairs(redis.call('ZRANGE', 'mcpr:nodes', 0, -1)) do
    table.insert(found, address)
    table.insert(found, redis.call('GET', 'mcpr:node:' .. address) or '')
  end
  return found
end

function operations.keep()
  local node, lease_for, count = take(), tonumber(take()), tonumber(take())
  for _ = 1, count do
    local key, generation, floor = 'mcpr:route:' .. take(), take(), take()
    redis.call('HSET', key, node, generation .. ' ' .. floor .. ' ' .. whole(clock + lease_for))
    redis.call('PEXPIRE', key, whole(lease_for))
  end
  return count
end

-- Only this very route. Others learn that it was there a moment ago.
function operations.drop()
  local node, name, generation, remembered_for = take(), take(), take(), take()
  local key = 'mcpr:route:' .. name
  local route = redis.call('HGET', key, node)
  if not route or string.match(route, '^%d+') ~= generation then return 0 end
  redis.call('HDEL', key, node)
  if remembered_for and #read(name) == 0 then
    redis.call('SET', 'mcpr:away:' .. name, '1', 'PX', remembered_for)
  end
  return 1
end

-- Open and where; or away for a moment; or unknown, while the store may have lost it; or none.
function operations.find()
  local name = take()
  local routes = read(name)
  if #routes > 0 then
    local found = { 'Open' }
    for _, route in ipairs(routes) do table.insert(found, route.node) end
    return found
  end
  if redis.call('EXISTS', 'mcpr:away:' .. name) == 1 then return { 'Away' } end
  return { is_settling and 'Unknown' or 'None' }
end

return operations[operation]()
