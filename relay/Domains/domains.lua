-- Claims of domains, one operation at a time.
--   mcpr:domain:<domain>         hash: owner to "name challenge active issue created checked failing expires", '-' where there is none;
--                                '' to the revision of the last change
--   mcpr:domain-owner:<owner>    sorted set: domains of an owner by the time at which the claim is forgotten
--   mcpr:domain-claims           sorted set: "domain owner" by the same
--   mcpr:domains-active          set: domains that somebody has
--   mcpr:domains-due             sorted set: domains by when to look them up
--   mcpr:domains-revision        rises with every change

local function parse(line)
  local name, challenge, active, issue, created, checked, failing, expires = string.match(line, '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$')
  return { name = name, challenge = challenge, active = active, issue = issue, created = created, checked = checked, failing = failing, expires = expires }
end

local function is_alive(claim)
  return claim.expires == '-' or tonumber(claim.expires) > now
end

local function find(domain, owner)
  local line = redis.call('HGET', 'mcpr:domain:' .. domain, owner)
  local claim = line and parse(line)
  return claim and is_alive(claim) and claim or nil
end

-- Time in it makes up for a store that was lost.
local function touch(domain)
  local revision = whole(math.max(tonumber(redis.call('GET', 'mcpr:domains-revision') or 0) + 1, now))
  redis.call('SET', 'mcpr:domains-revision', revision)
  if redis.call('EXISTS', 'mcpr:domain:' .. domain) == 1 then redis.call('HSET', 'mcpr:domain:' .. domain, '', revision) end
end

local function put(domain, owner, claim)
  redis.call('HSET', 'mcpr:domain:' .. domain, owner, table.concat(
    { claim.name, claim.challenge, claim.active, claim.issue, claim.created, claim.checked, claim.failing, claim.expires }, ' '))
  local ends = claim.expires == '-' and '+inf' or claim.expires
  redis.call('ZADD', 'mcpr:domain-owner:' .. owner, ends, domain)
  redis.call('ZADD', 'mcpr:domain-claims', ends, domain .. ' ' .. owner)
end

local function remove(domain, owner)
  local key = 'mcpr:domain:' .. domain
  local line = redis.call('HGET', key, owner)
  if line and parse(line).active == '1' then redis.call('SREM', 'mcpr:domains-active', domain) end
  redis.call('HDEL', key, owner)
  redis.call('ZREM', 'mcpr:domain-owner:' .. owner, domain)
  redis.call('ZREM', 'mcpr:domain-claims', domain .. ' ' .. owner)
  if redis.call('HLEN', key) <= 1 then
    redis.call('DEL', key)
    redis.call('ZREM', 'mcpr:domains-due', domain)
  end
  touch(domain)
end

local function count(key)
  return redis.call('ZCOUNT', key, '(' .. whole(now), '+inf')
end

local function find_room(domain, owner, per_owner, total)
  if find(domain, owner) then return 'Noted' end
  if count('mcpr:domain-owner:' .. owner) >= per_owner then return 'TooManyOwn' end
  if count('mcpr:domain-claims') >= total then return 'TooMany' end
  return 'Noted'
end

local operations = {}

function operations.find_room()
  if is_settling then return settling end
  local domain, owner = take(), take()
  return find_room(domain, owner, tonumber(take()), tonumber(take()))
end

function operations.add()
  if is_settling then return settling end
  local domain, owner, name, challenge = take(), take(), take(), take()
  local per_owner, total, keep = tonumber(take()), tonumber(take()), tonumber(take())
  local room = find_room(domain, owner, per_owner, total)
  if room ~= 'Noted' then return room end
  local claim = find(domain, owner)
  if not claim then
    claim = { challenge = challenge, active = '0', issue = 'NotProved', created = whole(now), checked = '-', failing = '-' }
  end
  claim.name = name
  claim.expires = claim.active == '1' and '-' or whole(now + keep)
  put(domain, owner, claim)
  redis.call('ZADD', 'mcpr:domains-due', now, domain)
  touch(domain)
  return 'Noted'
