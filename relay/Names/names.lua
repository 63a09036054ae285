-- Names, one operation at a time.
--   mcpr:name:<name>     hash: owner project generation floor shared created used keep expires
--   mcpr:owner:<owner>   sorted set: names of an owner by the time at which they are free
--   mcpr:names           sorted set: all names, for listing them in their order
--   mcpr:expiring        sorted set: names that can expire, by when
--   mcpr:bans            hash: name to time and reason
--   mcpr:generation      the newest generation of any name

local fields = { 'owner', 'project', 'generation', 'floor', 'shared', 'created', 'used', 'keep', 'expires' }

local function read(name)
  local values = redis.call('HMGET', 'mcpr:name:' .. name, unpack(fields))
  if not values[1] then return nil end
  local row = { name = name }
  for index, field in ipairs(fields) do row[field] = values[index] end
  row.generation, row.floor, row.used = tonumber(row.generation), tonumber(row.floor), tonumber(row.used)
  return row
end

-- A name that has expired is free, whether it was cleared away yet or not.
local function find(name)
  local row = read(name)
  if row and (row.expires == '' or tonumber(row.expires) > now) then return row end
end

local function remove(row)
  redis.call('DEL', 'mcpr:name:' .. row.name)
  redis.call('ZREM', 'mcpr:owner:' .. row.owner, row.name)
  redis.call('ZREM', 'mcpr:names', row.name)
  redis.call('ZREM', 'mcpr:expiring', row.name)
end

local function note_use(row)
  row.used = whole(now)
  row.expires = row.keep ~= '' and whole(now + row.keep) or ''
  redis.call('HSET', 'mcpr:name:' .. row.name, 'used', row.used, 'expires', row.expires)
  redis.call('ZADD', 'mcpr:owner:' .. row.owner, row.expires ~= '' and row.expires or '+inf', row.name)
  if row.expires ~= '' then
    redis.call('ZADD', 'mcpr:expiring', row.expires, row.name)
  else
    redis.call('ZREM', 'mcpr:expiring', row.name)
  end
end

-- Without a project the one that the owner had for it stays.
local function put(row)
  local old = read(row.name)
  local is_same = old and old.owner == row.owner
  if old and not is_same then remove(old) end
  redis.call('HSET', 'mcpr:name:' .. row.name,
    'owner', row.owner,
    'project', row.project or is_same and old.project or '',
    'generation', whole(row.generation),
    'floor', whole(row.floor),
    'shared', row.shared,
    'created', is_same and old.created or whole(now),
    'keep', row.keep or '')
  redis.call('ZADD', 'mcpr:names', 0, row.name)
  row.keep = row.keep or ''
  note_use(row)
end

-- One counter for all names: a name that changed hands goes on rising. Time in it makes up for a store that was lost.
local function next_generation()
  local generation = math.max(tonumber(redis.call('GET', 'mcpr:generation') or 0) + 1, now)
  redis.call('SET', 'mcpr:generation', whole(generation))
  return generation
end

local function is_banned(name)
  return redis.call('HEXISTS', 'mcpr:bans', name) == 1
end

-- Why an owner cannot have a name, or nil; and what there is of it.
local function obstacle(owner, name)
  local row = find(name)
  if is_banned(name) then return 'Banned', row end
  if row then return row.owner ~= owner.id and 'OwnedByAnother' or nil, row end
  if redis.call('ZCOUNT', 'mcpr:owner:' .. owner.id, '(' .. whole(now), '+inf') >= owner.max then return 'TooManyNames' end
end

local function take_owner()
  return { id = take(), keep = take(), max = tonumber(take()) }
end

local function describe(row)
  return { row.name, row.owner, whole(row.generation), row.created, row.used, row.expires }
end

local operations = {}

function operations.claim()
  if is_settling then return settling end
  local owner, project, wanted, joins, count = take_owner(), take() or '', take(), take() == '1', tonumber(take())

  local function grant(name)
    local hindrance, row = obstacle(owner, name)
    if hindrance then return { hindrance, name, '0', '0' } end
    local generation = next_generation()
    local floor = row and row.shared == '1' and joins and row.floor or generation
    put({ name = name, owner = owner.id, project = project, generation = generation, floor = floor, shared = joins and '1' or '0', keep = owner.keep })
    return { 'Granted', name, whole(generation), whole(floor) }
  end

  local function name_of_project()
    local best
    for _, name in ipairs(redis.call('ZRANGEBYSCORE', 'mcpr:owner:' .. owner.id, '(' .. whole(now), '+inf')) do
      local row = read(name)
      local is_better = not best or row.used > best.used or (row.used == best.used and row.generation > best.generation)
      if row.project == project and is_better then best = row end
    end
    return best and best.name
  end

  local name = wanted or name_of_project()
  if name then return grant(name) end
  for _ = 1, count do
    name = take()
    local claim = grant(name)
    if claim[1] == 'Granted' or claim[1] == 'TooManyNames' then return claim end
  end
  return { 'NoneFree', name or '', '0', '0' }
