local w = 64
local grid = {}
for y = 0, w - 1 do
  local row = {}
  for x = 0, w - 1 do if (x * 7 + y * 13) % 5 == 0 then row[x] = 1 else row[x] = 0 end end
  grid[y] = row
end
for gen = 1, 8 do
  local nxt = {}
  for y = 0, w - 1 do
    local row = {}
    for x = 0, w - 1 do
      local n = 0
      for dy = -1, 1 do
        local r = grid[(y + dy + w) % w]
        for dx = -1, 1 do
          if dx ~= 0 or dy ~= 0 then n = n + r[(x + dx + w) % w] end
        end
      end
      if n == 3 or n == 2 and grid[y][x] == 1 then row[x] = 1 else row[x] = 0 end
    end
    nxt[y] = row
  end
  grid = nxt
end
local alive = 0
for y = 0, w - 1 do for x = 0, w - 1 do alive = alive + grid[y][x] end end
return alive
