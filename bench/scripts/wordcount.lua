local parts = {}
for i = 0, 19999 do parts[#parts + 1] = "the quick brown fox w" .. (i % 97) .. " jumps over " end
local text = table.concat(parts)
local counts = {}
for w in string.gmatch(text, "[^ ]+") do counts[w] = (counts[w] or 0) + 1 end
local n = 0
for _ in pairs(counts) do n = n + 1 end
return n * 1000000 + counts["fox"]
