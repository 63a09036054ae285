-- Whose turn it is to order a certificate, and what came of it, one operation at a time.
--   mcpr:certificate:<subject>   the certificate with its key, closed
--   mcpr:certificates            sorted set: subjects by the revision of their certificate
--   mcpr:turn:<subject>          who orders it now; goes when the lease does
--   mcpr:pause:<subject>         is there while nobody tries after a failure
--   mcpr:failures:<subject>      how often it has failed
--   mcpr:orders                  how many have begun of those that are counted; goes when the next may begin
--   mcpr:acme-account:<account>  the account that orders are made with, closed

local a_week = 7 * 24 * 60 * 60 * 1000
local operations = {}

local function is_turn_of(subject, holder)
  return redis.call('GET', 'mcpr:turn:' .. subject) == holder
end

function operations.read()
  return redis.call('GET', 'mcpr:certificate:' .. take()) or ''
end

-- Time in it makes up for a store that was lost.
local function next_revision()
  local last = redis.call('ZREVRANGE', 'mcpr:certificates', 0, 0, 'WITHSCORES')[2]
  return whole(math.max(tonumber(last or 0) + 1, now))
end

-- The highest revision, then subjects and revisions of what is newer than that.
function operations.changed()
  local known = take()
  local rows = { redis.call('ZREVRANGE', 'mcpr:certificates', 0, 0, 'WITHSCORES')[2] or '0' }
  local changed = redis.call('ZRANGEBYSCORE', 'mcpr:certificates', '(' .. known, '+inf', 'WITHSCORES')
  for index = 1, #changed, 2 do
    if redis.call('EXISTS', 'mcpr:certificate:' .. changed[index]) == 1 then
      table.insert(rows, changed[index])
      table.insert(rows, changed[index + 1])
    else
      redis.call('ZREM', 'mcpr:certificates', changed[index])
    end
  end
  return rows
end

-- Granted with the failures by now, or how long to wait at most. Those that are counted come with how many may begin in which time.
function operations.begin()
  local subject, holder, lease, most, period = take(), take(), take(), take(), take()
  local pause = redis.call('PTTL', 'mcpr:pause:' .. subject)
  if pause > 0 then return { 'Paused', whole(pause) } end
  if most and tonumber(redis.call('GET', 'mcpr:orders') or 0) >= tonumber(most) then
    return { 'Paused', whole(math.max(redis.call('PTTL', 'mcpr:orders'), 1)) }
  end
  if not redis.call('SET', 'mcpr:turn:' .. subject, holder, 'NX', 'PX', lease) then return { 'Busy', lease } end
  if most and redis.call('INCR', 'mcpr:orders') == 1 then redis.call('PEXPIRE', 'mcpr:orders', period) end
  return { 'Granted', redis.call('GET', 'mcpr:failures:' .. subject) or '0' }
end

function operations.keep()
  local subject, holder, lease = take(), take(), take()
  if not is_turn_of(subject, holder) then return 0 end
  return redis.call('PEXPIRE', 'mcpr:turn:' .. subject, lease)
end

function operations.leave()
  local subject, holder = take(), take()
  if not is_turn_of(subject, holder) then return 0 end
  return redis.call('DEL', 'mcpr:turn:' .. subject)
end

-- Only from whom the turn still is.
function operations.complete()
  local subject, holder, closed, good_for = take(), take(), take(), take()
  if not is_turn_of(subject, holder) then return 0 end
  redis.call('SET', 'mcpr:certificate:' .. subject, closed, 'PX', good_for)
  redis.call('ZADD', 'mcpr:certificates', next_revision(), subject)
  return redis.call('DEL', 'mcpr:failures:' .. subject, 'mcpr:turn:' .. subject)
end

function operations.fail()
  local subject, holder, pause = take(), take(), take()
  if not is_turn_of(subject, holder) then return 0 end
  redis.call('INCR', 'mcpr:failures:' .. subject)
  redis.call('PEXPIRE', 'mcpr:failures:' .. subject, a_week)
  redis.call('SET', 'mcpr:pause:' .. subject, '1', 'PX', pause)
  return redis.call('DEL', 'mcpr:turn:' .. subject)
end

function operations.orderer()
  return redis.call('GET', 'mcpr:turn:' .. take()) or ''
end

function operations.read_account()
  return redis.call('GET', 'mcpr:acme-account:' .. take()) or ''
end

function operations.offer_account()
  local account = take()
  return redis.call('SETNX', 'mcpr:acme-account:' .. account, take())
end

return operations[operation]()
