-- Tokens, one operation at a time.
--   mcpr:tokens          hash: the name of a token to the hash of it
--   mcpr:token:<hash>    hash: name names tunnels created expires

local fields = { 'name', 'names', 'tunnels', 'created', 'expires' }
local operations = {}

local function read(hash)
  local values = redis.call('HMGET', 'mcpr:token:' .. hash, unpack(fields))
  return values[1] and values or {}
end

local function add(hash, name)
  if redis.call('HSETNX', 'mcpr:tokens', name, hash) == 0 then return 0 end
  redis.call('HSET', 'mcpr:token:' .. hash, 'name', name, 'names', take(), 'tunnels', take() or '', 'created', take(), 'expires', take() or '')
  return 1
end

function operations.add()
  local hash = take()
  return add(hash, take())
end

function operations.revoke()
  local name = take()
  local hash = redis.call('HGET', 'mcpr:tokens', name)
  if not hash then return 0 end
  redis.call('HDEL', 'mcpr:tokens', name)
  redis.call('DEL', 'mcpr:token:' .. hash)
  return 1
end

function operations.list()
  local rows = {}
  for _, hash in ipairs(redis.call('HVALS', 'mcpr:tokens')) do table.insert(rows, read(hash)) end
  return rows
end

-- A token that is not there may be one of those that were lost: one that is in use is put back, and nobody is turned away for good
-- before that is over.
function operations.find()
  local hash, name_in_use = take(), take()
  local token = read(hash)
  if #token == 0 and is_settling and name_in_use then
    add(hash, name_in_use)
    token = read(hash)
  end
  if #token == 0 then return is_settling and settling or token end
  if token[5] ~= '' and tonumber(token[5]) <= now then return {} end
  return token
end

return operations[operation]()