end

function operations.reserve()
  if is_settling then return settling end
  local owner, name = take_owner(), take()
  local hindrance, row = obstacle(owner, name)
  if hindrance then return hindrance end
  row = row or { generation = 0, floor = 0, shared = '0' }
  put({ name = name, owner = owner.id, generation = row.generation, floor = row.floor, shared = row.shared, keep = owner.keep })
  return 'Granted'
end

-- While the store settles, a lease that it does not know, or knows only from before, is taken at its word.
local function put_back(row, lease)
  if not is_settling or not lease.is_known or (row and row.generation >= lease.generation) then return row end
  local floor = row and row.owner == lease.owner and math.max(row.floor, lease.floor) or lease.floor
  put({
    name = lease.name, owner = lease.owner, project = lease.project, generation = lease.generation,
    floor = floor, shared = lease.shared, keep = lease.keep,
  })
  if lease.generation > tonumber(redis.call('GET', 'mcpr:generation') or 0) then
    redis.call('SET', 'mcpr:generation', whole(lease.generation))
  end
  return find(lease.name)
end

-- What became of an opening.
local function judge(row, lease)
  if not row or row.owner ~= lease.owner or lease.generation > row.generation then return 'Lost' end
  if is_banned(lease.name) then return 'Banned' end
  return lease.generation < row.floor and 'Replaced' or 'Held'
end

function operations.renew()
  local use_is_exact_to, count, states = tonumber(take()), tonumber(take()), {}
  for index = 1, count do
    local lease = {
      name = take(), owner = take(), generation = tonumber(take()),
      is_known = take() == '1', project = take() or '', floor = tonumber(take() or 0), shared = take(), keep = take(),
    }
    local row = put_back(find(lease.name), lease)
    states[index] = judge(row, lease)
    if states[index] == 'Held' and tonumber(row.used) <= now - use_is_exact_to then note_use(row) end
  end
  return states
end

-- An opening is to be served at one more relay.
function operations.continue()
  if is_settling then return settling end
  local lease = { name = take(), owner = take(), generation = tonumber(take()) }
  local row = find(lease.name)
  return { judge(row, lease), row and whole(row.floor) or '0' }
end

function operations.release()
  if is_settling then return settling end
  local owner, name = take(), take()
  local row = find(name)
  if not row or row.owner ~= owner then return 0 end
  remove(row)
  return 1
end

function operations.find()
  local row = find(take())
  return row and describe(row) or {}
end

function operations.list()
  local rows = {}
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', 'mcpr:owner:' .. take(), '(' .. whole(now), '+inf')) do
    table.insert(rows, describe(read(name)))
  end
  return rows
end

function operations.list_all()
  local after, count, rows = take(), tonumber(take()), {}
  while #rows < count do
    local names = redis.call('ZRANGEBYLEX', 'mcpr:names', after and '(' .. after or '-', '+', 'LIMIT', 0, count)
    if #names == 0 then break end
    for _, name in ipairs(names) do
      local row = #rows < count and find(name)
      if row then table.insert(rows, describe(row)) end
    end
    after = names[#names]
  end
  return rows
end

function operations.expire()
  local names = redis.call('ZRANGEBYSCORE', 'mcpr:expiring', '-inf', whole(now), 'LIMIT', 0, take())
  for _, name in ipairs(names) do remove(read(name)) end
  return #names
end

function operations.ban()
  local name, reason = take(), take() or ''
  local since = string.match(redis.call('HGET', 'mcpr:bans', name) or '', '^%d+') or whole(now)
  redis.call('HSET', 'mcpr:bans', name, since .. ' ' .. reason)
  return 1
end

function operations.unban()
  return redis.call('HDEL', 'mcpr:bans', take())
end

function operations.list_bans()
  return redis.call('HGETALL', 'mcpr:bans')
end

return operations[operation]()
