local g = { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } }
local s = 0
for i = 0, 999999 do
  g[i % 3 + 1][2] = g[i % 3 + 1][2] + 1
  s = s + g[i % 3 + 1][3]
end
return s + g[1][2]
