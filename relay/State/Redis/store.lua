-- What every script on the relays' state begins with. Times are milliseconds since 1970.
-- ARGV: operation, time, how long a store settles, and then what the operation takes.

local operation, now, settle_for = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local argument = 3

-- The arguments one after the other; an empty one is nil.
local function take()
  argument = argument + 1
  local value = ARGV[argument]
  if value == '' then return nil end
  return value
end

local function whole(number)
  return string.format('%.0f', number)
end

-- A server that was started again, or that another one took over from, may have lost what it was told last, or everything; so has one
-- without the mark. For a while relays then tell what they have open, and nobody gets anything new.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if redis.call('GET', 'mcpr:run') ~= run then
  redis.call('SET', 'mcpr:run', run)
  redis.call('SET', 'mcpr:settling', '1', 'PX', whole(settle_for))
end

local is_settling = redis.call('EXISTS', 'mcpr:settling') == 1
local settling = redis.error_reply('SETTLING the store was started a moment ago, relays are telling it what they have open')