end

function operations.remove()
  if is_settling then return settling end
  local domain, owner = take(), take()
  if not find(domain, owner) then return 0 end
  remove(domain, owner)
  return 1
end

function operations.list()
  local owner, rows = take(), {}
  for _, domain in ipairs(redis.call('ZRANGEBYSCORE', 'mcpr:domain-owner:' .. owner, '(' .. whole(now), '+inf')) do
    table.insert(rows, domain)
    table.insert(rows, owner)
    table.insert(rows, redis.call('HGET', 'mcpr:domain:' .. domain, owner))
  end
  return rows
end

function operations.due()
  local until_when, due = tonumber(take()) + now, redis.call('ZRANGEBYSCORE', 'mcpr:domains-due', '-inf', whole(now), 'LIMIT', 0, take())
  for _, domain in ipairs(due) do redis.call('ZADD', 'mcpr:domains-due', until_when, domain) end
  return due
end

function operations.read()
  local domain = take()
  local row = { redis.call('HGET', 'mcpr:domain:' .. domain, '') or '' }
  local pairs_of_domain = redis.call('HGETALL', 'mcpr:domain:' .. domain)
  for index = 1, #pairs_of_domain, 2 do
    local owner, line = pairs_of_domain[index], pairs_of_domain[index + 1]
    if owner ~= '' and is_alive(parse(line)) then
      table.insert(row, domain)
      table.insert(row, owner)
      table.insert(row, line)
    end
  end
  return row
end

-- Only if the claims are still those that were judged.
function operations.judge()
  if is_settling then return settling end
  local domain, revision, due_at, has_changed, claims = take(), take(), take(), take() == '1', tonumber(take())
  if redis.call('HGET', 'mcpr:domain:' .. domain, '') ~= revision then return 0 end
  redis.call('SREM', 'mcpr:domains-active', domain)
  for _ = 1, claims do
    local owner, claim = take(), parse(take())
    put(domain, owner, claim)
    if claim.active == '1' then redis.call('SADD', 'mcpr:domains-active', domain) end
  end
  redis.call('ZADD', 'mcpr:domains-due', due_at, domain)
  if has_changed then touch(domain) end
  return 1
end

-- Who knows nothing yet can put nothing back, and must not take what the others did so far for everything.
function operations.active()
  local revision = take()
  if is_settling then return revision == '-1' and settling or { 'settling' } end
  local rows = { redis.call('GET', 'mcpr:domains-revision') or '0' }
  if rows[1] == revision then return rows end
  for _, domain in ipairs(redis.call('SMEMBERS', 'mcpr:domains-active')) do
    local pairs_of_domain = redis.call('HGETALL', 'mcpr:domain:' .. domain)
    for index = 1, #pairs_of_domain, 2 do
      local owner, line = pairs_of_domain[index], pairs_of_domain[index + 1]
      if owner ~= '' and parse(line).active == '1' then
        table.insert(rows, domain)
        table.insert(rows, owner)
        table.insert(rows, line)
      end
    end
  end
  return rows
end

-- While the store settles, what a relay knows to be active is taken at its word, unless somebody has it.
function operations.put_back()
  if not is_settling then return 0 end
  local claims = tonumber(take())
  for _ = 1, claims do
    local domain, owner, line = take(), take(), take()
    if redis.call('SADD', 'mcpr:domains-active', domain) == 1 then
      put(domain, owner, parse(line))
      redis.call('ZADD', 'mcpr:domains-due', now, domain)
      touch(domain)
    end
  end
  return claims
end

function operations.expire()
  local claims = redis.call('ZRANGEBYSCORE', 'mcpr:domain-claims', '-inf', whole(now), 'LIMIT', 0, take())
  for _, claim in ipairs(claims) do remove(string.match(claim, '^(%S+) (.*)$')) end
  return #claims
end

return operations[operation]()
